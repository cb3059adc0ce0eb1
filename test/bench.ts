/** What mfa-env costs beside bare node and the AWS CLI: medians of runs that take turns, so that noise strikes all alike. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, type Home, makeHome, program, savedLines, sectionsOf } from './harness.ts';
import { startSts } from './sts/server.ts';

const rounds = Number(process.argv[2] ?? 25);
const node = process.execPath;

interface Row {
  name: string;
  /** The ratio to bare node that it may cost at the most, where one is promised. */
  most?: number;
  /** Makes one run: a code works once. */
  prepare(): Run;
}

interface Run {
  command: string;
  args: string[];
  env: Record<string, string>;
}

const sts = await startSts();
const homes: Home[] = [];

function homeOf(credentials: string): Home {
  const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
  homes.push(home);
  return home;
}

const { env, path: folder } = homeOf(sectionsOf('prod', sts.addUser(), savedLines()));

function nodeRow(name: string, most: number | undefined, ...args: string[]): Row {
  return { name, ...(most ? { most } : {}), prepare: () => ({ command: node, args, env }) };
}

const bare = nodeRow('node -e 0', undefined, '-e', '0');
const rows: Row[] = [
  bare,
  nodeRow('mfa-env --version', 1.15, program, '--version'),
  nodeRow('mfa-env --help', 1.15, program, '--help'),
  nodeRow('mfa-env prod, saved session', 1.2, program, 'prod'),
  { name: 'mfa-env prod CODE, new session', most: 2.3, prepare: prepareNewSession },
];
if (findProgram('aws')) rows.push({ name: 'aws sts get-session-token', prepare: prepareAwsCli });

function prepareNewSession(): Run {
  const user = sts.addUser();
  return { command: node, args: [program, 'prod', sts.code(user)], env: homeOf(sectionsOf('prod', user)).env };
}

function prepareAwsCli(): Run {
  const user = sts.addUser();
  const options = [
    ['--serial-number', user.device.serialNumber],
    ['--token-code', sts.code(user)],
    ['--endpoint-url', sts.url],
    ['--region', 'us-east-1'],
  ];
  const keys = { AWS_ACCESS_KEY_ID: user.accessKeyId, AWS_SECRET_ACCESS_KEY: user.secretAccessKey };
  return { command: 'aws', args: ['sts', 'get-session-token', ...options.flat()], env: { ...env, ...keys } };
}

/** Runs a command to its end. @returns milliseconds. */
function time({ command, args, env }: Run): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    child.on('error', reject);
    child.on('exit', (status) => {
      if (status === 0) resolve(performance.now() - start);
      else reject(new Error(`${command} ${args.join(' ')} ended with status ${status}`));
    });
  });
}

/** Runs a node command once more. @returns its peak memory in KiB. */
async function measureMemory(row: Row): Promise<number> {
  const { command, args, env } = row.prepare();
  const file = join(folder, 'peak');
  const preload = ['--require', join(import.meta.dirname, 'peak-memory.cjs')];
  await time({ command, args: [...preload, ...args], env: { ...env, MEASURED_INTO: file } });
  return Number(readFileSync(file, 'utf8'));
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const times = new Map<Row, number[]>(rows.map((row) => [row, []]));
for (let round = -2; round < rounds; round += 1) {
  for (const row of rows) {
    const milliseconds = await time(row.prepare());
    // The first two rounds fill the caches.
    if (round >= 0) times.get(row)?.push(milliseconds);
  }
}

const bareTime = median(times.get(bare) ?? []);
const bareMemory = await measureMemory(bare);
console.log(`medians of ${rounds} runs in turns; ratios to node -e 0, node ${process.version}\n`);
console.log(
  `${'command'.padEnd(34)}${'ms'.padStart(8)}${'ratio'.padStart(8)}${'at most'.padStart(9)}${'memory'.padStart(8)}`,
);
for (const row of rows) {
  const milliseconds = median(times.get(row) ?? []);
  const memory = row.prepare === prepareAwsCli ? '' : ((await measureMemory(row)) / bareMemory).toFixed(2);
  const ratio = (milliseconds / bareTime).toFixed(2);
  const most = row.most?.toFixed(2) ?? '';
  console.log(
    `${row.name.padEnd(34)}${milliseconds.toFixed(1).padStart(8)}${ratio.padStart(8)}${most.padStart(9)}${memory.padStart(8)}`,
  );
}
for (const home of homes) home.remove();
await sts.close();
