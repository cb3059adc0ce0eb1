/** A code and the source's keys → a new session from STS. All that can refuse is checked before a code is asked for. */

import { sessionDuration } from './duration.ts';
import { findEndpoint } from './endpoint.ts';
import { exitStatuses, UserError } from './errors.ts';
import { askForCode, describePrompt, readCodeFromStdin } from './mfa-code.ts';
import { checkNodeDebug } from './node-debug.ts';
import type { SessionRequest } from './request.ts';
import type { Session } from './session.ts';
import { findDevice, findDuration, type Profile, requireSource } from './settings.ts';
import type { SessionCall } from './sts.ts';
import { bareUrl, quoteOutside } from './visible.ts';
import type { World } from './world.ts';

export interface NewSession {
  session: Session;
  /** How long it was asked to live. */
  durationSeconds: number;
}

/**
 * Gets a session from STS.
 *
 * @param region The region to call.
 * @param checkTarget Refuses where the session could not be saved.
 * @throws {UserError} whatever refuses; status 3 where a code is needed and nobody can be asked.
 */
export async function getNewSession(
  profile: Profile,
  request: SessionRequest,
  region: string,
  checkTarget: () => void,
  world: World,
): Promise<NewSession> {
  const endpoint = findEndpoint(profile, region, request.endpointUrl, world.env);
  const call: Omit<SessionCall, 'code'> = {
    profileName: profile.name,
    source: requireSource(profile),
    serial: requireDevice(profile, request),
    durationSeconds: request.durationSeconds ?? findDuration(profile) ?? sessionDuration.standard,
    region,
    endpoint: endpoint.url,
    say: (line) => request.quiet || world.say(line),
  };
  checkNodeDebug(world.env.NODE_DEBUG);
  checkTarget();
  const { durationSeconds } = call;
  const ask = await prepareCode(call, request, world);
  if (!endpoint.isAws) call.say(`sts is called at ${bareUrl(endpoint.url)}, which is not aws`);
  const session = await ask(async (code) => (await loadSts()).getSessionToken({ ...call, code }));
  return { session, durationSeconds };
}

// The SDK is a bundle of its own, which a saved session never loads.
function loadSts(): Promise<typeof import('./sts.ts')> {
  return import('./sts.ts');
}

type UseCode = (use: (code: string) => Promise<Session>) => Promise<Session>;

/** Finds out where the code comes from. @throws {UserError} status 3, where nobody can be asked. */
async function prepareCode(call: Omit<SessionCall, 'code'>, request: SessionRequest, world: World): Promise<UseCode> {
  const { code } = request;
  if (code === '-') return async (use) => use(await readCodeFromStdin());
  if (code !== undefined) return (use) => use(code);
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
      const session = askForCode(terminal, describePrompt(call.profileName, call.serial), use);
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
  if (serial === undefined || /^<.*>$/.test(serial)) {
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
