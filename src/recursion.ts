/** An mfa-env below a command that mfa-env runs would run that command again. */

import type { Found } from './aws-files.ts';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
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
 * @param words The command.
 * @param asked The profile that is asked for.
 * @throws {UserError}
 */
export function refuseOwnCommand(words: readonly string[], { place }: Found, source: string, asked: string): void {
  const program = skipEnv(words);
  if (program[0]?.split('/').at(-1) !== 'mfa-env') return;
  const called = profileOf(program.slice(1)) ?? asked;
  throw new UserError(`${place}: credential_process is mfa-env itself, which would ask itself for the keys for ever`, {
    hint: called === asked ? twoNames(asked) : otherName(called, source, asked),
  });
}

/** The command behind `env`, which may have taken the mark out. */
function skipEnv(words: readonly string[]): readonly string[] {
  if (words[0]?.split('/').at(-1) !== 'env') return words;
  const at = words.findIndex(
    (word, index) => index > 0 && !/^-|=/.test(word) && !/^-[uC]$/.test(words[index - 1] ?? ''),
  );
  return at === -1 ? [] : words.slice(at);
}

function profileOf(words: readonly string[]): string | undefined {
  const option = words.indexOf('--profile');
  return option === -1 ? words.find((word) => !word.startsWith('-')) : words[option + 1];
}

function twoNames(profile: string): string {
  const name = quoteOutside(profile.replace(/(?!^)-cli$/, ''));
  const line = `credential_process = mfa-env ${name} --format process`;
  return `it takes two names: [${name}-default] for the long-lived keys, and [profile ${name}-cli] for ${line}`;
}

function otherName(called: string, source: string, asked: string): string {
  const name = quoteOutside(called);
  return source === asked
    ? `type mfa-env ${name}: the name ${quoteOutside(asked)} is for AWS's own tools`
    : `for mfa-env let source_profile name ${name}, not ${quoteOutside(source)}, or call with --source ${name}`;
}
