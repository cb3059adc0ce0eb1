/** Questions to the user at the terminal: what is proposed stands in brackets and is taken by Enter. */

import { exitStatuses, isUserError, UserError } from './errors.ts';
import type { Terminal } from './terminal.ts';

const mostTries = 3;

/**
 * Asks until the answer is right, three times in all; what is wrong is said.
 *
 * @param getLine Shows the question and reads a line; nothing where the user ends the input.
 * @param read Makes a value of the line; throws a usage error for what is none.
 * @throws {UserError} status 3, where the user ends the input; what `read` throws for the third line.
 */
export async function askUntilRight<Value>(
  terminal: Terminal,
  getLine: () => Promise<string | undefined>,
  read: (line: string) => Value,
): Promise<Value> {
  for (let asked = 1; ; asked += 1) {
    const line = await getLine();
    if (line === undefined) {
      terminal.tell('');
      throw new UserError('there was no answer, so nothing is written', { exitStatus: exitStatuses.codeNeeded });
    }
    try {
      return read(line);
    } catch (error) {
      if (!isUserError(error)) throw error;
      const { message, hint, cause } = error;
      if (asked === mostTries) throw new UserError(message, { hint, cause });
      terminal.tell(`mfa-env: ${message}${hint ? `: ${hint}` : ''}`);
    }
  }
}

/** Asks for a text. @param proposal What an empty line means, and how it is shown. */
export function ask<Value>(
  terminal: Terminal,
  question: string,
  proposal: { shown: string; value: string } | undefined,
  read: (text: string) => Value,
): Promise<Value> {
  const whole = proposal ? `${question} [${proposal.shown}]: ` : `${question}: `;
  return askUntilRight(
    terminal,
    () => terminal.ask(whole, () => false),
    (line) => read(line.trim() === '' && proposal ? proposal.value : line.trim()),
  );
}

/** Asks for yes or no. @param proposal What an empty line means; nothing where it means neither. */
export function askWhether(terminal: Terminal, question: string, proposal: boolean | undefined): Promise<boolean> {
  const choice = proposal === undefined ? 'y/n' : proposal ? 'Y/n' : 'y/N';
  return askUntilRight(
    terminal,
    () => terminal.ask(`${question} [${choice}] `, () => false),
    (line) => {
      const answer = line.trim().toLowerCase();
      if (answer === '' && proposal !== undefined) return proposal;
      if (/^(y|yes)$/.test(answer)) return true;
      if (/^(n|no)$/.test(answer)) return false;
      throw new UserError('that is neither yes nor no', { hint: 'type y or n' });
    },
  );
}
