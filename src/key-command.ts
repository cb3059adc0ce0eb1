/** `credential_process`: a command in the AWS files that prints long-term keys or a session, as AWS's tools know it. */

import type { Found } from './aws-files.ts';
import { formatDuration } from './duration.ts';
import { userEnvironment } from './environment.ts';
import { UserError } from './errors.ts';
import { runFileCommand } from './file-command.ts';
import type { PrintedSession } from './printed-session.ts';
import { isLongLivedId, isWellFormed, parseExpiry } from './session.ts';
import type { Keys } from './settings.ts';
import { adviseShell } from './shell-syntax.ts';
import type { World } from './world.ts';

const setting = 'credential_process';

/**
 * Runs the command of a profile.
 *
 * @throws {UserError} if it prints neither keys nor a valid session in the form of AWS's reference: one JSON object with
 *   `Version` 1, `AccessKeyId`, `SecretAccessKey`, and for a session `SessionToken` and `Expiration`. No message shows what it printed.
 */
export async function readKeysFromCommand(name: string, found: Found, world: World): Promise<Keys | PrintedSession> {
  const output = readObject(await runFileCommand(setting, found, userEnvironment(world.env), world.onInterrupt));
  if (!output) throw refuse(found, 'printed no JSON object', 'let it print what the AWS CLI wants of it');
  if (output.Version !== 1) throw refuse(found, 'printed no "Version": 1', 'AWS knows no other version');
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: token } = output;
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') {
    throw refuse(found, 'printed no AccessKeyId and SecretAccessKey', 'both must be there, as texts');
  }
  if (!isWellFormed('accessKeyId', accessKeyId) || !isWellFormed('secretAccessKey', secretAccessKey)) {
    throw refuse(found, 'printed a key with characters that no key has', 'copy the keys to it again');
  }
  const keys = { name, accessKeyId, secretAccessKey };
  if (isLongLivedId(accessKeyId)) return keys;
  if (token) return { ...keys, ...readRest(token, output.Expiration, found, world.now()), place: found.place };
  if (!accessKeyId.startsWith('ASIA')) return keys;
  throw refuse(found, "printed a session's keys without a SessionToken", 'let it print the token too');
}

function readRest(sessionToken: unknown, expiration: unknown, found: Found, now: Date) {
  if (typeof sessionToken !== 'string' || !isWellFormed('sessionToken', sessionToken)) {
    throw refuse(found, 'printed a SessionToken that is not one', 'let it print the token as AWS gives it');
  }
  if (expiration === undefined || expiration === null || expiration === '') {
    return { sessionToken, expiresAt: undefined };
  }
  const expiresAt = typeof expiration === 'string' ? parseExpiry(expiration) : undefined;
  if (!expiresAt) {
    throw refuse(found, 'printed an Expiration that is not a time', 'let it print a time such as 2026-11-24T16:00:00Z');
  }
  const left = expiresAt.getTime() - now.getTime();
  if (left <= 0) {
    const ago = formatDuration(-left);
    throw refuse(found, `printed a session that expired ${ago} ago`, 'log in again with the tool that it calls');
  }
  return { sessionToken, expiresAt };
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // The parser's message would show what was printed.
    return undefined;
  }
}

function refuse({ place, value }: Found, what: string, hint: string): UserError {
  return new UserError(`${place}: ${setting} ${what}`, { hint: adviseShell(setting, value) ?? hint });
}
