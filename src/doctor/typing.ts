/** What somebody is to type to change a variable: each shell has words of its own for that. */

import { lineToType } from '../line-to-type.ts';
import type { ShellName } from '../shells.ts';

/** Words for one shell. */
export interface Typing {
  unset(...names: string[]): string;
  set(name: string, value: string): string;
  /** What takes a session of mfa-env out. */
  unsetSession: string;
}

type Words = Omit<Typing, 'unsetSession'>;

const posix: Words = {
  unset: (...names) => `unset ${names.join(' ')}`,
  set: (name, value) => `export ${name}=${value}`,
};

const words: Record<ShellName, Words> = {
  bash: posix,
  zsh: posix,
  sh: posix,
  fish: {
    // Without -g a universal variable of that name would go from all shells.
    unset: (...names) => `set -eg ${names.join(' ')}`,
    set: (name, value) => `set -gx ${name} ${value}`,
  },
  tcsh: {
    unset: (...names) => names.map((name) => `unsetenv ${name}`).join('; '),
    set: (name, value) => `setenv ${name} ${value}`,
  },
  elvish: {
    unset: (...names) => names.map((name) => `unset-env ${name}`).join('; '),
    set: (name, value) => `set-env ${name} ${value}`,
  },
  xonsh: {
    unset: (...names) => `del ${names.map((name) => `$${name}`).join(', ')}`,
    set: (name, value) => `$${name} = '${value}'`,
  },
  nu: {
    unset: (...names) => `hide-env ${names.join(' ')}`,
    set: (name, value) => `$env.${name} = '${value}'`,
  },
  pwsh: {
    unset: (...names) => `Remove-Item ${names.map((name) => `Env:${name}`).join(', ')}`,
    set: (name, value) => `$env:${name} = '${value}'`,
  },
};

export function typingOf(shell: ShellName): Typing {
  return { ...words[shell], unsetSession: lineToType(shell, 'unset') };
}
