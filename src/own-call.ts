/** Commands of the files that call mfa-env, and for which profile. */

import { basename } from 'node:path';
import type { Found } from './aws-files.ts';
import { findOption, namedCommands, optionOf } from './options.ts';
import { splitCommand } from './split-command.ts';

export interface OwnCall {
  /** Nothing where the command leaves it to the environment. */
  profile: string | undefined;
  /** Whether no shell stands in between, whose other commands cannot be known. */
  isDirect: boolean;
  /** What `--source` names. */
  source: string | undefined;
  /** All behind the program's name. */
  words: string[];
}

/** The call of mfa-env in a command; nothing where it calls none. */
export function findOwnCall(command: Found | undefined): OwnCall | undefined {
  return readCall(splitCommand(command?.value ?? '') ?? []);
}

const shells = /^(ba|da|k|mk|z|fi)?sh$/;

function readCall(command: string[]): OwnCall | undefined {
  const at = programAt(command);
  const [program = '', ...words] = at === -1 ? [] : command.slice(at);
  if (basename(program) === 'mfa-env') {
    const set = command.slice(0, at).findLast((word) => word.startsWith('AWS_PROFILE='));
    const call = readWords(words);
    return { ...call, profile: call.profile ?? set?.slice('AWS_PROFILE='.length) };
  }
  const option = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (!shells.test(basename(program)) || option === -1) return undefined;
  const calls = (words[option + 1] ?? '').split(/[;&|\n]+/).map((text) => readCall(splitCommand(text) ?? []));
  const call = calls.find(Boolean);
  return call && { ...call, isDirect: false };
}

/** Where the command stands behind `env`, variables and the shell's own words before a command; -1 where there is none. */
function programAt(words: string[]): number {
  return words.findIndex(
    (word, index) =>
      !/^-|^[A-Za-z_]\w*=/.test(word) &&
      !['env', 'exec', 'command'].includes(basename(word)) &&
      !/^-[uC]$/.test(words[index - 1] ?? ''),
  );
}

function readWords(words: string[]): OwnCall {
  const call: OwnCall = { isDirect: true, profile: undefined, source: undefined, words };
  let isExec = false;
  for (let index = 0; index < words.length; index += 1) {
    if (words[index] === '--') {
      // Behind it, exec has a command; all else has the words that are no options.
      if (!isExec) call.profile ??= words[index + 1];
      break;
    }
    const [, dashed, given] = /^--?([^=]+)(?:=(.*))?$/s.exec(words[index] ?? '') ?? [];
    if (dashed === undefined) {
      const isCommand = (namedCommands as string[]).includes(words[index] ?? '');
      if (words[index] === 'exec') isExec = true;
      if (!isCommand) call.profile ??= words[index];
      continue;
    }
    const option = findOption(dashed);
    if (!option || !optionOf(option).value) continue;
    if (given === undefined) index += 1;
    const value = given ?? words[index];
    if (option === 'profile') call.profile = value;
    if (option === 'source') call.source = value;
  }
  return call;
}
