/** What the names of sections end in, which makes one section part of another one's profile. */

import type { IndexedFile } from './aws-file.ts';
import { sessionSuffix, sourceSuffixes } from './profile.ts';

export interface NameEnds {
  /** Those that end in a suffix, but for sources by the one that is looked for first: these stand in most files. */
  odd: string[];
  /** The profiles that the longest name of each file is of. */
  longest: Set<string>;
}

const [standardSuffix] = sourceSuffixes;
const suffixes = [...sourceSuffixes, sessionSuffix];
const anySuffix = new RegExp(`(?:${suffixes.join('|')})$`);
const oddSuffix = new RegExp(`(?:${suffixes.slice(1).join('|')}|(?:${suffixes.join('|')})${standardSuffix})$`);

/** Whether a name ends in a suffix. */
export function isSuffixed(name: string): boolean {
  return anySuffix.test(name);
}

/** What stands before the suffix of a name; nothing where it ends in none. */
export function stemOf(name: string): string | undefined {
  const suffix = suffixes.find((candidate) => name.endsWith(candidate));
  return suffix && name.slice(0, -suffix.length);
}

/** Looks at the names of all files, once. */
export function findNameEnds(files: readonly IndexedFile[]): NameEnds {
  const odd: string[] = [];
  const longest = new Set<string>();
  for (const { index } of files) {
    let long = '';
    index.headers.forEach((_, name) => {
      if (oddSuffix.test(name)) odd.push(name);
      if (name.length > long.length) long = name;
    });
    const isSource = sourceSuffixes.some((suffix) => long.endsWith(suffix));
    const profile = (isSource && stemOf(long)) || long;
    if (profile && !isSuffixed(profile)) longest.add(profile);
  }
  return { odd, longest };
}
