/** What the names of sections end in, which makes one section part of another one's profile. */

import type { IndexedFile } from './aws-file.ts';
import { sessionSuffix, sourceSuffixes, standardSuffix, stemOf } from './profile.ts';

export interface NameEnds {
  /** Those that end in a suffix, `a-mfa-default` too, but no plain `a-default`: such stand in most files. */
  odd: string[];
  /** The profile that each file's longest name is of; none where that may only hold a session. */
  longest: Set<string>;
}

const suffixes = [...sourceSuffixes, sessionSuffix];
/** A pattern of all suffixes. */
export const anySuffix = `(?:${suffixes.join('|')})`;
const anyEnd = new RegExp(`${anySuffix}$`);
const oddEnd = new RegExp(`(?:${suffixes.slice(1).join('|')}|${anySuffix}${standardSuffix})$`);

/** Whether a name ends in a suffix. */
export function isSuffixed(name: string): boolean {
  return anyEnd.test(name);
}

/** All that stands before one of the suffixes that a name ends in: `a-mfa` and `a` for `a-mfa-default`. */
export function stemsOf(name: string): string[] {
  for (const suffix of suffixes) {
    const stem = stemOf(name, suffix);
    if (stem) return [stem, ...stemsOf(stem)];
  }
  return [];
}

/** Looks at the names of all files, once. */
export function findNameEnds(files: readonly IndexedFile[]): NameEnds {
  const odd: string[] = [];
  const longest = new Set<string>();
  for (const { index } of files) {
    let long = '';
    index.headers.forEach((_, name) => {
      if (oddEnd.test(name)) odd.push(name);
      if (name.length > long.length) long = name;
    });
    const profile = sourceSuffixes.map((suffix) => stemOf(long, suffix)).find(Boolean) ?? long;
    if (profile && !isSuffixed(profile)) longest.add(profile);
  }
  return { odd, longest };
}
