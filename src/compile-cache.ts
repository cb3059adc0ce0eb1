/** What Node compiles of the SDK, kept for the next run: only in a folder that is the user's alone, since who can write it runs code. */

import { mkdirSync, realpathSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { getuid } from 'node:process';
import type { Environment } from './environment.ts';

const othersCanWrite = 0o022;
const sticky = 0o1000;

/** Lets Node, from 22.8 on, keep what it compiles from here on. Whatever is in the way of it, the program goes on without. */
export function keepCompiled(env: Environment): void {
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  const folder = enableCompileCache && findCacheFolder(env);
  if (folder) enableCompileCache(folder);
}

/** The folder for it, made where it is missing; nothing where there is no place that others cannot change. */
export function findCacheFolder({ XDG_CACHE_HOME: caches = '', HOME: home = '' }: Environment): string | undefined {
  const parent = isAbsolute(caches) ? caches : join(home, '.cache');
  const uid = getuid?.();
  if (!isAbsolute(parent) || uid === undefined) return undefined;
  const folder = join(parent, 'mfa-env');
  try {
    for (const path of [parent, folder]) makeInOwn(path, uid);
    const real = realpathSync(folder);
    return isPrivate(real, uid) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a folder where it is missing, in one of the user's own: root leaves nothing of root's in the home of another. */
function makeInOwn(path: string, uid: number): void {
  const isThere = statSync(path, { throwIfNoEntry: false }) !== undefined;
  if (!isThere && statSync(dirname(path)).uid === uid) mkdirSync(path, { mode: 0o700 });
}

/** Whether nobody else can put anything at the path: Node checks no more of what it finds there than a checksum. */
function isPrivate(folder: string, uid: number): boolean {
  const own = statSync(folder);
  if (!own.isDirectory() || own.uid !== uid || own.mode & 0o077) return false;
  for (let path = folder; path !== dirname(path); ) {
    path = dirname(path);
    const stat = statSync(path);
    if (stat.uid !== uid && stat.uid !== 0) return false;
    // Where everyone can write, as in /tmp, the sticky bit keeps them from what is not theirs.
    if (stat.mode & othersCanWrite && !(stat.mode & sticky)) return false;
  }
  return true;
}
