/** "did you mean": the known names that a mistyped one is near to. */

import { distance } from 'fastest-levenshtein';
import { asWord } from './typed.ts';

const mostNames = 3;

/** Comparing takes the product of the lengths, and a longer name is no slip of a finger. */
const longestName = 256;

/** The names at most a third of the letters (and at least two) away, nearest first, three at the most. */
export function findNearest(name: string, known: Iterable<string>): string[] {
  if (name.length > longestName) return [];
  const furthest = Math.max(name.length > 3 ? 2 : 1, Math.floor(name.length / 3));
  const near: [name: string, distance: number][] = [];
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > furthest) continue;
    const letters = distance(name.toLowerCase(), candidate.toLowerCase());
    if (letters <= furthest) near.push([candidate, letters]);
  }
  near.sort((a, b) => a[1] - b[1]);
  return near.slice(0, mostNames).map(([candidate]) => candidate);
}

/** The one known name that is nearest, however far it is: one of which the name is the beginning or a part before all others. */
export function findNearestOf(name: string, known: readonly string[]): string | undefined {
  const typed = name.slice(0, longestName).toLowerCase();
  const rank = (candidate: string) => (candidate.startsWith(typed) ? 0 : candidate.includes(typed) ? 1 : 2);
  return [...known].sort((a, b) => rank(a) - rank(b) || distance(typed, a) - distance(typed, b))[0];
}

/** `did you mean prod or prod2`, or nothing where no name is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const near = findNearest(name, known);
  return near.length > 0 ? `did you mean ${near.map(asWord).join(' or ')}` : undefined;
}
