/** Strikes at a chosen system call of a program: strace lets it fail, or kills the program at it. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, run, unless } from './harness.ts';

/** A call of the main thread. */
export interface Call {
  name: string;
  /** Its place among the calls of its name, from 1. */
  index: number;
  /** What strace says of it. */
  line: string;
}

/** For a test's `skip`: the reason, where strace is missing or may not trace. */
export function unlessStrace(): string | false {
  if (process.arch !== 'x64') return 'the system calls have other names on this processor';
  const missing = unless('strace');
  if (missing) return missing;
  const { status } = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'inject=fsync:error=EIO', 'true']);
  return status === 0 ? false : 'strace may not trace here';
}

/**
 * Runs a command below strace.
 *
 * @param calls The names of the calls to trace, as strace knows them.
 * @param injection What strikes: `rename:error=EIO:when=1`.
 * @returns how it ended, as the command itself would have, and the calls of its main thread.
 */
export async function runTraced(
  folder: string,
  calls: string,
  command: string[],
  env: Record<string, string>,
  injection?: string,
): Promise<Ended & { calls: Call[] }> {
  const log = join(folder, `strace-${Math.random()}`);
  const inject = injection ? ['-e', `inject=${injection}`] : [];
  const ended = await run('strace', ['-f', '-y', '-o', log, '-e', `trace=${calls}`, ...inject, ...command], env);
  return { ...ended, calls: parseLog(readFileSync(log, 'utf8')) };
}

function parseLog(log: string): Call[] {
  const counts = new Map<string, number>();
  const main = /^\d+ /.exec(log)?.[0] ?? '';
  const lines = log.split('\n').filter((line) => line.startsWith(main));
  return lines.flatMap((line) => {
    const name = /^\d+ +(\w+)\(/.exec(line)?.[1];
    if (name === undefined) return [];
    const index = (counts.get(name) ?? 0) + 1;
    counts.set(name, index);
    return [{ name, index, line }];
  });
}
