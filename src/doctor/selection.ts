/** Which profiles are looked at: those that somebody may call mfa-env for. What is only a part of another one is looked at with it. */

import { type AwsFiles, allProfileNames, hasSection, type ProfileValues } from '../aws-files.ts';
import { isUserError } from '../errors.ts';
import { hasOtherLogin } from '../other-login.ts';
import { sessionSuffix, sourceSuffixes, standardSource, stemOf } from '../profile.ts';
import { findDevice, findSetting, type Profile } from '../settings.ts';

/** Each costs some look-ups, and few people have more. */
const mostProfiles = 1000;

export interface Selection {
  names: string[];
  /** How many more there are. */
  leftOut: number;
}

/** @param first The names that the environment has: they are looked at in any case. */
export function selectProfiles(files: AwsFiles, first: (string | undefined)[]): Selection {
  const all = [...allProfileNames(files)];
  const stems = [...all].flatMap((name) => sourceSuffixes.flatMap((suffix) => stemOf(name, suffix) ?? []));
  const known = new Set([...all, ...stems]);
  const isPart = (name: string) =>
    sourceSuffixes.some((suffix) => stemOf(name, suffix) !== undefined) || known.has(stemOf(name, sessionSuffix) ?? '');
  const named = first.filter((name): name is string => name !== undefined && known.has(name));
  const names = new Set([...named, ...[...known].filter((name) => !isPart(name))]);
  return { names: [...names].slice(0, mostProfiles), leftOut: Math.max(0, names.size - mostProfiles) };
}

/** Whether a profile, or what it comes from, gets its keys in a way that wants no MFA code. */
export function comesFromOtherLogin(profile: Profile): boolean {
  return [...profile.settings()].some(hasOtherLogin);
}

/** Whether a profile names another one for its keys, and that has none, not even those of a session, for AWS's own tools. */
export function isCutOff(profile: Profile): boolean {
  const [own, ...others] = profile.settings();
  return Boolean(own?.get('role_arn') ?? own?.get('source_profile')) && !others.some(holdsToken);
}

function holdsToken(values: ProfileValues): boolean {
  return Boolean(values.get('aws_session_token') ?? values.get('aws_security_token'));
}

/** Whether the files say that MFA is wanted: many a profile has keys, SSO or a login of its own, and wants none. */
export function isForMfa(files: AwsFiles, profile: Profile): boolean {
  const wanted = ['mfa_process', 'mfa_env_save'].some((key) => findSetting(profile, key));
  const hasSource = standardSource(files, profile.name) !== undefined && !comesFromOtherLogin(profile);
  return wanted || hasSource || findDevice(profile) !== undefined || profile.saved().session !== undefined;
}

/** The profiles that a profile's settings, keys and session come from, itself the first. */
export function partsOf(files: AwsFiles, profile: Profile): Set<string> {
  const names = new Set<string>([profile.name]);
  const base = profile.base?.();
  const source = profile.source();
  if (!isUserError(source)) names.add(source.name);
  if (base && !isUserError(base)) for (const part of partsOf(files, base)) names.add(part);
  for (const { name } of profile.settings()) names.add(name);
  const standard = standardSource(files, profile.name);
  if (standard) names.add(standard);
  if (profile.session.exists) names.add(profile.session.name);
  return new Set([...names].filter((name) => hasSection(files, name)));
}
