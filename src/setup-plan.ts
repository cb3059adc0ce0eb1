/** What the AWS files already hold of a profile that is to be set up, and what is to be written so that it works. */

import { type AwsFiles, type Found, lookUp, lookUpIn, lookUpServices, type ProfileValues } from './aws-files.ts';
import { attempt, isUserError, UserError, usage } from './errors.ts';
import { holdsLongLivedKeys, readLongLivedKeys, shortId } from './keys.ts';
import { profileWord } from './line-to-type.ts';
import { findOtherLogin } from './other-login.ts';
import { isPlaceholder } from './placeholder.ts';
import { readProfile, sourceSuffixes, standardSource } from './profile.ts';
import { applyEdits, type Edit } from './save.ts';
import { readSavedSession } from './session.ts';
import { findDevice, findRegion, type Keys, requireSource, type Settings } from './settings.ts';
import { checkMove, findBeside } from './setup-beside.ts';
import type { SetupRequest } from './setup-request.ts';
import { asHeader, asWord, optionWith, typed } from './typed.ts';
import { quoteOutside } from './visible.ts';

/** Where the long-lived keys come from. */
export type KeyPlan =
  | { from: 'user'; replaced?: Keys }
  /** They stand where they belong. */
  | { from: 'source'; keys: Keys }
  /** They stand in the profile itself. */
  | { from: 'profile'; keys: Keys }
  | { from: 'command'; command: Found };

export interface Plan {
  files: AwsFiles;
  name: string;
  /** The section of the long-lived keys. */
  source: string;
  keys: KeyPlan;
  /** Long-lived keys that the profile holds besides. */
  beside: Keys | undefined;
  settings: Settings;
  /** What the files say already. */
  device: Found | undefined;
  region: string | undefined;
  save: boolean | undefined;
  codeProcess: boolean;
}

/** What is to stand in the files afterwards. */
export interface Answers {
  keys: Keys;
  /** Whether the keys are to be written: those that the files hold stay where they are, or move. */
  isNew: boolean;
  /** Whether keys in the profile go: to the source, or because they stand there already. */
  move: boolean;
  device: string;
  region: string | undefined;
  save: boolean;
}

const pairKeys = ['aws_access_key_id', 'aws_secret_access_key'] as const;

/** What a session would leave beside a long-lived key, and would be read with it. */
const leftBySessions = ['aws_session_token', 'aws_security_token', 'x_security_token_expires', 'expiration'] as const;

const keysOfSession = [...pairKeys, ...leftBySessions];

/** @throws {UserError} status 2, for a name by which a source is found. */
export function refuseSourceName(name: string): void {
  const suffix = sourceSuffixes.find((candidate) => name.endsWith(candidate) && name !== candidate);
  if (suffix === undefined) return;
  throw usage(
    `${quoteOutside(name)} is the name of a source, not of a profile`,
    `${typed`mfa-env setup ${profileWord(name.slice(0, -suffix.length))}`} makes both`,
  );
}

/**
 * Looks at what is there.
 *
 * @throws {UserError} where the profile gets its keys in another way, or its keys stand where setup does not write; status 2,
 *   for names that nothing is to be set up by.
 */
export function planSetup(files: AwsFiles, name: string, request: SetupRequest): Plan {
  refuseSourceName(name);
  const own = lookUp(files, name);
  refuseOtherLogin(own);
  const written = own.get('source_profile')?.value;
  const source =
    request.source ?? (written === name ? undefined : written) ?? standardSource(files, name) ?? `${name}-default`;
  if (source === name) {
    throw usage(
      `--source names ${quoteOutside(name)} itself`,
      'leave it out: the keys get a section of their own, so that sessions have theirs',
    );
  }
  const ofSource = lookUp(files, source);
  refuseOtherLogin(ofSource);
  const keys = planKeys(files, own, ofSource, request);
  const beside = findBeside(own, keys);
  if (beside && request.move) {
    if (holdsLongLivedKeys(own.ofFiles.config)) throw inConfig(files, own, ofSource);
    checkMove(beside, keys, source);
  }
  const save = own.exists ? readProfile(files, name).save : undefined;
  if (save === false && request.code !== undefined && request.save === undefined) {
    throw new UserError(`${own.get('mfa_env_save')?.place}: sessions are not saved, so setup gets none by --code`, {
      hint: 'add --save, or leave --code out',
    });
  }
  const settings: Settings = {
    *settings() {
      yield own;
      yield ofSource;
    },
    lookUpServices: (title) => lookUpServices(files, title),
    configPath: files.config.path,
  };
  return {
    files,
    name,
    source,
    keys,
    beside,
    settings,
    device: deviceOf(own) ?? deviceOf(ofSource),
    region: findRegion(settings),
    save,
    codeProcess: Boolean(own.get('mfa_process') ?? ofSource.get('mfa_process')),
  };
}

function planKeys(files: AwsFiles, own: ProfileValues, ofSource: ProfileValues, request: SetupRequest): KeyPlan {
  const { accessKeyId, secretStdin } = request;
  const isGiven = (keys: Keys) => accessKeyId === keys.accessKeyId && !secretStdin;
  const ofUser = accessKeyId !== undefined || secretStdin;
  const there = readLongLivedKeys(ofSource) ?? keysBehind(files, own, ofSource);
  if (there) {
    if (!ofUser || isGiven(there)) return { from: 'source', keys: there };
    if (there.name === ofSource.name) return { from: 'user', replaced: there };
    throw new UserError(`the keys of ${quoteOutside(own.name)} stand in [${there.name}] already`, {
      hint: `name a section for the others: ${typed`${optionWith('--source', `${own.name}-default`)}`}`,
    });
  }
  const command = ofSource.get('credential_process') ?? own.get('credential_process');
  if (command) {
    if (!ofUser) return { from: 'command', command };
    throw new UserError(`${command.place}: ${quoteOutside(own.name)} has its keys from a command already`, {
      hint: 'take that line out, or leave --access-key-id and --secret-stdin out',
    });
  }
  const keys = readLongLivedKeys(own);
  if (!keys) return { from: 'user' };
  if (holdsLongLivedKeys(own.ofFiles.config)) throw inConfig(files, own, ofSource);
  if (!ofUser || accessKeyId === keys.accessKeyId) return { from: 'profile', keys };
  throw new UserError(`[${own.name}] holds another key, ${shortId(keys)}`, {
    hint: `leave --access-key-id out to move that one to ${asHeader(ofSource.name)}, or name another profile`,
  });
}

/** The keys of a source that names a further one. */
function keysBehind(files: AwsFiles, own: ProfileValues, ofSource: ProfileValues): Keys | undefined {
  const next = ofSource.get('source_profile')?.value;
  if (next === undefined || next === ofSource.name) return undefined;
  const found = requireSource(readProfile(files, own.name, ofSource.name));
  return 'command' in found ? undefined : found;
}

/** @throws {UserError} where AWS's tools would look past keys and sessions in the section. */
function refuseOtherLogin(values: ProfileValues): void {
  const login = findOtherLogin(values);
  if (login) throw login;
  const role = values.get('role_arn');
  if (role) {
    throw new UserError(`${role.place}: ${quoteOutside(values.name)} is a role, which has no keys of its own`, {
      hint: 'set up the profile whose session assumes it, and name that one as its source_profile',
    });
  }
}

function inConfig({ config, credentials }: AwsFiles, own: ProfileValues, ofSource: ProfileValues): UserError {
  return new UserError(
    `[profile ${own.name}] in ${quoteOutside(config.path)} holds long-lived keys, and that file is never written`,
    { hint: `move the lines of the keys to ${asHeader(ofSource.name)} in ${asWord(credentials.path)} by hand` },
  );
}

function deviceOf(values: ProfileValues): Found | undefined {
  const found = values.get('aws_arn_mfa') ?? values.get('mfa_serial') ?? values.get('aws_mfa_device');
  return found && !isPlaceholder(found.value) ? found : undefined;
}

/**
 * The changes of the credentials file; only what the files do not say already.
 *
 * @throws {UserError} where the sessions of the profile could not be saved afterwards.
 * @throws {Error} a bug, where the profile would not read as intended afterwards.
 */
export function editsOf(plan: Plan, answers: Answers): Edit[] {
  const { name, source, files } = plan;
  const edits: Edit[] = [];
  if (answers.move && plan.keys.from === 'profile') {
    // What stands there in place of keys, empty or as a placeholder, would stand beside them.
    edits.push({ section: source, set: [], remove: [...pairKeys, ...leftBySessions] });
    edits.push({ from: name, to: source, keys: pairKeys });
  } else if (answers.isNew) {
    const { accessKeyId, secretAccessKey } = answers.keys;
    const set: [string, string][] = [
      ['aws_access_key_id', accessKeyId],
      ['aws_secret_access_key', secretAccessKey],
    ];
    edits.push({ section: source, set, remove: leftBySessions, isApart: true });
  }
  const set: [string, string][] = [];
  if (needsSourceLine(plan, answers)) set.push(['source_profile', source]);
  if (answers.device !== plan.device?.value) set.push(['aws_arn_mfa', answers.device]);
  if (answers.region && answers.region !== plan.region) set.push(['region', answers.region]);
  if (answers.save && plan.save !== true) set.push(['mfa_env_save', 'true']);
  const goes = (plan.beside && answers.move) || hasForeignSession(plan, answers);
  const remove = goes ? keysOfSession : [];
  if (set.length > 0 || remove.length > 0) edits.push({ section: name, set, remove, isApart: set.length > 0 });
  checkOutcome({ ...files, credentials: applyEdits(files.credentials, edits) }, plan, answers);
  return edits;
}

/** Whether the profile holds a session of other keys than those that it will have: the next call would use it, without a word. */
function hasForeignSession({ files, name, keys: { from } }: Plan, { keys, move }: Answers): boolean {
  if (from === 'command' || move || !readSavedSession(lookUpIn(files.credentials, name))) return false;
  const before = attempt(() => requireSource(readProfile(files, name)));
  return isUserError(before) || 'command' in before || before.accessKeyId !== keys.accessKeyId;
}

/** Whether the source would not be found by its name. */
function needsSourceLine({ files, name, source, keys }: Plan, { move }: Answers): boolean {
  // Keys that stay in the profile itself are found where nothing else is named.
  if (keys.from === 'profile' && !move) return false;
  if (keys.from === 'command' && !lookUp(files, source).exists) return false;
  const written = lookUp(files, name).get('source_profile')?.value;
  if (written !== undefined && written !== name) return written !== source;
  const byName = sourceSuffixes.map((suffix) => name + suffix);
  return source !== byName.find((candidate) => candidate === source || lookUp(files, candidate).exists);
}

/** Reads the profile as any call of mfa-env would. */
function checkOutcome(files: AwsFiles, { name, keys: plan }: Plan, { device, keys }: Answers): void {
  const profile = readProfile(files, name);
  const source = requireSource(profile);
  const isAsIntended =
    'command' in source
      ? plan.from === 'command'
      : source.accessKeyId === keys.accessKeyId && source.secretAccessKey === keys.secretAccessKey;
  if (!isAsIntended || findDevice(profile)?.value !== device) throw new Error(`${name} would not read as intended`);
  if (isUserError(profile.taken)) throw profile.taken;
}
