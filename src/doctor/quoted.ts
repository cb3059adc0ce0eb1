/** Paths in commands that somebody is to type. */

import { quoteWord } from '../quoted-word.ts';

/** A path as a word for a shell: as it is where it has nothing that shells know, else in single quotes. */
export function quotePath(path: string): string {
  // What begins with a dash would be an option.
  const word = path.startsWith('-') ? `./${path}` : path;
  return /^[A-Za-z0-9_/.~+-]+$/.test(word) ? word : quoteWord(word, 'FILE');
}
