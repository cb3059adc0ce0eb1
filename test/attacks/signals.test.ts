/** A file server, a reader or a process list that hangs: a signal still ends the program, and the shell sees a failure. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { findProgram, type Home, makeHome, program, run, savedLines } from '../harness.ts';
import { until } from '../until.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const mostMilliseconds = 2000;
const hangMicroseconds = 30_000_000;

const keys = `[prod-default]
aws_access_key_id = AKIA0000000000000001
aws_secret_access_key = abcdefghijklmnopqrstuvwxyz0123456789abcd
[prod]
aws_arn_mfa = arn:aws:iam::111122223333:mfa/ana
`;

/** Starts the program with system calls on one of the files delayed, as by a file server that does not answer. */
async function startHung(t: TestContext, home: Home, hung: string, call: string, words: readonly string[]) {
  const delay = [`--trace=${call}`, `--inject=${call}:delay_enter=${hangMicroseconds}`];
  const log = join(home.path, 'calls');
  // With -D, strace is the grandchild, and the program the child.
  const args = ['-D', '-f', '-y', '-o', log, '-P', hung, ...delay, process.execPath, program, ...words];
  const out = openSync(join(home.path, 'out'), 'w');
  const running = spawn('strace', args, { env: home.env, stdio: ['ignore', out, 'ignore'] });
  closeSync(out);
  const ended = once(running, 'exit');
  const tracer = () => Number(/^TracerPid:\s*(\d+)/m.exec(status(running.pid))?.[1] ?? 0);
  const endTracer = () => {
    const pid = tracer();
    if (pid !== 0) process.kill(pid, 'SIGKILL');
  };
  t.after(() => {
    endTracer();
    running.kill('SIGKILL');
  });
  // strace writes a call's beginning when it begins.
  await until(() => readText(log).includes(hung));
  await setTimeout(200);
  return { running, ended, endTracer };
}

function status(pid: number | undefined): string {
  return readText(`/proc/${pid}/status`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const skip = findProgram('strace') === undefined && 'strace is not installed';
const statements = { bash: 'false;\n', fish: 'false;\n', elvish: "fail 'mfa-env failed';\n" };

for (const [shell, statement] of Object.entries(statements))
  for (const signal of signals)
    for (const call of shell === 'bash' ? ['statx', 'openat', 'pread64'] : ['openat'])
      test(`a network home hangs in ${call}: ${signal} ends the program, and ${shell} sees a failure`, {
        skip,
      }, async (t) => {
        const home = makeHome({ credentials: keys + savedLines() });
        const words = ['prod', '--shell', shell];
        const { running, ended, endTracer } = await startHung(t, home, home.credentialsFile, call, words);
        const killed = performance.now();
        running.kill(signal);
        await until(() => readText(join(home.path, 'out')) === statement);
        // The tracer would keep the dead process until its delay is over.
        endTracer();
        assert.deepEqual(await ended, [null, signal]);
        const milliseconds = performance.now() - killed;
        assert.ok(milliseconds < mostMilliseconds, `ended only after ${milliseconds} ms`);
      });

const printing: [title: string, words: string[]][] = [
  ['shell code', ['prod', '--shell', 'bash']],
  ['--format', ['prod', '--format', 'process']],
  ['list', ['list']],
  ['doctor', ['doctor', 'prod']],
  ['help', ['help']],
  ['init', ['init', 'bash']],
  ['unset', ['unset', '--shell', 'bash']],
];
for (const [title, words] of printing)
  test(`a reader that takes nothing does not keep the program from signals (${title})`, async (t) => {
    const { path, env } = makeHome({ credentials: keys + savedLines() });
    const fifo = join(path, 'fifo');
    assert.equal((await run('mkfifo', [fifo], env)).status, 0);
    const filler = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    fill(filler);
    const waiting = openSync(fifo, 'w');
    t.after(() => [filler, waiting].forEach(closeSync));
    // A full pipe blocks the writer, or refuses what it writes.
    for (const out of [waiting, filler])
      for (const signal of signals) {
        const running = spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', out, 'ignore'] });
        t.after(() => running.kill('SIGKILL'));
        const ended = Promise.race([once(running, 'exit'), setTimeout(8000, 'still runs', { ref: false })]);
        await setTimeout(700);
        assert.equal(running.exitCode, null, 'the pipe was not full');
        const killed = performance.now();
        running.kill(signal);
        assert.deepEqual(await ended, [null, signal]);
        assert.ok(performance.now() - killed < mostMilliseconds);
      }
  });

/** Writes into a pipe until it is full. */
function fill(pipe: number): void {
  const page = Buffer.alloc(4096);
  for (let pages = 0; pages < 10_000; pages += 1)
    try {
      writeSync(pipe, page);
    } catch {
      return;
    }
}
