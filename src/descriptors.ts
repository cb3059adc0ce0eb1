/** The descriptors above standard error that this process was started with, such as those of make's job server or of `<(…)` in zsh. */

import { readdirSync, readlinkSync } from 'node:fs';
import type { Environment } from './environment.ts';

/** libuv closes the descriptors up to here in every child that is not told of them; those above stay as they are. */
const last = 15;

/**
 * Finds them by what they lead to; called before the first file or connection is opened. Where there is no /proc, none is found.
 *
 * @returns numbers from 3 to 15.
 */
export function inheritedDescriptors(env: Environment): number[] {
  const links = readLinks();
  const targets = [...links.values()];
  const ofMake = jobServer(env);
  return [...links].flatMap(([descriptor, target]) => {
    // Node's own: its event loops, /dev/null in place of a closed stream, and pipes from itself to itself.
    const isOwn = target.startsWith('anon_inode:') || target === '/dev/null' || target.startsWith('/proc/');
    const isRound = target.startsWith('pipe:') && targets.filter((other) => other === target).length > 1;
    return descriptor >= 3 && descriptor <= last && !isOwn && (!isRound || ofMake.includes(descriptor))
      ? [descriptor]
      : [];
  });
}

function readLinks(): Map<number, string> {
  const links = new Map<number, string>();
  try {
    for (const name of readdirSync('/proc/self/fd')) links.set(Number(name), readLink(`/proc/self/fd/${name}`));
  } catch {
    // There is no /proc.
  }
  return links;
}

/** The folder that was listed is closed by now. */
function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '/proc/';
  }
}

/** Both ends of the pipe of make's job server (GNU make's manual, "POSIX Jobserver"); later versions have a named one. */
function jobServer({ MAKEFLAGS }: Environment): number[] {
  const [, read, write] = /--jobserver-(?:auth|fds)=(\d+),(\d+)/.exec(MAKEFLAGS ?? '') ?? [];
  return [Number(read), Number(write)].filter(Number.isInteger);
}
