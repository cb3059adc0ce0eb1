/**
 * Which shell will evaluate what this process prints.
 *
 * - It is the nearest ancestor that is a shell. Everything else in between is a launcher: Volta, npx, node, sudo, timeout, make.
 * - A shell that only passes its own standard output on is a launcher too: a wrapper script's sh, or npx's `sh -c`. A shell that
 *   evaluates text has another standard output than the program that prints it: a pipe or a file that it reads itself. If both have the
 *   same file, it depends on whether the shell's script evaluates anything.
 * - If all of them pass it on, it is the nearest one, and sh if there is none.
 */

import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { findInnerProgram, firstOperand, isManyPrograms, type KnownShell, shellOfProgram } from './shells.ts';

const mostAncestors = 30;

interface Running {
  program: string;
  /** Undefined if they were not needed to tell the program. */
  args?: readonly string[];
}

/**
 * Finds it by /proc, of which only what is needed is read.
 *
 * @param parent The process that started this one.
 * @returns undefined if there is no /proc.
 */
export function findByProc(parent: number): KnownShell | undefined {
  let out = outOf('self');
  let nearest: KnownShell | undefined;
  for (let pid = parent, count = 0; pid > 0 && count < mostAncestors; count += 1) {
    const running = readProgram(pid);
    if (!running) return count === 0 ? undefined : (nearest ?? 'sh');
    const shell = shellOfProgram(running.program);
    const ownOut = outOf(pid);
    if (shell && (ownOut === undefined || ownOut !== out || !passesOn(pid, running, ownOut))) return shell;
    // A program reads what this shell writes, and not a shell further away.
    if (nearest && !shell && ownOut !== undefined && ownOut !== out) return nearest;
    nearest ??= shell;
    // What a launcher itself reads, it may write on.
    out = ownOut ?? out;
    pid = parentOf(pid);
  }
  return nearest ?? 'sh';
}

/** Whether a shell has started something with its own standard output, so that it cannot evaluate what comes out of it. */
function passesOn(pid: number, { program, args }: Running, out: string): boolean {
  // A pipe is read by another process.
  if (!out.startsWith('/')) return true;
  const words = args ?? readArguments(pid);
  // At a terminal that is so even for the shell in which the user types.
  if (/^\/dev\/(pts\/|tty|console)/.test(out)) return 'file' in (scriptOf(words) ?? {});
  // A file may be a redirection, which many shells make their own standard output for so long, and ksh93 captures into one.
  return !(/ksh/.test(program) && out.endsWith(' (deleted)')) && evaluatesNothing(words, `/proc/${pid}/cwd`);
}

/** What a process runs, with its arguments if it took them to tell; undefined if the process is gone. */
function readProgram(pid: number): Running | undefined {
  // Its name in /proc/PID/comm will not do: of a script that is run by its first line it is the script's own.
  const file = readLink(`/proc/${pid}/exe`);
  if (file !== undefined && !isManyPrograms(file)) return { program: file };
  const args = readArguments(pid);
  // The links of another user's process cannot be read.
  return file === undefined && args.length === 0 ? undefined : findInnerProgram(file ?? args[0] ?? '', args);
}

function readArguments(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** @returns 0 if there is none, or it is not known. */
function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** What a process has as its standard output; undefined if that is not known. */
function outOf(pid: number | 'self'): string | undefined {
  return readLink(`/proc/${pid}/fd/1`);
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Finds it by ps, which does not tell where standard output goes: a shell whose script or `-c` text evaluates nothing only passes it on.
 *
 * @param ask What ps says of a process for a keyword; undefined if it says nothing.
 */
export async function findByPs(
  ask: (keyword: string, pid: number) => Promise<string | undefined>,
  parent: number,
): Promise<KnownShell> {
  let nearest: KnownShell | undefined;
  for (let pid = parent, count = 0; pid > 1 && count < mostAncestors; count += 1) {
    const file = await ask('comm', pid);
    if (!file) break;
    // A login shell's name begins with a dash: it runs no script.
    const needsArgs = isManyPrograms(file) || (!file.startsWith('-') && shellOfProgram(file));
    const { program, args } = findInnerProgram(file, needsArgs ? ((await ask('args', pid)) ?? '').split(' ') : []);
    const found = shellOfProgram(program);
    if (found && !evaluatesNothing(args, '.')) return found;
    nearest ??= found;
    pid = Number((await ask('ppid', pid)) ?? 0);
  }
  return nearest ?? 'sh';
}

const evaluation = /(?:^|[\s;&|({`])(?:eval|source|\.|execx|evalx|load-env|iex|invoke-expression)[\s(]/i;
const largestScript = 1_000_000;

/** Whether a shell has a script that evaluates nothing. @param folder The shell's own. */
function evaluatesNothing(args: readonly string[], folder: string): boolean {
  const script = scriptOf(args);
  if (!script) return false;
  if ('text' in script) return !evaluation.test(script.text);
  const file = isAbsolute(script.file) ? script.file : join(folder, script.file);
  try {
    const stat = statSync(file);
    // A pipe could be waited for without end.
    return stat.isFile() && stat.size <= largestScript && !evaluation.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

const withValue = '-o +o -O +O --rcfile --init-file -C --init-command --config --env-config'.split(' ');

/** The script that a shell runs, or the text behind its `-c`; undefined if it reads what a user types. */
function scriptOf([, ...args]: readonly string[]): { file: string } | { text: string } | undefined {
  const end = firstOperand(args, withValue);
  const options = end === -1 ? args : args.slice(0, end);
  const operand = args[end];
  if (operand === undefined) return undefined;
  const isText = options.some((option) => /^-[a-zA-Z]*c$|^--command$/.test(option));
  return isText ? { text: args.slice(end).join(' ') } : { file: operand };
}
