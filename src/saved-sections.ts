/** Which sections of the credentials file hold a profile's saved session, whether the profile is still there or not. */

import { type AwsFiles, lookUp } from './aws-files.ts';
import { isTaken, sessionSuffix } from './profile.ts';
import { readSavedSession } from './session.ts';
import { sessionMarks } from './session-marks.ts';
import type { Profile } from './settings.ts';

/**
 * Finds the saved sessions of a profile: in `[PROFILE]` and in `[PROFILE-mfa]`, where one may be left from before a change.
 *
 * @param profile Undefined if there is no such profile any more.
 * @returns names of sections. Sections that are profiles of their own are left out.
 */
export function findSavedSections(files: AwsFiles, name: string, profile: Profile | undefined): string[] {
  const own = lookUp(files, name);
  const apart = lookUp(files, name + sessionSuffix);
  const sections: string[] = [];
  // Next to a role or keys it is a saved session only if mfa-env says so: another tool may keep its own there.
  const isSlot = profile === undefined || profile.session.name === name;
  const isOurs = isSlot || own.ofFiles.credentials.get(sessionMarks.source) !== undefined;
  if (isOurs && readSavedSession(own.ofFiles.credentials)) sections.push(name);
  if (readSavedSession(apart.ofFiles.credentials) && !isTaken(files, apart, name)) sections.push(apart.name);
  return sections;
}
