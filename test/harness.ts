/** What every end-to-end test needs: a throw-away HOME, the program as a real process, real shells, and nothing that leaves this machine. */

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { StsUser } from './sts/identities.ts';

export const root = join(import.meta.dirname, '..');
export const program = join(root, 'dist/cli.cjs');

/** Proxies that lead nowhere: whatever does not go to loopback fails. */
export const closedNetwork = {
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
} as const;

export interface Home {
  path: string;
  credentialsFile: string;
  configFile: string;
  /** The environment of a user who is at home here and has `mfa-env` on the PATH; nothing of this process's own. */
  env: Record<string, string>;
  /** What the credentials file holds. */
  credentials(): string;
  remove(): void;
}

/** Makes a HOME with the two files, mode 0600, in a folder of mode 0700. */
export function makeHome(files: { credentials?: string; config?: string }, env: Record<string, string> = {}): Home {
  const path = mkdtempSync(join(tmpdir(), 'mfa-env-test-'));
  mkdirSync(join(path, '.aws'), { mode: 0o700 });
  mkdirSync(join(path, 'bin'));
  symlinkSync(program, join(path, 'bin/mfa-env'));
  const credentialsFile = join(path, '.aws/credentials');
  const configFile = join(path, '.aws/config');
  if (files.credentials !== undefined) writeFileSync(credentialsFile, files.credentials, { mode: 0o600 });
  if (files.config !== undefined) writeFileSync(configFile, files.config, { mode: 0o600 });
  return {
    path,
    credentialsFile,
    configFile,
    env: {
      HOME: path,
      PATH: [join(path, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ...closedNetwork,
      ...env,
    },
    credentials: () => readFileSync(credentialsFile, 'utf8'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The two sections that a user of mfa-env has in the credentials file. */
export function sectionsOf(name: string, user: StsUser, more = ''): string {
  return `[${name}-default]
aws_access_key_id = ${user.accessKeyId}
aws_secret_access_key = ${user.secretAccessKey}

[${name}]
aws_arn_mfa = ${user.device.serialNumber}
${more}`;
}

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, without a terminal: in a session of its own, as `setsid` would. */
export function run(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  input: string | Buffer = '',
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, detached: true, cwd: env.HOME });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
    // A program may well end without reading its input.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Runs mfa-env. */
export function runMfaEnv(args: readonly string[], env: Record<string, string>, input = ''): Promise<Ended> {
  return run(process.execPath, [program, ...args], env, input);
}

/** Whether a program is on the PATH. */
export function isInstalled(command: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => statSync(join(folder, command), { throwIfNoEntry: false })?.isFile());
}

/** For a test's `skip`: the reason, where a program is missing; in CI a missing program is a failure, so never a reason there. */
export function unless(command: string): string | false {
  if (isInstalled(command)) return false;
  if (process.env.CI) throw new Error(`${command} is missing, and CI must have it`);
  return `${command} is not installed`;
}
