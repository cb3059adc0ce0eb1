/** Where a session is saved: the file behind the links, and whether it may be changed at all. */

import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { cwd, getuid, platform, umask } from 'node:process';
import { actingUid, asOwner } from './acting-user.ts';
import { UserError } from './errors.ts';
import { fileErrorInWords } from './file-errors.ts';
import { adviseMode } from './mode-advice.ts';
import { isNullDevice } from './null-device.ts';
import { findDoubtOnWay } from './trust.ts';
import { pathWord, typed } from './typed.ts';
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

/** What follows from a doubt about the way to the file. */
export const wouldNotCount = ', so what is saved there would not count';

/** Windows has no owners and no bits for others: Node makes them up there. */
export const hasModes = getuid !== undefined;

/**
 * Follows the links to the file and checks that it and its folder may be changed.
 *
 * @throws {UserError} where something there is no regular file, somebody else's, open to everyone or cannot be written.
 */
export function findSaveTarget(path: string): SaveTarget {
  if (/^["'$%]/.test(path)) {
    throw new UserError(`mfa-env does not save to ${quoteOutside(path)}: its quotes or variables were not expanded`, {
      hint: 'write the whole path into AWS_SHARED_CREDENTIALS_FILE, without quotes',
    });
  }
  const file = followLinks(path);
  return asOwner(file, () => judgeTarget(path, file));
}

function judgeTarget(path: string, file: string): SaveTarget {
  const stat = look(file);
  if (stat) checkFile(path, stat);
  const folder = dirname(file);
  checkFolder(folder);
  if (stat) checkReplaceable(path, file);
  const doubt = findDoubtOnWay(file);
  if (doubt) throw new UserError(doubt.why + wouldNotCount, { hint: doubt.hint ?? useOwn });
  return { path, file, folder, stat };
}

/**
 * Where a path leads, link by link as the system goes it: behind a link to a folder, `..` is what is above that folder. Windows takes
 * `..` by the text.
 */
function followLinks(path: string): string {
  let links = 0;
  let { place, rest } = partsOf(startOf(path));
  while (rest.length > 0) {
    const [name = '', ...behind] = rest;
    rest = behind;
    if (name === '..') {
      if (!look(place)?.isDirectory()) throw notThrough(path, place);
      place = dirname(place);
      continue;
    }
    const next = join(place, name);
    const stat = look(next);
    if (!stat?.isSymbolicLink()) {
      place = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) throw roundInCircle(path);
    // A link of somebody else's would lead root, too, to where they like. Links to folders lead others to what is theirs at most.
    const counts = rest.length === 0 || getuid?.() === 0;
    if (counts && getuid !== undefined && stat.uid !== getuid() && stat.uid !== 0)
      throw notOurs(`the link ${quoteOutside(next)}`);
    const target = readlinkSync(next);
    const parts = partsOf(target);
    if (isAbsolute(target)) place = parts.place;
    rest = [...parts.rest, ...rest];
  }
  return place;
}

function startOf(path: string): string {
  if (platform === 'win32') return resolve(path);
  return isAbsolute(path) ? path : `${cwd()}${sep}${path}`;
}

function partsOf(path: string): { place: string; rest: string[] } {
  const { root } = parse(path);
  const rest = path.slice(root.length).split(sep === '/' ? '/' : /[\\/]/);
  return { place: root, rest: rest.filter((name) => name !== '' && name !== '.') };
}

function roundInCircle(path: string): UserError {
  return new UserError(`${quoteOutside(path)} is a link that leads round in a circle`, {
    hint: 'let it lead to a file, or remove it',
  });
}

function notThrough(path: string, place: string): UserError {
  return new UserError(`${quoteOutside(path)} leads through ${quoteOutside(place)}, which is no folder`, {
    hint: 'make that folder, or name the file without ..',
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
  const word = pathWord(path);
  if (!stat.isFile()) {
    // Nobody can move that away: the variable names it, to switch the file off.
    const isNamed = isNullDevice(stat) && !look(path)?.isSymbolicLink();
    const hint = isNamed ? 'unset AWS_SHARED_CREDENTIALS_FILE, or let it name a file' : 'move it away';
    throw new UserError(`${shown} is not a regular file`, { hint });
  }
  if (!isOwn(stat)) throw notOurs(shown);
  if (stat.nlink > 1) {
    throw new UserError(`${shown} has a second name (a hard link), which would keep the old text`, {
      hint: `make it a file of its own: ${typed`cp -p ${word} ${word}.new && mv ${word}.new ${word}`}`,
    });
  }
}

/** Whether another file can take its place; its own mode has no say in that. */
function checkReplaceable(path: string, file: string): void {
  const shown = quoteOutside(path);
  try {
    accessSync(file, constants.W_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') {
      throw new UserError(`${shown} is immutable`, {
        hint: 'take that mark off (chattr -i, or chflags nouchg), or call without --save',
        cause: error,
      });
    }
  }
  if (isMountPoint(file)) {
    throw new UserError(`${shown} is a mount point, whose file cannot be replaced`, {
      hint: 'mount its folder, not the file, or call without --save',
    });
  }
}

/** Whether something is mounted at the very file, as by docker's `-v FILE` (proc_pid_mountinfo(5), field 5); never without /proc. */
function isMountPoint(file: string): boolean {
  try {
    const escaped = realpathSync(file).replace(
      /[ \t\n\\]/g,
      (it) => `\\${it.charCodeAt(0).toString(8).padStart(3, '0')}`,
    );
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    return mounts.some((line) => line.split(' ', 5)[4] === escaped);
  } catch {
    return false;
  }
}

function checkFolder(folder: string): void {
  const stat = look(folder, statSync);
  // What is missing will be made in the nearest folder that is there.
  const shown = quoteOutside(folder);
  if (!stat) {
    // A drive of Windows; nothing can be made there.
    if (dirname(folder) === folder)
      throw new UserError(`there is no ${shown}`, { hint: 'name a file on a drive that is there' });
    checkFolder(dirname(folder));
    return;
  }
  if (!stat.isDirectory()) throw new UserError(`${shown} is not a folder`, { hint: 'move it away' });
  if (!isOwn(stat)) throw notOurs(`the folder ${shown}`);
  if (hasModes && stat.mode & 0o002) {
    // A folder such as /tmp is meant to be so.
    const isShared = stat.mode & 0o1000 || stat.uid !== getuid?.();
    throw new UserError(`everyone can write into the folder ${shown}`, {
      hint: adviseMode(folder, isShared ? 'put the file into a folder of yours' : typed`chmod o-w ${folder}`),
    });
  }
  try {
    // It is read for what was left there.
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new UserError(`cannot write into the folder ${shown}: ${code}`, {
      hint: wayIn(folder, stat, code),
      cause: error,
    });
  }
}

function wayIn(folder: string, stat: Stats, code: string): string {
  if (code === 'EROFS') return 'that file system is read-only';
  if (stat.uid === getuid?.()) return typed`chmod u+rwx ${folder}`;
  // Others, such as / and /etc, are rightly root's.
  return basename(folder) === '.aws'
    ? `it is root's: ${typed`sudo chown "$(id -u)" ${folder}`}`
    : "it is root's: let HOME, or AWS_SHARED_CREDENTIALS_FILE, lead to a folder of yours";
}

/** Root may do everything, as who owns the place; others change what is theirs, in folders that are theirs or root's. */
function isOwn(stat: Stats): boolean {
  const uid = actingUid();
  return uid === undefined || uid === 0 || stat.uid === uid || (stat.isDirectory() && stat.uid === 0);
}

function notOurs(what: string): UserError {
  return new UserError(`${what} belongs to another user`, {
    hint: useOwn,
  });
}

const useOwn = 'point AWS_SHARED_CREDENTIALS_FILE at a file of yours';

/**
 * Makes the folder, for its owner alone, where it is missing; by root for the owner of the folder around it.
 *
 * @throws {UserError} where it cannot be made.
 */
export function makeFolder(folder: string): void {
  try {
    asOwner(folder, () => {
      const missing: string[] = [];
      for (let path = folder; !look(path); path = dirname(path)) missing.unshift(path);
      for (const path of missing) makeOwnFolder(path);
    });
  } catch (error) {
    throw fileErrorInWords(error, `cannot make the folder ${quoteOutside(folder)}`);
  }
}

/** Makes a folder, unless another process was faster. */
function makeOwnFolder(path: string): void {
  // It may take from its owner what the owner needs.
  const before = hasModes ? umask(0) : undefined;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    if (before !== undefined) umask(before);
  }
}

/** The path of a file beside the target. */
export function beside(target: SaveTarget, suffix: string): string {
  return join(target.folder, `${basename(target.file)}.mfa-env-${suffix}`);
}
