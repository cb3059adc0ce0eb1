/**
 * The row of a profile whose sections are written as plainly as most are: the same as that of `profile-row.ts`, in a
 * fraction of the time. What is not plain, or is more than keys, a device, a region and SSO, is left to that one.
 */

import { hasSectionOf, takePlainValues } from './aws-file.ts';
import { type AwsFiles, hasSection } from './aws-files.ts';
import { describeMissingDevice, findDeviceFault } from './device.ts';
import { sessionDuration } from './duration.ts';
import { isRegionName } from './partition.ts';
import { describeMissingSource, type SourceSuffix, sessionSuffix, sourceSuffixes } from './profile.ts';
import { accountOf, describeSession, emptyRow, type ProfileRow } from './profile-row.ts';
import { rememberLast } from './remember-last.ts';
import { isLongLivedId, isWellFormed, readSavedSession } from './session.ts';
import { deviceKeys } from './settings.ts';

const suffixes = [...sourceSuffixes, sessionSuffix];

const faultOf = rememberLast(findDeviceFault);

/** The keys that a plain profile may have, and where their values are kept: any other one may mean more. */
const at = {
  aws_access_key_id: 0,
  aws_secret_access_key: 1,
  aws_session_token: 2,
  x_security_token_expires: 3,
  aws_arn_mfa: 4,
  mfa_serial: 5,
  aws_mfa_device: 6,
  mfa_process: 7,
  mfa_env_save: 8,
  region: 9,
  output: 10,
  sso_session: 11,
  sso_start_url: 12,
  sso_account_id: 13,
  sso_role_name: 14,
  sso_region: 15,
} as const;

const places: ReadonlyMap<string, number> = new Map(Object.entries(at));
const noValues: Values = Array.from(places, () => undefined);

type Values = (string | undefined)[];

/**
 * Reads the row of a profile.
 *
 * @param known The suffix of its source, where it is known already.
 * @returns nothing where the profile is not plain, or has no row of its own.
 */
export function readPlainRow(
  files: AwsFiles,
  name: string,
  known: SourceSuffix | undefined,
  now: Date,
  current: string | undefined,
): ProfileRow | undefined {
  if (suffixes.some((suffix) => name.endsWith(suffix))) return undefined;
  const own = readValues(files, name);
  const suffix = known ?? sourceSuffixes.find((candidate) => hasSection(files, name + candidate));
  const source = suffix === undefined ? undefined : readValues(files, name + suffix);
  if (!own || (suffix !== undefined && !source)) return undefined;
  const region = own[at.region] ?? source?.[at.region] ?? null;
  const save = own[at.mfa_env_save] ?? 'true';
  if ((region !== null && !isRegionName(region)) || (save !== 'true' && save !== 'false')) return undefined;
  const row = emptyRow(name, current);
  row.device = deviceOf(own) ?? (source && deviceOf(source)) ?? null;
  if (row.device !== null && faultOf(row.device)) return undefined;
  row.region = region;
  return addLogin(row, files, own, source, suffix, now) ? row : undefined;
}

/** Adds how the profile comes to its session. @returns whether that is as plain as it must be. */
function addLogin(
  row: ProfileRow,
  files: AwsFiles,
  own: Values,
  source: Values | undefined,
  suffix: string | undefined,
  now: Date,
): boolean {
  const name = row.profile;
  const held = whatIsHeld(own);
  if (held === undefined || (source && (isSso(own) || isSso(source) || whatIsHeld(source) !== 'keys'))) return false;
  if (isSso(own)) {
    if (held !== 'nothing' || hasSection(files, name + sessionSuffix)) return false;
    row.login = 'sso';
    row.role = own[at.sso_role_name] ?? null;
    row.account = /^\d{12}$/.exec(own[at.sso_account_id] ?? '')?.[0] ?? accountOf(row);
    return true;
  }
  if (own[at.sso_role_name] ?? own[at.sso_region]) return false;
  row.login = 'mfa';
  row.account = accountOf(row);
  row.durationSeconds = sessionDuration.standard;
  if (held === 'keys') {
    const place = name + sessionSuffix;
    if (source || hasSection(files, place) || sourceSuffixes.some((end) => hasSection(files, place + end)))
      return false;
    row.source = name;
    row.section = place;
    if (row.device === null) row.problem = describeMissingDevice(name);
    return true;
  }
  row.section = name;
  if (suffix === undefined) row.problem = describeMissingSource(name);
  else row.source = name + suffix;
  if (row.device === null) row.problem ??= describeMissingDevice(name);
  if (held === 'session') row.session = describeSession(readSavedSession({ get: (key) => found(own, key) }), now);
  return true;
}

function found(values: Values, key: string): { value: string } | undefined {
  const value = values[places.get(key) ?? -1];
  return value === undefined ? undefined : { value };
}

/** What both files say under a name; nothing where that is not plain. */
function readValues({ credentials, config }: AwsFiles, name: string): Values | undefined {
  const values = noValues.slice();
  if (hasSectionOf(config, name)) {
    if (!takePlainValues(config, name, places, values)) return undefined;
    // Halves of what is in the credentials file, or keys that it hides.
    if (holdsAnyKey(values)) return undefined;
  }
  if (!takePlainValues(credentials, name, places, values)) return undefined;
  // A placeholder is as if it were not there.
  return mayBePlaceholders.some((place) => values[place]?.startsWith('<')) ? undefined : values;
}

const mayBePlaceholders = [at.aws_arn_mfa, at.mfa_serial, at.aws_mfa_device, at.aws_secret_access_key];

function holdsAnyKey(values: Values): boolean {
  return Boolean(values[0] ?? values[1] ?? values[2] ?? values[3]);
}

/** Which keys a section has; nothing where they are halves or malformed. */
function whatIsHeld(values: Values): 'nothing' | 'keys' | 'session' | undefined {
  const [id, secret, token, expires] = values;
  if (!holdsAnyKey(values)) return 'nothing';
  if (!id || !secret || !isWellFormed('accessKeyId', id) || !isWellFormed('secretAccessKey', secret)) return undefined;
  if (token === undefined) return expires === undefined ? 'keys' : undefined;
  return isLongLivedId(id) ? undefined : 'session';
}

function isSso(values: Values): boolean {
  return Boolean(values[at.sso_session] ?? values[at.sso_start_url] ?? values[at.sso_account_id]);
}

function deviceOf(values: Values): string | undefined {
  const key = deviceKeys.find((candidate) => values[at[candidate]] !== undefined);
  return key && values[at[key]];
}
