/** Which sections no replacement may take for those of profiles that are alike: more than their own lines makes their rows. */

import { marks } from './alike-profiles.ts';
import { headersIn, type IndexedFile } from './aws-file.ts';
import { sessionSuffix, sourceSuffixes } from './profile.ts';

/** Where a header is, and what is to stand before it. */
export type Stop = [start: number, mark: string];

const [standardSuffix, ...otherSuffixes] = sourceSuffixes;
const suffixes = [...sourceSuffixes, sessionSuffix];
const anySuffix = suffixes.join('|');
// What a name ends in that is not its profile's alone. That of a source which stands with its profile is as it should be.
const endOfAny = new RegExp(`(?:${anySuffix})$`);
const endOfOther = new RegExp(`(?:${[...otherSuffixes, sessionSuffix].join('|')}|(?:${anySuffix})${standardSuffix})$`);

/**
 * Finds them.
 *
 * @param files Both.
 * @param current The profile that the shell has.
 * @param isPaired Whether those of pairs alone are asked for: profiles whose source has a section of its own.
 * @returns those of each file, in its order.
 */
export function findStops(
  files: readonly [IndexedFile, IndexedFile],
  current: string | undefined,
  isPaired: boolean,
): [Stop[], Stop[]] {
  const found = [new Map<number, string>(), new Map<number, string>()] as const;
  const stop = (name: string, mark: string = marks.never) => {
    for (const [index, stops] of found.entries())
      for (const start of headersIn((files[index] as IndexedFile).index, name))
        if (stops.get(start) !== marks.never) stops.set(start, mark);
  };
  for (const { index } of files) for (const name of index.repeated) stop(name);
  const [fewer, more] = files.map(({ index }) => index.headers).sort((a, b) => a.size - b.size);
  fewer?.forEach((_, name) => {
    if (more?.has(name)) stop(name);
  });
  if (current !== undefined) stop(current);
  const end = isPaired ? endOfOther : endOfAny;
  for (const { index } of files) {
    index.headers.forEach((_, name) => {
      if (!end.test(name)) return;
      const stem = stemOf(name) as string;
      stop(stem, name === stem + standardSuffix ? marks.notAlone : marks.never);
      for (let next = stemOf(stem); next; next = stemOf(next)) stop(next);
    });
  }
  const [ofFirst, ofSecond] = found.map((stops) => [...stops].sort(([a], [b]) => a - b));
  return [ofFirst ?? [], ofSecond ?? []];
}

function stemOf(name: string): string | undefined {
  const suffix = suffixes.find((candidate) => name.endsWith(candidate));
  return suffix && name.slice(0, -suffix.length);
}
