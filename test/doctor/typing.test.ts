import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typingOf } from '../../src/doctor/typing.ts';
import type { ShellName } from '../../src/shells.ts';

const rows: [shell: ShellName, unset: string, set: string][] = [
  ['bash', 'unset A B', 'export A=1'],
  ['zsh', 'unset A B', 'export A=1'],
  ['sh', 'unset A B', 'export A=1'],
  ['fish', 'set -eg A B', 'set -gx A 1'],
  ['tcsh', 'unsetenv A; unsetenv B', 'setenv A 1'],
  ['elvish', 'unset-env A; unset-env B', 'set-env A 1'],
  ['xonsh', 'del $A, $B', "$A = '1'"],
  ['nu', 'hide-env A B', "$env.A = '1'"],
  ['pwsh', 'Remove-Item Env:A, Env:B', "$env:A = '1'"],
];

for (const [shell, unset, set] of rows)
  test(`what is to be typed in ${shell}`, () => {
    const typing = typingOf(shell);
    assert.deepEqual([typing.unset('A', 'B'), typing.set('A', '1')], [unset, set]);
    assert.match(typing.unsetSession, /mfa-env unset/);
  });
