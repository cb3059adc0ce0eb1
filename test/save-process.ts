/** Saves as processes that do nothing else, quick enough to be struck many times at each of their steps. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { saveSession } from '../src/save.ts';
import { type Running, root, start } from './harness.ts';
import { sessionOf } from './numbered-sessions.ts';

/** What a lock whose holder is gone may cost, and what a process may take on a busy machine. */
export const mostMilliseconds = 5000 + 3000;

const source = `
import { writeSync } from 'node:fs';
import { saveSession } from './src/save.ts';
import { sessionOf } from './test/numbered-sessions.ts';
const [path, section, first, last] = process.argv.slice(2);
const saving = { path, section, marks: {}, related: [], say() {}, onInterrupt: () => () => {} };
async function run() {
  for (let number = Number(first); number <= Number(last); number += 1) {
    await saveSession({ ...saving, session: sessionOf(number) });
    writeSync(2, number + '\\n');
  }
}
run().catch((error) => {
  writeSync(2, error.message + '\\n');
  process.exit(1);
});`;

const stopSource = `
const fs = require('node:fs');
const { fsyncSync } = fs;
fs.fsyncSync = (file) => {
  fs.fsyncSync = fsyncSync;
  fsyncSync(file);
  process.kill(process.pid, 'SIGSTOP');
};`;

const folder = mkdtempSync(join(tmpdir(), 'mfa-env-save-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const script = join(folder, 'save.cjs');
const stop = join(folder, 'stop.cjs');
writeFileSync(stop, stopSource);
// One file without tsx: it is at its work in a moment.
await build({
  stdin: { contents: source, resolveDir: root, loader: 'ts' },
  outfile: script,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'error',
});

/** An option of node with which a save stops (SIGSTOP) once its first draft is written. */
export const stopAtDraft = `--require=${stop}`;

export const minimalEnv = { PATH: process.env.PATH ?? '' };

/** The command that saves the sessions from `first` to `last`; each number is a line of standard error once it is saved. */
export function saveCommand(path: string, section: string, first: number, last = first): string[] {
  return [process.execPath, script, path, section, String(first), String(last)];
}

/** Starts it. */
export function startSave(path: string, section: string, first: number, last = first, ...options: string[]): Running {
  const [node = '', ...args] = saveCommand(path, section, first, last);
  return start(node, [...options, ...args], minimalEnv);
}

/** Saves from within this process. */
export function saveHere(path: string, section: string, number: number): Promise<void> {
  const session = sessionOf(number);
  const onInterrupt = () => () => {};
  return saveSession({
    path,
    section,
    session,
    marks: { source: undefined, role: undefined },
    region: undefined,
    serial: undefined,
    related: [],
    before: undefined,
    say() {},
    onInterrupt,
  });
}

const endedPid = spawnSync(process.execPath, ['--version']).pid;

/** A lock as its holder writes it; the holder is a process that has ended, where it is not another one. */
export function lockText(holder: object = {}): string {
  return JSON.stringify({ token: '0123456789abcdef', pid: endedPid, host: hostname(), started: '', ...holder });
}
