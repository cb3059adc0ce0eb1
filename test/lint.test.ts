import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sessionChange, unsetChange } from '../src/environment.ts';
import { renderChange } from '../src/render.ts';
import type { ShellName } from '../src/shells.ts';
import { makeHome, root, run, unless } from './harness.ts';

const session = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: "it's/$(a)+`secret`!",
  sessionToken: 'token//+==',
  expiresAt: new Date('2026-11-24T16:00:00Z'),
};

// Backticks are there on purpose, since parentheses would be patterns to some; and so are quotes that keep a $ as it is.
const shellcheck = ['--exclude=SC2006,SC2016'];

const linters: [shell: ShellName, command: string, args: string[]][] = [
  ['sh', 'shellcheck', ['--shell=sh', ...shellcheck]],
  ['bash', 'shellcheck', ['--shell=bash', ...shellcheck]],
  ['sh', 'shfmt', ['--language-dialect=posix']],
  ['bash', 'shfmt', ['--language-dialect=bash']],
  ['sh', 'dash', ['-n']],
  ['sh', 'yash', ['-n']],
  ['bash', 'bash', ['-n']],
  ['zsh', 'zsh', ['-n']],
  ['fish', 'fish', ['--no-execute']],
  ['tcsh', 'tcsh', ['-n', '-f']],
  ['elvish', 'elvish', ['-compileonly', '-norc']],
];

for (const [shell, command, args] of linters)
  test(`${command} ${args[0]} has nothing to say of the statements for ${shell}`, {
    skip: unless(command),
  }, async () => {
    const { env, path } = makeHome({});
    const file = join(path, 'statements');
    const change = sessionChange('prod', session, 'eu-west-1', {});
    for (const statements of [change, unsetChange({})].map((each) => renderChange(join(root, 'shell'), shell, each))) {
      writeFileSync(file, statements);
      const { status, stdout, stderr } = await run(command, [...args, file], env);
      assert.deepEqual([status, command === 'shfmt' ? '' : stdout, stderr], [0, '', '']);
    }
  });
