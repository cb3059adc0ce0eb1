/** From the two AWS files to one profile: its source's keys, device, region and saved session. */

import {
  type AwsFiles,
  allProfileNames,
  describeFaultyHeader,
  type Found,
  hasSection,
  lookUp,
  lookUpServices,
  type ProfileValues,
  refuseHidden,
} from './aws-files.ts';
import { attempt, isUserError, UserError } from './errors.ts';
import { holdsLongLivedKeys, readLongLivedKeys } from './keys.ts';
import { profileWord } from './line-to-type.ts';
import { adviseMisplaced, refuseMisplacedIdentity } from './misplaced-section.ts';
import { findMeantCommand } from './mistyped-command.ts';
import { didYouMean } from './nearest.ts';
import { adviseRename } from './odd-names.ts';
import { findOtherLogin, hasOtherLogin, keysOfLogins, type LoginName, loginsOfRoles } from './other-login.ts';
import { type Identity, readSession, type SavedSession } from './session-marks.ts';
import type { Keys, Profile, Source } from './settings.ts';
import { asHeader, asWord, typed } from './typed.ts';
import { quoteOutside } from './visible.ts';

/** What the name of a source has behind the profile's. */
export const sourceSuffixes = ['-default', '-long-term', '-permanent'] as const;
/** What the name of a section for a session has behind the profile's, where that one cannot hold it. */
export const sessionSuffix = '-mfa';

/** What stands before a suffix; nothing where the name does not end in it. */
export function stemOf(name: string, suffix: string): string | undefined {
  return name.endsWith(suffix) && name !== suffix ? name.slice(0, -suffix.length) : undefined;
}

// Nobody assumes so many roles, one by the other; and to follow thousands from each of thousands takes minutes.
const mostLinks = 20;

// What makes AWS's tools look past the keys in the section of the credentials file.
const hidingKeys = ['role_arn', 'credential_process', ...keysOfLogins];

/**
 * Reads what the files say of a profile.
 *
 * @param sourceName The source that the user names, in place of the files' own.
 * @throws {UserError} where there is no such profile, or its sections cannot be read.
 */
export function readProfile(files: AwsFiles, name: string, sourceName?: string): Profile {
  return readIn(files, name, [], sourceName);
}

/** @param roles The profiles with a role that led here. */
function readIn(files: AwsFiles, name: string, roles: string[], sourceName?: string): Profile {
  const values = lookUp(files, name);
  const isRole = Boolean(values.get('role_arn'));
  const passed = [values];
  let foundSource: Source | UserError | undefined;
  let foundBase: Profile | UserError | undefined;
  // Late, since a saved session can do without: a source that is missing or at fault must not be in its way.
  const base = () => {
    foundBase ??= attempt(() => findBase(files, values, [...roles, name], sourceName));
    return foundBase;
  };
  const source = () => {
    const from = isRole ? base() : undefined;
    foundSource ??= isUserError(from)
      ? from
      : (from?.source() ?? attempt(() => findSource(files, values, passed, sourceName, roles.at(-1))));
    return foundSource;
  };
  if (!values.exists && isUserError(source())) {
    const isAsked = roles.length === 0;
    throw sourceName !== undefined || standardSource(files, name) ? source() : noSuchProfile(files, name, isAsked);
  }
  const session = canHoldSession(values) ? values : lookUp(files, name + sessionSuffix);
  const taken = session === values ? undefined : isTaken(files, session, name);
  return {
    name,
    own: values,
    base: isRole ? base : undefined,
    source,
    hasForeignSource: () =>
      sourceName !== undefined && nameOf(source()) !== nameOf(attempt(() => readIn(files, name, roles).source())),
    settings: () => settingsOf(values, isRole ? base : undefined, source, passed),
    session,
    keepsSession: true,
    taken,
    saved: savedIn(session, taken, { name, source, roleArn: values.get('role_arn')?.value }),
    save: readSave(values),
    credentialsPath: files.credentials.path,
    credentials: files.credentials,
    faultyHeader: () => adviseHeader(files, [...settingsOf(values, isRole ? base : undefined, source, passed)]),
    checkHeaders: () => refuseMisplacedIdentity(files, settingsOf(values, isRole ? base : undefined, source, passed)),
    configPath: files.config.path,
    lookUpServices: (title) => lookUpServices(files, title),
  };
}

/** Reads the saved session late: whose it is, its source tells. */
function savedIn(session: ProfileValues, taken: UserError | undefined, identity: Identity): Profile['saved'] {
  let saved: SavedSession | undefined;
  return () => {
    saved ??= taken ? noSession : readSession(session, identity);
    return saved;
  };
}

const noSession: SavedSession = { session: undefined, notUsed: undefined };

function nameOf(source: Source | UserError): string | undefined {
  return isUserError(source) ? undefined : source.name;
}

// Outside of the profile: a generator made anew for each of ten thousand takes 0.3 s longer, most of it garbage collection.
function* settingsOf(
  values: ProfileValues,
  base: Profile['base'],
  source: Profile['source'],
  passed: ProfileValues[],
): Iterable<ProfileValues> {
  yield values;
  const from = base?.();
  if (from && !isUserError(from)) yield* from.settings();
  source();
  yield* passed.slice(1);
}

/**
 * The profile whose session assumes a role.
 *
 * @param roles The profiles with a role that led here, this one the last.
 */
function findBase(files: AwsFiles, values: ProfileValues, roles: string[], named?: string): Profile {
  const { name } = values;
  // AWS's tools look at no source then.
  const elsewhere = findOtherLogin(values, roles.at(-2), loginsOfRoles);
  if (elsewhere) throw elsewhere;
  const line = named === undefined ? values.get('source_profile') : undefined;
  const written = named ?? line?.value;
  const own = written === undefined || written === name ? ownSource(values) : undefined;
  const next = written === undefined || (written === name && !own) ? standardSource(files, name) : written;
  if (next === name || next === undefined) {
    // Both places for a session are the role's own.
    if (own) return readKeyProfile(files, values, own);
    const foreign = findOtherLogin(values);
    if (foreign) throw foreign;
    throw new UserError(`${name} has role_arn, and no source_profile whose session would assume the role`, {
      hint: () => adviseHeader(files, [values]) ?? `add source_profile = NAME to ${asHeader(name)}`,
    });
  }
  const ofNext = lookUp(files, next);
  const keys = readOwnKeys(ofNext, name);
  // Keys that stand in the source win over its own role or source, as with AWS's tools.
  if (keys) return withStemsSession(files, { ...readKeyProfile(files, ofNext, keys), ...slotOf(files, ofNext, keys) });
  if (roles.includes(next)) throw circle([...roles, next]);
  if (roles.length > mostLinks) throw tooLong(roles);
  if (!ofNext.exists && !standardSource(files, next)) throw noSuchSource(files, next, name, line);
  const base = readIn(files, next, roles);
  return base.base ? base : withStemsSession(files, base);
}

/** A profile of which nothing but its own keys and settings counts; its session has no place yet. */
function readKeyProfile(files: AwsFiles, values: ProfileValues, own: Source): Profile {
  return {
    name: values.name,
    own: values,
    base: undefined,
    source: () => own,
    hasForeignSource: () => false,
    settings: () => [values],
    session: values,
    keepsSession: false,
    taken: undefined,
    saved: () => noSession,
    save: readSave(values),
    credentialsPath: files.credentials.path,
    credentials: files.credentials,
    faultyHeader: () => adviseHeader(files, [values]),
    checkHeaders: () => refuseMisplacedIdentity(files, [values]),
    configPath: files.config.path,
    lookUpServices: (title) => lookUpServices(files, title),
  };
}

/** `[NAME-mfa]` for the session of a profile with keys, unless the session of its own role stands there. */
function slotOf(files: AwsFiles, values: ProfileValues, keys: Source) {
  if (values.get('role_arn')) return {};
  const { name, session, keepsSession, taken } = readIn(files, values.name, []);
  const saved = savedIn(session, taken, { name, source: () => keys, roleArn: undefined });
  return { session, keepsSession, taken, saved };
}

/** Whether the section for a profile's session is a profile of its own, which has an identity of its own. */
export function isTaken(files: AwsFiles, session: ProfileValues, name: string): UserError | undefined {
  const source = session.get('source_profile');
  const found =
    hidingKeys.map((key) => session.get(key)).find(Boolean) ??
    (source && source.value !== name ? source : undefined) ??
    (holdsLongLivedKeys(session.ofFiles.config) ? session.ofFiles.config.get('aws_access_key_id') : undefined);
  const standard = standardSource(files, session.name);
  if (!found && standard === undefined) return undefined;
  const where = found ? `${found.place}: [${session.name}]` : `[${session.name}], with [${standard}],`;
  return new UserError(
    `${where} is a profile of its own, so the session of ${quoteOutside(name)} cannot be saved there`,
    {
      hint: `rename the profile ${asWord(session.name)}`,
    },
  );
}

/** The session of `[prod-default]` is kept as that of `prod`, where that one is of the same keys. */
function withStemsSession(files: AwsFiles, base: Profile): Profile {
  const suffix = sourceSuffixes.find((candidate) => base.name.endsWith(candidate));
  const source = base.source();
  if (!suffix || isUserError(source) || source.name !== base.name) return base;
  const stemName = base.name.slice(0, -suffix.length);
  if (stemName === '') return base;
  const stem = readIn(files, stemName, []);
  if (stem.base || stem.taken) return base;
  const ofStem = stem.source();
  if (isUserError(ofStem) || ofStem.name !== base.name || stem.session.name !== stem.name) return base;
  return {
    ...base,
    session: stem.session,
    keepsSession: true,
    taken: undefined,
    saved: () => (stem.saved().session ? stem.saved() : base.saved()),
    save: base.save ?? stem.save,
  };
}

/** @param by The profile that has this one as its source, if there is one. */
function findSource(
  files: AwsFiles,
  values: ProfileValues,
  passed: ProfileValues[],
  named: string | undefined,
  by: string | undefined,
): Source {
  const line = named === undefined ? values.get('source_profile') : undefined;
  const next = named ?? line?.value;
  if (next === values.name) {
    const own = ownSource(values, by);
    if (own) return own;
  } else if (next !== undefined) {
    return followTo(files, next, passed, line);
  }
  const standard = standardSource(files, values.name);
  if (standard !== undefined) return followTo(files, standard, passed, undefined, true);
  const own = ownSource(values, by);
  if (own) return own;
  const foreign = findOtherLogin(values, by);
  if (foreign) throw foreign;
  throw new UserError(`${quoteOutside(values.name)} has no source: no profile with long-lived keys`, {
    hint: () =>
      adviseHeader(files, passed) ??
      `add ${asHeader(`${values.name}-default`)} with aws_access_key_id and aws_secret_access_key to ${asWord(files.credentials.path)}`,
  });
}

/** The header under which what some profiles lack may be: one in the form of the other file, else one with a fault. */
function adviseHeader(files: AwsFiles, parts: ProfileValues[]): string | undefined {
  return adviseMisplaced(files, withSources(parts.map(({ name }) => name))) ?? describeFaultyHeader(files);
}

function withSources(names: string[]): string[] {
  return names.flatMap((name) => [name, ...sourceSuffixes.map((suffix) => name + suffix)]);
}

/**
 * @param line The `source_profile` that names it, where one does.
 * @param isStandard Whether the name was found by its suffix, and not written down.
 */
function followTo(
  files: AwsFiles,
  name: string,
  passed: ProfileValues[],
  line: Found | undefined,
  isStandard = false,
): Source {
  const path = passed.map((values) => values.name);
  if (path.includes(name)) throw circle([...path, name]);
  if (path.length > mostLinks) throw tooLong(path);
  const values = lookUp(files, name);
  passed.push(values);
  const by = path.at(-1);
  const own = ownSource(values, by);
  if (own) return own;
  const role = values.get('role_arn');
  const elsewhere = role && findOtherLogin(values, by, loginsOfRoles);
  if (elsewhere) throw elsewhere;
  if (role) {
    throw new UserError(`${role.place}: ${name} is a role, and cannot be the source of a profile without one`, {
      hint: `name the profile of its long-lived keys as source_profile of ${asWord(path.at(-1) ?? '')}`,
    });
  }
  if (isStandard && !values.get('source_profile')) throw findOtherLogin(values, by) ?? noLongLivedKeys(files, name);
  const source = attempt(() => findSource(files, values, passed, undefined, by));
  if (isUserError(source)) {
    if (values.exists || standardSource(files, name)) throw source;
    throw noSuchSource(files, name, path.at(-1) ?? '', line);
  }
  return source;
}

/** The keys that the profile itself has, or its command for them. */
function ownSource(values: ProfileValues, by?: string): Source | undefined {
  const keys = readOwnKeys(values, by);
  if (keys) return keys;
  const command = values.get('credential_process');
  if (command) refuseLoginFirst(values, by, ['web_identity', 'sso', 'login']);
  return command && { name: values.name, command };
}

function readOwnKeys(values: ProfileValues, by: string | undefined): Keys | undefined {
  const keys = readLongLivedKeys(values);
  if (!keys) return undefined;
  const isInCredentials = holdsLongLivedKeys(values.ofFiles.credentials);
  refuseLoginFirst(values, by, ['web_identity', 'sso', ...(isInCredentials ? [] : (['login'] as const))]);
  const command = isInCredentials ? undefined : values.get('credential_process');
  if (!command) return keys;
  const both = `${quoteOutside(values.name)} has a credential_process and keys in the config file`;
  throw new UserError(`${command.place}: ${both}, and AWS tools disagree about which counts`, {
    hint: 'delete one of them',
    isAmbiguous: true,
  });
}

/** @throws {UserError} if the profile also logs in by what botocore asks before its keys or command: another identity, perhaps. */
function refuseLoginFirst(values: ProfileValues, by: string | undefined, logins: LoginName[]): void {
  const login = findOtherLogin(values, by, logins);
  if (login) throw login;
}

/** Whether a section is more than a place for keys or a session: a role, or a login of another kind. */
export function hasOwnIdentity(values: ProfileValues): boolean {
  return Boolean(values.get('role_arn')) || (!ownSource(values) && hasOtherLogin(values));
}

function tooLong([first = '']: string[]): UserError {
  return new UserError(`more than ${mostLinks} profiles lead from ${quoteOutside(first)} to its keys`, {
    hint: 'let source_profile name the profile that holds the long-lived keys',
  });
}

function circle(names: string[]): UserError {
  return new UserError(`the source profiles go round in a circle: ${names.map(quoteOutside).join(' → ')}`, {
    hint: 'let source_profile name the profile that holds the long-lived keys',
  });
}

/** The source that a profile has by its name: `prod-default`, `prod-long-term`, `prod-permanent`, the first that exists. */
export function standardSource(files: AwsFiles, name: string): string | undefined {
  const suffix = sourceSuffixes.find((candidate) => hasSection(files, name + candidate));
  // One that comes first may be hidden.
  for (const candidate of sourceSuffixes.slice(0, suffix ? sourceSuffixes.indexOf(suffix) : undefined))
    refuseHidden(files, name + candidate);
  return suffix && name + suffix;
}

/** Whether a session in the profile's own section would be read, and overwrites nothing; else it stands in `[PROFILE-mfa]`. */
function canHoldSession({ ofFiles }: ProfileValues): boolean {
  return Object.values(ofFiles).every(
    (values) => !hidingKeys.some((key) => values.get(key)) && !holdsLongLivedKeys(values),
  );
}

function readSave(values: ProfileValues): boolean | undefined {
  const found = values.get('mfa_env_save');
  if (!found) return undefined;
  if (found.value !== 'true' && found.value !== 'false') {
    throw new UserError(`${found.place}: mfa_env_save is true or false, not ${quoteOutside(found.value)}`);
  }
  return found.value === 'true';
}

function noLongLivedKeys(files: AwsFiles, name: string): UserError {
  return new UserError(`${name} holds no long-lived keys`, {
    hint: () =>
      adviseMisplaced(files, [name]) ??
      `put aws_access_key_id and aws_secret_access_key into ${asHeader(name)} in ${asWord(files.credentials.path)}`,
  });
}

// The id of an access key, a secret, or a code that belongs behind a blank: pasted in the wrong place, and not to be shown.
// A secret mostly has capitals, small letters and digits; a long name seldom has all of them.
const partOfKey = /^A(?:KIA|SIA)[A-Z0-9]{12,}$|^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[A-Za-z0-9/+]{40}$/;
const withCode = /^(.+?)([=:,;]*)\d{6}$/;

function notToBeShown(files: AwsFiles, name: string): UserError | undefined {
  if (name.split(/[^A-Za-z0-9/+]/).some((part) => partOfKey.test(part))) {
    return new UserError('that is no profile, but what a part of an access key looks like; it is not shown here', {
      hint: 'name a profile: mfa-env list shows them; mfa-env setup asks for an access key',
    });
  }
  const [, profile, between] = withCode.exec(name) ?? [];
  return profile === undefined || !(between || hasSection(files, profile))
    ? undefined
    : new UserError('that is no profile, but a profile and a code', {
        hint: `type the code after a space: ${typed`mfa-env ${profileWord(profile)} CODE`}`,
      });
}

/** @param isAsked Whether it is what somebody asks for, and no source of another one. */
function noSuchProfile(files: AwsFiles, name: string, isAsked = false): UserError {
  const hidden = notToBeShown(files, name);
  if (hidden) return hidden;
  const shown = quoteOutside(name);
  const [credentials, config] = [files.credentials, files.config].map((file) => quoteOutside(file.path));
  return new UserError(`there is no profile ${shown} in ${credentials} or ${config}`, {
    hint: () =>
      whereItMayBe(files, name, isAsked) ??
      `make it, with an access key from the console: ${typed`mfa-env setup ${profileWord(name)}`}`,
  });
}

/** @param line The `source_profile` of the profile `by` that names it; nothing where the user does. */
function noSuchSource(files: AwsFiles, name: string, by: string, line: Found | undefined): UserError {
  const error = noSuchProfile(files, name);
  if (!line) return error;
  return new UserError(`${line.place}: source_profile of ${quoteOutside(by)}: ${error.message}`, {
    hint: () => whereItMayBe(files, name, false) ?? 'let it name the profile that holds the long-lived keys',
  });
}

function whereItMayBe(files: AwsFiles, name: string, isAsked: boolean): string | undefined {
  const misnamed = adviseRename(files, name) ?? adviseMisplaced(files, withSources([name]));
  if (misnamed) return misnamed;
  const near = didYouMean(
    name,
    [...allProfileNames(files)].filter((candidate) => !candidate.endsWith(sessionSuffix)),
  );
  const command = isAsked ? findMeantCommand(name) : undefined;
  if (command) return near ? `${near}, or the command ${command}` : `did you mean the command ${command}`;
  return near ?? describeFaultyHeader(files);
}
