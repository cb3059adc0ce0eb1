/** Which shells are spoken, and which one is calling. */

import { readFileSync, readlinkSync } from 'node:fs';

/** The shells that have a file in `shell/`. */
export const shellNames = ['bash', 'zsh', 'fish', 'sh'] as const;

export type ShellName = (typeof shellNames)[number];

export function isShellName(name: string): name is ShellName {
  return (shellNames as readonly string[]).includes(name);
}

const foreignShells = [
  'tcsh',
  'csh',
  'bsd-csh',
  'elvish',
  'xonsh',
  'nu',
  'pwsh',
  'powershell',
  'rc',
  'es',
  'ion',
  'osh',
  'ysh',
];

/**
 * The shell that a program's file name stands for.
 *
 * @returns its name; `sh` for a program that is no shell; `{ unsupported }` for a shell that has no file in `shell/`.
 */
export function shellOfProgram(path: string): ShellName | { unsupported: string } {
  // A login shell's name begins with a dash; Linux marks the file of a replaced program as deleted.
  const name = (
    path
      .replace(/ \(deleted\)$/, '')
      .split('/')
      .at(-1) ?? ''
  )
    .replace(/^-/, '')
    .replace(/\.exe$/i, '');
  if (/^rbash$|^bash[\d.-]*$/.test(name)) return 'bash';
  if (/^rzsh$|^zsh[\d.-]*$/.test(name)) return 'zsh';
  if (name === 'fish') return 'fish';
  if (foreignShells.includes(name)) return { unsupported: name };
  return 'sh';
}

/**
 * The file of a running program, from /proc; nothing where there is no /proc.
 *
 * The name in `comm` will not do: of a script that is run by its first line it is the script's own. A busybox goes by its
 * first argument.
 */
export function programOf(pid: number): string | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/exe`);
    return /\/busybox[^/]*$/.test(path) ? firstArgument(pid) : path;
  } catch {
    return undefined;
  }
}

function firstArgument(pid: number): string | undefined {
  const [first, second] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return /(^|\/)busybox$/.test(first ?? '') ? second : first;
}
