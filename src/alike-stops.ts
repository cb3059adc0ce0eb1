/** Which sections no replacement may take for those of profiles that are alike: more than their own lines makes their rows. */

import { marks } from './alike-profiles.ts';
import { headersIn, type IndexedFile } from './aws-file.ts';
import { sessionSuffix, sourceSuffixes } from './profile.ts';

/** Where a header is, and what is to stand before it. */
export type Stop = [start: number, mark: string];

const [standardSuffix, ...otherSuffixes] = sourceSuffixes;
const suffixes = [...sourceSuffixes, sessionSuffix];
// What stands behind a name that is not its profile's alone. That of a source which stands beside its profile is as it should be.
const ofAny = suffixes.map((suffix) => `${suffix}]`);
const ofOthers = [
  ...[...otherSuffixes, sessionSuffix].map((suffix) => `${suffix}]`),
  ...suffixes.map((suffix) => `${suffix}${standardSuffix}]`),
];

/**
 * Finds them in one of the two files.
 *
 * @param current The profile that the shell has.
 * @param isPaired Whether those of pairs alone are asked for: profiles with their source in a section beside their own.
 * @returns them in the order of the file.
 */
export function findStops(
  file: IndexedFile,
  other: IndexedFile,
  current: string | undefined,
  isPaired: boolean,
): Stop[] {
  const stops = new Map<number, string>();
  const stop = (name: string, mark: string = marks.never) => {
    for (const start of headersIn(file.index, name)) if (stops.get(start) !== marks.never) stops.set(start, mark);
  };
  for (const name of file.index.repeated) stop(name);
  const [fewer, more] = [file.index.headers, other.index.headers].sort((a, b) => a.size - b.size);
  fewer?.forEach((_, name) => {
    if (more?.has(name)) stop(name);
  });
  if (current !== undefined) stop(current);
  for (const { text, oddSections } of [file, other]) {
    const names = oddSections.map(({ name }) => name ?? '');
    for (const end of isPaired ? ofOthers : ofAny)
      for (let at = text.indexOf(end); at !== -1; at = text.indexOf(end, at + 1))
        names.push(text.slice(text.lastIndexOf('[', at) + 1, at + end.length - 1).replace(/^profile /, ''));
    for (const name of names) {
      let stem = stemOf(name);
      if (stem) stop(stem, name === stem + standardSuffix ? marks.notAlone : undefined);
      for (stem = stem && stemOf(stem); stem; stem = stemOf(stem)) stop(stem);
    }
  }
  return [...stops].sort(([a], [b]) => a - b);
}

function stemOf(name: string): string | undefined {
  const suffix = suffixes.find((candidate) => name.endsWith(candidate));
  return suffix && name.slice(0, -suffix.length);
}
