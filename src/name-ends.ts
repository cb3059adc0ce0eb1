/** What the names of sections end in, which makes one section part of another one's profile. */

import type { IndexedFiles } from './aws-files.ts';
import { sessionSuffix, sourceSuffixes } from './profile.ts';

export interface NameEnds {
  /** Those of sources by the suffix that is looked for first, where what stands before it ends in no suffix. */
  sources: string[];
  /** All others that end in a suffix. */
  others: string[];
  /** The profiles with the longest names, and those with the longest names of sources, of either file. */
  longest: Set<string>;
}

const [standardSuffix] = sourceSuffixes;
const suffixes = [...sourceSuffixes, sessionSuffix];
const anySuffix = new RegExp(`(?:${suffixes.join('|')})$`);
const nestedSuffix = new RegExp(`(?:${suffixes.join('|')})${standardSuffix}$`);

/** Whether a name ends in a suffix. */
export function isSuffixed(name: string): boolean {
  return anySuffix.test(name);
}

/** What stands before the suffix of a name; nothing where it ends in none. */
export function stemOf(name: string): string | undefined {
  const suffix = suffixes.find((candidate) => name.endsWith(candidate));
  return suffix && name.slice(0, -suffix.length);
}

/** Looks at the names of both files, once. */
export function findNameEnds({ credentials, config }: IndexedFiles): NameEnds {
  const sources: string[] = [];
  const others: string[] = [];
  const longest = new Set<string>();
  for (const { headers } of [credentials.index, config.index]) {
    let [profile, source] = ['', ''];
    headers.forEach((_, name) => {
      if (!anySuffix.test(name)) {
        if (name.length > profile.length) profile = name;
      } else if (name.endsWith(standardSuffix) && !nestedSuffix.test(name)) {
        sources.push(name);
        if (name.length > source.length) source = name;
      } else others.push(name);
    });
    for (const name of [profile, stemOf(source)]) if (name) longest.add(name);
  }
  return { sources, others, longest };
}
