/** What the functions cost in the shells: loops in the shell itself, in turns with bare node. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FunctionShell, functionShells, writeFunction } from './function-shells.ts';
import { formatTime, makeHome, run, savedLines, unless } from './harness.ts';

export interface Measurement {
  what: string;
  shell: FunctionShell;
  /** How many times the loop goes round. */
  times: number;
  credentials: string;
  config: string;
  /** Said once before. */
  before: string;
  command: string;
  /** What it may take at the most, as a part of bare node or in milliseconds. */
  most?: { part: number } | { milliseconds: number };
}

export const token = 'IQoJb3JpZ2luX2VjE'.repeat(20);
const device = 'aws_arn_mfa = arn:aws:iam::111122223333:mfa/ana\n';
const keys =
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n';

/** Files as users have them: for each account the long-lived keys, the device and a saved session. */
export function filesOf(profiles: number) {
  const numbers = Array.from({ length: profiles }, (_, index) => index);
  const section = (index: number) =>
    `[account${index}-default]\n${keys}\n[account${index}]\n${device}${savedLines({ sessionToken: token })}\n`;
  return {
    credentials: numbers.map(section).join(''),
    config: numbers.map((index) => `[profile account${index}]\nregion = eu-west-1\noutput = json\n\n`).join(''),
  };
}

const far = formatTime(new Date(Date.now() + 8 * 3_600_000));

const complete: Record<FunctionShell['name'], { before: string; command: string }> = {
  bash: { before: 'COMP_WORDS=(mfa-env ""); COMP_CWORD=1', command: '__mfa_env_complete' },
  // Without the part that belongs to zsh's own completion, which runs in its line editor alone.
  zsh: { before: 'words=(mfa-env ""); CURRENT=2 PREFIX=', command: '__mfa_env_candidates' },
  fish: { before: '', command: 'complete -C "mfa-env " >/dev/null' },
};

function measurementsOf(shell: FunctionShell): Measurement[] {
  const ten = filesOf(10);
  const hundred = filesOf(100);
  const exported = shell.name === 'fish' ? 'set -gx AWS_CREDENTIAL_EXPIRATION' : 'export AWS_CREDENTIAL_EXPIRATION=';
  return [
    {
      ...{ what: 'mfa-env PROFILE, 10 profiles', shell, times: 200, before: '', command: 'mfa-env account9', ...ten },
      most: { part: shell.name === 'fish' ? 10 : 50 },
    },
    { what: 'mfa-env PROFILE, 100 profiles', shell, times: 100, before: '', command: 'mfa-env account99', ...hundred },
    {
      ...{ what: 'before a prompt, with --hook', shell, times: 2000, command: '__mfa_env_hook', ...ten },
      before: `mfa-env account9\n${exported}${shell.name === 'fish' ? ' ' : ''}${far}\n__mfa_env_hook`,
      most: { milliseconds: 0.1 },
    },
    { what: 'a tab, 100 profiles', shell, times: 50, ...complete[shell.name], ...hundred, most: { milliseconds: 20 } },
  ];
}

/** Runs a command many times in its shell, and an empty one as often. @returns milliseconds for one. */
export async function measureFunction({
  shell,
  times,
  credentials,
  config,
  before,
  command,
}: Measurement): Promise<number> {
  const home = makeHome({ credentials, config });
  const file = await writeFunction(shell, home, '--hook');
  const loop =
    shell.name === 'fish'
      ? (body: string) => `for i in (seq ${times}); ${body}; end`
      : (body: string) => `i=0; while [ "$i" -lt ${times} ]; do ${body}; i=$((i + 1)); done`;
  const script = join(home.path, 'script');
  const clock = 'date +%s%N';
  const empty = shell.name === 'fish' ? 'true' : ':';
  writeFileSync(
    script,
    [`${shell.load(file)}`, before, command, clock, loop(empty), clock, loop(command), clock, 'true'].join('\n'),
  );
  const args = shell.args.filter((arg) => arg !== '-c');
  const { status, stdout, stderr } = await run(shell.name, [...args, script], home.env);
  home.remove();
  const [start = 0, middle = 0, end = 0] = stdout.trim().split('\n').map(Number);
  if (status !== 0 || stderr || !(end > start)) throw new Error(`${shell.name}: ${stderr || stdout}`);
  return (end - middle - (middle - start)) / times / 1e6;
}

/** Measures everything in turns. `bareNode` gives the milliseconds of one start of node. */
export async function benchFunctions(
  rounds: number,
  bareNode: () => Promise<number>,
  median: (values: number[]) => number,
  print: (...cells: string[]) => void,
): Promise<void> {
  const shells = functionShells.filter(({ name }) => !unless(name));
  const rows = shells.flatMap(measurementsOf).map((measurement) => ({ measurement, costs: [] as number[] }));
  const nodes: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const { measurement, costs } of rows) {
      nodes.push(await bareNode());
      costs.push(await measureFunction(measurement));
    }
  const bare = median(nodes);
  console.log(`\nthe functions: medians of ${rounds} runs, in turns with node -e 0 (${bare.toFixed(1)} ms)\n`);
  print('', 'shell', 'ms', 'of node', 'at most');
  for (const { measurement, costs } of rows) {
    const cost = median(costs);
    const { most } = measurement;
    const limit = most && ('part' in most ? `1/${most.part}` : `${most.milliseconds} ms`);
    print(
      measurement.what,
      measurement.shell.name,
      cost.toFixed(cost < 0.5 ? 3 : 2),
      `1/${Math.round(bare / cost)}`,
      limit ?? '',
    );
  }
}
