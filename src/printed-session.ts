/** Sessions that a `credential_process` prints: they need no code, and are never saved as the profile's own. */

import { UserError } from './errors.ts';
import { refuseOwnCommand } from './recursion.ts';
import type { SessionChoice } from './session-request.ts';
import type { Keys, Profile, Source } from './settings.ts';
import type { World } from './world.ts';

/** What a command prints if it has a token. */
export interface PrintedSession extends Keys {
  sessionToken: string;
  /** `undefined` if the command does not say it, which is enough to assume a role. */
  expiresAt: Date | undefined;
  /** The place of the command: `FILE:LINE`. */
  place: string;
}

/** Whether a command printed a session, and not a user's long-term keys. */
export function isPrintedSession(keys: Keys | PrintedSession): keys is PrintedSession {
  return 'sessionToken' in keys;
}

/** The time when a printed session expires, which the shell and its prompt need. @throws {UserError} if the command does not say it. */
export function requireExpiry(expiresAt: Date | undefined, place: string): Date {
  if (expiresAt) return expiresAt;
  throw new UserError(`${place}: credential_process printed a session without an Expiration`, {
    hint: 'let it print when the session expires, such as "Expiration": "2026-11-24T16:00:00Z"',
  });
}

/** Makes what reads the keys of the one source of a run; says what is not used if they are a session's. */
export function makeSourceReader(asked: Profile, request: SessionChoice, say: (line: string) => void, world: World) {
  let read: Promise<Keys | PrintedSession> | undefined;
  const run = async (source: Extract<Source, { command: unknown }>) => {
    refuseOwnCommand(source, asked.name);
    const { readKeysFromCommand } = await import('./key-command.ts');
    const keys = await readKeysFromCommand(source.name, source.command, world);
    const unused = isPrintedSession(keys) ? describeUnused(asked, request) : undefined;
    if (unused) say(`${unused} not used, since the credential_process at ${source.command.place} prints a session`);
    return keys;
  };
  return async (source: Source) => {
    if (!('command' in source)) return source;
    read ??= run(source);
    return read;
  };
}

/** What the user gave for a new session by a code; nothing if it counts. */
function describeUnused(asked: Profile, { code, serial, durationSeconds }: SessionChoice): string | undefined {
  const unused = [
    ...(code === undefined ? [] : ['the MFA code']),
    ...(serial === undefined ? [] : ['--serial']),
    ...(durationSeconds === undefined || asked.base ? [] : ['--duration']),
  ];
  return unused.length === 0 ? undefined : `${unused.join(' and ')} ${unused.length === 1 ? 'is' : 'are'}`;
}
