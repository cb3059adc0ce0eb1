/** Whoever sets Node's switches: he reads no keys and codes that way, and does not change in silence whom mfa-env trusts. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { effectOf, findTrustChanges, splitNodeOptions } from '../../src/node-switches.ts';
import { makeUser, program, routeLine, run, runMfaEnv, savedLines, start } from '../harness.ts';
import { sitDown } from '../pty.ts';
import { startSts } from '../sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const options: [text: string, words: string[]][] = [
  ['', []],
  ['  --a  --b=c ', ['--a', '--b=c']],
  ['--require "a b.js"', ['--require', 'a b.js']],
  ['"--tls-keylog=a \\"b\\" \\\\c"', ['--tls-keylog=a "b" \\c']],
  ['--a""b', ['--ab']],
  ['""', []],
  ['--a=\\"b" c', ['--a=\\b', 'c']],
  ['--a\t--b', ['--a\t--b']],
];

for (const [text, words] of options)
  test(`NODE_OPTIONS ${JSON.stringify(text)} has ${words.length} words`, () =>
    assert.deepEqual(splitNodeOptions(text), words));

const telling = [
  '--tls-keylog=keys',
  '--tls_keylog=keys',
  '"--tls-keylog=keys"',
  '--trace-tls',
  '--inspect=127.0.0.1:0',
  '--inspect-publish-uid=http --inspect=0',
  '--heapsnapshot-signal=SIGUSR2',
  '--heapsnapshot-near-heap-limit=1',
  '--abort-on-uncaught-exception',
  '--report-on-fatalerror',
  '--report-on-signal',
  '--report-uncaught-exception',
];

for (const text of telling)
  test(`with ${text} STS is not called`, async () => {
    const { user, home } = makeUser(sts);
    const before = sts.requests.length;
    for (const words of [
      ['prod', sts.code(user)],
      ['exec', 'prod', sts.code(user), '--', 'true'],
    ]) {
      const { status, stdout, stderr } = await runMfaEnv([...words, '-q'], { ...home.env, NODE_OPTIONS: text });
      assert.equal(status, words[0] === 'exec' ? 125 : 1, stderr);
      assert.equal(stdout, words[0] === 'exec' ? '' : 'false;\n');
      assert.match(
        stderr,
        /error: with Node's --[a-z-]+ others could read keys and tokens, so (keys are not read and )?sts is not called/,
      );
      assert.match(stderr, /hint: unset NODE_OPTIONS, or remove --[a-z-]+ from it/);
    }
    assert.equal(sts.requests.length, before);
    const keys = join(home.path, 'keys');
    assert.ok(!existsSync(keys) || readFileSync(keys, 'utf8') === '');
  });

test('a switch on the command line of node counts too', async () => {
  const { user, home } = makeUser(sts);
  const words = ['--tls-keylog=keys', program, 'prod', sts.code(user), '--shell', 'sh'];
  const { status, stderr } = await run(process.execPath, words, home.env);
  assert.equal(status, 1);
  assert.match(stderr, /with Node's --tls-keylog/);
  assert.match(stderr, /hint: call node without --tls-keylog/);
});

const ofSaved: [text: string, isLoaded: boolean][] = [
  ['--inspect=127.0.0.1:0', false],
  ['--heapsnapshot-signal=SIGUSR2', false],
  ['--report-on-signal', false],
  ['--tls-keylog=keys', true],
  ['--trace-tls', true],
  ['--report-directory=/tmp', true],
];

for (const [text, isLoaded] of ofSaved)
  test(`with ${text} a saved session is ${isLoaded ? '' : 'not '}loaded`, async () => {
    const { home } = makeUser(sts, { more: savedLines() });
    const { status, stdout, stderr } = await runMfaEnv(['prod'], { ...home.env, NODE_OPTIONS: text });
    assert.equal(status, isLoaded ? 0 : 1, stderr);
    assert.equal(stdout.includes('AWS_SESSION_TOKEN'), isLoaded);
    if (!isLoaded) assert.match(stderr, /so keys are not read/);
  });

for (const words of [['list'], ['forget', 'prod'], ['exec', 'prod', '--', 'true'], ['setup', 'new']])
  test(`with a debugger ${words[0]} reads no keys`, async () => {
    const { home } = makeUser(sts, { more: savedLines() });
    const before = home.credentials();
    const { status, stderr } = await runMfaEnv(words, { ...home.env, NODE_OPTIONS: '--inspect=127.0.0.1:0' });
    assert.equal(status, words[0] === 'exec' ? 125 : 1);
    assert.match(stderr, /with Node's --inspect others could read keys and tokens, so keys are not read/);
    assert.equal(home.credentials(), before);
  });

test('a debugger that a module opened is found, too', async () => {
  const { user, home } = makeUser(sts);
  const opener = join(home.path, 'opener.cjs');
  writeFileSync(opener, "require('node:inspector').open(0, '127.0.0.1');\n");
  const before = sts.requests.length;
  const env = { ...home.env, NODE_OPTIONS: `--require "${opener}"` };
  const { status, stdout, stderr } = await runMfaEnv(['prod', sts.code(user)], env);
  assert.deepEqual([status, stdout, sts.requests.length], [1, 'false;\n', before]);
  assert.match(stderr, /error: with Node's inspector open others could read keys and tokens/);
});

test('the doctor calls STS under none of them', async () => {
  const { home } = makeUser(sts);
  const usual = await runMfaEnv(['doctor'], home.env);
  assert.match(usual.stdout, new RegExp(sts.url));
  const { stdout } = await runMfaEnv(['doctor'], { ...home.env, NODE_OPTIONS: '--tls-keylog=keys' });
  assert.match(stdout, /NODE_OPTIONS has --tls-keylog/);
});

for (const text of [
  '--max-old-space-size=200',
  '--no-warnings',
  '--inspect-port=0',
  '--insecure-http-parser',
  '--report-compact',
])
  test(`with ${text} all is as ever`, async () => {
    const { user, home } = makeUser(sts);
    const { status, stderr } = await runMfaEnv(['prod', sts.code(user)], { ...home.env, NODE_OPTIONS: text });
    assert.deepEqual([status, stderr], [0, routeLine(sts)]);
  });

const trusting: [env: Record<string, string>, args: string[], names: string[]][] = [
  [{ NODE_OPTIONS: '"--openssl-config=a b" --tls-cipher-list=x' }, [], ['--openssl-config', '--tls-cipher-list']],
  [{}, [], []],
  [{ NODE_EXTRA_CA_CERTS: 'a.pem' }, [], ['NODE_EXTRA_CA_CERTS']],
  [{ NODE_OPTIONS: '--use_openssl_ca' }, ['--use-openssl-ca'], ['--use-openssl-ca']],
  [{ NODE_OPTIONS: '--use-system-ca' }, [], ['--use-system-ca']],
  [{ NODE_USE_SYSTEM_CA: '1' }, ['--openssl-config=x'], ['NODE_USE_SYSTEM_CA', '--openssl-config']],
  [{ NODE_USE_SYSTEM_CA: '0', SSL_CERT_FILE: 'a.pem' }, ['--max-http-header-size=9'], []],
  [{ OPENSSL_CONF: 'x' }, ['--tls-min-v1.0'], ['OPENSSL_CONF', '--tls-min-v1.0']],
];

for (const [env, args, names] of trusting)
  test(`${JSON.stringify(env)} ${args} changes trust by ${names.length} switches`, () =>
    assert.deepEqual(findTrustChanges(env, args), names));

const certificates = { SSL_CERT_FILE: 'a.pem', SSL_CERT_DIR: 'certs' };

test("a Node that trusts OpenSSL's certificates by itself reads these variables, too", () => {
  assert.deepEqual(findTrustChanges(certificates, [], true), ['SSL_CERT_FILE', 'SSL_CERT_DIR']);
  assert.deepEqual(findTrustChanges(certificates, ['--use-bundled-ca'], true), []);
  assert.deepEqual(findTrustChanges(certificates, [], false), []);
});

// The first three wait for a debugger before mfa-env can say anything.
for (const name of ['--inspect-brk', '--inspect-wait', '--inspect-brk-node', '--heap-snapshot-on-oom'])
  test(`${name} shows memory`, () => assert.equal(effectOf(name), 'memory'));

const silenced: [title: string, words: string[], env: Record<string, string>][] = [
  ['-q', ['-q'], {}],
  ['MFA_ENV_QUIET', [], { MFA_ENV_QUIET: '1' }],
];

for (const [title, words, quiet] of silenced)
  test(`what changes trust is said, and ${title} does not silence it`, async () => {
    const { user, home } = makeUser(sts);
    const bundle = join(home.path, 'ca.pem');
    writeFileSync(bundle, '');
    const env = { ...home.env, ...quiet, NODE_EXTRA_CA_CERTS: bundle, NODE_OPTIONS: '--use-openssl-ca' };
    const there = ['--endpoint-url', 'https://127.0.0.1:9', ...words];
    const both = /sts is called .*with NODE_EXTRA_CA_CERTS and --use-openssl-ca, which changes whom Node trusts\n/;
    for (const call of [
      ['prod', sts.code(user), ...there],
      ['exec', 'prod', sts.code(user), ...there, '--', 'true'],
    ])
      assert.match((await runMfaEnv(call, env)).stderr, both);
  });

test('SIGUSR1 opens no debugger', { skip: process.platform === 'win32' && 'there is no such signal' }, async () => {
  const { home } = makeUser(sts, { more: 'mfa_process = sleep 1\n' });
  const running = start(process.execPath, [program, 'prod', '--shell', 'sh'], home.env);
  const usr1 = setInterval(() => running.kill('SIGUSR1'), 200);
  const { signal, stderr } = await running.ended;
  clearInterval(usr1);
  assert.equal(signal, null);
  assert.doesNotMatch(stderr, /Debugger listening/);
  assert.match(stderr, /mfa_process printed something else/);
});

test('SIGUSR1 at the prompt neither opens a debugger nor ends the prompt', async () => {
  const { user, home } = makeUser(sts);
  const line = 'exec mfa-env prod --shell sh >out 2>err </dev/null 3</dev/tty';
  const typist = sitDown('sh', ['-c', line], home.env);
  await typist.see('MFA code for prod');
  for (let count = 0; count < 3; count += 1) {
    typist.kill('SIGUSR1');
    await setTimeout(100);
  }
  typist.type(`${sts.code(user)}\r`);
  assert.deepEqual(await typist.ended, { exitCode: 0, signal: undefined });
  assert.match(readFileSync(join(home.path, 'out'), 'utf8'), /AWS_SESSION_TOKEN/);
  assert.equal(readFileSync(join(home.path, 'err'), 'utf8'), routeLine(sts));
});
