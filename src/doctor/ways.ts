/** The folders on the way to a file: who can change one of them can put another file, or another link, into its place. */

import { readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { getuid } from 'node:process';
import { adviseMode } from '../mode-advice.ts';
import { typed } from '../typed.ts';
import { quoteOutside } from '../visible.ts';
import { error, type Finding, warning } from './finding.ts';
import { realPath } from './programs.ts';

const mostLinks = 40;

/** Folders that others can write: those of the file and of each link to it, and what lies above them. */
export function checkWay(path: string): Finding[] {
  if (getuid === undefined) return [];
  const folders = byFolder(linksOf(path).map(dirname));
  const names = [...folders.values(), ...folders.keys()];
  const above = [...byFolder(names.flatMap(foldersAbove))].filter(([real]) => !folders.has(real));
  return [...[...folders.values()].flatMap(checkFolder), ...above.flatMap(([, folder]) => checkAbove(folder))];
}

/** The first name of each folder, by where it really is. */
function byFolder(names: string[]): Map<string, string> {
  const folders = new Map<string, string>();
  for (const name of names) if (!folders.has(realPath(name))) folders.set(realPath(name), name);
  return folders;
}

/** The path, and each that it leads to. */
function linksOf(path: string): string[] {
  const paths = [resolve(path)];
  while (paths.length <= mostLinks) {
    const last = paths.at(-1) ?? '';
    try {
      paths.push(resolve(realPath(dirname(last)), readlinkSync(last)));
    } catch {
      // It is no link, or it is not there.
      break;
    }
  }
  return paths;
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...foldersAbove(parent)];
}

function checkFolder(folder: string): Finding[] {
  const mode = look(folder)?.mode ?? 0;
  if (!(mode & 0o022)) return [];
  const hint = adviseMode(folder, typed`chmod go-w ${folder}`);
  if (mode & 0o002) return [error(`everyone can write into the folder ${quoteOutside(folder)}`, hint)];
  // AWS's own tools do not mind, and the group may be the user's own. mfa-env believes no such file: see trust.ts.
  return [warning(`the group of the folder ${quoteOutside(folder)} can write into it`, hint)];
}

/** With the sticky bit, as in /tmp, nobody can take away what is another's. */
function checkAbove(folder: string): Finding[] {
  const mode = look(folder)?.mode ?? 0;
  if (!(mode & 0o002) || mode & 0o1000) return [];
  const what = `everyone can write into the folder ${quoteOutside(folder)}, and put other files into the place of yours`;
  return [error(what, adviseMode(folder, typed`chmod o-w ${folder}`))];
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
