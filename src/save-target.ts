/** Where a session is saved: the file behind the links, and whether it may be changed at all. */

import { accessSync, constants, lstatSync, mkdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { getuid } from 'node:process';
import { UserError } from './errors.ts';
import { quoteOutside } from './visible.ts';

export interface SaveTarget {
  /** The path as the user knows it, for messages. */
  path: string;
  /** The file that is replaced: what the links end in, whether it exists or not. */
  file: string;
  folder: string;
  stat: Stats | undefined;
}

const mostLinks = 40;

/** Windows has no owners and no bits for others: Node makes them up there. */
export const hasModes = getuid !== undefined;

/**
 * Follows the links to the file and checks that it and its folder may be changed.
 *
 * @throws {UserError} where something there is no regular file, somebody else's, open to everyone or cannot be written.
 */
export function findSaveTarget(path: string): SaveTarget {
  const file = followLinks(path);
  const stat = look(file);
  if (stat) checkFile(path, stat);
  const folder = dirname(file);
  checkFolder(folder);
  return { path, file, folder, stat };
}

function followLinks(path: string): string {
  let file = resolve(path);
  for (let links = 0; links <= mostLinks; links += 1) {
    const stat = look(file);
    if (!stat?.isSymbolicLink()) return file;
    // A link of somebody else's would lead root, too, to where they like.
    if (getuid !== undefined && stat.uid !== getuid() && stat.uid !== 0)
      throw notOurs(`the link ${quoteOutside(file)}`);
    file = resolve(dirname(file), readlinkSync(file));
  }
  throw new UserError(`${quoteOutside(path)} is a link that leads round in a circle`, {
    hint: 'let it lead to a file, or remove it',
  });
}

/** What is at a path; nothing where there is nothing, or a file stands where a folder would have to. */
function look(path: string, read: typeof lstatSync | typeof statSync = lstatSync): Stats | undefined {
  try {
    return read(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return undefined;
    throw new UserError(`cannot look at ${quoteOutside(path)}: ${code}`, {
      hint: 'check the folders on the way to it',
      cause: error,
    });
  }
}

function checkFile(path: string, stat: Stats): void {
  const shown = quoteOutside(path);
  if (!stat.isFile()) throw new UserError(`${shown} is not a regular file`, { hint: 'move it away' });
  if (!isOwn(stat)) throw notOurs(shown);
  if (stat.nlink > 1) {
    throw new UserError(`${shown} has a second name (a hard link), which would keep the old text`, {
      hint: `make it a file of its own: cp -p ${shown} ${shown}.new && mv ${shown}.new ${shown}`,
    });
  }
}

function checkFolder(folder: string): void {
  const stat = look(folder, statSync);
  // What is missing will be made in the nearest folder that is there.
  if (!stat) {
    checkFolder(dirname(folder));
    return;
  }
  const shown = quoteOutside(folder);
  if (!stat.isDirectory()) throw new UserError(`${shown} is not a folder`, { hint: 'move it away' });
  if (!isOwn(stat)) throw notOurs(`the folder ${shown}`);
  if (hasModes && stat.mode & 0o002) {
    throw new UserError(`everyone can write into the folder ${shown}`, { hint: `chmod o-w ${shown}` });
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UserError(`cannot write into the folder ${shown}: ${(error as NodeJS.ErrnoException).code}`, {
      hint: `chmod u+wx ${shown}, or call without --save`,
      cause: error,
    });
  }
}

/** Root may do everything; others change what is theirs, in folders that are theirs or root's. */
function isOwn(stat: Stats): boolean {
  const uid = getuid?.();
  return uid === undefined || uid === 0 || stat.uid === uid || (stat.isDirectory() && stat.uid === 0);
}

function notOurs(what: string): UserError {
  return new UserError(`${what} belongs to another user`, {
    hint: 'point AWS_SHARED_CREDENTIALS_FILE at a file of yours',
  });
}

/** Makes the folder, for its owner alone, where it is missing. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** The path of a file beside the target. */
export function beside(target: SaveTarget, suffix: string): string {
  return join(target.folder, `${basename(target.file)}.mfa-env-${suffix}`);
}
