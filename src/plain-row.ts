/**
 * The row of a profile whose sections are written as plainly as most are: the same as that of `profile-row.ts`, in a
 * fraction of the time. What is not plain, or is more than keys, a device, a region and SSO, is left to that one.
 */

import { hasSectionOf, takePlainValues } from './aws-file.ts';
import { type AwsFiles, hasSection } from './aws-files.ts';
import { describeMissingDevice, findDeviceFault } from './device.ts';
import { sessionDuration } from './duration.ts';
import { isRegionName } from './partition.ts';
import { describeMissingSource, sessionSuffix, sourceSuffixes } from './profile.ts';
import { accountOf, describeSession, emptyRow, type ProfileRow } from './profile-row.ts';
import { isLongLivedId, isWellFormed, readSavedSession } from './session.ts';
import { deviceKeys } from './settings.ts';

const suffixes = [...sourceSuffixes, sessionSuffix];

/** The keys that a plain profile may have: any other one may mean more. */
const noValues = {
  aws_access_key_id: undefined,
  aws_secret_access_key: undefined,
  aws_session_token: undefined,
  x_security_token_expires: undefined,
  aws_arn_mfa: undefined,
  mfa_serial: undefined,
  aws_mfa_device: undefined,
  mfa_process: undefined,
  mfa_env_save: undefined,
  region: undefined,
  output: undefined,
  sso_session: undefined,
  sso_start_url: undefined,
  sso_account_id: undefined,
  sso_role_name: undefined,
  sso_region: undefined,
};

type Values = Record<keyof typeof noValues, string | undefined>;

/** @returns nothing where the profile is not plain, or has no row of its own. */
export function readPlainRow(
  files: AwsFiles,
  name: string,
  now: Date,
  current: string | undefined,
): ProfileRow | undefined {
  if (suffixes.some((suffix) => name.endsWith(suffix))) return undefined;
  const own = readValues(files, name);
  const suffix = sourceSuffixes.find((candidate) => hasSection(files, name + candidate));
  const source = suffix === undefined ? undefined : readValues(files, name + suffix);
  if (!own || (suffix !== undefined && !source)) return undefined;
  const region = own.region ?? source?.region ?? null;
  const save = own.mfa_env_save ?? 'true';
  if ((region !== null && !isRegionName(region)) || (save !== 'true' && save !== 'false')) return undefined;
  const row = emptyRow(name, current);
  row.device = deviceOf(own) ?? (source && deviceOf(source)) ?? null;
  if (row.device !== null && findDeviceFault(row.device)) return undefined;
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
    row.role = own.sso_role_name ?? null;
    row.account = /^\d{12}$/.exec(own.sso_account_id ?? '')?.[0] ?? accountOf(row);
    return true;
  }
  if (own.sso_role_name ?? own.sso_region) return false;
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
  const value = (values as Record<string, string | undefined>)[key];
  return value === undefined ? undefined : { value };
}

/** What both files say under a name; nothing where that is not plain. */
function readValues({ credentials, config }: AwsFiles, name: string): Values | undefined {
  const values: Values = { ...noValues };
  if (hasSectionOf(config, name)) {
    if (!takePlainValues(config, name, values)) return undefined;
    // Halves of what is in the credentials file, or keys that it hides.
    if (holdsAnyKey(values)) return undefined;
  }
  if (!takePlainValues(credentials, name, values)) return undefined;
  const { aws_arn_mfa, mfa_serial, aws_mfa_device, aws_secret_access_key } = values;
  // A placeholder is as if it were not there.
  const mayBeNone = [aws_arn_mfa, mfa_serial, aws_mfa_device, aws_secret_access_key];
  return mayBeNone.some((value) => value?.startsWith('<')) ? undefined : values;
}

function holdsAnyKey(values: Values): boolean {
  const { aws_access_key_id, aws_secret_access_key, aws_session_token, x_security_token_expires } = values;
  return Boolean(aws_access_key_id ?? aws_secret_access_key ?? aws_session_token ?? x_security_token_expires);
}

/** Which keys a section has; nothing where they are halves or malformed. */
function whatIsHeld(values: Values): 'nothing' | 'keys' | 'session' | undefined {
  const { aws_access_key_id: id, aws_secret_access_key: secret, aws_session_token: token } = values;
  if (!holdsAnyKey(values)) return 'nothing';
  if (!id || !secret || !isWellFormed('accessKeyId', id) || !isWellFormed('secretAccessKey', secret)) return undefined;
  if (token === undefined) return values.x_security_token_expires === undefined ? 'keys' : undefined;
  return isLongLivedId(id) ? undefined : 'session';
}

function isSso({ sso_session, sso_start_url, sso_account_id }: Values): boolean {
  return Boolean(sso_session ?? sso_start_url ?? sso_account_id);
}

function deviceOf(values: Values): string | undefined {
  const key = deviceKeys.find((candidate) => values[candidate] !== undefined);
  return key && values[key];
}
