/** The shells that have a function, and scripts in them behind it. */

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, program, run, runMfaEnv } from './harness.ts';

export interface FunctionShell {
  name: 'bash' | 'zsh' | 'fish';
  args: string[];
  /** The arguments for a shell at a terminal. */
  interactive: string[];
  /** Reads a file of statements into the shell. */
  load(file: string): string;
}

export const functionShells: FunctionShell[] = [
  {
    name: 'bash',
    args: ['--noprofile', '--norc', '-c'],
    interactive: ['--noprofile', '--norc', '-i'],
    load: (file) => `. ${file}`,
  },
  { name: 'zsh', args: ['-f', '-c'], interactive: ['-f', '-i'], load: (file) => `. ${file}` },
  { name: 'fish', args: ['--no-config', '-c'], interactive: ['--no-config', '-i'], load: (file) => `source ${file}` },
];

/** Writes the function of a shell into a file; what it calls records that it was called, and is the program. */
export async function writeFunction({ name }: FunctionShell, home: Home, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runMfaEnv(['init', name, ...args], home.env);
  assert.deepEqual([status, stderr], [0, '']);
  const file = join(home.path, `function.${name}`);
  writeFileSync(file, recordCalls(stdout, home));
  return file;
}

/** The text of a function in which what it calls records that it was called, and is the program. */
export function recordCalls(text: string, home: Home): string {
  const node = `'${realpathSync(process.execPath)}'`;
  assert.ok(text.includes(node) && text.includes(`'${program}'`));
  const stub = join(home.path, 'bin/called');
  writeFileSync(stub, `#!/bin/sh\necho called >>${home.path}/calls\nexec ${node} "$@"\n`);
  chmodSync(stub, 0o755);
  return text.replaceAll(node, `'${stub}'`);
}

export interface AfterScript {
  status: number | null;
  stdout: string;
  stderr: string;
  /** What a child of the shell was given, but for what shells count themselves. */
  variables: Record<string, string>;
  /** How often the program was called. */
  calls: number;
}

/** Runs a script behind the function, and reads back what a child gets. */
export async function runWithFunction(
  shell: FunctionShell,
  home: Home,
  script: string,
  file: string,
): Promise<AfterScript> {
  const dump = join(home.path, 'variables');
  rmSync(dump, { force: true });
  const calls = join(home.path, 'calls');
  writeFileSync(calls, '');
  const text = script.replaceAll('READ-BACK', `env -0 >${dump}`);
  const { status, stdout, stderr } = await run(shell.name, [...shell.args, `${shell.load(file)}\n${text}`], home.env);
  return {
    status,
    stdout,
    stderr,
    variables: existsSync(dump) ? readDump(dump) : {},
    calls: readFileSync(calls, 'utf8').length / 7,
  };
}

/** What `env -0` wrote, but for what shells count themselves. */
export function readDump(file: string): Record<string, string> {
  const entries = readFileSync(file, 'latin1')
    .split('\0')
    .filter(Boolean)
    .map((entry): [string, string] => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
  return Object.fromEntries(entries.filter(([name]) => !/^(_|SHLVL|PWD|OLDPWD)$/.test(name)));
}
