/** Files that other programs keep, as far as they can be read at once: a named pipe has no end, nor has /dev/zero. */

import { readFileSync, statSync } from 'node:fs';

const mostBytes = 1_048_576;

/** The text of a regular file of one MiB at the most; nothing where it is none or cannot be read. */
export function readSmallFile(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= mostBytes ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
