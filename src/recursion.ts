/** An mfa-env below a command that mfa-env runs would run that command again. */

import type { Found } from './aws-files.ts';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { findOwnCall } from './own-call.ts';
import { quoteWord } from './quoted-word.ts';
import { quoteOutside } from './visible.ts';

/** Set for the commands of the files, to the name of the setting that holds the command. */
export const commandMark = 'MFA_ENV_COMMAND';

/**
 * Refuses where this process runs below such a command, however deep.
 *
 * @param profile The profile that is asked for.
 * @throws {UserError}
 */
export function refuseRecursion(env: Environment, profile: string): void {
  const setting = env[commandMark];
  if (setting) {
    throw new UserError(
      `mfa-env was started by the ${quoteOutside(setting)} that an mfa-env runs: that would never end`,
      {
        hint:
          setting === 'credential_process' ? twoNames(profile) : 'let that command find what it prints without mfa-env',
      },
    );
  }
}

/**
 * Refuses a source's `credential_process` that is mfa-env itself, before it is run and before a code is asked for.
 *
 * @param asked The profile that is asked for.
 * @throws {UserError} with `otherLogin` where the source is but another name, for AWS's own tools.
 */
export function refuseOwnCommand({ name, command }: { name: string; command: Found }, asked: string): void {
  const call = findOwnCall(command);
  if (!call?.isDirect) return;
  const called = call.profile ?? asked;
  const message = 'credential_process is mfa-env itself, which would ask itself for the keys for ever';
  throw new UserError(`${command.place}: ${message}`, {
    hint: called === asked ? twoNames(asked) : otherName(called, name, asked),
    otherLogin: called !== asked && name === asked ? 'mfa_env' : undefined,
  });
}

function twoNames(profile: string): string {
  const name = quoteOutside(profile.replace(/(?!^)-cli$/, ''));
  const line = `credential_process = mfa-env ${name} --format process`;
  return `it takes two names: [${name}-default] for the long-lived keys, and [profile ${name}-cli] for ${line}`;
}

function otherName(called: string, source: string, asked: string): string {
  const name = quoteOutside(called);
  return source === asked
    ? `type mfa-env ${quoteWord(called, 'PROFILE')}: the name ${quoteOutside(asked)} is for AWS's own tools`
    : `for mfa-env let source_profile name ${name}, not ${quoteOutside(source)}, or call with --source ${quoteWord(called, 'PROFILE')}`;
}
