/** From the two AWS files to one profile: its source's keys, device, region and saved session. */

import {
  type AwsFiles,
  allProfileNames,
  describeFault,
  type Found,
  hasSection,
  lookUp,
  lookUpIn,
  type ProfileValues,
  type SectionValues,
} from './aws-files.ts';
import { parseSessionDuration } from './duration.ts';
import { isUserError, UserError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import { isRegionName } from './partition.ts';
import { isLongLivedId, isWellFormed, readSavedSession, type Session } from './session.ts';
import { quoteOutside } from './visible.ts';

/** A profile with long-lived keys. */
export interface Source {
  name: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Profile {
  name: string;
  /** The source, or why there is none: a saved session can do without. */
  source: Source | UserError;
  /** Where the profile's settings are looked for, in this order: the profile, what lies between, the source. */
  settings: ProfileValues[];
  /** The section of the credentials file that holds, or is to hold, the session: `[PROFILE]` or `[PROFILE-mfa]`. */
  session: ProfileValues;
  savedSession: Session | undefined;
  /** `mfa_env_save`. */
  save: boolean | undefined;
}

const sourceSuffixes = ['-default', '-long-term', '-permanent'] as const;
const sessionSuffix = '-mfa';
const deviceKeys = ['aws_arn_mfa', 'mfa_serial', 'aws_mfa_device'] as const;

// What makes AWS's tools look past the keys in the section of the credentials file.
const hidingKeys = [
  'role_arn',
  'web_identity_token_file',
  'credential_process',
  'sso_session',
  'sso_start_url',
  'sso_account_id',
  'sso_role_name',
  'sso_region',
] as const;

// What a profile may ask for and mfa-env cannot do yet: going on without it would end in another identity.
const notThereYet = {
  role_arn: 'roles',
  credential_process: 'commands for keys',
  mfa_process: 'commands for codes',
} as const;

/**
 * Reads what the files say of a profile.
 *
 * @param sourceName The source that the user names, in place of the files' own.
 * @throws {UserError} where there is no such profile, or its sections cannot be read.
 */
export function readProfile(files: AwsFiles, name: string, sourceName?: string): Profile {
  const values = lookUp(files, name);
  const settings = [values];
  const source = attempt(() => findSource(files, values, settings, sourceName));
  if (!values.exists && isUserError(source)) {
    throw sourceName !== undefined || standardSource(files, name) ? source : noSuchProfile(files, name);
  }
  for (const place of settings) refuseNotThereYet(place);
  const sectionName = findSessionSection(files, name);
  const session = sectionName === name ? values : lookUp(files, sectionName);
  return { name, source, settings, session, savedSession: readSavedSession(session), save: readSave(values) };
}

/** The source of a profile. @throws {UserError} the reason why there is none. */
export function requireSource(profile: Profile): Source {
  if (isUserError(profile.source)) throw profile.source;
  return profile.source;
}

/** The first of the profile's settings that has a value for one of the keys. */
export function findSetting(profile: Profile, ...keys: string[]): Found | undefined {
  for (const values of profile.settings) {
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
  return findSetting(profile, ...deviceKeys) ?? firstOf(profile.session, deviceKeys);
}

/** The region of the profile, else of its source. @throws {UserError} where it is no region's name. */
export function findRegion(profile: Profile): string | undefined {
  const found = findSetting(profile, 'region');
  if (found && !isRegionName(found.value)) {
    throw new UserError(`${found.place}: ${quoteOutside(found.value)} is not a region`, {
      hint: 'a region is written like eu-west-1',
    });
  }
  return found?.value;
}

/** `duration_seconds`, in seconds. @throws {UserError} where it is no duration or one that STS refuses. */
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

function attempt(find: () => Source): Source | UserError {
  try {
    return find();
  } catch (error) {
    if (isUserError(error)) return error;
    throw error;
  }
}

function findSource(files: AwsFiles, values: ProfileValues, passed: ProfileValues[], named?: string): Source {
  const next = named ?? values.get('source_profile')?.value;
  if (next === values.name) {
    const own = readLongLivedKeys(values);
    if (own) return own;
  } else if (next !== undefined) {
    return followTo(files, next, passed);
  }
  const standard = standardSource(files, values.name);
  if (standard !== undefined) return followTo(files, standard, passed);
  const own = readLongLivedKeys(values);
  if (own) return own;
  throw new UserError(`${values.name} has no source: no profile with long-lived keys`, {
    hint: `add [${values.name}-default] with aws_access_key_id and aws_secret_access_key to ${quoteOutside(files.credentials.path)}`,
  });
}

function followTo(files: AwsFiles, name: string, passed: ProfileValues[]): Source {
  const path = passed.map((values) => values.name);
  if (path.includes(name)) {
    throw new UserError(`the source profiles go round in a circle: ${[...path, name].join(' → ')}`, {
      hint: 'let source_profile name the profile that holds the long-lived keys',
    });
  }
  const values = lookUp(files, name);
  passed.push(values);
  const own = readLongLivedKeys(values);
  if (own) return own;
  if (isStandardSource(name) && !values.get('source_profile')) throw noLongLivedKeys(files, name);
  const source = attempt(() => findSource(files, values, passed));
  if (isUserError(source)) throw values.exists || standardSource(files, name) ? source : noSuchProfile(files, name);
  return source;
}

function standardSource(files: AwsFiles, name: string): string | undefined {
  return sourceSuffixes.map((suffix) => name + suffix).find((candidate) => hasSection(files, candidate));
}

function isStandardSource(name: string): boolean {
  return sourceSuffixes.some((suffix) => name.endsWith(suffix));
}

/**
 * A pair without a token, or an id that starts with AKIA; a value in `<…>` is a placeholder.
 *
 * @throws {UserError} where half of the pair is missing, or a part is malformed.
 */
function readLongLivedKeys(values: ProfileValues): Source | undefined {
  const id = values.get('aws_access_key_id');
  const secret = values.get('aws_secret_access_key');
  const accessKeyId = realValue(id);
  const secretAccessKey = realValue(secret);
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    const [there, missing] = accessKeyId ? [id, 'aws_secret_access_key'] : [secret, 'aws_access_key_id'];
    throw new UserError(`${there?.place}: ${values.name} has half a pair of keys: ${missing} is missing`, {
      hint: `add ${missing} to [${values.name}]`,
    });
  }
  const hasToken = Boolean(values.get('aws_session_token') ?? values.get('aws_security_token'));
  if (hasToken && !isLongLivedId(accessKeyId)) return undefined;
  if (!isWellFormed('accessKeyId', accessKeyId)) throw malformed(id, 'aws_access_key_id');
  if (!isWellFormed('secretAccessKey', secretAccessKey)) throw malformed(secret, 'aws_secret_access_key');
  return { name: values.name, accessKeyId, secretAccessKey };
}

function realValue(found: Found | undefined): string | undefined {
  return found && /^<.*>$/.test(found.value) ? undefined : found?.value;
}

function malformed(found: Found | undefined, key: string): UserError {
  return new UserError(`${found?.place}: ${key} has characters that no key has`, {
    hint: 'copy the key again, without quotes and blanks',
  });
}

/** `[PROFILE]`, or `[PROFILE-mfa]` where the keys in `[PROFILE]` are long-lived or would be hidden by something else. */
function findSessionSection(files: AwsFiles, name: string): string {
  const canHold = [files.credentials, files.config].every((file) => {
    const values = lookUpIn(file, name);
    return !hidingKeys.some((key) => values.get(key)) && !holdsLongLivedKeys(values);
  });
  return canHold ? name : name + sessionSuffix;
}

/** Whether a section holds what must never be overwritten. Half a pair counts: the other half may stand in the other file. */
export function holdsLongLivedKeys(values: SectionValues): boolean {
  const id = realValue(values.get('aws_access_key_id'));
  const secret = realValue(values.get('aws_secret_access_key'));
  if (id && isLongLivedId(id)) return true;
  const hasToken = Boolean(values.get('aws_session_token') ?? values.get('aws_security_token'));
  return Boolean(id || secret) && !hasToken;
}

function readSave(values: ProfileValues): boolean | undefined {
  const found = values.get('mfa_env_save');
  if (!found) return undefined;
  if (found.value !== 'true' && found.value !== 'false') {
    throw new UserError(`${found.place}: mfa_env_save is true or false, not ${quoteOutside(found.value)}`);
  }
  return found.value === 'true';
}

function refuseNotThereYet(values: ProfileValues): void {
  for (const [key, what] of Object.entries(notThereYet)) {
    const found = values.get(key);
    if (found) {
      throw new UserError(`${found.place}: ${values.name} has ${key}, and ${what} are not there yet`, {
        hint: `name a profile without ${key}`,
      });
    }
  }
}

function noLongLivedKeys(files: AwsFiles, name: string): UserError {
  return new UserError(`${name} holds no long-lived keys`, {
    hint: `put aws_access_key_id and aws_secret_access_key into [${name}] in ${quoteOutside(files.credentials.path)}`,
  });
}

function noSuchProfile(files: AwsFiles, name: string): UserError {
  const shown = quoteOutside(name);
  const [credentials, config] = [files.credentials, files.config].map((file) => quoteOutside(file.path));
  return new UserError(`there is no profile ${shown} in ${credentials} or ${config}`, {
    hint: whereItMayBe(files, name) ?? `write [${shown}-default] with the long-lived keys into ${credentials}`,
  });
}

function whereItMayBe(files: AwsFiles, name: string): string | undefined {
  if (files.config.sections.some((section) => section.name === undefined && section.title === name)) {
    return `${quoteOutside(files.config.path)} has [${name}]: in that file it is written [profile ${name}]`;
  }
  const near = didYouMean(
    name,
    [...allProfileNames(files)].filter((candidate) => !candidate.endsWith(sessionSuffix)),
  );
  if (near) return near;
  for (const file of [files.credentials, files.config]) {
    const [fault] = file.faults;
    if (fault) return describeFault(file, fault);
  }
  return undefined;
}
