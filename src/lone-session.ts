/** Sections that hold only a session: other tools keep theirs so, and mfa-env's are left when a profile is renamed or removed. */

import { type AwsFile, readProperties, sectionsOf } from './aws-file.ts';
import { type AwsFiles, lookUp } from './aws-files.ts';
import { isUserError } from './errors.ts';
import { sessionSuffix, standardSource, stemOf } from './profile.ts';
import { isLongLivedId, readSavedSession } from './session.ts';
import { sessionMarks } from './session-marks.ts';
import { deviceKeys, type Profile } from './settings.ts';

export interface LoneSession {
  /** Where its token is. */
  place: string;
  /** Undefined if either may have written it. */
  savedBy: 'mfa-env' | 'another tool' | undefined;
  /** The name that `forget` takes. */
  name: string;
}

/** With one of these the profile is meant to be more than a place for a session. */
const settingsOfProfile = ['role_arn', 'source_profile', 'credential_process', 'mfa_process', 'mfa_env_save'];

/** What mfa-env saves, and what a user may add to any section. */
const keysOfOurs = new Set<string>([
  ...['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'x_security_token_expires'],
  ...[...Object.values(sessionMarks), ...deviceKeys, 'region', 'output'],
]);

/** The session of a profile that has nothing else; `undefined` if the profile is more than that. */
export function findLoneSession(files: AwsFiles, profile: Profile): LoneSession | undefined {
  const source = profile.source();
  if (!isUserError(source) || source.otherLogin || source.isAmbiguous) return undefined;
  const { own, name } = profile;
  if (settingsOfProfile.some((key) => own.get(key)) || standardSource(files, name) !== undefined) return undefined;
  const { credentials, config } = own.ofFiles;
  const id = credentials.get('aws_access_key_id');
  const token = credentials.get('aws_session_token') ?? credentials.get('aws_security_token');
  if (!id || !token || isLongLivedId(id.value) || !credentials.get('aws_secret_access_key')) return undefined;
  const isMarked = credentials.get(sessionMarks.source) !== undefined;
  // mfa-env writes the device of --serial next to the session.
  const device = deviceKeys
    .map((key) => config.get(key) ?? (isMarked ? undefined : credentials.get(key)))
    .find(Boolean);
  if (device) return undefined;
  const isOthers =
    !readSavedSession(credentials) || keysOf(files.credentials, name).some((key) => !keysOfOurs.has(key));
  const savedBy = isMarked ? 'mfa-env' : isOthers ? 'another tool' : undefined;
  const stem = stemOf(name, sessionSuffix);
  return { place: token.place, savedBy, name: stem && !lookUp(files, stem).exists ? stem : name };
}

function keysOf(file: AwsFile, name: string): string[] {
  const properties = sectionsOf(file, name).flatMap((section) => readProperties(file, section, () => {}));
  return properties.map(({ key }) => key);
}
