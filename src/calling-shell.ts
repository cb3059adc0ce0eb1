/**
 * Which shell will evaluate what this process prints.
 *
 * - It is the nearest ancestor that is a shell. Everything else in between is a launcher: Volta, npx, node, sudo, timeout, make.
 * - A shell that only passes its own standard output on is a launcher too: a wrapper script's sh, or npx's `sh -c`. A shell that
 *   evaluates text has another standard output than the program that prints it: a pipe or a file that it reads itself.
 * - If all of them pass it on, it is the nearest one, and sh if there is none.
 */

import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { findInnerProgram, firstOperand, isManyPrograms, type KnownShell, shellOfProgram } from './shells.ts';

const mostAncestors = 30;

interface RunningProgram {
  parent: number;
  program: string;
  args: readonly string[];
  /** What its standard output is; undefined if that is not known. */
  out: string | undefined;
}

/** Finds it by /proc. @returns undefined if there is no /proc. */
export function findByProc(pid: number): KnownShell | undefined {
  const own = readProgram(pid);
  if (!own) return undefined;
  let { out } = own;
  let nearest: KnownShell | undefined;
  let ancestor = readProgram(own.parent);
  for (let count = 0; ancestor && count < mostAncestors; count += 1) {
    const shell = shellOfProgram(ancestor.program);
    if (shell && !passesOn(ancestor, out)) return shell;
    nearest ??= shell;
    // What a launcher reads from a pipe, it writes on.
    out = ancestor.out ?? out;
    ancestor = readProgram(ancestor.parent);
  }
  return nearest ?? 'sh';
}

/** Whether a shell only passes its standard output on to what it has started. */
function passesOn({ program, args, out }: RunningProgram, ofChild: string | undefined): boolean {
  if (out === undefined || out !== ofChild) return false;
  // At a terminal that is so even for the shell in which the user types.
  if (/^\/dev\/(pts\/|tty|console)/.test(out)) return scriptOf(args) !== undefined;
  // ksh93 captures into a file, which it makes its own standard output for so long.
  return !(/ksh/.test(program) && out.endsWith(' (deleted)'));
}

/** Reads what a process runs; undefined if it is gone. */
function readProgram(pid: number): RunningProgram | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    // Its name in /proc/PID/comm will not do: of a script that is run by its first line it is the script's own. The links of another
    // user's process cannot be read.
    const file = readLink(`/proc/${pid}/exe`) ?? args[0] ?? '';
    return { parent: Number(parent), ...findInnerProgram(file, args), out: readLink(`/proc/${pid}/fd/1`) };
  } catch {
    return undefined;
  }
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
    if (found && !evaluatesNothing(args)) return found;
    nearest ??= found;
    pid = Number((await ask('ppid', pid)) ?? 0);
  }
  return nearest ?? 'sh';
}

const evaluation = /(?:^|[\s;&|({`])(?:eval|source|\.|execx|evalx|load-env|iex|invoke-expression)[\s(]/i;
const largestScript = 1_000_000;

/** Whether a shell has a script that evaluates nothing. */
function evaluatesNothing(args: readonly string[]): boolean {
  const script = scriptOf(args);
  if (!script) return false;
  if ('text' in script) return !evaluation.test(script.text);
  const stat = statSync(script.file, { throwIfNoEntry: false });
  // A pipe could be waited for without end.
  if (!stat?.isFile() || stat.size > largestScript) return false;
  return !evaluation.test(readFileSync(script.file, 'utf8'));
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
