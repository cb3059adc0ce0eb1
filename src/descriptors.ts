/** The descriptors above standard error that this process was started with, such as those of make's job server or of `<(…)` in zsh. */

import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { Environment } from './environment.ts';

/** libuv closes the descriptors up to here in every child that is not told of them; those above stay as they are. */
const last = 15;

/**
 * Finds them by what they lead to; called before the first file or connection is opened. Where there is no /proc, none is found.
 *
 * @returns numbers from 3 to 15.
 */
export function inheritedDescriptors(env: Environment): number[] {
  const all = readDescriptors();
  const ofMake = jobServer(env);
  const hasEnd = (target: string, mode: number) => all.some((other) => other.target === target && other.mode & mode);
  return all.flatMap(({ number, target, mode }) => {
    // Node's own: its event loops, /dev/null to read from, pipes from itself to itself, and the folder that is listed.
    const isNull = target === '/dev/null' && !(mode & writable);
    const isOwn = target.startsWith('anon_inode:') || isNull || /^\/proc\/\d+\/fd$/.test(target);
    const isRound = target.startsWith('pipe:') && hasEnd(target, readable) && hasEnd(target, writable);
    return number >= 3 && number <= last && !isOwn && (!isRound || ofMake.includes(number)) ? [number] : [];
  });
}

/** The mode of a link in /proc/self/fd says what the descriptor was opened for (proc_pid_fd(5)). */
const readable = 0o400;
const writable = 0o200;

function readDescriptors(): { number: number; target: string; mode: number }[] {
  try {
    return readdirSync('/proc/self/fd').flatMap((name) => {
      const path = `/proc/self/fd/${name}`;
      // The folder that was listed is closed by now.
      const mode = lstatSync(path, { throwIfNoEntry: false })?.mode;
      return mode === undefined ? [] : [{ number: Number(name), target: readlinkSync(path), mode }];
    });
  } catch {
    // There is no /proc.
    return [];
  }
}

/** Both ends of the pipe of make's job server (GNU make's manual, "POSIX Jobserver"); later versions have a named one. */
function jobServer({ MAKEFLAGS }: Environment): number[] {
  const [, read, write] = /--jobserver-(?:auth|fds)=(\d+),(\d+)/.exec(MAKEFLAGS ?? '') ?? [];
  return [Number(read), Number(write)].filter(Number.isInteger);
}
