/** An mfa-env below a command that mfa-env runs would run that command again. */

import type { Found } from './aws-files.ts';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { findOption, optionOf } from './options.ts';
import { splitCommand } from './split-command.ts';
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
  const { words, profile } = skipEnv(splitCommand(command.value) ?? []);
  if (baseName(words[0]) !== 'mfa-env') return;
  const called = profileOf(words.slice(1)) ?? profile ?? asked;
  const message = 'credential_process is mfa-env itself, which would ask itself for the keys for ever';
  throw new UserError(`${command.place}: ${message}`, {
    hint: called === asked ? twoNames(asked) : otherName(called, name, asked),
    otherLogin: called !== asked && name === asked ? 'mfa_env' : undefined,
  });
}

/** The command behind `env`, which may have taken the mark out, and may name the profile. */
function skipEnv(words: readonly string[]): { words: readonly string[]; profile: string | undefined } {
  if (baseName(words[0]) !== 'env') return { words, profile: undefined };
  const at = words.findIndex(
    (word, index) => index > 0 && !/^-|=/.test(word) && !/^-[uC]$/.test(words[index - 1] ?? ''),
  );
  const settings = at === -1 ? [] : words.slice(0, at);
  const profile = settings.findLast((word) => word.startsWith('AWS_PROFILE='))?.slice('AWS_PROFILE='.length);
  return { words: at === -1 ? [] : words.slice(at), profile };
}

/** The profile that mfa-env is told: `--profile`, else the first word that is no option and no value of one. */
function profileOf(words: readonly string[]): string | undefined {
  let first: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(words[index] ?? '') ?? [];
    const option = name === '' ? undefined : findOption(name);
    if (option === 'profile') return value ?? words[index + 1];
    if (option && optionOf(option).value && value === undefined) index += 1;
    else if (name === '') first ??= words[index];
  }
  return first;
}

function baseName(path = ''): string {
  return path.split('/').at(-1) ?? '';
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
