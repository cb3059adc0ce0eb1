/** An mfa-env below a command that mfa-env runs would run that command again. */

import type { Found } from './aws-files.ts';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { profileWord } from './line-to-type.ts';
import { findOwnCall } from './own-call.ts';
import { asCommand, asHeader, asWord, optionWith, typed } from './typed.ts';
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

/** How a profile for AWS's own tools and one for mfa-env get along. */
export function twoNames(profile: string): string {
  const name = profile.replace(/(?!^)-cli$/, '');
  const [source, other] = [asHeader(`${name}-default`), asHeader(`profile ${name}-cli`)];
  return `it takes two names: ${source} for the long-lived keys, and ${other} for ${processLine(name)}`;
}

function otherName(called: string, source: string, asked: string): string {
  const name = asWord(called);
  return source === asked
    ? `type ${typed`mfa-env ${profileWord(called)}`}: the name ${asWord(asked)} is for AWS's own tools`
    : `for mfa-env let source_profile name ${name}, not ${asWord(source)}, or call with ${typed`${optionWith('--source', called)}`}`;
}

/** The line for AWS's own tools. Commands in the files are quoted as for a POSIX shell. */
export function processLine(profile: string, options = ''): string {
  const command = typed`mfa-env ${profileWord(profile)}`;
  return `credential_process = ${asCommand(`${command}${options} --format process`, 'sh')}`;
}
