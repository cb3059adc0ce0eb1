/** Which profiles there are for a user to name: all of both files but what is only a source or only a place for a session. */

import { type AwsFiles, allProfileNames, lookUp } from './aws-files.ts';
import { attempt, isUserError, type UserError } from './errors.ts';
import { hasOwnIdentity, readProfile, sessionSuffix, sourceSuffixes, standardSource, stemOf } from './profile.ts';
import type { Profile } from './settings.ts';

/** Each of them, in the order in which the files have them, the credentials file first; a faulty one comes with its error. */
export function* readAllProfiles(files: AwsFiles): Iterable<[name: string, Profile | UserError]> {
  const listed = new Set<string>();
  // A source is mostly followed by the profile that it is of.
  let last: { name: string; profile: Profile | UserError } | undefined;
  const read = (name: string) => {
    if (last?.name !== name) last = { name, profile: attempt(() => readProfile(files, name)) };
    return last.profile;
  };
  for (const section of allProfileNames(files)) {
    if (listed.has(section)) continue;
    const name = nameFor(files, section, read);
    if (name === undefined || listed.has(name)) continue;
    listed.add(name);
    yield [name, read(name)];
  }
}

type Read = (name: string) => Profile | UserError;

/** What the user calls that which a section belongs to: `prod` for `[prod-default]`; nothing where it only holds a session. */
function nameFor(files: AwsFiles, section: string, read: Read): string | undefined {
  for (const suffix of sourceSuffixes) {
    const stem = stemOf(section, suffix);
    // Its own source may be called so again.
    if (stem && isOnlySource(files, section, stem, read)) return nameFor(files, stem, read);
  }
  const stem = stemOf(section, sessionSuffix);
  return stem && isOnlySession(files, section, stem, read) ? undefined : section;
}

function isOnlySource(files: AwsFiles, section: string, stem: string, read: Read): boolean {
  if (attempt(() => hasOwnIdentity(lookUp(files, section))) === true) return false;
  const profile = read(stem);
  const isStandard = standardSource(files, stem) === section;
  if (isUserError(profile)) return isStandard;
  if (!isUserError(profile.source())) return [...profile.settings()].some(({ name }) => name === section);
  const written = attempt(() => profile.own.get('source_profile')?.value);
  return isStandard && (written === undefined || written === stem || written === section);
}

function isOnlySession(files: AwsFiles, section: string, stem: string, read: Read): boolean {
  const profile = read(stem);
  // There is no such profile, or it has a fault of its own.
  if (isUserError(profile)) return false;
  const isItsSession = profile.session.name === section && !profile.taken;
  return isItsSession && !attempt(() => lookUp(files, section).get('source_profile'));
}
