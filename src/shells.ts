/** Which shells mfa-env knows, and which shell a program is. */

import type { Environment } from './environment.ts';

/** The shells that have a file in `shell/`. */
export const shellNames = ['bash', 'zsh', 'fish', 'sh', 'tcsh', 'elvish', 'xonsh', 'nu', 'pwsh'] as const;

export type ShellName = (typeof shellNames)[number];

/** A shell whose statements mfa-env prints, or the name of one whose statements it does not know. */
export type KnownShell = ShellName | { unsupported: string };

export function isShellName(name: string): name is ShellName {
  return (shellNames as readonly string[]).includes(name);
}

/** The shells' programs, by their names. */
const programs: readonly [name: RegExp, shell: ShellName][] = [
  [/^r?bash[\d.-]*(-static)?$/, 'bash'],
  [/^r?zsh[\d.-]*(-static)?$/, 'zsh'],
  [/^fish$/, 'fish'],
  [/^(sh|ash|hush|dash|yash|posh|p?bosh|gwsh|mrsh|brush|(r|m|rm|l|o|lo|pd)?ksh[\w.+-]*)$/, 'sh'],
  [/^(tcsh|csh|bsd-csh)$/, 'tcsh'],
  [/^elvish$/, 'elvish'],
  [/^xonsh$/, 'xonsh'],
  [/^nu$/, 'nu'],
  [/^(pwsh|pwsh-preview|powershell)$/, 'pwsh'],
];

const foreignShells = ['rc', 'es', 'ion', 'osh', 'ysh', 'oil', 'oils-for-unix', 'murex', 'hilbish', 'cicada', 'scsh'];

/** The shell that a program's file name stands for; undefined for a program that is not a shell. */
export function shellOfProgram(path: string): KnownShell | undefined {
  const name = programName(path);
  if (foreignShells.includes(name)) return { unsupported: name };
  return programs.find(([pattern]) => pattern.test(name))?.[1];
}

/** The shell on Windows, where no process tells its parent's name: Git's and MSYS2's bash set MSYSTEM. */
export function shellOfWindows({ MSYSTEM }: Environment): ShellName {
  return MSYSTEM ? 'bash' : 'pwsh';
}

/** Whether only its arguments tell what a program is: a busybox is many, Python runs xonsh, and an emulator or a loader any program. */
export function isManyPrograms(path: string): boolean {
  return isMulticall(path) || isPython(path) || isEmulator(path);
}

/** What a program that can be many is by its arguments: an applet, xonsh, or what an emulator runs. Its own arguments begin with its name. */
export function findInnerProgram(path: string, args: readonly string[]): { program: string; args: readonly string[] } {
  if (isEmulator(path)) {
    const at = firstOperand(args.slice(1), emulatorValues) + 1;
    const program = args[at];
    return at === 0 || program === undefined ? { program: path, args } : findInnerProgram(program, args.slice(at));
  }
  if (isMulticall(path)) {
    const applet = args.findIndex((arg) => !isMulticall(arg));
    return applet === -1 ? { program: path, args } : { program: args[applet] ?? path, args: args.slice(applet) };
  }
  const xonsh = isPython(path) ? findXonsh(args) : -1;
  return xonsh === -1 ? { program: path, args } : { program: 'xonsh', args: args.slice(xonsh) };
}

function isMulticall(path: string): boolean {
  return /^(busybox|toybox)/.test(programName(path));
}

function isPython(path: string): boolean {
  return /^python/i.test(programName(path));
}

/** The emulators of Linux, Apple's Rosetta in a virtual machine too, and the loaders of glibc and musl. */
function isEmulator(path: string): boolean {
  return /^(qemu-.+|rosetta.*|box(64|86)|FEX\w+|ld(64)?(-.+)?\.so(\.\d+)?)$/.test(programName(path));
}

const emulatorValues = [
  '-0',
  '-L',
  '-E',
  '-U',
  '-R',
  '-B',
  '-cpu',
  '--library-path',
  '--argv0',
  '--preload',
  '--audit',
];

/** Where xonsh is in Python's arguments: as a module, as its script, or, where xonsh can name its process, by that name; else -1. */
function findXonsh([self = '', ...args]: readonly string[]): number {
  if (programName(self.split(' ')[0] ?? '') === 'xonsh') return 0;
  const module = args.indexOf('-m');
  const operand = firstOperand(args, ['-W', '-X']);
  const at = module !== -1 && (operand === -1 || module < operand) ? module + 1 : operand;
  return programName(args[at] ?? '') === 'xonsh' ? at + 1 : -1;
}

/** Where the first argument that is not an option is, nor an option's value; -1 if there is none. */
export function firstOperand(args: readonly string[], withValue: readonly string[]): number {
  return args.findIndex((arg, index) => !/^[-+]./.test(arg) && !withValue.includes(args[index - 1] ?? ''));
}

/** A program's name by its path, or by the name that it was called with. */
function programName(path: string): string {
  // Linux marks the file of a replaced program as deleted; a login shell's name begins with a dash; Nix wraps programs.
  const name =
    path
      .replace(/ \(deleted\)$/, '')
      .split(/[/\\]/)
      // Node 14, which refusal.ts runs this under, has no at().
      .pop() ?? '';
  return name
    .replace(/^-/, '')
    .replace(/\.exe$/i, '')
    .replace(/^\.(.+)-wrapped$/, '$1');
}
