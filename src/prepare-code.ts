/** Where the code comes from: the argument, a line of standard input, a command of the files, or a person at the terminal. */

import type { Found } from './aws-files.ts';
import { exitStatuses, UserError } from './errors.ts';
import { profileWord } from './line-to-type.ts';
import { askForCode, describePrompt, readCodeFromStdin, useGivenCode } from './mfa-code.ts';
import type { SessionChoice } from './session-request.ts';
import type { Profile } from './settings.ts';
import { typed } from './typed.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

/** Gets a code into what takes one: once, or again while it is refused. */
export type WithCode<Result> = (use: (getCode: () => Promise<string>) => Promise<Result>) => Promise<Result>;

export interface CodeSetting {
  /** The profile that was asked for. */
  asked: Pick<Profile, 'name'>;
  world: World;
  /** Loads, while the user types, what takes the code. */
  prepare: () => Promise<unknown>;
}

/** Finds out where the code comes from. @throws {UserError} status 3, where nobody can be asked. */
export async function prepareCode<Result>(
  serial: string,
  command: Found | undefined,
  request: SessionChoice,
  findNewer: () => Result | undefined,
  { asked: { name }, world, prepare }: CodeSetting,
): Promise<WithCode<Result>> {
  const { code } = request;
  if (code !== undefined) {
    const given = code === '-' ? await readCodeFromStdin() : code;
    return (use) => useGivenCode(() => use(async () => given), world.now);
  }
  if (command) {
    const { readCodeFromCommand } = await import('./code-command.ts');
    return (use) => useGivenCode(() => use(() => readCodeFromCommand(command, world)), world.now);
  }
  const { openTerminal } = await import('./terminal.ts');
  const terminal = request.prompt ? await openTerminal(world, request.usedBy === 'shell') : undefined;
  if (!terminal) {
    const why = request.prompt
      ? 'there is no terminal in whose foreground to ask for it'
      : '--no-prompt forbids to ask';
    throw new UserError(`a code is needed for ${quoteOutside(name)}, and ${why}`, {
      hint: howToGive(request, name),
      exitStatus: exitStatuses.codeNeeded,
    });
  }
  return async (use) => {
    try {
      const question = describePrompt(name, serial);
      const session = askForCode(terminal, question, findNewer, (typed) => use(async () => typed));
      void prepare();
      return await session;
    } finally {
      terminal.close();
    }
  };
}

/** Nobody can give a code to a program that calls for credentials by itself. */
function howToGive({ usedBy }: SessionChoice, name: string): string {
  const word = profileWord(name);
  if (usedBy === 'command') return `give it: ${typed`mfa-env exec ${word} CODE -- …`}`;
  return usedBy === 'program'
    ? `save a session in a terminal: ${typed`mfa-env ${word} --save`}`
    : `give it: ${typed`mfa-env ${word} CODE`}`;
}
