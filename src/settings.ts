/** What a profile is once the files have been read, and what its settings say. */

import type { AwsFile } from './aws-file.ts';
import type { Found, ProfileValues, SectionValues } from './aws-files.ts';
import { parseSessionDuration } from './duration.ts';
import { isUserError, UserError } from './errors.ts';
import { isRegionName } from './partition.ts';
import { isPlaceholder } from './placeholder.ts';
import type { SavedSession } from './session-marks.ts';
import { quoteOutside } from './visible.ts';

/** Long-lived keys, and the profile that they are of. */
export interface Keys {
  name: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** A profile with long-lived keys, or with a `credential_process` that prints them. */
export type Source = Keys | { name: string; command: Found };

export interface Profile {
  name: string;
  /** What both files say of the profile itself. */
  own: ProfileValues;
  /** With a `role_arn`: the profile whose session assumes the role, or why there is none. */
  base: (() => Profile | UserError) | undefined;
  /** The source, or why there is none. */
  source(): Source | UserError;
  /** Whether the user named another source than the files do. */
  hasForeignSource(): boolean;
  /** Where the profile's settings are looked for, in this order: the profile, what lies between, the source. */
  settings(): Iterable<ProfileValues>;
  /** The section of the credentials file that holds, or is to hold, the session: `[PROFILE]` or `[PROFILE-mfa]`. */
  session: ProfileValues;
  /** Whether there is a place for its session: there is none for that of keys which stand beside a role. */
  keepsSession: boolean;
  /** Why nothing may be saved in that section: it is a profile of its own. */
  taken: UserError | undefined;
  /** The saved session, or why it is not used. @throws {UserError} if the files can be read in more than one way. */
  saved(): SavedSession;
  /** `mfa_env_save`. */
  save: boolean | undefined;
  credentialsPath: string;
  /** The credentials file as it was read. */
  credentials: AwsFile;
  /** How to fix the first header that is damaged or in the other file's form: what is missing may be below it. */
  faultyHeader(): string | undefined;
  /** @throws {UserError} if a section that is ignored for its header gives the profile another identity. */
  checkHeaders(): void;
  configPath: string;
  /** Looks `[services NAME]` up. */
  lookUpServices(name: string): SectionValues;
}

/** What settings are looked for in. */
export type Settings = Pick<Profile, 'settings' | 'lookUpServices' | 'configPath'>;

/** The keys that name the MFA device, in the order in which they count. */
export const deviceKeys = ['aws_arn_mfa', 'mfa_serial', 'aws_mfa_device'] as const;

/** The source of a profile. @throws {UserError} the reason why there is none. */
export function requireSource(profile: Profile): Source {
  const source = profile.source();
  if (isUserError(source)) throw source;
  return source;
}

/** The profile whose session assumes the role of this one. @throws {UserError} the reason why there is none. */
export function requireBase(profile: Profile): Profile | undefined {
  const base = profile.base?.();
  if (isUserError(base)) throw base;
  return base;
}

/** The first of the profile's settings that has a value for one of the keys. */
export function findSetting(profile: Pick<Settings, 'settings'>, ...keys: string[]): Found | undefined {
  for (const values of profile.settings()) {
    const found = firstOf(values, keys);
    if (found) return found;
  }
  return undefined;
}

function firstOf(values: ProfileValues, keys: readonly string[]): Found | undefined {
  for (const key of keys) {
    const found = values.get(key);
    if (found) return found;
  }
  return undefined;
}

/** The MFA device's ARN or serial number, as the files have it. */
export function findDevice(profile: Profile): Found | undefined {
  for (const values of [...profile.settings(), profile.session]) {
    const found = firstOf(values, deviceKeys);
    if (found && !isPlaceholder(found.value)) return found;
  }
  const base = profile.base?.();
  return base && !isUserError(base) ? findDevice(base) : undefined;
}

/** The ARN of the role, as the files have it. */
export function findRoleArn(profile: Profile): string | undefined {
  return profile.own.get('role_arn')?.value;
}

/** The region of the profile, else of its source. @throws {UserError} where it is no region's name. */
export function findRegion(profile: Pick<Settings, 'settings'>): string | undefined {
  const found = findSetting(profile, 'region');
  if (found && !isRegionName(found.value)) {
    throw new UserError(`${found.place}: ${quoteOutside(found.value)} is not a region`, {
      hint: 'a region is written like eu-west-1',
    });
  }
  return found?.value;
}

/** `duration_seconds` of a profile without a role, in seconds. @throws {UserError} where it is no duration or one that STS refuses. */
export function findDuration(profile: Profile): number | undefined {
  const found = findSetting(profile, 'duration_seconds');
  if (!found) return undefined;
  try {
    return parseSessionDuration(found.value);
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw new UserError(`${found.place}: ${error.message}`, { hint: error.hint, cause: error });
  }
}
