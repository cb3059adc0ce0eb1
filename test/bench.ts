/** What mfa-env costs beside bare node and what else does its job: medians of runs that take turns, so that noise strikes all alike. */

import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFunctions } from './bench-functions.ts';
import { type Contestant, gatherContest, type Run, time } from './beside/contest.ts';
import { makeHome, program, root, savedLines, sectionsOf } from './harness.ts';
import { drawBars } from './pictures/bars.ts';
import { startSts } from './sts/server.ts';

const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 25);
const node = process.execPath;
const sts = await startSts();

/** Runs a node program once more. @returns its peak memory in KiB. */
async function measureMemory({ command, args, env, printed }: Run): Promise<number> {
  const file = join(folder, 'peak');
  const preload = ['--require', join(import.meta.dirname, 'peak-memory.cjs')];
  await time({ command, args: [...preload, ...args], env: { ...env, MEASURED_INTO: file }, printed });
  return Number(readFileSync(file, 'utf8'));
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs all in turns. @returns the median of each, in milliseconds. */
async function measure(rows: Pick<Contestant, 'measure'>[], rounds: number): Promise<number[]> {
  const times: number[][] = rows.map(() => []);
  // The first two rounds fill the caches.
  for (let round = -2; round < rounds; round += 1) {
    for (const [index, row] of rows.entries()) {
      const milliseconds = await row.measure();
      if (round >= 0) times[index]?.push(milliseconds);
    }
  }
  return times.map(median);
}

function print(...cells: string[]): void {
  console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(40) : cell.padStart(9))).join(''));
}

const { path: folder } = makeHome({});
const { contestants, missing } = await gatherContest(sts);
const costs = await measure(contestants, rounds);
const [bareCost = Number.NaN] = costs;
const bareMemory = contestants[0]?.prepare ? await measureMemory(contestants[0].prepare()) : Number.NaN;
const conditions = `medians of ${rounds} runs in turns; ratios to node -e 0, node ${process.version}`;
console.log(conditions);
for (const [index, { job, name, most, prepare }] of contestants.entries()) {
  const cost = costs[index] ?? Number.NaN;
  const ratio = cost / bareCost;
  const run = prepare?.();
  const memory = run?.command === node ? ((await measureMemory(run)) / bareMemory).toFixed(2) : '';
  if (contestants[index - 1]?.job !== job) {
    console.log();
    print(job, 'ms', 'ratio', 'at most', 'memory');
  }
  print(name, cost.toFixed(1), ratio.toFixed(ratio < 0.1 ? 3 : 2), most?.toFixed(2) ?? '', memory);
}
if (missing.length > 0) console.log(`\nnot measured, since this machine lacks it: ${missing.join(', ')}`);

if (process.argv.includes('--write')) {
  const bars = contestants.map(({ job, name, ours }, index) => ({ job, name, ours, milliseconds: costs[index] ?? 0 }));
  mkdirSync(join(root, 'docs'), { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(root, 'docs/bench.svg'), drawBars(`How long mfa-env ${version} takes`, conditions, bars));
}

const sizes = [10, 1000, 10_000, 100_000];
const fewRounds = Math.ceil(rounds / 3);
const others = (count: number) => {
  const section = (index: number) =>
    `[other-${index}]\nregion = eu-west-1\naws_arn_mfa = arn:aws:iam::111122223333:mfa/ana\n\n`;
  return Array.from({ length: count }, (_, index) => section(index)).join('');
};
const reads = sizes.map((size) => {
  const { env } = makeHome({ credentials: others(size) + sectionsOf('prod', sts.addUser(), savedLines()) });
  const run = { command: node, args: [program, 'prod'], env, printed: 'AWS_SESSION_TOKEN' };
  return { measure: () => time(run) };
});
const saves = sizes.map((size) => {
  const text = others(size);
  const { env, credentialsFile } = makeHome({ credentials: '' }, { AWS_ENDPOINT_URL_STS: sts.url });
  const measure = () => {
    const user = sts.addUser();
    writeFileSync(credentialsFile, text + sectionsOf('prod', user));
    // A file that was written in place a moment ago is waited for.
    utimesSync(credentialsFile, new Date(0), new Date(0));
    return time({
      command: node,
      args: [program, 'prod', sts.code(user), '--save'],
      env,
      printed: 'AWS_SESSION_TOKEN',
    });
  };
  return { measure };
});
const prod = sectionsOf('prod', sts.addUser(), savedLines());
const user = sts.addUser();
const withSource = (index: number) => `${sectionsOf(`other-${index}`, user, 'region = eu-west-1\n')}\n`;
const ofRole = (index: number) =>
  `[profile other-${index}]\nrole_arn = arn:aws:iam::444455556666:role/r${index}\nsource_profile = prod\nregion = eu-west-1\n\n`;
const keysOf = (index: number) =>
  `[other-${index}-default]\naws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n\n`;
const settingsOf = (index: number) =>
  `[profile other-${index}]\nmfa_serial = ${user.device.serialNumber}\nregion = eu-west-1\n\n`;
// No two sections have the same keys and values.
const different = (index: number) =>
  `[other-${index}-long-term]\n${index % 3 ? `key_${index} = ${index}\n` : ''}aws_access_key_id = ${user.accessKeyId}\n# ${index}\naws_secret_access_key = ${user.secretAccessKey}\n`;
const differentRole = (index: number) =>
  `[profile other-${index}]\n${index % 2 ? `role_arn = arn:aws:iam::444455556666:role/r${index}\n` : ''}key_${index} = value\nsource_profile = ${index % 5 ? `other-${index}-long-term` : 'prod'}\n`;
const layouts: [what: string, credentials: (index: number) => string, config?: (index: number) => string][] = [
  ['list, each with a source', withSource],
  ['list, roles', () => '', ofRole],
  ['list, settings in config', keysOf, settingsOf],
  ['list, no two alike', different, differentRole],
];
const bare = { command: node, args: ['-e', '0'], env: makeHome({}).env, printed: '' };
const lists = [1000, 10_000].flatMap((size) =>
  layouts.map(([what, inCredentials, inConfig = () => '']) => {
    const many = (make: (index: number) => string) => Array.from({ length: size }, (_, index) => make(index)).join('');
    const { env } = makeHome({ credentials: many(inCredentials) + prod, config: many(inConfig) });
    const run = { command: node, args: [program, 'list'], env, printed: 'prod' };
    return { what, size, measure: () => time(run) };
  }),
);
const [bareBeside = Number.NaN, ...listCosts] = await measure([{ measure: () => time(bare) }, ...lists], rounds);
const scale = await measure([...reads, ...saves], fewRounds);
console.log(
  `\nby the number of profiles in the credentials file, ${fewRounds} runs; ratios to the smallest, of a list to node -e 0\n`,
);
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
for (const [index, { what, size }] of lists.entries()) {
  const cost = listCosts[index] ?? Number.NaN;
  const most = size === 1000 ? '8.00' : '2000 ms';
  print(what, String(size), cost.toFixed(1), (cost / bareBeside).toFixed(2), most);
}
await benchFunctions(Math.ceil(rounds / 5), () => time(bare), median, print);
await sts.close();
