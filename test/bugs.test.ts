/** What happens if mfa-env itself is wrong: it says so once, fails the shell, and ends. */

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Ended, type Home, makeUser, program, start } from './harness.ts';
import { startSts } from './sts/server.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

const more = 'mfa_process = sh -c "touch started; exec sleep 3"\n';
const promptly = 10_000;
/** While mfa_process runs. */
const bug = `const { existsSync } = require('node:fs');
const timer = setInterval(() => { if (!existsSync('started')) return; clearInterval(timer); throw new Error('a bug'); }, 20);
`;
const bugAtRead = "require('node:fs').fstatSync = () => { throw new Error('a bug'); };\n";
const failingHandler = `Object.defineProperty(Error.prototype, 'exitStatus', { get() { throw new Error('another'); } });\n`;

/** Runs mfa-env behind code that breaks it. */
function startBroken(home: Home, code: string, words: string[], input: string | null = null) {
  const preload = join(home.path, 'preload.cjs');
  writeFileSync(preload, code);
  return start(process.execPath, ['--require', preload, program, ...words], home.env, input);
}

async function endOf(running: ReturnType<typeof start>): Promise<Ended> {
  const late = setTimeout(promptly, undefined, { ref: false }).then(() => running.kill('SIGKILL'));
  return Promise.race([running.ended, late.then(() => running.ended)]);
}

const another = /\nmfa-env: error: this is a bug in mfa-env, and another keeps it from saying more\n$/;

const rows: [title: string, code: string, words: string[], status: number, stdout: string, stderr: RegExp][] = [
  ['a bug', bug, ['prod'], 1, 'false;\n', /^mfa-env: error: this is a bug in mfa-env: Error: a bug\n/m],
  ['a bug, for elvish', bug, ['prod', '--shell', 'elvish'], 1, "fail 'mfa-env failed';\n", /a bug\n/],
  ['a bug of exec', bug, ['exec', 'prod', '--', 'true'], 125, '', /a bug\n/],
  ['a bug of --format', bug, ['prod', '--format', 'env'], 1, '', /a bug\n/],
  ['a bug in what says that there is one', bug + failingHandler, ['prod'], 1, 'false;\n', another],
  ['such a bug of exec', bug + failingHandler, ['exec', 'prod', '--', 'true'], 125, '', another],
  ['such a bug of --format', bug + failingHandler, ['prod', '--format', 'env'], 1, '', another],
  ['a bug in what looks at the streams', bugAtRead, ['prod', '12345'], 2, '', /not six digits/],
];

suite('ends the call:', { concurrency: 2 }, () => {
  for (const [title, code, words, status, stdout, stderr] of rows)
    test(title, async () => {
      const { home } = makeUser(sts, { more });
      const ended = await endOf(startBroken(home, code, words));
      assert.deepEqual([ended.status, ended.signal, ended.stdout], [status, null, stdout], ended.stderr);
      assert.match(ended.stderr, stderr);
    });

  test('a bug while standard input is read: signals end it', async () => {
    const { home } = makeUser(sts, { more });
    writeFileSync(join(home.path, 'started'), '');
    const running = startBroken(home, bug, ['prod', '-']);
    await until(() => running.stderr().includes('this is a bug'));
    // Right after that it is on its way out, and waits there.
    await setTimeout(300);
    running.kill('SIGTERM');
    const ended = await endOf(running);
    assert.deepEqual([ended.signal, ended.stdout], ['SIGTERM', 'false;\n'], ended.stderr);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    test(`${signal}, if cleaning up fails`, async () => {
      const { home } = makeUser(sts, { more });
      const code = "require('node:child_process').ChildProcess.prototype.kill = () => { throw new Error('a bug'); };\n";
      const running = startBroken(home, code, ['prod', '--save']);
      await until(() => existsSync(join(home.path, 'started')));
      running.kill(signal);
      const ended = await endOf(running);
      assert.deepEqual([ended.status, ended.signal, ended.stdout], [null, signal, 'false;\n'], ended.stderr);
    });
});
