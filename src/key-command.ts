/** `credential_process`: a command in the AWS files that prints long-lived keys, as AWS's tools know it. */

import type { Found } from './aws-files.ts';
import { UserError } from './errors.ts';
import { runFileCommand } from './file-command.ts';
import { isLongLivedId, isWellFormed } from './session.ts';
import type { Keys } from './settings.ts';
import type { World } from './world.ts';

const setting = 'credential_process';

/**
 * Runs the command of a profile.
 *
 * @throws {UserError} where it prints no long-lived keys in the form of AWS's reference: one JSON object with `Version` 1,
 *   `AccessKeyId` and `SecretAccessKey`. What it printed is not shown.
 */
export async function readKeysFromCommand(name: string, found: Found, world: World): Promise<Keys> {
  const output = readObject(await runFileCommand(setting, found, world.env, world.onInterrupt));
  if (!output) throw refuse(found, 'printed no JSON object', 'let it print what the AWS CLI wants of it');
  if (output.Version !== 1) throw refuse(found, 'printed no "Version": 1', 'AWS knows no other version');
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: token } = output;
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') {
    throw refuse(found, 'printed no AccessKeyId and SecretAccessKey', 'both must be there, as texts');
  }
  if (!isWellFormed('accessKeyId', accessKeyId) || !isWellFormed('secretAccessKey', secretAccessKey)) {
    throw refuse(found, 'printed a key with characters that no key has', 'copy the keys to it again');
  }
  if (token && !isLongLivedId(accessKeyId)) {
    throw refuse(found, "printed a session's keys", 'aws gives sessions to the long-lived keys of a user alone');
  }
  return { name, accessKeyId, secretAccessKey };
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

function refuse({ place }: Found, what: string, hint: string): UserError {
  return new UserError(`${place}: ${setting} ${what}`, { hint });
}
