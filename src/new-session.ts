/** A code and the source's keys → a new session from STS. All that can refuse is checked before a code is asked for. */

import type { Found } from './aws-files.ts';
import { keepCompiled } from './compile-cache.ts';
import { requireDevice } from './device.ts';
import { longestChainedSeconds, sessionDuration } from './duration.ts';
import { type Endpoint, findEndpoint } from './endpoint.ts';
import { exitStatuses, UserError } from './errors.ts';
import { profileWords } from './line-to-type.ts';
import { askForCode, describePrompt, readCodeFromStdin } from './mfa-code.ts';
import type { FindNewer } from './newer.ts';
import { checkNodeDebug } from './node-debug.ts';
import { refuseOwnCommand } from './recursion.ts';
import { type Role, readRole } from './role.ts';
import { describeRoute, findRoute, type Route } from './route.ts';
import type { Saver } from './saver.ts';
import { type Session, timeLeft } from './session.ts';
import type { SessionChoice } from './session-request.ts';
import {
  findDevice,
  findDuration,
  findSetting,
  type Keys,
  type Profile,
  requireBase,
  requireSource,
  type Source,
} from './settings.ts';
import type { SessionCall } from './sts.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

export interface NewSession {
  session: Session;
  /** How long it was asked to live, and how long it does by AWS's time; nothing where another process saved it meanwhile. */
  seconds?: { asked: number; granted: number };
  /** Why it could not be saved. */
  failure?: unknown;
}

/** What `commands/session.ts` hands over for each of the profiles that get a session. */
export interface Tools {
  /** Nothing where the profile's sessions are not to be saved. */
  makeSaver: (profile: Profile, request: SessionChoice) => Promise<Saver | undefined>;
  /** Makes the question whether another process has saved a session meanwhile. */
  watch: (profile: Profile, request: SessionChoice, durationSeconds: number) => FindNewer;
}

/** What is the same for all calls of one run. */
interface Setting extends Tools {
  /** The profile that was asked for. */
  asked: Profile;
  region: string;
  endpoint: Endpoint;
  route: Route;
  say: (line: string) => void;
  /** Says once which host is called, and how it is reached, where that is not as usual. */
  announce: () => void;
  world: World;
}

/** Gets a code into what takes one: once, or again while it is refused. */
type WithCode = (use: (getCode: () => Promise<string>) => Promise<NewSession>) => Promise<NewSession>;

// A role is assumed at once: its base's session needs no more to live than it would for other work.
const baseTtlSeconds = 300;

/**
 * Gets a session from STS, and saves it; for a role the one that assumes it too, where none is saved.
 *
 * @param region The region to call.
 * @throws {UserError} whatever refuses; status 3 where a code is needed and nobody can be asked.
 */
export async function getNewSession(
  profile: Profile,
  request: SessionChoice,
  region: string,
  tools: Tools,
  world: World,
): Promise<NewSession> {
  const endpoint = findEndpoint(profile, region, request.endpointUrl, world.env);
  checkNodeDebug(world.env.NODE_DEBUG);
  const say = (line: string) => request.quiet || world.say(line);
  const route = await findRoute(endpoint.url, profile, world.env);
  let toKnow = describeRoute(endpoint, route);
  const announce = () => {
    if (toKnow) say(toKnow);
    toKnow = undefined;
  };
  return getOf(profile, request, { ...tools, asked: profile, region, endpoint, route, say, announce, world });
}

async function getOf(profile: Profile, request: SessionChoice, setting: Setting): Promise<NewSession> {
  const base = requireBase(profile);
  if (!base) return getByCode(profile, request, undefined, setting);
  const role = readRole(profile, request.durationSeconds, request.serial ?? findDevice(setting.asked)?.value);
  if (role.durationSeconds > longestChainedSeconds) {
    if (!base.base) return getByCode(profile, request, role, setting);
    throw new UserError(`${quoteOutside(profile.name)} is a role behind a role, which aws gives 1h at most`, {
      hint: 'ask for less: --duration 1h, or duration_seconds in the profile',
    });
  }
  // The device is written down with the session of the keys, where that one has a place.
  const ofRole = base.keepsSession ? { ...request, serial: undefined } : request;
  const saver = await setting.makeSaver(profile, ofRole);
  saver?.check();
  const work = () => assumeRole(role, base, request, saver, setting);
  // What the others save would not live long enough.
  const isForItself = request.minTtlSeconds >= role.durationSeconds;
  // Roles take their turns before what is behind them, so that none waits for the other. None is held while a person types.
  if (!saver || isForItself || isTyped(base, request, setting)) return work();
  const newer = setting.watch(profile, request, role.durationSeconds);
  return saver.inTurn(() => {
    const session = newer();
    return session && { session };
  }, work);
}

async function assumeRole(
  role: Role,
  base: Profile,
  request: SessionChoice,
  saver: Saver | undefined,
  setting: Setting,
): Promise<NewSession> {
  const ofBase = await getBase(base, request, setting);
  setting.announce();
  const source = { ...ofBase.session, name: base.name };
  const { durationSeconds } = role;
  saver?.lookAgain();
  const got = await call({ source, mfa: undefined, role, durationSeconds }, setting);
  return { ...got, failure: (await saver?.save(got.session, keyIdOf(requireSource(base)))) ?? ofBase.failure };
}

/** The session that assumes a role: the saved one, else a new one. */
async function getBase(base: Profile, request: SessionChoice, setting: Setting): Promise<NewSession> {
  const session = findUsable(base, request, setting);
  if (session) return { session };
  // The length that was asked for is the role's.
  return getOf(base, { ...request, durationSeconds: undefined, minTtlSeconds: leastOfBase(request) }, setting);
}

const leastOfBase = ({ minTtlSeconds }: SessionChoice) => Math.min(minTtlSeconds, baseTtlSeconds);

/** The saved session of the profile behind a role, where it will do. */
function findUsable(base: Profile, request: SessionChoice, { world }: Setting): Session | undefined {
  const { session } = base.saved();
  if (request.code !== undefined || request.forceSource || !session) return undefined;
  const left = timeLeft(session, world.now());
  return left > 0 && left >= leastOfBase(request) * 1000 ? session : undefined;
}

/** Whether a person has to type a code, so that a role can be assumed with the session of a profile. */
function isTyped(base: Profile, request: SessionChoice, setting: Setting): boolean {
  if (request.code === '-') return true;
  if (request.code !== undefined || findSetting(setting.asked, 'mfa_process') || findUsable(base, request, setting))
    return false;
  const next = requireBase(base);
  return next === undefined || isTyped(next, { ...request, minTtlSeconds: leastOfBase(request) }, setting);
}

/** A session by the long-lived keys and a code: the user's own, or that of a role which lives longer than a session's could. */
async function getByCode(
  profile: Profile,
  request: SessionChoice,
  role: Role | undefined,
  setting: Setting,
): Promise<NewSession> {
  const { world, asked } = setting;
  const source = requireSource(profile);
  if ('command' in source) refuseOwnCommand(source, asked.name);
  const durationSeconds =
    role?.durationSeconds ?? request.durationSeconds ?? findDuration(profile) ?? sessionDuration.standard;
  const serial = requireDevice(asked, request.serial);
  const saver = profile.keepsSession ? await setting.makeSaver(profile, request) : undefined;
  saver?.check();
  const newer = setting.watch(profile, request, durationSeconds);
  const findNewer = () => {
    const session = newer();
    return session && { session };
  };
  const command = request.code === undefined ? findSetting(asked, 'mfa_process') : undefined;
  const withCode = await prepareCode(serial, command, request, findNewer, setting);
  // Before the user types a code, all that can refuse is known; else a command runs only where its keys are needed.
  const isAsked = request.code === undefined && !command;
  let keys = 'command' in source ? undefined : source;
  if (isAsked) keys ??= await readKeys(source, world);
  setting.announce();

  return withCode((getCode) => {
    const work = async (): Promise<NewSession> => {
      keys ??= await readKeys(source, world);
      const mfa = { serial, code: await getCode() };
      saver?.lookAgain();
      const got = await call({ source: keys, mfa, role, durationSeconds }, setting);
      return { ...got, failure: await saver?.save(got.session, keys.accessKeyId) };
    };
    return saver ? saver.inTurn(findNewer, work) : work();
  });
}

/** Undefined if a command gives the keys: it may not have run. */
function keyIdOf(source: Source): string | undefined {
  return 'command' in source ? undefined : source.accessKeyId;
}

async function readKeys(source: Source, world: World): Promise<Keys> {
  if (!('command' in source)) return source;
  const { readKeysFromCommand } = await import('./key-command.ts');
  return readKeysFromCommand(source.name, source.command, world);
}

async function call(
  what: Pick<SessionCall, 'source' | 'mfa' | 'role' | 'durationSeconds'>,
  { asked, region, endpoint, route, say, world }: Setting,
): Promise<NewSession> {
  const { getSession } = await loadSts(world);
  const whole = { ...what, profileName: asked.name, region, endpoint: endpoint.url, route, say };
  const { session, seconds } = await getSession(whole);
  return { session, seconds: { asked: what.durationSeconds, granted: seconds } };
}

// The SDK is a bundle of its own, which a saved session never loads; it alone is worth keeping compiled.
function loadSts({ env }: World): Promise<typeof import('./sts.ts')> {
  keepCompiled(env);
  return import('./sts.ts');
}

/** Finds out where the code comes from. @throws {UserError} status 3, where nobody can be asked. */
async function prepareCode(
  serial: string,
  command: Found | undefined,
  request: SessionChoice,
  findNewer: () => NewSession | undefined,
  { asked: { name }, world }: Setting,
): Promise<WithCode> {
  const { code } = request;
  if (code !== undefined) {
    const given = code === '-' ? await readCodeFromStdin() : code;
    return (use) => use(async () => given);
  }
  if (command) {
    const { readCodeFromCommand } = await import('./code-command.ts');
    return (use) => use(() => readCodeFromCommand(command, world));
  }
  const { openTerminal } = await import('./terminal.ts');
  const terminal = request.prompt ? await openTerminal(world, request.usedBy === 'shell') : undefined;
  if (!terminal) {
    const why = request.prompt
      ? 'there is no terminal in whose foreground to ask for it'
      : '--no-prompt forbids to ask';
    throw new UserError(`a code is needed for ${quoteOutside(name)}, and ${why}`, {
      hint: howToGive(request, name),
      exitStatus: exitStatuses.codeNeeded,
    });
  }
  return async (use) => {
    try {
      const question = describePrompt(name, serial);
      const session = askForCode(terminal, question, findNewer, (typed) => use(async () => typed));
      // Loaded while the user types.
      void loadSts(world);
      return await session;
    } finally {
      terminal.close();
    }
  };
}

/** Nobody can give a code to a program that calls for credentials by itself. */
function howToGive({ usedBy }: SessionChoice, name: string): string {
  if (usedBy === 'command') return `give it: mfa-env exec ${quoteOutside(name)} CODE -- …`;
  const words = profileWords(name);
  return usedBy === 'program'
    ? `save a session in a terminal: mfa-env ${words} --save`
    : `give it: mfa-env ${words} CODE`;
}
