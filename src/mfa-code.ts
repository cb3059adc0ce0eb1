/** Where the MFA code comes from: the argument, a line of standard input, or the user at the terminal. */

import { parseCode, secondsToNextStep } from './code.ts';
import { exitStatuses, isUserError, UserError } from './errors.ts';
import { readStdinLine } from './stdin-line.ts';
import { nextCode } from './sts-words.ts';
import type { Terminal } from './terminal.ts';
import { quoteOutside } from './visible.ts';

const mostCodes = 3;

/** Reads a line of standard input. @throws {UserError} status 2, where it is no code. */
export async function readCodeFromStdin(): Promise<string> {
  return parseCode(await readStdinLine());
}

/** `MFA code for prod (ana in 111122223333): `; the part in brackets is the serial number for a hardware device. */
export function describePrompt(profileName: string, serial: string): string {
  const [, account, user] = /^arn:[^:]*:iam::(\d+):mfa\/(?:.*\/)?(.+)$/.exec(serial) ?? [];
  return `MFA code for ${quoteOutside(profileName)} (${quoteOutside(account ? `${user} in ${account}` : serial)}): `;
}

/**
 * Asks for codes until one is taken, three in all, or until `findNewer` comes to a result that makes them needless. What is
 * no code, or was typed before, is not handed to `use`. After a refusal it says when the next code comes.
 *
 * @throws {UserError} status 3, where the user ends the input; what `use` throws for the last code, or for another reason
 *   than the code.
 */
export async function askForCode<Result>(
  terminal: Terminal,
  question: string,
  findNewer: () => Result | undefined,
  use: (code: string) => Promise<Result>,
  now = () => new Date(),
): Promise<Result> {
  const refused = new Set<string>();
  for (let asked = 1; ; asked += 1) {
    let newer: Result | undefined;
    const line = await terminal.ask(question, () => {
      newer ??= findNewer();
      return newer !== undefined;
    });
    if (line === undefined) terminal.tell('');
    if (newer !== undefined) return newer;
    if (line === undefined) {
      throw new UserError('no code was typed', { exitStatus: exitStatuses.codeNeeded });
    }
    try {
      const code = parseCode(line);
      if (refused.has(code)) throw sameCodeAgain();
      refused.add(code);
      return await use(code);
    } catch (error) {
      const isAboutCode = isUserError(error) && (error.codeRefused || error.exitStatus === exitStatuses.usage);
      if (!isAboutCode || asked === mostCodes) throw isAboutCode ? atLast(error) : error;
      terminal.tell(`mfa-env: ${error.message}${error.hint ? `: ${error.hint}` : ''}`);
      if (error.codeRefused) terminal.tell(`mfa-env: the next code comes in ${secondsToNextStep(now())} s`);
    }
  }
}

/**
 * Does what needs a code that was given, and cannot be asked for again.
 *
 * @throws {UserError} what `work` throws; for a refused code with the seconds until the next one.
 */
export async function useGivenCode<Result>(work: () => Promise<Result>, now: () => Date): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isUserError(error) || !error.codeRefused) throw error;
    const wait = `wait ${secondsToNextStep(now())} s for the next code (each works once)`;
    throw new UserError(error.message, { hint: error.hint?.replace(nextCode, wait), codeRefused: true, cause: error });
  }
}

function sameCodeAgain(): UserError {
  return new UserError('that code was refused already', { hint: 'wait for the next one', codeRefused: true });
}

/** A code typed wrong is a usage error where it is an argument; at the prompt, after three, it is a failure. */
function atLast(error: UserError): UserError {
  return new UserError(error.message, { hint: error.hint, cause: error.cause });
}
