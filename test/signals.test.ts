/** Ended from outside: the shell learns of it, nothing is saved, nothing is left, and the death is that of the signal. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Home, makeHome, makeUser, program, savedLines, start } from './harness.ts';
import { sitDown } from './pty.ts';
import { startSts } from './sts/server.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

const signals = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const;
const promptly = 500;

/** Checks that the program has ended at once and left the credentials as they were, with nothing beside them. */
function assertNoTrace(home: Home, before: string, begin: number): void {
  assert.ok(performance.now() - begin < promptly, `ended only after ${performance.now() - begin} ms`);
  assert.equal(home.credentials(), before);
  assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);
}

suite('while the user is asked', () => {
  for (const signal of signals) {
    test(signal, async () => {
      const { home } = makeUser(sts);
      const before = home.credentials();
      const script = 'exec mfa-env prod --save >out 2>err 3</dev/tty';
      const typist = sitDown('sh', ['-c', script], home.env);
      await typist.see(/MFA code for prod .*: /);
      const begin = performance.now();
      typist.kill(signal);
      assert.equal((await typist.ended).signal, constants.signals[signal]);
      assertNoTrace(home, before, begin);
      assert.equal(readFileSync(join(home.path, 'out'), 'utf8'), 'false;\n');
    });
  }

  test('the window is closed', async () => {
    const { home } = makeUser(sts);
    const before = home.credentials();
    // The shell is the one whom the window's end strikes; the kernel then hangs up on who stands in the foreground.
    const script = "sh -c 'echo $$ >pid; exec mfa-env prod --save >out 2>err'; echo GOES-ON";
    const typist = sitDown('sh', ['-c', script], home.env);
    await typist.see(/MFA code for prod .*: /);
    const begin = performance.now();
    typist.kill('SIGKILL');
    await until(() => readFileSync(join(home.path, 'out'), 'utf8') === 'false;\n');
    await until(() => !isAlive(Number(readFileSync(join(home.path, 'pid'), 'utf8'))));
    assertNoTrace(home, before, begin);
  });
});

suite('while profiles are listed', () => {
  const mostMilliseconds = 100;
  const section = (index: number) => `[p${index}]\nregion = eu-west-1\nmfa_serial = GAHT${100_000 + index}\n`;
  const credentials = Array.from({ length: 20_000 }, (_, index) => section(index)).join('');
  const home = makeHome({ credentials });
  const assertAtOnce = (killed: number) => {
    const milliseconds = performance.now() - killed;
    assert.ok(milliseconds < mostMilliseconds, `ended only after ${milliseconds} ms`);
  };
  const list = (...more: string[]) => start(process.execPath, [program, 'list', ...more], home.env);

  for (const signal of signals) {
    for (const options of [[], ['--json']])
      test(`${signal}, ${['list', ...options].join(' ')}`, async () => {
        const begin = performance.now();
        assert.equal((await list(...options).ended).status, 0);
        // By then Node has started, and the files are being read.
        const third = (performance.now() - begin) / 3;
        const running = list(...options);
        await setTimeout(third);
        const killed = performance.now();
        running.kill(signal);
        const { stdout, ...ended } = await running.ended;
        assert.deepEqual(ended, { status: null, signal, stderr: '' });
        assertAtOnce(killed);
      });

    test(`${signal}, while the reader of the list waits`, async (t) => {
      const running = spawn(process.execPath, [program, 'list'], {
        env: home.env,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      t.after(() => running.kill('SIGKILL'));
      const ended = Promise.race([once(running, 'exit'), setTimeout(5000, 'still runs', { ref: false })]);
      // Without a listener for data, the stream takes only the beginning.
      await once(running.stdout, 'readable');
      await setTimeout(100);
      const killed = performance.now();
      running.kill(signal);
      assert.deepEqual(await ended, [null, signal]);
      assertAtOnce(killed);
    });
  }
});

/** A process that has ended may wait for long to be noticed by its parent: `Z`. */
function isAlive(pid: number): boolean {
  return /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
}

suite('while AWS is waited for', { concurrency: 2 }, () => {
  for (const signal of signals) {
    for (const [dialect, statement] of [
      ['bash', 'false;\n'],
      ['elvish', "fail 'mfa-env failed';\n"],
    ] as const) {
      test(`${signal}, for ${dialect}`, async () => {
        const { user, home } = makeUser(sts, { more: savedLines({ expiresAt: new Date(0) }) });
        const before = home.credentials();
        const code = sts.code(user);
        sts.fault('hang');
        const words = ['prod', code, '--save', '--shell', dialect];
        const running = start(process.execPath, [program, ...words], home.env);
        await until(() => sts.requests.some(({ parameters }) => parameters.TokenCode === code));
        const begin = performance.now();
        running.kill(signal);
        const { stderr, ...ended } = await running.ended;
        assert.deepEqual(ended, { status: null, signal, stdout: statement });
        assertNoTrace(home, before, begin);
        assert.equal(stderr, `mfa-env: sts is called at ${sts.url}, which is not aws\n`);
      });
    }
  }

  test('--format prints nothing', async () => {
    const { user, home } = makeUser(sts);
    const code = sts.code(user);
    sts.fault('hang');
    const running = start(process.execPath, [program, 'prod', code, '--format', 'process'], home.env);
    await until(() => sts.requests.some(({ parameters }) => parameters.TokenCode === code));
    running.kill('SIGTERM');
    const { status, signal, stdout } = await running.ended;
    assert.deepEqual({ status, signal, stdout }, { status: null, signal: 'SIGTERM', stdout: '' });
  });
});

const waits: [title: string, more: string, words: string[]][] = [
  ['while a code is waited for on standard input', '', ['-']],
  ['while a command of the files is waited for', 'mfa_process = sh -c "touch started; exec sleep 30"\n', []],
];
for (const [title, more, words] of waits)
  test(title, async () => {
    const { home } = makeUser(sts, { more });
    const before = home.credentials();
    for (const signal of signals) {
      const running = start(process.execPath, [program, 'prod', ...words, '--save'], home.env, null);
      // Nothing shows from outside that it waits for its input.
      if (more === '') await setTimeout(2000);
      else await until(() => existsSync(join(home.path, 'started')));
      const begin = performance.now();
      running.kill(signal);
      const { stderr, ...ended } = await running.ended;
      assert.deepEqual(ended, { status: null, signal, stdout: 'false;\n' }, stderr);
      assertNoTrace(home, before, begin);
      rmSync(join(home.path, 'started'), { force: true });
    }
  });

test('who waits for another to finish goes alone, and the other one is not disturbed', async () => {
  const { user, home } = makeUser(sts);
  const before = home.credentials();
  const code = sts.code(user);
  sts.clearFaults();
  sts.fault('slow', { milliseconds: 1500 });
  const first = start(process.execPath, [program, 'prod', code, '--save'], home.env);
  await until(() => sts.requests.some(({ parameters }) => parameters.TokenCode === code));
  const second = start(process.execPath, [program, 'prod', sts.wrongCode(user), '--save'], home.env);
  // Said right before it waits.
  await until(() => second.stderr().includes('sts is called'));
  await setTimeout(200);
  const begin = performance.now();
  second.kill('SIGTERM');
  const { status, signal, stdout } = await second.ended;
  assert.ok(performance.now() - begin < promptly);
  assert.deepEqual({ status, signal, stdout }, { status: null, signal: 'SIGTERM', stdout: 'false;\n' });
  assert.equal(home.credentials(), before);
  assert.equal((await first.ended).status, 0);
  assert.match(home.credentials(), /^aws_session_token = /m);
  assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);
  assert.equal(sts.requests.filter(({ parameters }) => parameters.SerialNumber === user.device.serialNumber).length, 1);
});
