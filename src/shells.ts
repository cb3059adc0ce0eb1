/** Which shells are spoken, and which one is calling. */

import { readFileSync, readlinkSync } from 'node:fs';
import type { Environment } from './environment.ts';

/** The shells that have a file in `shell/`. */
export const shellNames = ['bash', 'zsh', 'fish', 'sh', 'tcsh', 'elvish', 'xonsh', 'nu', 'pwsh'] as const;

export type ShellName = (typeof shellNames)[number];

export function isShellName(name: string): name is ShellName {
  return (shellNames as readonly string[]).includes(name);
}

/** The programs, by their names, that read other statements than those of sh. */
const programs: readonly [name: RegExp, shell: ShellName][] = [
  [/^rbash$|^bash[\d.-]*$/, 'bash'],
  [/^rzsh$|^zsh[\d.-]*$/, 'zsh'],
  [/^fish$/, 'fish'],
  [/^(tcsh|csh|bsd-csh)$/, 'tcsh'],
  [/^elvish$/, 'elvish'],
  [/^xonsh$/, 'xonsh'],
  [/^nu$/, 'nu'],
  [/^(pwsh|pwsh-preview|powershell)$/, 'pwsh'],
];

const foreignShells = ['rc', 'es', 'ion', 'osh', 'ysh', 'oils-for-unix', 'murex'];

/**
 * The shell that a program's file name stands for.
 *
 * @returns its name; `sh` for a program that is no shell; `{ unsupported }` for a shell that has no file in `shell/`.
 */
export function shellOfProgram(path: string): ShellName | { unsupported: string } {
  // A login shell's name begins with a dash; Linux marks the file of a replaced program as deleted.
  const name = baseName(path.replace(/ \(deleted\)$/, ''))
    .replace(/^-/, '')
    .replace(/\.exe$/i, '');
  if (foreignShells.includes(name)) return { unsupported: name };
  return programs.find(([pattern]) => pattern.test(name))?.[1] ?? 'sh';
}

/**
 * The file of a running program, from /proc; nothing where there is no /proc.
 *
 * The name in `comm` will not do: of a script that is run by its first line it is the script's own.
 */
export function programOf(pid: number): string | undefined {
  try {
    const path = readlinkSync(`/proc/${pid}/exe`);
    if (!isManyPrograms(path)) return path;
    return programOfArguments(path, readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'));
  } catch {
    return undefined;
  }
}

/** The shell on Windows, where no process tells its parent's name: Git's and MSYS2's bash set MSYSTEM. */
export function shellOfWindows({ MSYSTEM }: Environment): string {
  return MSYSTEM ? 'bash' : 'pwsh';
}

/** Whether its arguments alone tell what a program is: a busybox is many, and xonsh is a Python that runs it. */
export function isManyPrograms(path: string): boolean {
  return /(^|\/)(busybox|python)[^/]*$/i.test(path);
}

/** What one of the many programs is by its arguments: an applet's name, or `xonsh`. */
export function programOfArguments(path: string, args: readonly string[]): string {
  const [self = '', first = ''] = args;
  if (/(^|\/)busybox[^/]*$/.test(path)) return /(^|\/)busybox$/.test(self) ? first : self;
  return runsXonsh(args) ? 'xonsh' : path;
}

/** Whether Python runs xonsh: as a module, as its script, or, where xonsh can name its process, by that name. */
function runsXonsh([self = '', ...args]: readonly string[]): boolean {
  const [title = ''] = self.split(' ');
  const takesNext = (option = '') => option === '-W' || option === '-X';
  const at = args.findIndex((arg, index) => arg === '-m' || !(arg.startsWith('-') || takesNext(args[index - 1])));
  const script = args[at] === '-m' ? args[at + 1] : args[at];
  return [title, script ?? ''].some((path) => baseName(path) === 'xonsh');
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? '';
}
