/** Paths in commands that somebody is to type. */

import { quoteOutside } from '../visible.ts';

/** A path as a word for a shell: as it is where it has nothing that shells know, else in single quotes. */
export function quotePath(path: string): string {
  // What begins with a dash would be an option.
  const word = path.startsWith('-') ? `./${path}` : path;
  return /^[A-Za-z0-9_/.~+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The hint of a message that is no doctor's, in which one of the paths, the longest first, is to be typed. */
export function quoteIn(hint: string, ...paths: string[]): string {
  const path = paths.find((candidate) => hint.includes(quoteOutside(candidate)));
  return path === undefined ? hint : hint.replaceAll(quoteOutside(path), () => quotePath(path));
}
