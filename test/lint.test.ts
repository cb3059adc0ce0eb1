import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { sessionChange, unsetChange } from '../src/environment.ts';
import { renderChange } from '../src/render.ts';
import { makeHome, root, run, unless } from './harness.ts';

const session = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: "it's/$(a)+`secret`!",
  sessionToken: 'token//+==',
  expiresAt: new Date('2026-11-24T16:00:00Z'),
};

// Backticks are there on purpose, since parentheses would be patterns to some; and so are quotes that keep a $ as it is.
const shellcheck = ['--exclude=SC2006,SC2016', '-'];

const linters: [shell: 'bash' | 'zsh' | 'fish' | 'sh', command: string, args: string[]][] = [
  ['sh', 'shellcheck', ['--shell=sh', ...shellcheck]],
  ['bash', 'shellcheck', ['--shell=bash', ...shellcheck]],
  ['sh', 'shfmt', ['--language-dialect=posix']],
  ['bash', 'shfmt', ['--language-dialect=bash']],
  ['sh', 'dash', ['-n']],
  ['bash', 'bash', ['-n']],
  ['zsh', 'zsh', ['-n']],
  ['fish', 'fish', ['--no-execute', '/dev/stdin']],
];

for (const [shell, command, args] of linters)
  test(`${command} ${args[0]} has nothing to say of the statements for ${shell}`, {
    skip: unless(command),
  }, async () => {
    const { env } = makeHome({});
    const change = sessionChange('prod', session, 'eu-west-1', {});
    for (const statements of [change, unsetChange({})].map((each) => renderChange(join(root, 'shell'), shell, each))) {
      const { status, stdout, stderr } = await run(command, args, env, statements);
      assert.deepEqual([status, command === 'shfmt' ? '' : stdout, stderr], [0, '', '']);
    }
  });
