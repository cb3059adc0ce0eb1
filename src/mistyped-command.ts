/** A word that was taken for a profile, and may be a command with a slip in it. */

import { findNearest } from './nearest.ts';
import { namedCommands } from './options.ts';

/** The command that the word is near to, as it is typed: few people miss the first letter. */
export function findMeantCommand(word: string): string | undefined {
  const first = word.slice(0, 1).toLowerCase();
  const known = namedCommands.filter((name) => name.startsWith(first));
  const [nearest] = first === '' ? [] : findNearest(word, known);
  return nearest && `mfa-env ${nearest}`;
}
