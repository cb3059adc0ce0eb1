/** Many at once: nothing is lost, one alone calls STS, and the others use what it saved. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type Home, makeHome, makeUser, program, routeLine, runMfaEnv, sectionsOf, start } from './harness.ts';
import { sitDown } from './pty.ts';
import { mostMilliseconds } from './save-process.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

const startMfaEnv = (words: string[], home: Home) => start(process.execPath, [program, ...words], home.env);

/** What came of the user's calls. */
function outcomesOf(user: StsUser): string[] {
  const own = sts.requests.filter(({ parameters }) => parameters.SerialNumber === user.device.serialNumber);
  return own.map(({ outcome }) => outcome);
}

function sessionOf(user: StsUser) {
  return sts.sessions.find(({ principal }) => principal === user);
}

/** Checks that the session is saved, and what else there was is as before. */
function assertSaved(user: StsUser, home: Home, before: string): void {
  const text = home.credentials();
  assert.ok(text.startsWith(before), text);
  assert.ok(text.includes(`\naws_session_token = ${sessionOf(user)?.sessionToken}\n`), text);
  assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);
}

/** Checks that the statements are those of the user's session. */
function assertStatements(statements: string, user: StsUser): void {
  assert.ok(statements.includes(`export AWS_SESSION_TOKEN='${sessionOf(user)?.sessionToken}';\n`), statements);
}

for (const count of [2, 10, 50])
  test(`${count} profiles at once are all saved`, async () => {
    const users = Array.from({ length: count }, (_, index) => ({ name: `p${index}`, user: sts.addUser() }));
    const credentials = users.map(({ name, user }) => sectionsOf(name, user, '# mine\n')).join('\n');
    const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
    const all = users.map(({ name, user }) => startMfaEnv([name, sts.code(user), '--save', '--quiet'], home).ended);
    for (const { status, stderr } of await Promise.all(all)) assert.deepEqual([status, stderr], [0, routeLine(sts)]);
    const saved = users.map(({ name, user }) => {
      const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = sessionOf(user) ?? assert.fail(name);
      const lines = `aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
aws_session_token = ${sessionToken}
x_security_token_expires = ${expiresAt.toISOString().replace('.000', '')}
mfa_env_source = ${user.accessKeyId}
`;
      return sectionsOf(name, user, `${lines}# mine\n`);
    });
    assert.equal(home.credentials(), saved.join('\n'));
    assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);
  });

const mfaProcess = "mfa_process = sh -c 'echo >>asked; cat code'\n";
const codes: [title: string, count: number, more: string, slowMilliseconds: number, options?: string][] = [
  ['2 times with a code', 2, '', 1000],
  ['10 times with a code', 10, '', 1000],
  ['50 times with a code', 50, '', 3000],
  ['2 times with mfa_process', 2, mfaProcess, 1000],
  ['10 times with mfa_process', 10, mfaProcess, 1000],
  ['5 times with a code and a length', 5, '', 1000, '--duration 1h'],
  ['5 times with mfa_process and a length', 5, mfaProcess, 1000, '--duration 1h'],
  ['5 times with a code and a device', 5, '', 1000, '--serial DEVICE'],
  ['5 times with a code and the source that it has', 5, '', 1000, '--source prod-default'],
];

for (const [title, count, more, slowMilliseconds, options = ''] of codes)
  test(`the same profile ${title} at once is one call`, async () => {
    const { user, home } = makeUser(sts, { more });
    const before = home.credentials();
    const code = sts.code(user);
    writeFileSync(join(home.path, 'code'), code);
    // Longer than it takes to start them all.
    sts.fault('slow', { milliseconds: slowMilliseconds, times: 1 });
    const words = ['prod', ...(more ? [] : [code]), '--save', ...wordsOf(options, user)];
    const all = Array.from({ length: count }, () => startMfaEnv(words, home).ended);
    for (const { status, stdout, stderr } of await Promise.all(all)) {
      assert.equal(status, 0, stderr);
      assertStatements(stdout, user);
    }
    assert.deepEqual(outcomesOf(user), ['OK']);
    if (more) assert.equal(readFileSync(join(home.path, 'asked'), 'utf8'), '\n', 'the command ran once');
    assertSaved(user, home, before);
  });

function wordsOf(options: string, user: StsUser): string[] {
  return options.replace('DEVICE', user.device.serialNumber).split(' ').filter(Boolean);
}

for (const [title, more] of [
  ['with a code', ''],
  ['with mfa_process', mfaProcess],
] as const)
  test(`who is killed while STS hangs is followed by another, ${title}`, async () => {
    const { user, home } = makeUser(sts, { more });
    const before = home.credentials();
    const code = sts.code(user);
    writeFileSync(join(home.path, 'code'), code);
    sts.fault('hang', { times: 1 });
    const words = ['prod', ...(more ? [] : [code]), '--save'];
    const all = Array.from({ length: 3 }, () => startMfaEnv(words, home).ended);
    await until(() => outcomesOf(user).length === 1);
    const turn = readdirSync(dirname(home.credentialsFile)).find((name) => /-turn-[0-9a-f]{16}$/.test(name));
    const { pid } = JSON.parse(readFileSync(join(dirname(home.credentialsFile), turn ?? ''), 'utf8'));
    const begin = performance.now();
    process.kill(pid, 'SIGKILL');
    const ends = await Promise.all(all);
    assert.ok(performance.now() - begin < mostMilliseconds);
    assert.equal(ends.filter(({ signal }) => signal === 'SIGKILL').length, 1);
    for (const { status, stdout, stderr } of ends.filter(({ signal }) => signal === null)) {
      assert.equal(status, 0, stderr);
      assertStatements(stdout, user);
    }
    assert.deepEqual(outcomesOf(user), ['none', 'OK']);
    assertSaved(user, home, before);
  });

const [unshare, ...apart] = ['unshare', '--pid', '--fork', '--mount-proc'] as const;

test('who works in a container of the same host name is not taken for dead', {
  skip: unlessUnshare(),
}, async () => {
  const { user, home } = makeUser(sts);
  const before = home.credentials();
  const words = [program, 'prod', sts.code(user), '--save'];
  sts.fault('slow', { milliseconds: 1500, times: 1 });
  const inside = start(unshare, [...apart, process.execPath, ...words], home.env);
  await until(() => outcomesOf(user).length === 1);
  const outside = start(process.execPath, words, home.env);
  for (const { status, stderr } of await Promise.all([inside.ended, outside.ended])) assert.equal(status, 0, stderr);
  assert.deepEqual(outcomesOf(user), ['OK']);
  assertSaved(user, home, before);
});

function unlessUnshare(): string | false {
  const { status } = spawnSync(unshare, [...apart, 'true']);
  return status === 0 ? false : 'no PID namespace can be made here';
}

const windows: [title: string, count: number, others: string, typed: number, first?: string][] = [
  ['2 windows', 2, '--save', 1],
  ['10 windows', 10, '--save', 1],
  ['2 windows of which one saves', 2, '', 1],
  ['3 windows, two of which get it at once', 3, '--save', 2],
  ['2 windows that ask for the same length', 2, '--save --duration 1h', 1, '--save --duration 1h'],
  ['2 windows of which one names the device', 2, '--save --serial DEVICE', 1],
];

suite('a code typed into one window ends the prompts of all', () => {
  /** Opens a window in which mfa-env asks. */
  async function openWindow(home: Home, user: StsUser, index: number, words: string) {
    // A terminal that nobody holds open is hung up: descriptor 3 holds it until mfa-env does.
    const script = `exec mfa-env prod ${wordsOf(words, user).join(' ')} >out.${index} 2>err.${index} </dev/null 3</dev/tty`;
    const typist = sitDown('sh', ['-c', script], home.env);
    await typist.see(`MFA code for prod (ana in ${user.account}): `);
    const read = (stream: 'out' | 'err') => readFileSync(join(home.path, `${stream}.${index}`), 'utf8');
    return { typist, read };
  }

  async function assertAllEnded(all: Awaited<ReturnType<typeof openWindow>>[], user: StsUser): Promise<void> {
    for (const { typist, read } of all) {
      assert.deepEqual(await typist.ended, { exitCode: 0, signal: undefined }, read('err'));
      assertStatements(read('out'), user);
    }
    assert.deepEqual(outcomesOf(user), ['OK']);
  }

  for (const [title, count, others, typed, first = '--save'] of windows)
    test(title, async () => {
      const { user, home } = makeUser(sts);
      const before = home.credentials();
      const all = await Promise.all(
        Array.from({ length: count }, (_, index) => openWindow(home, user, index, index === 0 ? first : others)),
      );
      assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials'], 'no lock while a person types');
      for (const { typist } of all.slice(0, typed)) typist.type(`${sts.code(user)}\r`);
      await assertAllEnded(all, user);
      assertSaved(user, home, before);
    });

  test('and so does a code that is given elsewhere', async () => {
    const { user, home } = makeUser(sts);
    const before = home.credentials();
    const all = await Promise.all([1, 2].map((index) => openWindow(home, user, index, '--save')));
    assert.equal((await runMfaEnv(['prod', sts.code(user), '--save'], home.env)).status, 0);
    await assertAllEnded(all, user);
    assertSaved(user, home, before);
  });
});
