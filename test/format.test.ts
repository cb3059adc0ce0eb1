/** Sessions for programs: the two forms by themselves, and the program that prints them. */

import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import fc from 'fast-check';
import { formatSession } from '../src/format.ts';
import { formatTime, makeUser, run, runMfaEnv, savedLines } from './harness.ts';
import { sitDown } from './pty.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const example = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'a"b\\c',
  sessionToken: 'token==',
  expiresAt: new Date('2026-11-24T16:00:00.999Z'),
};

test('process is the JSON of credential_process, on one line', () => {
  const text = formatSession('process', example, { unset: [], set: [] });
  assert.match(text, /^\{.*\}\n$/);
  assert.deepEqual(JSON.parse(text), {
    Version: 1,
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    SecretAccessKey: 'a"b\\c',
    SessionToken: 'token==',
    Expiration: '2026-11-24T16:00:00Z',
  });
});

test('env is KEY=value lines of what is set', () => {
  const set: [string, string][] = [
    ['AWS_SESSION_TOKEN', 'token=='],
    ['MFA_ENV_PROFILE', "it's $HOME"],
  ];
  const text = formatSession('env', example, { unset: ['AWS_PROFILE'], set });
  assert.equal(text, "AWS_SESSION_TOKEN=token==\nMFA_ENV_PROFILE=it's $HOME\n");
});

/**
 * Reads as `docker --env-file` does (moby, opts/file.go): blanks before a line go, `#` at its start makes it a comment, all
 * behind the first `=` is the value, quotes and blanks too; a name without `=` is taken from the environment.
 */
function readEnvFile(text: string): [name: string, value: string][] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/^[ \t]+/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.indexOf('=');
      assert.ok(at > 0, `no value: ${line}`);
      const name = line.slice(0, at);
      assert.doesNotMatch(name, /\s/);
      return [name, line.slice(at + 1)];
    });
}

test('env says the same to docker, whatever the values are', () => {
  const value = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
  const names = fc.constantFrom('AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'MFA_ENV_PROFILE');
  fc.assert(
    fc.property(fc.array(fc.tuple(names, value)), (set) => {
      assert.deepEqual(readEnvFile(formatSession('env', example, { unset: [], set })), set);
    }),
  );
});

suite('--format', () => {
  const session = {
    accessKeyId: 'ASIASAVED00000000001',
    secretAccessKey: `s'e"c$r\\e#t;`,
    sessionToken: 'token//of+the+saved+session==',
    expiresAt: new Date(Math.floor(Date.now() / 1000) * 1000 + 7_200_000),
  };
  const expiration = formatTime(session.expiresAt);
  const files = { more: `region = eu-west-1\n${savedLines(session)}`, env: { AWS_PROFILE: 'work' } };

  test('env: a line for each variable, as it is', async () => {
    const ended = await runMfaEnv(['prod', '--format', 'env'], makeUser(sts, files).home.env);
    const stdout = `AWS_ACCESS_KEY_ID=${session.accessKeyId}
AWS_SECRET_ACCESS_KEY=${session.secretAccessKey}
AWS_SESSION_TOKEN=${session.sessionToken}
AWS_CREDENTIAL_EXPIRATION=${expiration}
AWS_SESSION_EXPIRATION=${expiration}
MFA_ENV_PROFILE=prod
AWS_REGION=eu-west-1
AWS_DEFAULT_REGION=eu-west-1
MFA_ENV_REGION=eu-west-1
`;
    assert.deepEqual(ended, { status: 0, signal: null, stdout, stderr: '' });
  });

  test('process: the object that the SDKs read', async () => {
    const { stdout, ...ended } = await runMfaEnv(['prod', '--format', 'process'], makeUser(sts, files).home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
    assert.deepEqual(JSON.parse(stdout), {
      Version: 1,
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: expiration,
    });
  });

  test('env: read as docker reads it, nothing is lost and nothing added', async () => {
    const { home } = makeUser(sts, files);
    const { stdout } = await runMfaEnv(['prod', '--format', 'env'], home.env);
    const read = Object.fromEntries(readEnvFile(stdout));
    assert.equal(read.AWS_SECRET_ACCESS_KEY, session.secretAccessKey);
    assert.equal(read.AWS_SESSION_TOKEN, session.sessionToken);
    const script = 'exec env $(mfa-env prod --format env) sh -c "exec printenv $0" "$@"';
    for (const [name, value] of Object.entries(read))
      assert.equal((await run('sh', ['-c', script, name], home.env)).stdout, `${value}\n`);
  });

  for (const format of ['env', 'process', 'yaml']) {
    test(`${format}: a failure prints nothing`, async () => {
      const { home } = makeUser(sts);
      const { status, stdout, stderr } = await runMfaEnv(['prod', '--format', format], home.env);
      assert.deepEqual([status, stdout], [format === 'yaml' ? 2 : 3, '']);
      assert.match(stderr, /^mfa-env: error: /);
    });
  }

  const unusable: [title: string, milliseconds: number][] = [
    ['lives less than five minutes', 290_000],
    ['has just ended', -1000],
  ];
  for (const [title, milliseconds] of unusable)
    test(`process: a saved session that ${title} is not handed out`, async () => {
      const { home } = makeUser(sts, { more: savedLines({ expiresAt: new Date(Date.now() + milliseconds) }) });
      const { status, stdout, stderr } = await runMfaEnv(['prod', '--format', 'process'], home.env);
      assert.deepEqual([status, stdout], [3, '']);
      assert.match(
        stderr,
        /^mfa-env: error: a code is needed for prod, .*\nmfa-env: hint: save a session in a terminal: /,
      );
    });

  const hidden: [title: string, words: string[], saves: boolean][] = [
    ['without --save', [], false],
    ['with --save', ['--save'], true],
  ];
  for (const format of ['env', 'process'])
    for (const [title, words, saves] of hidden)
      test(`${format}: nothing secret goes to a terminal, ${title}`, async () => {
        const { user, home } = makeUser(sts);
        const typist = sitDown('mfa-env', ['prod', sts.code(user), '--format', format, ...words], home.env);
        assert.equal((await typist.ended).exitCode, saves ? 0 : 2, typist.screen());
        assert.match(typist.screen(), /credentials are not printed to a terminal/);
        assert.match(
          typist.screen(),
          /mfa-env: hint: .*send them on with a pipe or into a file, or call with --print\r\n/,
        );
        const made = sts.sessions.find(({ principal }) => principal === user);
        assert.equal(made !== undefined, saves);
        assert.equal(home.credentials().includes(made?.accessKeyId ?? 'none'), saves);
        assert.doesNotMatch(typist.screen(), /ASIA|AWS_|AccessKey/);
      });

  test('--print prints to a terminal too', async () => {
    const { user, home } = makeUser(sts);
    const typist = sitDown('mfa-env', ['prod', sts.code(user), '--format', 'env', '--print'], home.env);
    assert.equal((await typist.ended).exitCode, 0);
    assert.match(typist.screen(), /^AWS_ACCESS_KEY_ID=ASIA\w{16}\r$/m);
  });

  for (const words of [['--save'], []])
    test(`a new session ${words} comes out whole, and words stay on standard error`, async () => {
      const { user, home } = makeUser(sts);
      const { stdout, stderr, status } = await runMfaEnv(
        ['prod', sts.code(user), '--format', 'env', ...words],
        home.env,
      );
      const made = sts.sessions.find(({ principal }) => principal === user);
      assert.equal(status, 0);
      assert.equal(Object.fromEntries(readEnvFile(stdout)).AWS_SESSION_TOKEN, made?.sessionToken);
      assert.equal(/^Saved prod credentials to /m.test(stderr), words.length > 0);
    });
});
