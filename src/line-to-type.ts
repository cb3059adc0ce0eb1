/** The line that a user types to let the shell evaluate what mfa-env prints: README.md shows the same ones. */

import { isCode } from './code.ts';
import { namedCommands } from './options.ts';
import { quoteWord } from './quoted-word.ts';
import type { ShellName } from './shells.ts';

const posixLine = (command: string) => `eval "$(${command})"`;

const lines: Record<ShellName, (command: string) => string> = {
  bash: posixLine,
  zsh: posixLine,
  sh: posixLine,
  fish: (command) => `${command} | source`,
  tcsh: (command) => `eval "\`${command}\`"`,
  elvish: (command) => `${command} | eval (slurp)`,
  xonsh: (command) => `execx($(${command}))`,
  nu: (command) => `for change in (${command} | from json --objects) { load-env $change }`,
  pwsh: (command) => `${command} | Invoke-Expression`,
};

/** A profile as mfa-env is told it: with `--profile` where its name would be taken for something else. */
export function profileWords(name: string): string {
  const isWord = !name.startsWith('-') && !isCode(name) && !namedCommands.some((command) => command === name);
  const word = quoteWord(name, 'PROFILE');
  return isWord ? word : `--profile=${word}`;
}

/** `eval "$(mfa-env prod)"`, or what does the same in the shell. */
export function lineToType(shell: ShellName, words: string): string {
  return lines[shell](`mfa-env ${words}`);
}
