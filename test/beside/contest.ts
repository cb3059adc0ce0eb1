/** What is measured beside mfa-env: whatever else is on this machine for the same jobs. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { filesOf, type Measurement, measureFunction, token } from '../bench-functions.ts';
import { functionShells } from '../function-shells.ts';
import { findProgram, type Home, makeHome, program, savedLines, sectionsOf } from '../harness.ts';
import type { Sts } from '../sts/server.ts';
import { findAwsClis, findPython } from './aws-clis.ts';

export interface Contestant {
  job: string;
  name: string;
  /** Whether it is mfa-env. */
  ours: boolean;
  /** The ratio to bare node that it may cost at the most, where one is promised. */
  most?: number;
  /** One run of it, where it is a program. */
  prepare?: () => Run;
  /** @returns milliseconds. @throws where the job was not done. */
  measure(): Promise<number>;
}

export interface Run {
  command: string;
  args: string[];
  env: Record<string, string>;
  /** What it prints if it does its job. */
  printed: string;
}

export interface Contest {
  /** The first is bare node. */
  contestants: Contestant[];
  /** What this machine does not have. */
  missing: string[];
}

const jobs = { start: 'a start', saved: 'a saved session into the shell', new: 'a new session from STS' };
const node = process.execPath;
const scripts = import.meta.dirname;

/** Gathers who can do the jobs here. */
export async function gatherContest(sts: Sts): Promise<Contest> {
  const missing: string[] = [];
  const python = await findPython();
  if (!python) missing.push('python3');
  const awsClis = await findAwsClis(python);
  for (const major of ['1', '2'])
    if (!awsClis.some(({ version }) => version.startsWith(`${major}.`))) missing.push(`AWS CLI v${major}`);
  const shells = functionShells.filter(({ name }) => findProgram(name));
  missing.push(...functionShells.filter((shell) => !shells.includes(shell)).map(({ name }) => name));

  const { credentials, config } = filesOf(10);
  const files = {
    credentials: credentials + sectionsOf('prod', sts.addUser(), savedLines({ sessionToken: token })),
    config: `${config}[profile prod]\nregion = eu-west-1\n`,
  };
  const home = makeHome(files, { AWS_ENDPOINT_URL_STS: sts.url });
  const saved =
    (command: string, ...args: string[]) =>
    () => ({ command, args, env: home.env, printed: token });
  const start =
    (command: string, printed: string, ...args: string[]) =>
    () => ({ ...saved(command, ...args)(), printed });
  const inShell = (shell: Measurement['shell']): Contestant => ({
    ...{ job: jobs.saved, name: `mfa-env prod, the function in ${shell.name}`, ours: true },
    measure: () => measureFunction({ what: '', shell, times: 50, before: '', command: 'mfa-env prod', ...files }),
  });

  const others: Contestant[] = [];
  if (python) {
    others.push(
      contestant(jobs.start, 'python3 -c 0', start(python, '', '-c', '0')),
      contestant(
        jobs.saved,
        'a botocore script that prints it',
        saved(python, join(scripts, 'print-exports.py'), 'prod'),
      ),
      contestant(jobs.new, 'a botocore script that saves it', () => {
        const { home, code } = newcomer(sts);
        return {
          command: python,
          args: [join(scripts, 'save-session.py'), 'prod', code],
          env: home.env,
          printed: 'Saved prod',
        };
      }),
    );
  }
  for (const { path, version } of awsClis) {
    const exporting = ['configure', 'export-credentials', '--profile', 'prod'];
    others.push(
      contestant(jobs.saved, `aws ${version} configure export-credentials`, saved(path, ...exporting)),
      contestant(jobs.new, `aws ${version} sts get-session-token`, () => {
        const { home, code, serialNumber } = newcomer(sts);
        const options = ['--profile', 'prod-default', '--endpoint-url', sts.url, '--region', 'us-east-1'];
        const words = ['sts', 'get-session-token', '--serial-number', serialNumber, '--token-code', code];
        return { command: path, args: [...words, ...options], env: home.env, printed: 'SessionToken' };
      }),
    );
  }
  const able: Contestant[] = [];
  for (const other of others) {
    const isAble = await other.measure().then(
      () => true,
      () => false,
    );
    if (isAble) able.push(other);
    else missing.push(other.name);
  }

  const contestants = [
    contestant(jobs.start, 'node -e 0', start(node, '', '-e', '0')),
    ours(jobs.start, 'mfa-env --version', 1.15, start(node, 'mfa-env ', program, '--version')),
    ours(jobs.start, 'mfa-env --help', 1.15, start(node, 'mfa-env ', program, '--help')),
    ...shells.map(inShell),
    ours(jobs.saved, 'mfa-env prod', 1.2, saved(node, program, 'prod')),
    ours(jobs.new, 'mfa-env prod CODE', 2.3, () => prepareNew(sts)),
    ours(jobs.new, 'mfa-env prod CODE --save', undefined, () => prepareNew(sts, '--save')),
    ...able,
  ];
  const order = Object.values(jobs);
  return { contestants: contestants.sort((a, b) => order.indexOf(a.job) - order.indexOf(b.job)), missing };
}

function contestant(job: string, name: string, prepare: () => Run): Contestant {
  return { job, name, ours: false, prepare, measure: () => time(prepare()) };
}

function ours(job: string, name: string, most: number | undefined, prepare: () => Run): Contestant {
  return { ...contestant(job, name, prepare), ours: true, ...(most ? { most } : {}) };
}

/** Somebody who has not spent a code yet. */
function newcomer(sts: Sts): { home: Home; code: string; serialNumber: string } {
  const user = sts.addUser();
  const home = makeHome({ credentials: sectionsOf('prod', user) }, { AWS_ENDPOINT_URL_STS: sts.url });
  return { home, code: sts.code(user), serialNumber: user.device.serialNumber };
}

function prepareNew(sts: Sts, ...options: string[]): Run {
  const { home, code } = newcomer(sts);
  return { command: node, args: [program, 'prod', code, ...options], env: home.env, printed: 'AWS_SESSION_TOKEN' };
}

/** Runs a command to its end. @returns milliseconds. */
export function time({ command, args, env, printed }: Run): Promise<number> {
  const start = performance.now();
  let stdout = '';
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd: env.HOME, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.resume();
    child.on('error', reject);
    let milliseconds = 0;
    child.on('exit', () => {
      milliseconds = performance.now() - start;
    });
    child.on('close', (status) => {
      if (status === 0 && stdout.includes(printed)) resolve(milliseconds);
      else reject(new Error(`${[command, ...args].join(' ')}: ${status === 0 ? 'no answer' : `status ${status}`}`));
    });
  });
}
