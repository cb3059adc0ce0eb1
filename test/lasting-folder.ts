/** Folders from which `mfa-env init` takes paths, and which those can enter whom root becomes in tests: a clone in /tmp or /root is none. */

import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { checkLasting } from '../src/lasting.ts';

const folders: string[] = [];
process.on('exit', () => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

/** Whether a file can be called where it is. */
export function isLasting(path: string): boolean {
  try {
    const real = realpathSync(path);
    checkLasting(real, '');
    return process.getuid?.() !== 0 || isOpenToAll(real);
  } catch {
    return false;
  }
}

function isOpenToAll(path: string): boolean {
  if (!(statSync(path).mode & 0o001)) return false;
  return dirname(path) === path || isOpenToAll(dirname(path));
}

/** Makes such a folder; it goes at the end of the tests. */
export function makeLastingFolder(): string {
  const places = [join(homedir(), '.cache'), homedir(), '/var/cache', '/opt', '/usr/local/lib'];
  const place = places.find((path) => isLasting(path) && isWritable(path));
  if (!place) throw new Error(`mfa-env init refuses all of these places, and the tests need one: ${places.join(', ')}`);
  const folder = mkdtempSync(join(realpathSync(place), 'mfa-env-test-'));
  folders.push(folder);
  chmodSync(folder, 0o755);
  return folder;
}

/** The file, or what is the same in such a folder. */
export function makeLasting(file: string): string {
  if (isLasting(file)) return file;
  const copy = join(makeLastingFolder(), basename(file));
  try {
    linkSync(realpathSync(file), copy);
  } catch {
    copyFileSync(file, copy);
  }
  return copy;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
