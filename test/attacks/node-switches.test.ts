/** Whoever sets Node's switches: he reads no keys and codes that way, and does not change in silence whom mfa-env trusts. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findTrustChanges, splitNodeOptions } from '../../src/node-switches.ts';
import { makeUser, program, routeLine, run, runMfaEnv, start } from '../harness.ts';
import { startSts } from '../sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const options: [text: string, words: string[]][] = [
  ['', []],
  ['  --a  --b=c ', ['--a', '--b=c']],
  ['--require "a b.js"', ['--require', 'a b.js']],
  ['"--tls-keylog=a \\"b\\" \\\\c"', ['--tls-keylog=a "b" \\c']],
  ['--a""b', ['--ab']],
  ['""', ['']],
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
      assert.match(stderr, /error: with Node's --[a-z-]+ others could read keys and tokens, so sts is not called/);
      assert.match(stderr, /hint: take --[a-z-]+ out of NODE_OPTIONS/);
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
});

for (const text of ['--max-old-space-size=200', '--no-warnings', '--inspect-port=0'])
  test(`with ${text} all is as ever`, async () => {
    const { user, home } = makeUser(sts);
    const { status, stderr } = await runMfaEnv(['prod', sts.code(user)], { ...home.env, NODE_OPTIONS: text });
    assert.deepEqual([status, stderr], [0, routeLine(sts)]);
  });

const trusting: [env: Record<string, string>, args: string[], names: string[]][] = [
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

test('what changes trust is said, and -q does not silence it', async () => {
  const { user, home } = makeUser(sts);
  const bundle = join(home.path, 'ca.pem');
  writeFileSync(bundle, '');
  const words = ['prod', sts.code(user), '--endpoint-url', 'https://127.0.0.1:9', '-q'];
  const { stderr } = await runMfaEnv(words, { ...home.env, NODE_EXTRA_CA_CERTS: bundle });
  assert.match(stderr, /sts is called .*with NODE_EXTRA_CA_CERTS, which changes whom Node trusts\n/);
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
