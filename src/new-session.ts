/** A code and the source's keys → a new session from STS. All that can refuse is checked before a code is asked for. */

import { sessionDuration } from './duration.ts';
import { findEndpoint } from './endpoint.ts';
import { exitStatuses, UserError } from './errors.ts';
import { askForCode, describePrompt, readCodeFromStdin } from './mfa-code.ts';
import type { FindNewer } from './newer.ts';
import { checkNodeDebug } from './node-debug.ts';
import type { SessionRequest } from './request.ts';
import type { Saver } from './saver.ts';
import type { Session } from './session.ts';
import { findDevice, findDuration, findSetting, type Profile, requireSource } from './settings.ts';
import type { SessionCall } from './sts.ts';
import { bareUrl, quoteOutside } from './visible.ts';
import type { World } from './world.ts';

export interface NewSession {
  session: Session;
  /** How long it was asked to live; nothing where another process saved it meanwhile. */
  durationSeconds?: number;
  /** Why it could not be saved. */
  failure?: unknown;
}

/** Gets a code into what takes one: once, or again while it is refused. */
type WithCode = (use: (getCode: () => Promise<string>) => Promise<NewSession>) => Promise<NewSession>;

/**
 * Gets a session from STS, and saves it.
 *
 * @param region The region to call.
 * @param saver Nothing where the session is not to be saved.
 * @param watch Makes the question whether another process has saved a session meanwhile.
 * @throws {UserError} whatever refuses; status 3 where a code is needed and nobody can be asked.
 */
export async function getNewSession(
  profile: Profile,
  request: SessionRequest,
  region: string,
  saver: Saver | undefined,
  watch: (durationSeconds: number) => FindNewer,
  world: World,
): Promise<NewSession> {
  const endpoint = findEndpoint(profile, region, request.endpointUrl, world.env);
  const durationSeconds = request.durationSeconds ?? findDuration(profile) ?? sessionDuration.standard;
  const call: Omit<SessionCall, 'code'> = {
    profileName: profile.name,
    source: requireSource(profile),
    serial: requireDevice(profile, request),
    durationSeconds,
    region,
    endpoint: endpoint.url,
    say: (line) => request.quiet || world.say(line),
  };
  checkNodeDebug(world.env.NODE_DEBUG);
  saver?.check();
  const newer = watch(durationSeconds);
  const findNewer = () => {
    const session = newer();
    return session && { session };
  };
  const withCode = await prepareCode(call, profile, request, findNewer, world);
  if (!endpoint.isAws) call.say(`sts is called at ${bareUrl(endpoint.url)}, which is not aws`);

  return withCode((getCode) => {
    const work = async (): Promise<NewSession> => {
      const code = await getCode();
      const session = await (await loadSts()).getSessionToken({ ...call, code });
      return { session, durationSeconds, failure: await saver?.save(session) };
    };
    return saver ? saver.inTurn(findNewer, work) : work();
  });
}

// The SDK is a bundle of its own, which a saved session never loads.
function loadSts(): Promise<typeof import('./sts.ts')> {
  return import('./sts.ts');
}

/** Finds out where the code comes from. @throws {UserError} status 3, where nobody can be asked. */
async function prepareCode(
  call: Omit<SessionCall, 'code'>,
  profile: Profile,
  request: SessionRequest,
  findNewer: () => NewSession | undefined,
  world: World,
): Promise<WithCode> {
  const { code } = request;
  if (code !== undefined) {
    const given = code === '-' ? await readCodeFromStdin() : code;
    return (use) => use(async () => given);
  }
  const command = findSetting(profile, 'mfa_process');
  if (command) {
    const { readCodeFromCommand } = await import('./code-command.ts');
    return (use) => use(() => readCodeFromCommand(command, world));
  }
  const { openTerminal } = await import('./terminal.ts');
  const terminal = request.prompt ? await openTerminal(world.runPs) : undefined;
  if (!terminal) {
    const why = request.prompt
      ? 'there is no terminal in whose foreground to ask for it'
      : '--no-prompt forbids to ask';
    throw new UserError(`a code is needed for ${quoteOutside(call.profileName)}, and ${why}`, {
      hint: `give it: mfa-env ${quoteOutside(call.profileName)} CODE`,
      exitStatus: exitStatuses.codeNeeded,
    });
  }
  return async (use) => {
    try {
      const question = describePrompt(call.profileName, call.serial);
      const session = askForCode(terminal, question, findNewer, (typed) => use(async () => typed));
      // Loaded while the user types.
      void loadSts();
      return await session;
    } finally {
      terminal.close();
    }
  };
}

function requireDevice(profile: Profile, request: SessionRequest): string {
  const found = request.serial === undefined ? findDevice(profile) : undefined;
  const serial = request.serial ?? found?.value;
  const name = quoteOutside(profile.name);
  const line = 'aws_arn_mfa = arn:aws:iam::111122223333:mfa/NAME';
  if (serial === undefined) {
    throw new UserError(`${name} has no MFA device`, {
      hint: `add a line to [${name}] in ${quoteOutside(profile.credentialsPath)}: ${line}`,
    });
  }
  if (!/^[\w+=/:,.@-]{9,256}$/.test(serial)) {
    throw new UserError(`${found?.place}: ${quoteOutside(serial)} is no MFA device`, {
      hint: `a device is an ARN or the serial number on it: ${line}`,
    });
  }
  if (/^arn:[^:]*:iam::\d*:u2f\//.test(serial)) {
    throw new UserError(`${serial} is a security key (FIDO), which gives no codes`, {
      hint: 'add an authenticator app to the user as a second device, and name that one',
    });
  }
  return serial;
}
