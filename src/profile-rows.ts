/** The rows of all profiles, in the order in which the files have them, the credentials file first. */

import { type AwsFiles, allProfileNames } from './aws-files.ts';
import { readPlainRow } from './plain-row.ts';
import { sourceSuffixes } from './profile.ts';
import { readAllProfiles } from './profile-names.ts';
import { type ProfileRow, readRow } from './profile-row.ts';

/**
 * Reads them, the plain ones fast.
 *
 * @param files With an index.
 * @param current The profile that the shell has.
 */
export function* readRows(files: AwsFiles, now: Date, current: string | undefined): Iterable<ProfileRow> {
  const listed = new Set<string>();
  const sources = new Set<string>();
  for (const section of allProfileNames(files)) {
    if (listed.has(section) || sources.has(section)) continue;
    const suffix = sourceSuffixes.find((candidate) => section.endsWith(candidate));
    const name = suffix === undefined ? section : section.slice(0, -suffix.length);
    // The first suffix goes before the others.
    const known = suffix === sourceSuffixes[0] ? suffix : undefined;
    const plain = listed.has(name) ? undefined : readPlainRow(files, name, known, now, current);
    if (plain && (name === section || plain.source === section)) {
      listed.add(name);
      if (plain.source !== null && plain.source !== section) sources.add(plain.source);
      yield plain;
    } else {
      for (const [found, profile] of readAllProfiles(files, [section], listed))
        yield readRow(found, profile, now, current);
    }
  }
}
