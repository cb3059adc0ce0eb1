import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanations } from '../src/explanations.ts';
import { helpOf, overview } from '../src/help.ts';
import { findOption, namedCommands, optionOf } from '../src/options.ts';
import { makeHome, run } from './harness.ts';

const overviewHas = [
  'mfa-env [PROFILE] [CODE]',
  'mfa-env exec [PROFILE] [CODE] -- COMMAND [ARG…]',
  'mfa-env unset',
  'mfa-env list [--json]',
  'mfa-env forget PROFILE',
  'mfa-env setup [PROFILE]',
  'mfa-env doctor [PROFILE]',
  'mfa-env init SHELL [--cmd NAME] [--hook]',
  'mfa-env help [COMMAND]',
  '--profile NAME',
  '--code CODE',
  '--serial, --arn ID',
  '--source NAME',
  '--save',
  '--no-save',
  '--force',
  '--min-ttl D',
  '--duration D',
  '--region NAME',
  '--endpoint-url URL',
  '--shell NAME',
  '--format NAME',
  '--print',
  '--no-prompt',
  '--quiet, -q',
  '--help, -h',
  '--version',
  's=$(mfa-env prod) && eval "$s" && deploy',
];

for (const text of overviewHas) test(`the overview has ${text}`, () => assert.ok(overview().includes(`  ${text}`)));

const topics: [...Parameters<typeof helpOf>, has: string[], hasNot: string[]][] = [
  ['exec', ['-- COMMAND', '--code', '--save', '--duration'], ['--shell', '--format', '--print']],
  ['unset', ['--shell', '--print'], ['--code', '--save', '--format']],
  ['list', ['--json'], ['--shell', '--save']],
  ['forget', ['--profile'], ['--shell', '--code']],
  [
    'setup',
    ['[PROFILE]', '--access-key-id', '--secret-stdin', '--move', '--code'],
    ['--shell', '--duration', '--force'],
  ],
  ['init', ['SHELL', '--cmd', '--hook'], ['--shell', '--code']],
];

for (const [command, has, hasNot] of topics)
  test(`explains ${command} and its options alone`, () => {
    const text = helpOf(command);
    assert.deepEqual(
      [...has, ...hasNot].filter((word) => text.includes(word)),
      has,
    );
  });

for (const name of ['session', ...namedCommands] as const) {
  const { explains, examples } = explanations[name];

  test(`the help of ${name} says more than its line in the table, with examples`, () => {
    const text = helpOf(name);
    for (const part of [explains, ...examples.flat()]) assert.ok(text.includes(part), part);
    assert.ok(explains.endsWith('.') && examples.length > 0);
  });

  test(`the examples of ${name} use only what it takes`, () => {
    for (const [line] of examples) {
      const [, words = assert.fail(line)] = /mfa-env ([^|>)<]*)/.exec(line) ?? [];
      const taken = words.split(' -- ')[0]?.match(/(?<=--)[a-z][\w-]*/g) ?? [];
      for (const word of taken) {
        const option = findOption(word) ?? assert.fail(`there is no --${word}`);
        assert.ok(optionOf(option).of.includes(name), line);
      }
    }
  });

  test(`the help of ${name} fits on a terminal of 120 columns`, () => assert.deepEqual(longLines(helpOf(name)), []));
}

for (const [line] of explanations.init.examples)
  test(`${line} does what it says in a new HOME`, async () => {
    const [, file] = line.split('> ');
    const { status, stdout, stderr } = await run('sh', ['-c', `${line} && cat ${file}`], makeHome({}).env);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /mfa_env/);
  });

test('the container of the example is not started without a session', async () => {
  const [line = assert.fail()] = explanations.session.examples.flat().filter((text) => text.includes('docker run'));
  const { env } = makeHome({});
  const { status, stdout } = await run('sh', ['-c', `docker() { echo started; }; ${line}`], env);
  assert.deepEqual([status, stdout], [1, '']);
});

test('the overview fits on a terminal of 120 columns', () => assert.deepEqual(longLines(overview()), []));

function longLines(text: string): string[] {
  return text.split('\n').filter((line) => line.length > 120);
}
