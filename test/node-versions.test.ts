/** A day with the built program under each Node that it is for: the same words, the same statuses, and none of Node's own. */

import assert from 'node:assert/strict';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { makeAuthority } from './authority.ts';
import { startProxy } from './connect-proxy.ts';
import { makeUser, root, run, start, unless } from './harness.ts';
import { makeLasting } from './lasting-folder.ts';
import { findNodes, rightMajors } from './nodes.ts';
import { sitDown } from './pty.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';
import { startTlsFront } from './tls-front.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };
const enter = '\r';
const ctrlC = '\x03';
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const calledAt = (url: string) => `mfa-env: sts is called at ${url}, which is not aws\n`;

for (const { major, file, skip } of findNodes(rightMajors)) {
  /** A user at home, with that Node alone on the PATH before all others. */
  function settle(of = sts, options: Parameters<typeof makeUser>[1] = {}, node = file) {
    const { user, home } = makeUser(of, options);
    const link = join(home.path, 'bin/node');
    rmSync(link);
    symlinkSync(node ?? '', link);
    return { user, home };
  }

  const sessionOf = (user: StsUser) => sts.sessions.find(({ principal }) => principal === user);

  suite(`Node ${major}`, { skip, ...inParallel }, () => {
    test('is the one that runs', async () => {
      const { home } = settle();
      const { stdout } = await run('node', ['--version'], home.env);
      assert.match(stdout, new RegExp(`^v${major}\\.`));
      const ended = await run('mfa-env', ['--version'], home.env);
      assert.deepEqual(ended, { status: 0, signal: null, stdout: `mfa-env ${version}\n`, stderr: '' });
    });

    test('a new session is saved, found again, and forgotten', async () => {
      const { user, home } = settle();
      const before = home.credentials();
      const { stdout, ...made } = await run('mfa-env', ['prod', sts.code(user), '--save'], home.env);
      const stderr = `${calledAt(sts.url)}Saved prod credentials to ${home.credentialsFile}\n`;
      assert.deepEqual(made, { status: 0, signal: null, stderr });
      assert.ok(stdout.includes(`export AWS_SESSION_TOKEN='${sessionOf(user)?.sessionToken}';\n`), stdout);
      const again = await run('mfa-env', ['prod'], home.env);
      assert.deepEqual(again, { status: 0, signal: null, stdout, stderr: '' });
      const forgotten = await run('mfa-env', ['forget', 'prod'], home.env);
      const removed = `Removed the saved session of prod from ${home.credentialsFile}\n`;
      assert.deepEqual(forgotten, { status: 0, signal: null, stdout: '', stderr: removed });
      assert.equal(home.credentials(), before);
    });

    test('a refusal, wrong usage, and a code that is missing', async () => {
      const { user, home } = settle();
      const words: [words: string[], status: number, error: string][] = [
        [['prod', sts.wrongCode(user)], 1, `${calledAt(sts.url)}mfa-env: error: aws refused the MFA code for prod: `],
        [['prod', '12345'], 2, 'mfa-env: error: '],
        [['prod'], 3, 'mfa-env: error: a code is needed for prod, '],
      ];
      for (const [args, status, error] of words) {
        const { stderr, ...ended } = await run('mfa-env', args, home.env);
        assert.deepEqual(ended, { status, signal: null, stdout: 'false;\n' });
        assert.ok(stderr.startsWith(error), stderr);
        assert.match(stderr, /^(mfa-env: [^\n]+\n)+$/);
      }
    });

    test('the prompt takes a wrong code, then the right one', async () => {
      const { user, home } = settle();
      const script = 'eval "$(mfa-env prod --save)" && printenv AWS_ACCESS_KEY_ID';
      const typist = sitDown('sh', ['-c', script], home.env);
      const question = `MFA code for prod (ana in ${user.account}): `;
      const wrong = sts.wrongCode(user);
      const right = sts.code(user);
      await typist.see(question);
      typist.type(wrong + enter);
      await typist.see('mfa-env: aws refused the MFA code for prod');
      await typist.see(question);
      typist.type(right + enter);
      await typist.see(`Saved prod credentials to ${home.credentialsFile}\r\n`);
      assert.equal((await typist.ended).exitCode, 0);
      assert.ok(typist.screen().endsWith(`${sessionOf(user)?.accessKeyId}\r\n`), typist.screen());
      assert.doesNotMatch(typist.screen(), /warning|deprecat/i);
    });

    test('Ctrl-C ends the prompt', async () => {
      const { home } = settle();
      const typist = sitDown('sh', ['-c', 'mfa-env prod >out; echo "left with $?"'], home.env);
      await typist.see('MFA code for prod ');
      typist.type(ctrlC);
      await typist.ended;
      assert.equal(readFileSync(join(home.path, 'out'), 'utf8'), 'false;\n');
    });

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      test(`${signal} while AWS is waited for`, async (t) => {
        const own = await startSts();
        t.after(() => own.close());
        const { user, home } = settle(own);
        const before = home.credentials();
        own.fault('hang');
        const running = start('mfa-env', ['prod', own.code(user), '--save'], home.env);
        await until(() => own.requests.length === 1);
        running.kill(signal);
        const ended = { status: null, signal, stdout: 'false;\n', stderr: calledAt(own.url) };
        assert.deepEqual(await running.ended, ended);
        assert.equal(home.credentials(), before);
      });

    test('one code for a role, with keys and the code from commands', async () => {
      const { user, home } = settle();
      const role = sts.addRole({ trusts: [user.arn], mfaRequired: true });
      const keys = join(home.path, 'keys');
      const code = join(home.path, 'code');
      const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, device } = user;
      writeFileSync(keys, JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey }), { mode: 0o600 });
      writeFileSync(code, sts.code(user), { mode: 0o600 });
      const config = `[profile safe]
credential_process = cat ${keys}
mfa_serial = ${device.serialNumber}
mfa_process = cat ${code}
[profile admin]
role_arn = ${role.arn}
source_profile = safe
`;
      writeFileSync(home.configFile, config, { mode: 0o600 });
      const { stdout, ...ended } = await run('mfa-env', ['admin', '--format', 'process', '--save'], home.env);
      const saved = ['safe', 'admin'].map(
        (name) => `Saved ${name} credentials to ${home.credentialsFile} as [${name}-mfa]\n`,
      );
      assert.deepEqual(ended, { status: 0, signal: null, stderr: calledAt(sts.url) + saved.join('') });
      assert.ok(home.credentials().includes(`[admin-mfa]\naws_access_key_id = ${JSON.parse(stdout).AccessKeyId}\n`));
    });

    test('the function of bash', { skip: unless('bash') }, async () => {
      const { user, home } = settle(sts, {}, makeLasting(file ?? ''));
      const script = `eval "$(mfa-env init bash --hook)" &&
mfa-env prod ${sts.code(user)} --save --quiet && printenv AWS_ACCESS_KEY_ID &&
mfa-env unset && ! printenv AWS_ACCESS_KEY_ID && mfa-env prod && printenv AWS_ACCESS_KEY_ID`;
      const ended = await run('bash', ['--noprofile', '--norc', '-c', script], home.env);
      const id = sessionOf(user)?.accessKeyId;
      assert.deepEqual(ended, { status: 0, signal: null, stdout: `${id}\n${id}\n`, stderr: calledAt(sts.url) });
    });

    test("an encrypted STS behind a proxy, with a company's certificates", { skip: unless('openssl') }, async (t) => {
      const host = 'sts.us-east-1.amazonaws.com';
      const company = makeAuthority('Company');
      const front = await startTlsFront(sts.url, company.issue(`DNS:${host}`));
      const proxy = await startProxy({ [`${host}:443`]: front.port });
      t.after(() => {
        front.close();
        proxy.close();
      });
      const url = `http://${proxy.host}`;
      const trust = { AWS_CA_BUNDLE: company.file };
      const { user, home } = settle(sts, { env: { AWS_ENDPOINT_URL_STS: '', HTTPS_PROXY: url } });
      const through = `mfa-env: sts is called through the proxy ${url}`;
      const stranger = await run('mfa-env', ['prod', sts.code(user)], home.env);
      assert.deepEqual([stranger.status, stranger.stdout], [1, 'false;\n']);
      assert.match(
        stranger.stderr,
        /^mfa-env: sts is called through [^\n]+\nmfa-env: error: [^\n]*certificate[^\n]*\n/,
      );
      const { stdout, ...ended } = await run('mfa-env', ['prod', sts.code(user)], { ...home.env, ...trust });
      const stderr = `${through}, with the certificates of ${company.file}\n`;
      assert.deepEqual(ended, { status: 0, signal: null, stderr });
      assert.ok(stdout.includes(`'${sessionOf(user)?.accessKeyId}'`), stdout);
    });
  });
}
