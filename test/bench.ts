/** What mfa-env costs beside bare node and the AWS CLI: medians of runs that take turns, so that noise strikes all alike. */

import { spawn } from 'node:child_process';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFunctions } from './bench-functions.ts';
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

/** Runs every row in turns. @returns the median of each, in milliseconds. */
async function measure(rows: Row[], rounds: number): Promise<number[]> {
  const times: number[][] = rows.map(() => []);
  // The first two rounds fill the caches.
  for (let round = -2; round < rounds; round += 1) {
    for (const [index, row] of rows.entries()) {
      const milliseconds = await time(row.prepare());
      if (round >= 0) times[index]?.push(milliseconds);
    }
  }
  return times.map(median);
}

function print(...cells: string[]): void {
  console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(34) : cell.padStart(9))).join(''));
}

const costs = await measure(rows, rounds);
const bareMemory = await measureMemory(bare);
console.log(`medians of ${rounds} runs in turns; ratios to node -e 0, node ${process.version}\n`);
print('command', 'ms', 'ratio', 'at most', 'memory');
for (const [index, row] of rows.entries()) {
  const cost = costs[index] ?? Number.NaN;
  const memory = row.prepare === prepareAwsCli ? '' : ((await measureMemory(row)) / bareMemory).toFixed(2);
  print(row.name, cost.toFixed(1), (cost / (costs[0] ?? 1)).toFixed(2), row.most?.toFixed(2) ?? '', memory);
}

const sizes = [10, 1000, 10_000, 100_000];
const fewRounds = Math.ceil(rounds / 3);
const others = (count: number) => {
  const section = (index: number) =>
    `[other-${index}]\nregion = eu-west-1\naws_arn_mfa = arn:aws:iam::111122223333:mfa/ana\n\n`;
  return Array.from({ length: count }, (_, index) => section(index)).join('');
};
const reads = sizes.map((size) => {
  const { env } = homeOf(others(size) + sectionsOf('prod', sts.addUser(), savedLines()));
  return { name: 'read', prepare: () => ({ command: node, args: [program, 'prod'], env }) };
});
const saves = sizes.map((size) => {
  const text = others(size);
  const { env, credentialsFile } = homeOf('');
  const prepare = () => {
    const user = sts.addUser();
    writeFileSync(credentialsFile, text + sectionsOf('prod', user));
    // A file that was written in place a moment ago is waited for.
    utimesSync(credentialsFile, new Date(0), new Date(0));
    return { command: node, args: [program, 'prod', sts.code(user), '--save'], env };
  };
  return { name: 'save', prepare };
});
const scale = await measure([...reads, ...saves], fewRounds);
console.log(`\nby the number of profiles in the credentials file, ${fewRounds} runs; ratios to the smallest\n`);
print('', 'profiles', 'ms', 'ratio', 'at most');
for (const [index, cost] of scale.entries()) {
  const isRead = index < sizes.length;
  const size = sizes[index % sizes.length] ?? 0;
  const smallest = scale[isRead ? 0 : sizes.length] ?? 1;
  const most = size === 10_000 ? (isRead ? '1.50' : '1.80') : '';
  print(
    isRead ? 'read a saved session' : 'get and save a new one',
    String(size),
    cost.toFixed(1),
    (cost / smallest).toFixed(2),
    most,
  );
}
await benchFunctions(Math.ceil(rounds / 5), () => time(bare.prepare()), median, print);
for (const home of homes) home.remove();
await sts.close();
