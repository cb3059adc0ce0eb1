/** What the files say of each profile: source, device, region, durations, commands, saved session. */

import { basename } from 'node:path';
import { type AwsFiles, type Found, lookUp, type ProfileValues } from '../aws-files.ts';
import { requireDevice } from '../device.ts';
import { formatDuration } from '../duration.ts';
import type { Environment } from '../environment.ts';
import { isUserError } from '../errors.ts';
import { checkOwner } from '../file-command.ts';
import { readLongLivedKeys } from '../keys.ts';
import { isPlaceholder } from '../placeholder.ts';
import { readProfile } from '../profile.ts';
import { readRole } from '../role.ts';
import { isLongLivedId, parseExpiry, timeLeft } from '../session.ts';
import { findDevice, findDuration, findRegion, findSetting, type Profile } from '../settings.ts';
import { splitCommand } from '../split-command.ts';
import { quoteOutside } from '../visible.ts';
import { attempt, error, type Finding, toFinding, warning } from './finding.ts';
import { findProgram } from './programs.ts';
import { hasOtherLogin, isForMfa, partsOf } from './selection.ts';

export interface CheckedProfile {
  findings: Finding[];
  /** Nothing where it cannot be read at all. */
  profile: Profile | undefined;
  /** Whether mfa-env is to get sessions for it: only then are device and network of interest. */
  isForMfa: boolean;
}

/** @param isNamed Whether the user asks for this profile. */
export function checkProfile(files: AwsFiles, name: string, isNamed: boolean, env: Environment): CheckedProfile {
  const findings: Finding[] = [];
  const profile = attempt(findings, () => readProfile(files, name));
  let wanted = isNamed;
  if (profile) {
    wanted ||= attempt([], () => isForMfa(files, profile)) ?? true;
    const checks = [checkKeys, checkCommands, ...(wanted ? [checkUse, checkSession] : [])];
    for (const check of checks) {
      // What a line that is at fault refuses ends one check and not the others.
      const found = attempt(findings, () => check({ files, profile, wanted, env }));
      findings.push(...(found ?? []));
    }
  }
  return { findings: findings.map((finding) => ({ ...finding, profile: name })), profile, isForMfa: wanted };
}

const mostExpired = 3;

/** The saved sessions that have expired; in the morning these are all of them, and one line is enough. */
export function checkExpired(profiles: Profile[], now: Date): Finding[] {
  const expired = profiles.flatMap((profile) => {
    const left = profile.savedSession ? timeLeft(profile.savedSession, now) : 1;
    return left <= 0 ? [{ name: profile.name, shown: quoteOutside(profile.name), ago: formatDuration(-left) }] : [];
  });
  if (expired.length > mostExpired) {
    const names = expired.slice(0, mostExpired).map(({ shown }) => shown);
    const what = `the saved sessions of ${names.join(', ')} and ${expired.length - mostExpired} more have expired`;
    return [warning(what, 'mfa-env NAME --save gets another, mfa-env forget NAME takes it out')];
  }
  return expired.map(({ name, shown, ago }) => {
    const hint = `mfa-env ${shown} --save gets another, mfa-env forget ${shown} takes it out`;
    return { ...warning(`the saved session of ${shown} has expired ${ago} ago`, hint), profile: name };
  });
}

interface Subject {
  files: AwsFiles;
  profile: Profile;
  wanted: boolean;
  env: Environment;
}

/** The long-lived keys of the profile and of all that it comes from. */
function checkKeys({ files, profile }: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const name of partsOf(files, profile)) {
    attempt(findings, () => {
      const values = lookUp(files, name);
      readLongLivedKeys(values);
      findings.push(...checkToken(values));
    });
  }
  return findings;
}

function checkToken(values: ProfileValues): Finding[] {
  const id = values.get('aws_access_key_id');
  const token = values.get('aws_session_token') ?? values.get('aws_security_token');
  if (!id || !token || !isLongLivedId(id.value)) return [];
  const what = `${token.place}: a session token stands beside the long-lived key of ${quoteOutside(values.name)}`;
  return [error(what, 'take the token out: aws refuses the key together with it')];
}

/** Whatever would refuse a new session. */
function checkUse({ profile }: Subject): Finding[] {
  const findings: Finding[] = [];
  const source = profile.source();
  if (isUserError(source)) findings.push(toFinding(source));
  if (isUserError(source) && hasOtherLogin(profile)) return findings;
  findings.push(...checkDevice(profile));
  attempt(findings, () => findRegion(profile));
  attempt(findings, () =>
    profile.base ? readRole(profile, undefined, findDevice(profile)?.value) : findDuration(profile),
  );
  return findings;
}

function checkDevice(profile: Profile): Finding[] {
  const findings: Finding[] = [];
  const device = attempt(findings, () => requireDevice(profile));
  const placeholder = device === undefined ? findPlaceholder(profile) : undefined;
  return placeholder ? [placeholder] : findings;
}

function findPlaceholder(profile: Profile): Finding | undefined {
  for (const key of ['aws_arn_mfa', 'mfa_serial', 'aws_mfa_device']) {
    const found = findSetting(profile, key);
    if (found && isPlaceholder(found.value)) {
      const hint = 'write the ARN or the serial number that aws shows under Security credentials';
      return error(`${found.place}: ${key} is still a placeholder`, hint);
    }
  }
  return undefined;
}

/** The session that is saved, and what other tools have left beside it. */
function checkSession({ profile, env }: Subject): Finding[] {
  const findings: Finding[] = [...checkHidden(profile)];
  const shown = quoteOutside(profile.name);
  const renew = `mfa-env ${shown} --save`;
  if (profile.taken) {
    const isSaved = profile.save ?? env.MFA_ENV_SAVE === '1';
    findings.push({ ...toFinding(profile.taken), level: isSaved ? 'error' : 'warning' });
    return findings;
  }
  const { session, savedSession } = profile;
  const token = session.get('aws_session_token');
  const otherToken = session.get('aws_security_token');
  if (token && otherToken && token.value !== otherToken.value) {
    const what = `${otherToken.place}: aws_security_token is another token than aws_session_token, and the AWS CLI reads it first`;
    findings.push(error(what, `take the line out, or let a save do so: ${renew}`));
  }
  const expiry = session.get('x_security_token_expires');
  const otherExpiry = session.get('expiration');
  if (savedSession) {
    if (otherExpiry && parseExpiry(otherExpiry.value)?.getTime() !== savedSession.expiresAt.getTime()) {
      const what = `${otherExpiry.place}: expiration is another time than x_security_token_expires`;
      findings.push(warning(what, `take the line out, or let a save do so: ${renew}`));
    }
  } else if (token && !expiry) {
    const what = `${token.place}: the session of ${shown} has no x_security_token_expires, and is not used by mfa-env`;
    findings.push(warning(what, `${renew} puts its own into its place`));
  } else if (expiry && !parseExpiry(expiry.value)) {
    const what = `${expiry.place}: x_security_token_expires is no time such as 2026-11-24T16:00:00Z, so the session is not used`;
    findings.push(warning(what, renew));
  } else if (expiry) {
    findings.push(warning(`${expiry.place}: the saved session of ${shown} is not whole, and not used`, renew));
  }
  return findings;
}

/** A session in a section whose keys AWS's tools look past. */
function checkHidden({ name, own, session }: Profile): Finding[] {
  const { credentials } = own.ofFiles;
  const id = credentials.get('aws_access_key_id');
  const token = credentials.get('aws_session_token');
  if (session.name === name || !id || !token || isLongLivedId(id.value)) return [];
  const what = `${token.place}: the session in [${quoteOutside(name)}] is not read, since the profile has keys, a role or a login of its own`;
  return [warning(what, `take it out: mfa-env keeps the session in [${quoteOutside(session.name)}]`)];
}

/** Commands that would not be run, or would run mfa-env again. */
function checkCommands({ profile, wanted, env }: Subject): Finding[] {
  const findings: Finding[] = [];
  const source = profile.source();
  const command = !isUserError(source) && 'command' in source ? source.command : undefined;
  const ofProfile = profile.own.get('credential_process');
  const code = findSetting(profile, 'mfa_process');
  if (command) findings.push(...checkCommand('credential_process', command, env));
  if (ofProfile && ofProfile.place !== command?.place) {
    findings.push(...checkCommand('credential_process', ofProfile, env));
  }
  if (code) findings.push(...checkCommand('mfa_process', code, env));
  const own = wordsOf(command).some((word) => [profile.name, `--profile=${profile.name}`].includes(word));
  for (const [key, found, isUsed] of [
    ['credential_process', command, wanted || own],
    ['mfa_process', code, true],
  ] as const) {
    if (!found || !isUsed || !wordsOf(found).some(isMfaEnv)) continue;
    const what = `${found.place}: the ${key} of ${quoteOutside(profile.name)} calls mfa-env, which would call it again`;
    findings.push(error(what, 'let that command find what it prints without mfa-env, or name a source with keys'));
  }
  return findings;
}

/** The words of a command, and those of a script that is one of them (`sh -c 'mfa-env prod'`). */
function wordsOf(command: Found | undefined): string[] {
  return (splitCommand(command?.value ?? '') ?? []).flatMap((word) => word.split(/\s+/));
}

function isMfaEnv(word: string): boolean {
  return basename(word) === 'mfa-env';
}

function checkCommand(key: string, found: Found, env: Environment): Finding[] {
  const findings: Finding[] = [];
  attempt(findings, () => checkOwner(key, found));
  const [program] = splitCommand(found.value) ?? [];
  if (program === undefined) {
    findings.push(error(`${found.place}: ${key} is no command: a quote is not closed`, 'close it'));
  } else if (!findProgram(program, env)) {
    const hint = 'install it, or write its whole path: there is no shell, so ~ and variables mean nothing';
    findings.push(error(`${found.place}: ${key} runs ${quoteOutside(program)}, which is not there`, hint));
  }
  return findings;
}
