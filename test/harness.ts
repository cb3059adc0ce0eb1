/** What every end-to-end test needs: a throw-away HOME, the program as a real process, real shells, and nothing that leaves this machine. */

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { isLasting, makeLastingFolder } from './lasting-folder.ts';
import type { StsUser } from './sts/identities.ts';
import type { Sts } from './sts/server.ts';

export const root = join(import.meta.dirname, '..');

/** The program in its clone, or a copy if that is in a place from which `mfa-env init` takes no paths. */
export const program = join(placePackage(), 'dist/cli.cjs');

/** Proxies that lead nowhere: whatever does not go to loopback fails. */
const closedNetwork = {
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

const folders: string[] = [];
process.on('exit', () => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

/** Makes a HOME with the two files, mode 0600, in a folder of mode 0700; it goes at the end of the tests at the latest. */
export function makeHome(files: { credentials?: string; config?: string }, env: Record<string, string> = {}): Home {
  const path = mkdtempSync(join(tmpdir(), 'mfa-env-test-'));
  folders.push(path);
  mkdirSync(join(path, '.aws'), { mode: 0o700 });
  mkdirSync(join(path, 'bin'));
  symlinkSync(program, join(path, 'bin/mfa-env'));
  symlinkSync(process.execPath, join(path, 'bin/node'));
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
      PATH: [join(path, 'bin'), process.env.PATH].join(delimiter),
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

export interface SavedSession {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAt: Date;
}

/** The lines of a saved session; what is not given is a session that lives two hours more. */
export function savedLines(session: Partial<SavedSession> = {}): string {
  return `aws_access_key_id = ${session.accessKeyId ?? 'ASIASAVED00000000001'}
aws_secret_access_key = ${session.secretAccessKey ?? 'secret/of+the/saved/session'}
aws_session_token = ${session.sessionToken ?? 'token//of+the+saved+session=='}
x_security_token_expires = ${formatTime(session.expiresAt ?? new Date(Date.now() + 7_200_000))}
`;
}

/** `2026-11-24T16:00:00Z` */
export function formatTime(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '');
}

/** A user of the STS on loopback who is at home: `[prod-default]` and `[prod]` are in the credentials file. */
export function makeUser(
  sts: Sts,
  { more = '', config, env }: { more?: string; config?: string; env?: Record<string, string> } = {},
): { user: StsUser; home: Home } {
  const user = sts.addUser();
  const files = { credentials: sectionsOf('prod', user, more), ...(config === undefined ? {} : { config }) };
  return { user, home: makeHome(files, { AWS_ENDPOINT_URL_STS: sts.url, ...env }) };
}

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

const lifetimeMilliseconds = 60_000;

export interface Running {
  pid: number;
  ended: Promise<Ended>;
  /** What it has said so far. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts a program without a terminal: in a session of its own, as `setsid` would.
 *
 * @param input What its standard input holds; with null that stays open and silent.
 */
export function start(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  input: string | Buffer | null = '',
): Running {
  const child = spawn(command, args, { env, detached: true, cwd: env.HOME });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  // A program may well end without reading its input.
  child.stdin.on('error', () => {});
  if (input !== null) child.stdin.end(input);
  // What a failed test leaves running, or what never ends, would keep the tests from ending.
  const end = setTimeout(() => killGroup(child.pid), lifetimeMilliseconds).unref();
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(end);
      resolve({ status, signal, stdout, stderr });
    });
  });
  return { pid: child.pid ?? 0, ended, stderr: () => stderr, kill: (signal) => void child.kill(signal) };
}

/** What a program has started may hold its streams open. */
function killGroup(pid: number | undefined): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

/** Runs a program to its end, without a terminal. */
export function run(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  input: string | Buffer = '',
): Promise<Ended> {
  return start(command, args, env, input).ended;
}

/** Runs mfa-env. */
/** What is said of an STS on loopback before it is called, with `--quiet` too. */
export function routeLine({ url }: Pick<Sts, 'url'>): string {
  return `mfa-env: sts is called at ${url}, which is not aws\n`;
}

export function runMfaEnv(args: readonly string[], env: Record<string, string>, input = ''): Promise<Ended> {
  return run(process.execPath, [program, ...args], env, input);
}

/** Installs the program in a folder of its own, so that parts of it can be taken away. @returns the folder. */
export function copyProgram(home: Home): string {
  return copyPackage(join(home.path, 'copy'));
}

function placePackage(): string {
  if (isLasting(join(root, 'dist/cli.cjs'))) return root;
  try {
    return copyPackage(makeLastingFolder());
  } catch {
    // What `init` is needed for fails then, and says why.
    return root;
  }
}

function copyPackage(to: string): string {
  for (const part of ['dist', 'shell', 'package.json']) cpSync(join(root, part), join(to, part), { recursive: true });
  return to;
}

/** The file of a program on the PATH. */
export function findProgram(command: string): string | undefined {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, command));
  return paths.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

// What no package manager brings in the version that knows AWS_ENDPOINT_URL: skipped by name where it is missing, in CI too.
const optional = ['aws', 'python3', 'botocore'];

/** For a test's `skip`: the reason, where a program is missing; in CI a missing program is a failure, so never a reason there. */
export function unless(command: string): string | false {
  if (findProgram(command)) return false;
  if (process.env.CI && !optional.includes(command)) throw new Error(`${command} is missing, and CI must have it`);
  return `${command} is not installed`;
}
