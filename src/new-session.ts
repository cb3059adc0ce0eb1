/**
 * A new session: from STS by the source's keys and a code, or the one that the source's command prints.
 *
 * All that can refuse is checked before a code is asked for. A `credential_process` decides when it runs whether it prints
 * long-term keys or a session, so it runs before a prompt, and once in a run.
 */

import { execArgv } from 'node:process';
import { keepCompiled } from './compile-cache.ts';
import { requireDevice } from './device.ts';
import { longestChainedSeconds, sessionDuration } from './duration.ts';
import { type Endpoint, findEndpoint } from './endpoint.ts';
import { isUserError, UserError } from './errors.ts';
import type { FindNewer } from './newer.ts';
import { checkNodeDebug } from './node-debug.ts';
import { refuseReadableCalls } from './node-switches.ts';
import { checkPartitions } from './partition-check.ts';
import { prepareCode } from './prepare-code.ts';
import { isPrintedSession, makeSourceReader, type PrintedSession, requireExpiry } from './printed-session.ts';
import { type Role, readRole } from './role.ts';
import { describeRoute, findRoute, type Route } from './route.ts';
import type { Saver } from './saver.ts';
import { type Session, timeLeft } from './session.ts';
import { sayNotUsed } from './session-marks.ts';
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
  /** The place of the command that printed it: STS was not asked, and nothing is saved. */
  printedAt?: string;
}

/** What `commands/session.ts` hands over for each of the profiles that get a session. */
export interface Tools {
  /** Nothing where the profile's sessions are not to be saved. */
  makeSaver: (profile: Profile, request: SessionChoice) => Promise<Saver | undefined>;
  /** Makes the question whether another process has saved a session meanwhile. */
  watch: (profile: Profile, request: SessionChoice, durationSeconds: number) => FindNewer;
}

/** A session on the way to the asked one. A printed one may not say when it expires, which is enough to assume a role. */
type Step = Omit<NewSession, 'session'> & { session: Omit<Session, 'expiresAt'> & { expiresAt: Date | undefined } };

/** Which STS is called, and how. */
interface Target {
  endpoint: Endpoint;
  route: Route;
}

/** What is the same for all calls of one run. */
interface Setting extends Tools {
  /** The profile that was asked for. */
  asked: Profile;
  region: string;
  /** Finds out which STS is called. @throws {UserError} if it must not be. */
  findTarget: () => Promise<Target>;
  /** Says once which host is called, and how it is reached, where that is not as usual. */
  announce: () => Promise<void>;
  /** The keys of a source, or the session that its command prints; the command runs once. */
  readSource: (source: Source) => Promise<Keys | PrintedSession>;
  say: (line: string) => void;
  world: World;
}

// A role is assumed at once: its base's session needs no more to live than it would for other work.
const baseTtlSeconds = 300;

/**
 * Gets a session from STS, and saves it; for a role the one that assumes it too, where none is saved. If the profile's command
 * prints a session, the profile's session is that one.
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
  const say = (line: string) => request.quiet || world.say(line);
  const findTarget = once(async () => {
    profile.checkHeaders();
    checkPartitions(profile, request.serial, request.region);
    const endpoint = findEndpoint(profile, region, request.endpointUrl, world.env);
    checkNodeDebug(world.env.NODE_DEBUG);
    await refuseReadableCalls(world.env, execArgv);
    return { endpoint, route: await findRoute(endpoint.url, profile, world.env) };
  });
  const announce = once(async () => {
    const { endpoint, route } = await findTarget();
    const toKnow = describeRoute(endpoint, route);
    // Where a code goes is never silenced.
    if (toKnow) world.say(toKnow);
  });
  const readSource = makeSourceReader(profile, request, say, world);
  const setting = { ...tools, asked: profile, region, findTarget, announce, readSource, say, world };
  const { session, ...got } = await getOf(profile, request, setting);
  return { ...got, session: { ...session, expiresAt: requireExpiry(session.expiresAt, got.printedAt ?? '') } };
}

function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

async function getOf(profile: Profile, request: SessionChoice, setting: Setting): Promise<Step> {
  const base = requireBase(profile);
  if (!base) return getFromSource(profile, request, undefined, setting);
  await setting.findTarget();
  const role = readRole(profile, request.durationSeconds, request.serial ?? findDevice(setting.asked)?.value);
  if (role.durationSeconds > longestChainedSeconds) {
    if (!base.base) return getFromSource(profile, request, role, setting);
    throw tooLong(`${quoteOutside(profile.name)} is a role behind a role`);
  }
  // The device is written down with the session of the keys, where that one has a place.
  const ofRole = base.keepsSession ? { ...request, serial: undefined } : request;
  const saver = await setting.makeSaver(profile, ofRole);
  saver?.check();
  const work = () => assumeRole(role, base, request, saver, setting);
  // What the others save would not live long enough.
  const isForItself = request.minTtlSeconds >= role.durationSeconds;
  // Roles take their turns before what is behind them, so that none waits for the other. None is held while a person types.
  if (!saver || isForItself || (await isTyped(base, request, setting))) return work();
  const newer = setting.watch(profile, request, role.durationSeconds);
  return saver.inTurn(() => {
    const session = newer();
    return session && { session };
  }, work);
}

function tooLong(what: string): UserError {
  return new UserError(`${what}, which aws gives 1h at most`, {
    hint: 'ask for less: --duration 1h, or duration_seconds in the profile',
  });
}

async function assumeRole(
  role: Role,
  base: Profile,
  request: SessionChoice,
  saver: Saver | undefined,
  setting: Setting,
): Promise<NewSession> {
  const ofBase = await getBase(base, request, setting);
  await setting.announce();
  const source = { ...ofBase.session, name: base.name, printedAt: ofBase.printedAt };
  const { durationSeconds } = role;
  saver?.lookAgain();
  const got = await call({ source, mfa: undefined, role, durationSeconds }, setting);
  return { ...got, failure: (await saver?.save(got.session, keyIdOf(requireSource(base)))) ?? ofBase.failure };
}

/** The session that assumes a role: the saved one, else a new one. */
async function getBase(base: Profile, request: SessionChoice, setting: Setting): Promise<Step> {
  const session = findUsable(base, request, setting);
  if (session) return { session };
  if (request.code === undefined && !request.forceSource) sayNotUsed(base.saved(), setting.world.say);
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
async function isTyped(base: Profile, request: SessionChoice, setting: Setting): Promise<boolean> {
  if (!mayBeTyped(request, setting) || findUsable(base, request, setting)) return false;
  const next = requireBase(base);
  if (next) return isTyped(next, { ...request, minTtlSeconds: leastOfBase(request) }, setting);
  return !isPrintedSession(await setting.readSource(requireSource(base)));
}

function mayBeTyped({ code }: SessionChoice, { asked }: Setting): boolean {
  return code === '-' || (code === undefined && !findSetting(asked, 'mfa_process'));
}

/**
 * The session of a profile whose source has keys or a command: the user's own, or that of a role which lives longer than a
 * session's could.
 */
async function getFromSource(
  profile: Profile,
  request: SessionChoice,
  role: Role | undefined,
  setting: Setting,
): Promise<Step> {
  const source = requireSource(profile);
  const saver = profile.keepsSession ? await setting.makeSaver(profile, request) : undefined;
  const refusal = await findRefusal(async () => {
    await setting.findTarget();
    findLength(profile, request, role);
    requireDevice(setting.asked, request.serial);
    saver?.check();
  });
  // A session needs neither a code nor what a code needs, so the command runs before anything is refused or asked for. If
  // neither happens, it runs only when its keys are needed.
  const isEarly = refusal || mayBeTyped(request, setting) || !('command' in source);
  const keys = isEarly ? await setting.readSource(source) : undefined;
  if (keys && isPrintedSession(keys)) return usePrinted(keys, role, setting);
  if (refusal) throw refusal;
  return getByCode(profile, keys ?? source, saver, request, role, setting);
}

/** How long the session shall be valid, in seconds. */
function findLength(profile: Profile, request: SessionChoice, role: Role | undefined): number {
  return role?.durationSeconds ?? request.durationSeconds ?? findDuration(profile) ?? sessionDuration.standard;
}

/** The UserError that a check throws. */
async function findRefusal(check: () => Promise<void>): Promise<UserError | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    if (isUserError(error)) return error;
    throw error;
  }
}

/** @param role A role of more than an hour, which no session assumes. */
function usePrinted(keys: PrintedSession, role: Role | undefined, { asked }: Setting): Step {
  const { place: printedAt, name: _, ...session } = keys;
  if (role) throw tooLong(`${quoteOutside(asked.name)} is a role that a session assumes`);
  return { session, printedAt };
}

async function getByCode(
  profile: Profile,
  source: Source,
  saver: Saver | undefined,
  request: SessionChoice,
  role: Role | undefined,
  setting: Setting,
): Promise<Step> {
  const { world, asked } = setting;
  const durationSeconds = findLength(profile, request, role);
  const serial = requireDevice(asked, request.serial);
  const newer = setting.watch(profile, request, durationSeconds);
  const findNewer = (): Step | undefined => {
    const session = newer();
    return session && { session };
  };
  const command = request.code === undefined ? findSetting(asked, 'mfa_process') : undefined;
  const prepare = () => loadSts(world);
  const withCode = await prepareCode(serial, command, request, findNewer, { asked, world, prepare });
  // A command that has not run yet runs in its turn, so that one of many processes runs it.
  if (!('command' in source)) await setting.announce();
  return withCode((getCode) => {
    const work = async (): Promise<Step> => {
      const keys = await setting.readSource(source);
      if (isPrintedSession(keys)) return usePrinted(keys, role, setting);
      await setting.announce();
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

async function call(
  what: Pick<SessionCall, 'source' | 'mfa' | 'role' | 'durationSeconds'>,
  { asked, region, findTarget, say, world }: Setting,
): Promise<NewSession> {
  const { endpoint, route } = await findTarget();
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
