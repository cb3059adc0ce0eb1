/** How a call ends that cannot start: under the wrong Node, or without a part of the package. It is built for Node 12, and runs there. */

import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { findByProc, findByPs } from './calling-shell.ts';
import { exitStatuses } from './errors.ts';
import { toLocale } from './locale-text.ts';
import { renderFailure } from './render.ts';
import { describeLeftSession, readFailureForm } from './request.ts';
import { type KnownShell, type ShellName, shellOfWindows } from './shells.ts';
import { quoteOutside, toVisible } from './visible.ts';

/** The oldest Node that will do: `engines` of package.json, which the build puts in. */
declare const OLDEST_NODE: readonly number[];

/**
 * Says why, gives the calling shell its failing statement, and ends the process.
 *
 * @param error What a part of the package could not be loaded with; undefined under the wrong Node.
 */
export async function refuse(error: unknown): Promise<never> {
  const { message, hint } = error === undefined ? describeNode() : describeMissing(error);
  const form = readFailureForm(process.argv.slice(2));
  const left = describeLeftSession(form, process.env);
  const lines = [`error: ${message}`, `hint: ${hint}`, ...(left ? [`hint: ${left}`] : [])];
  try {
    const text = lines.map((line) => `mfa-env: ${toVisible(line)}\n`).join('');
    writeSync(2, toLocale(text, process.env));
  } catch {
    // Nobody reads it.
  }
  if (form.statement && !isatty(1)) writeSync(1, await failingStatement(form.shell));
  process.exit(form.isExec ? exitStatuses.execFailed : exitStatuses.failed);
}

function describeNode(): { message: string; hint: string } {
  const { bun, deno, node } = process.versions as NodeJS.Dict<string>;
  const name = bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
  const message = `mfa-env needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${name} (${quoteOutside(process.execPath)})`;
  if (bun || deno) return { message, hint: 'install Node from https://nodejs.org, and call mfa-env with it' };
  const manager = managers.find(([path]) => path.test(process.execPath));
  return { message, hint: manager ? `type ${manager[1]}` : 'install a newer Node from https://nodejs.org' };
}

/** How those get a newer Node who have theirs from one of these. With each Node, nvm and fnm have other global packages. */
const managers: readonly [path: RegExp, line: string][] = [
  [/[/\\]\.?nvm[/\\]/, 'nvm install --lts && npm install -g mfa-env'],
  [/[/\\]\.?fnm(_multishells)?[/\\]/, 'fnm install --lts && npm install -g mfa-env'],
  [/[/\\]\.?volta[/\\]/i, 'volta install node@lts mfa-env'],
];

function describeMissing(error: unknown): { message: string; hint: string } {
  const [line = ''] = String((error as Error).message).split('\n');
  return { message: `mfa-env cannot start: ${quoteOutside(line)}`, hint: 'type npm install -g mfa-env' };
}

async function failingStatement(shell: ShellName | undefined): Promise<string> {
  try {
    const called = shell ?? (await findCallingShell());
    return renderFailure(join(import.meta.dirname, '../shell'), typeof called === 'string' ? called : 'sh');
  } catch {
    return 'false;\n';
  }
}

async function findCallingShell(): Promise<KnownShell> {
  if (process.platform === 'win32') return shellOfWindows(process.env);
  return findByProc(process.ppid) ?? findByPs(askPs, process.ppid);
}

async function askPs(keyword: string, pid: number): Promise<string> {
  const words = ['-o', `${keyword}=`, '-p', String(pid)];
  return execFileSync('ps', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
