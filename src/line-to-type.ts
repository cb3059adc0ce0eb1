/** The line that a user types to let the shell evaluate what mfa-env prints: README.md shows the same ones. */

import { isCode } from './code.ts';
import { namedCommands } from './options.ts';
import type { ShellName } from './shells.ts';
import { asCommand } from './typed.ts';

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

/** A profile as mfa-env is told it, a word for `typed`: with `--profile` where its name would be taken for something else. */
export function profileWord(name: string): string {
  const isWord = !/^(?:-|$)/.test(name) && !isCode(name) && !namedCommands.some((command) => command === name);
  return isWord ? name : `--profile=${name}`;
}

/** `eval "$(mfa-env prod)"`, or what does the same in the shell. @param words Words behind `mfa-env`, as typed ones. */
export function lineToType(shell: ShellName, words: string): string {
  return asCommand(lines[shell](`mfa-env ${words}`), shell);
}
