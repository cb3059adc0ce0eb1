/**
 * Whether somebody else could have written a text. A line that decides where a code goes, what is run, or who the user is counts
 * only from a file that passes these rules:
 *
 * - The file, and each folder and link on the way to it, belongs to the user or to root.
 * - Others cannot write the file or one of the folders; the group counts as others. Sticky folders that belong to root are
 *   excepted: users cannot replace each other's files there.
 *
 * The file is judged by what was opened, not by its path. Only somebody who can write one of the
 * folders could swap a part of the way in between.
 */

import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { cwd, geteuid } from 'node:process';
import { adviseMode } from './mode-advice.ts';
import { pathWord, typed } from './typed.ts';
import { quoteOutside } from './visible.ts';

/** Who else could have written a text, and what to do about it. */
export interface Doubt {
  /** Such as `others can write the file`. */
  why: string;
  /** Undefined if only another file helps. */
  hint?: string;
}

/** A folder or link on the way to a file. */
interface Step {
  path: string;
  stat: Stats;
}

const mostLinks = 40;
const othersCanWrite = 0o022;
const isSticky = 0o1000;

/**
 * Judges an opened file, and the way on which it was found.
 *
 * @param path The path that was opened.
 * @param opened What `fstat` says of it.
 * @returns undefined if only the user or root could have written the text, and on Windows; `moved` if the path leads elsewhere by now.
 */
export function findDoubt(path: string, opened: Stats): Doubt | 'moved' | undefined {
  const uid = geteuid?.();
  if (uid === undefined) return undefined;
  const { steps, end } = walk(path);
  if (!end || end.dev !== opened.dev || end.ino !== opened.ino) return 'moved';
  const isTrusted = (owner: number) => owner === uid || owner === 0;
  if (!isTrusted(opened.uid)) return { why: 'the file belongs to another user' };
  if (opened.mode & othersCanWrite) {
    return { why: 'others can write the file', hint: adviseMode(path, typed`chmod go-w ${pathWord(path)}`) };
  }
  return judgeSteps(steps, isTrusted);
}

/**
 * Judges the folders and links on the way to a place, up to the first folder that does not exist.
 *
 * @returns undefined if only the user or root can put something there, and on Windows.
 */
export function findDoubtOnWay(path: string): Doubt | undefined {
  const uid = geteuid?.();
  if (uid === undefined) return undefined;
  return judgeSteps(walk(path).steps, (owner) => owner === uid || owner === 0);
}

/**
 * The first owner on the way to a place who is not root: who could put something else there. Everything before belongs to root.
 *
 * @returns undefined if all of it belongs to root.
 */
export function findOwnerOnWay(path: string): { uid: number; gid: number } | undefined {
  return walk(path).steps.find(({ stat }) => stat.uid !== 0)?.stat;
}

function judgeSteps(steps: Step[], isTrusted: (owner: number) => boolean): Doubt | undefined {
  for (const { path, stat } of steps) {
    const what = `the ${stat.isSymbolicLink() ? 'link' : 'folder'} ${quoteOutside(path)}`;
    if (!isTrusted(stat.uid)) return { why: `${what} belongs to another user` };
    // The mode of a link says nothing.
    if (stat.isSymbolicLink() || !(stat.mode & othersCanWrite) || (stat.mode & isSticky && stat.uid === 0)) continue;
    return { why: `others can write ${what}`, hint: adviseMode(path, typed`chmod go-w ${pathWord(path)}`) };
  }
  return undefined;
}

/**
 * Goes to a path as the system does, link by link.
 *
 * @returns the folders and links on the way, each once, and the end if there is one.
 */
function walk(path: string): { steps: Step[]; end?: Stats } {
  const steps = new Map<string, Step>();
  let { root: place, names } = split(startOf(path));
  let stat: Stats | undefined = look(place);
  for (let links = 0; stat; ) {
    const [name, ...rest] = names;
    if (name === undefined) return { steps: [...steps.values()], end: stat };
    steps.set(place, { path: place, stat });
    names = rest;
    const next = name === '..' ? dirname(place) : join(place, name);
    const found = look(next);
    if (!found?.isSymbolicLink()) {
      place = next;
      stat = found;
      continue;
    }
    links += 1;
    if (links > mostLinks) break;
    steps.set(next, { path: next, stat: found });
    const target = readLink(next);
    const parts = split(target);
    if (isAbsolute(target)) {
      place = parts.root;
      stat = look(place);
    }
    names = [...parts.names, ...names];
  }
  return { steps: [...steps.values()] };
}

function startOf(path: string): string {
  return isAbsolute(path) ? path : `${cwd()}${sep}${path}`;
}

function split(path: string): { root: string; names: string[] } {
  const { root } = parse(path);
  const names = path.slice(root.length).split('/');
  return { root: root || resolve('/'), names: names.filter((name) => name !== '' && name !== '.') };
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
