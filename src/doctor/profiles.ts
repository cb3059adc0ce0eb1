/** What the files say of each profile: source, device, region, durations, commands, saved session. */

import { describeOddSecret } from '../access-key.ts';
import { type AwsFiles, type Found, lookUp, type ProfileValues } from '../aws-files.ts';
import { requireDevice } from '../device.ts';
import { formatDuration } from '../duration.ts';
import type { Environment } from '../environment.ts';
import { isUserError } from '../errors.ts';
import { readLongLivedKeys } from '../keys.ts';
import { profileWord } from '../line-to-type.ts';
import { findLoneSession, type LoneSession } from '../lone-session.ts';
import { findOwnCall, type OwnCall } from '../own-call.ts';
import { checkPartitions } from '../partition-check.ts';
import { isPlaceholder } from '../placeholder.ts';
import { readProfile, standardSource } from '../profile.ts';
import { processLine, twoNames } from '../recursion.ts';
import { parseRequest } from '../request.ts';
import { readRole } from '../role.ts';
import { isLongLivedId, parseExpiry, timeLeft } from '../session.ts';
import { findDevice, findDuration, findRegion, findSetting, type Keys, type Profile } from '../settings.ts';
import { adviseShell } from '../shell-syntax.ts';
import { splitCommand } from '../split-command.ts';
import { asHeader, asWord, optionWith, typed } from '../typed.ts';
import { quoteOutside } from '../visible.ts';
import { findAmbiguities, findSpareKeys } from './ambiguities.ts';
import { attempt, error, type Finding, toFinding, warning } from './finding.ts';
import { findProgram } from './programs.ts';
import { comesFromOtherLogin, isCutOff, isForMfa, partsOf } from './selection.ts';

export interface CheckedProfile {
  findings: Finding[];
  /** Nothing where it cannot be read at all. */
  profile: Profile | undefined;
  /** Whether mfa-env is to get sessions for it: only then are device and network of interest. */
  isForMfa: boolean;
}

/** By whom a profile is named: by the user, by a variable of the environment, or by the files alone. */
export type NamedBy = 'user' | 'environment' | undefined;

export function checkProfile(files: AwsFiles, name: string, namedBy: NamedBy, env: Environment): CheckedProfile {
  const findings: Finding[] = [];
  const saveHint = 'write mfa_env_save = true or mfa_env_save = false, or take the line out';
  const profile = attempt(findings, () => readProfile(files, name), saveHint);
  let wanted = namedBy !== undefined;
  if (profile) {
    const lone = attempt([], () => findLoneSession(files, profile));
    if (lone) findings.push(...describeLoneSession(lone, profile.name, namedBy));
    const needs = lone ? 'none' : (attempt([], () => findNeed(files, profile)) ?? 'code');
    wanted = needs === 'code' || (needs === 'unknown' && wanted);
    if (needs === 'none' && !lone && namedBy === 'user') findings.push(describeOtherLogin(profile));
    const checks = [
      checkHeaders,
      checkKeys,
      checkServices,
      checkRole,
      checkCommands,
      ...(wanted ? [checkUse, checkSession] : []),
    ];
    for (const check of checks) {
      // What a line that is at fault refuses ends one check and not the others.
      const found = attempt(findings, () => check({ files, profile, wanted, env }));
      findings.push(...(found ?? []));
    }
  }
  return { findings: findings.map((finding) => ({ ...finding, profile: name })), profile, isForMfa: wanted };
}

/**
 * What a profile needs: an MFA code, none, or nobody knows. `mfa-env` is that of AWS's own tools, which call mfa-env for
 * another profile by it.
 */
function findNeed(files: AwsFiles, profile: Profile): 'code' | 'none' | 'mfa-env' | 'unknown' {
  const source = profile.source();
  if (isUserError(source)) {
    if (source.otherLogin || comesFromOtherLogin(profile)) return 'none';
    return isForMfa(files, profile) || isCutOff(profile) ? 'code' : 'unknown';
  }
  if (source.name === profile.name && findOwnCall(commandOf(source))) return 'mfa-env';
  // Without a device the command has to print sessions.
  const hasCodes = findDevice(profile) ?? findPlaceholder(profile) ?? findSetting(profile, 'mfa_process');
  if (commandOf(source) && !profile.base && !hasCodes) return 'none';
  return isForMfa(files, profile) ? 'code' : 'none';
}

/** Another tool's session is only worth a word if the user asks about it. */
function describeLoneSession({ place, savedBy, name }: LoneSession, section: string, namedBy: NamedBy): Finding[] {
  const shown = quoteOutside(section);
  if (savedBy === 'another tool') {
    const what = `${shown} needs no MFA code: another tool keeps its session at ${place}`;
    return namedBy === 'user'
      ? [warning(what, `let AWS's own tools use it: ${typed`aws ${optionWith('--profile', section)}`}`)]
      : [];
  }
  const forget = typed`mfa-env forget ${profileWord(name)}`;
  return savedBy === 'mfa-env'
    ? [warning(`${place}: the session in [${shown}] is left from a profile that is gone`, `remove it: ${forget}`)]
    : [
        warning(
          `${place}: [${shown}] holds only a session, and has no source`,
          `remove it if no tool uses it: ${forget}`,
        ),
      ];
}

function describeOtherLogin(profile: Profile): Finding {
  const source = profile.source();
  const shown = quoteOutside(profile.name);
  const what = `${shown} needs no mfa code`;
  if (isUserError(source)) {
    const hint = source.otherLogin ? source.hint : undefined;
    const why = source.otherLogin ? `: ${source.message}` : ', since it logs in another way';
    return warning(
      what + why,
      hint ?? `let AWS's own tools use it: ${typed`aws ${optionWith('--profile', profile.name)}`}`,
    );
  }
  const why = 'command' in source ? `the command at ${source.command.place} gives its keys` : 'it has keys';
  const hint = 'where one is wanted, add a line such as aws_arn_mfa = arn:aws:iam::111122223333:mfa/NAME';
  return warning(`${what}: ${why}, and no MFA device is named`, hint);
}

const mostExpired = 3;

/** The saved sessions that have expired; in the morning these are all of them, and one line is enough. */
export function checkExpired(profiles: Profile[], now: Date): Finding[] {
  const expired = profiles.flatMap((profile) => {
    const { session } = profile.saved();
    const left = session ? timeLeft(session, now) : 1;
    return left <= 0 ? [{ name: profile.name, shown: quoteOutside(profile.name), ago: formatDuration(-left) }] : [];
  });
  if (expired.length > mostExpired) {
    const names = expired.slice(0, mostExpired).map(({ shown }) => shown);
    const what = `the saved sessions of ${names.join(', ')} and ${expired.length - mostExpired} more have expired`;
    return [warning(what, 'mfa-env NAME --save gets another, mfa-env forget NAME takes it out')];
  }
  return expired.map(({ name, shown, ago }) => {
    const word = profileWord(name);
    const hint = `${typed`mfa-env ${word} --save`} gets another, ${typed`mfa-env forget ${word}`} takes it out`;
    return { ...warning(`the saved session of ${shown} has expired ${ago} ago`, hint), profile: name };
  });
}

interface Subject {
  files: AwsFiles;
  profile: Profile;
  wanted: boolean;
  env: Environment;
}

function checkHeaders({ profile }: Subject): Finding[] {
  profile.checkHeaders();
  return [];
}

/** The long-lived keys of the profile and of all that it comes from. */
function checkKeys({ files, profile }: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const name of partsOf(files, profile)) {
    attempt(findings, () => {
      const values = lookUp(files, name);
      const pair = readLongLivedKeys(values);
      findings.push(...checkToken(values), ...checkSecret(values, pair), ...findAmbiguities(values));
    });
  }
  attempt(findings, () => findings.push(...findSpareKeys(files, profile)));
  return findings;
}

function checkToken(values: ProfileValues): Finding[] {
  const shown = quoteOutside(values.name);
  const id = values.get('aws_access_key_id');
  const [sessionToken, otherToken] = [values.get('aws_session_token'), values.get('aws_security_token')];
  const token = sessionToken ?? otherToken;
  if (id && token && isLongLivedId(id.value)) {
    const what = `${token.place}: a session token stands beside the long-lived key of ${shown}`;
    return [error(what, 'take the token out: aws refuses the key together with it')];
  }
  if (id?.value.startsWith('ASIA') && !token) {
    const what = `${id.place}: the key of ${shown} is a session's, and its token is missing`;
    return [error(what, 'take the key out: aws refuses it without the token')];
  }
  if (sessionToken && otherToken && sessionToken.value !== otherToken.value) {
    const what = `${otherToken.place}: aws_security_token is another token than aws_session_token, and the AWS CLI reads it first`;
    return [error(what, 'take the line out, or let mfa-env save a session there')];
  }
  return [];
}

/** Where the id is one of AWS's own: a stand-in for AWS takes any secret. */
function checkSecret(values: ProfileValues, pair: Keys | undefined): Finding[] {
  const odd = pair && isLongLivedId(pair.accessKeyId) ? describeOddSecret(pair.secretAccessKey) : undefined;
  if (!odd) return [];
  return [warning(`${values.get('aws_secret_access_key')?.place}: ${odd}`, 'copy it again: a secret is often cut off')];
}

const durationHint = 'write duration_seconds = 43200 or less, or take the line out';

/** Whatever would refuse a new session. */
function checkUse({ files, profile }: Subject): Finding[] {
  const findings: Finding[] = [];
  const source = profile.source();
  if (isUserError(source)) findings.push(toFinding(source));
  if (isUserError(source) && comesFromOtherLogin(profile)) return findings;
  findings.push(...checkDevice(files, profile));
  attempt(findings, () => {
    findRegion(profile);
    checkPartitions(profile);
  });
  if (!profile.base) attempt(findings, () => findDuration(profile), durationHint);
  return findings;
}

function checkDevice(files: AwsFiles, profile: Profile): Finding[] {
  const findings: Finding[] = [];
  attempt(findings, () => {
    const device = findDevice(profile);
    const placeholder = device ? undefined : findPlaceholder(profile);
    if (placeholder) findings.push(placeholder);
    // The device may be named where the source is.
    else if (device || !(lacksNamedSource(files, profile) || hasCommand(profile))) requireDevice(profile);
  });
  return findings;
}

function hasCommand(profile: Profile): boolean {
  const source = profile.source();
  return !isUserError(source) && commandOf(source) !== undefined;
}

function lacksNamedSource(files: AwsFiles, { name, own, source }: Profile): boolean {
  const isNamed = own.get('role_arn') ?? own.get('source_profile') ?? standardSource(files, name);
  return isNamed !== undefined && isUserError(source());
}

/** Endpoints that are to stand in a section which is missing; botocore then refuses whatever the profile is used for. */
function checkServices({ files, profile }: Subject): Finding[] {
  return [...partsOf(files, profile)].flatMap((name) => {
    const services = attempt([], () => lookUp(files, name).get('services'));
    if (!services || profile.lookUpServices(services.value).exists) return [];
    const title = `[services ${quoteOutside(services.value)}]`;
    const what = `${services.place}: there is no ${title} in ${quoteOutside(profile.configPath)}: the AWS CLI fails with ${quoteOutside(name)}`;
    return [error(what, `write ${asHeader(`services ${services.value}`)} there, or take the line out`)];
  });
}

/** What AWS would refuse whoever assumes the role. */
function checkRole({ profile }: Subject): Finding[] {
  const findings: Finding[] = [];
  if (profile.base) attempt(findings, () => readRole(profile, undefined, undefined), durationHint);
  return findings;
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
  const renew = typed`mfa-env ${profileWord(profile.name)} --save`;
  if (profile.taken) {
    const isSaved = profile.save ?? env.MFA_ENV_SAVE === '1';
    findings.push({ ...toFinding(profile.taken), level: isSaved ? 'error' : 'warning' });
    return findings;
  }
  const { session } = profile;
  const { session: savedSession, notUsed, hint } = profile.saved();
  if (notUsed !== undefined) return [...findings, warning(`${notUsed}, so it is not used`, hint ?? renew)];
  const token = session.get('aws_session_token');
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
  return [warning(what, `take it out: mfa-env keeps the session in ${asHeader(session.name)}`)];
}

/** Commands that would not be run, or would run mfa-env again. */
function checkCommands({ files, profile, wanted, env }: Subject): Finding[] {
  const findings: Finding[] = [];
  const source = profile.source();
  const command = isUserError(source) ? undefined : commandOf(source);
  const ofProfile = profile.own.get('credential_process');
  const code = findSetting(profile, 'mfa_process');
  if (command) findings.push(...checkCommand('credential_process', command, env));
  if (ofProfile && ofProfile.place !== command?.place) {
    findings.push(...checkCommand('credential_process', ofProfile, env));
  }
  if (code) findings.push(...checkCommand('mfa_process', code, env));
  const shown = quoteOutside(profile.name);
  if (code && findOwnCall(code)) {
    const what = `${code.place}: the mfa_process of ${shown} calls mfa-env, which would call it again`;
    findings.push(error(what, 'let that command find what it prints without mfa-env'));
  }
  const withoutKeys = [command, ofProfile].flatMap((found) => checkOutput(profile, found));
  findings.push(...withoutKeys);
  const call = findOwnCall(command);
  if (!command || !call || isUserError(source) || withoutKeys.length > 0) return findings;
  if (source.name === profile.name) {
    findings.push(...checkOwnCall(files, profile, command, call));
  } else if (wanted) {
    const what = `${command.place}: the credential_process of ${quoteOutside(source.name)} calls mfa-env, and is the source of ${shown}`;
    const meant = call.profile ?? 'the profile with the keys';
    findings.push(error(what, `let source_profile of ${asWord(profile.name)} name ${asWord(meant)}`));
  }
  return findings;
}

function commandOf(source: Exclude<ReturnType<Profile['source']>, Error>): Found | undefined {
  return 'command' in source ? source.command : undefined;
}

/** A call of mfa-env that gives AWS's own tools no keys. What a shell makes of one cannot be known, nor what exec runs. */
function checkOutput({ name }: Profile, found: Found | undefined): Finding[] {
  const call = findOwnCall(found);
  if (!found || !call?.isDirect) return [];
  const save = call.words.includes('--save') ? ' --save' : '';
  const hint = `write ${processLine(call.profile ?? servedBy(name), save)}`;
  const calls = `${found.place}: credential_process calls mfa-env`;
  try {
    const request = parseRequest(call.words, { AWS_PROFILE: call.profile ?? name });
    if (request.command === 'exec' || ('format' in request && request.format === 'process')) return [];
    return [error(`${calls} without --format process: every AWS tool fails on it`, hint)];
  } catch (thrown) {
    return [error(`${calls} in vain: ${toFinding(thrown).what}`, hint)];
  }
}

/** A profile for AWS's own tools: all is well where the profile for which mfa-env is called has keys from elsewhere. */
function checkOwnCall(files: AwsFiles, { name }: Profile, { place }: Found, call: OwnCall): Finding[] {
  const called = call.profile ?? name;
  const calls = `${place}: the credential_process of ${quoteOutside(name)} calls mfa-env`;
  const what = `${calls} for ${quoteOutside(called)}`;
  const findings: Finding[] = [];
  const source = attempt(findings, () => readProfile(files, called, call.source).source());
  if (source === undefined) {
    return findings.map((finding) => ({ ...finding, what: `${what}: ${finding.what}` }));
  }
  if (isUserError(source)) return [error(`${what}: ${source.message}`, toFinding(source).hint)];
  if (!findOwnCall(commandOf(source))) return [];
  if (called !== name) {
    return [error(`${what}, which has its keys from mfa-env too`, 'let it call mfa-env for the profile with the keys')];
  }
  return [error(`${calls}, which would call it again`, twoNames(name))];
}

/** The profile for which one for AWS's own tools calls mfa-env, as the README names them. */
function servedBy(name: string): string {
  return name.replace(/(?!^)-cli$/, '');
}

function checkCommand(key: string, found: Found, env: Environment): Finding[] {
  const findings: Finding[] = [];
  const [program] = splitCommand(found.value) ?? [];
  const advice = adviseShell(key, found.value);
  if (program === undefined) {
    findings.push(error(`${found.place}: ${key} is not a command: a quote is not closed`, 'close the quote'));
  } else if (!findProgram(program, env)) {
    const what = `${found.place}: ${key} runs ${quoteOutside(program)}, which is not there`;
    findings.push(error(what, advice ?? 'install it, or write its whole path'));
  } else if (advice && !findOwnCall(found)?.isDirect) {
    findings.push(warning(`${found.place}: ${key} is written for a shell`, advice));
  }
  return findings;
}
