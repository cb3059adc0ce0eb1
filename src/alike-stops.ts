/** Which sections no replacement may take for those of profiles that are alike: more than their own lines makes their rows. */

import { marks } from './alike-profiles.ts';
import { headersIn, type IndexedFile } from './aws-file.ts';
import { type NameEnds, stemsOf } from './name-ends.ts';
import { standardSuffix, stemOf } from './profile.ts';

/** Where a header is, and what is to stand before it. */
export type Stop = [start: number, mark: string];

/**
 * Finds the headers that no replacement may take, or only one for pairs.
 *
 * @param files Both.
 * @param ends What the names in both end in.
 * @param current The profile that the shell has.
 * @param isPaired Whether those of pairs alone are asked for: profiles whose source has a section of its own.
 * @returns those of each file, in its order.
 */
export function findStops(
  files: readonly [IndexedFile, IndexedFile],
  ends: NameEnds,
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
  for (const name of ends.odd) for (const stem of stemsOf(name)) stop(stem);
  // That of a source which stands with its profile is as it should be.
  if (!isPaired)
    for (const { index } of files)
      index.headers.forEach((_, name) => {
        const stem = stemOf(name, standardSuffix);
        if (stem) stop(stem, marks.notAlone);
      });
  const [ofFirst, ofSecond] = found.map((stops) => [...stops].sort(([a], [b]) => a - b));
  return [ofFirst ?? [], ofSecond ?? []];
}
