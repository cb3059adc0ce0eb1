import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpOf, overview } from '../src/help.ts';

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

test('fits on a terminal of 120 columns', () =>
  assert.deepEqual(
    overview()
      .split('\n')
      .filter((line) => line.length > 120),
    [],
  ));
