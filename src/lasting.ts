/** Whether a file stays what it is: a function that is kept in a startup file calls it for years. */

import { realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, sep } from 'node:path';
import { platform } from 'node:process';
import { UserError } from './errors.ts';
import { typed } from './typed.ts';
import { quoteOutside } from './visible.ts';

/** Folders that systems empty; each system has some of them. Node takes the user's own from TMPDIR. */
const temporaryFolders = () => ['/tmp', '/var/tmp', '/dev/shm', '/run/user', '/var/folders', tmpdir()];

const othersCanWrite = 0o002;

/**
 * Refuses a file that another user could put in place, or that a system removes by itself.
 *
 * @param path Its real path.
 * @param hint What to do about a file in a temporary folder.
 * @throws {UserError}
 */
export function checkLasting(path: string, hint: string): void {
  const called = `the function would call ${quoteOutside(path)}`;
  const temporary = temporaryFolders().find((folder) => isBelow(path, realPath(folder)));
  if (temporary)
    throw new UserError(`${called}, which is in the temporary folder ${quoteOutside(temporary)}`, { hint });
  const open = platform === 'win32' ? undefined : partsOf(path).find((part) => statSync(part).mode & othersCanWrite);
  if (open !== undefined)
    throw new UserError(`${called}, and others can write ${quoteOutside(open)}`, {
      hint: typed`chmod o-w ${open}`,
    });
}

/** A path and all the folders that it is below. */
function partsOf(path: string): string[] {
  const folder = dirname(path);
  return folder === path ? [path] : [path, ...partsOf(folder)];
}

/** Whether a path is below a folder. That TMPDIR is the root says nothing. */
function isBelow(path: string, folder: string): boolean {
  return !folder.endsWith(sep) && path.startsWith(folder + sep);
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
