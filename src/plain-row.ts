/**
 * The rows of profiles whose sections are written as plainly as most are: the same as those of `profile-row.ts`, in a
 * fraction of the time. What is not plain, or is more than keys, a device, a region and SSO, is left to that one.
 */

import type { IndexedFiles } from './aws-files.ts';
import { describeMissingDevice, findDeviceFault } from './device.ts';
import { sessionDuration } from './duration.ts';
import { regionForm } from './partition.ts';
import { findPlainSections } from './plain-sections.ts';
import { describeMissingSource, sessionSuffix, sourceSuffixes } from './profile.ts';
import { accountIn, describeSession, type ProfileRow } from './profile-row.ts';
import { rememberLast } from './remember-last.ts';
import { accessKeyIdForm, isLongLivedId, parseExpiry } from './session.ts';
import { deviceKeys } from './settings.ts';

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

/** What their values must look like, where that is more than what every plain one does. */
const forms: Partial<Record<keyof typeof at, string>> = {
  aws_access_key_id: accessKeyIdForm,
  mfa_env_save: '(?:true|false)',
  region: regionForm,
};

type Values = (string | undefined)[];

/**
 * Makes what reads the row of a profile, or nothing where the profile is not plain.
 *
 * @param current The profile that the shell has.
 * @returns a function of the profile's name, and of the name of its source where that is known.
 */
export function makePlainReader(
  files: IndexedFiles,
  now: Date,
  current: string | undefined,
): (name: string, knownSource?: string) => ProfileRow | undefined {
  const credentials = findPlainSections(files.credentials, at, forms);
  const config = findPlainSections(files.config, at, forms);
  const hasConfig = files.config.index.headers.size > 0;
  const hasSection = (name: string) => credentials.has(name) || (hasConfig && config.has(name));
  // Few files have sources of more than one kind.
  const suffixes = sourceSuffixes.filter(
    (suffix) => files.credentials.text.includes(suffix) || files.config.text.includes(suffix),
  );
  const sourceOf = (name: string) => {
    for (const suffix of suffixes) {
      const source = name + suffix;
      if (hasSection(source)) return source;
    }
    return undefined;
  };

  /** Takes what both files say under a name. @returns whether that is plain. */
  const read = (name: string, values: Values): boolean => {
    values.fill(undefined);
    // Keys there are halves of what is in the credentials file, or are hidden by it.
    if (hasConfig && config.has(name) && !(config.take(name, values) && !holdsAnyKey(values))) return false;
    return credentials.take(name, values);
  };

  // Filled anew for each profile.
  const own: Values = Array.from(Object.keys(at), () => undefined);
  const source = own.slice();

  return (name, knownSource) => {
    const sourceName = knownSource ?? sourceOf(name);
    const hasSource = sourceName !== undefined;
    if (!read(name, own) || (hasSource && !(read(sourceName, source) && isPlainSource(source)))) return undefined;
    const device = deviceOf(own) ?? (hasSource ? deviceOf(source) : undefined) ?? null;
    const held = whatIsHeld(own);
    if (held === undefined || (device !== null && isFaulty(device))) return undefined;
    const row: ProfileRow = {
      profile: name,
      current: name === current,
      login: 'mfa',
      account: device === null ? null : accountIn(device),
      device,
      source: sourceName ?? null,
      region: own[at.region] ?? (hasSource ? source[at.region] : undefined) ?? null,
      role: own[at.sso_role_name] ?? null,
      section: name,
      session: held === 'session' ? describeSession(parseExpiry(own[at.x_security_token_expires] ?? ''), now) : null,
      durationSeconds: sessionDuration.standard,
      problem: null,
    };
    if (isSso(own)) {
      if (held !== 'nothing' || hasSource || hasSection(name + sessionSuffix)) return undefined;
      row.login = 'sso';
      row.account = /^\d{12}$/.exec(own[at.sso_account_id] ?? '')?.[0] ?? (row.role === null ? row.account : null);
      row.section = null;
      row.durationSeconds = null;
      return row;
    }
    if (row.role ?? own[at.sso_region]) return undefined;
    if (held === 'keys') {
      row.source = name;
      row.section = name + sessionSuffix;
      if (hasSource || hasSection(row.section) || sourceOf(row.section)) return undefined;
    } else if (!hasSource) {
      row.problem = describeMissingSource(name);
    }
    if (device === null) row.problem ??= describeMissingDevice(name);
    return row;
  };
}

const isFaulty = rememberLast((device) => findDeviceFault(device) !== undefined);

function isPlainSource(values: Values): boolean {
  return whatIsHeld(values) === 'keys' && !isSso(values);
}

function holdsAnyKey(values: Values): boolean {
  return Boolean(
    values[at.aws_access_key_id] ??
      values[at.aws_secret_access_key] ??
      values[at.aws_session_token] ??
      values[at.x_security_token_expires],
  );
}

/** Which keys a section has; nothing where they are halves. */
function whatIsHeld(values: Values): 'nothing' | 'keys' | 'session' | undefined {
  if (!holdsAnyKey(values)) return 'nothing';
  const id = values[at.aws_access_key_id];
  if (!id || !values[at.aws_secret_access_key]) return undefined;
  if (values[at.aws_session_token]) return isLongLivedId(id) ? undefined : 'session';
  return values[at.x_security_token_expires] ? undefined : 'keys';
}

function isSso(values: Values): boolean {
  return Boolean(values[at.sso_session] ?? values[at.sso_start_url] ?? values[at.sso_account_id]);
}

function deviceOf(values: Values): string | undefined {
  for (const key of deviceKeys) if (values[at[key]] !== undefined) return values[at[key]];
  return undefined;
}
