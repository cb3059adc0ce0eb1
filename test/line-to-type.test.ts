import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lineToType } from '../src/line-to-type.ts';
import { shellNames } from '../src/shells.ts';
import { root } from './harness.ts';
import { shells } from './shells.ts';

const rows: [...Parameters<typeof lineToType>, line: string][] = [
  ['bash', 'prod', 'eval "$(mfa-env prod)"'],
  ['zsh', 'unset', 'eval "$(mfa-env unset)"'],
  ['sh', 'prod', 'eval "$(mfa-env prod)"'],
  ['fish', 'prod', 'mfa-env prod | source'],
  ['tcsh', 'prod', 'eval "`mfa-env prod`"'],
  ['elvish', 'prod', 'mfa-env prod | eval (slurp)'],
  ['xonsh', 'prod', 'execx($(mfa-env prod))'],
  ['nu', 'prod', 'for change in (mfa-env prod | from json --objects) { load-env $change }'],
  ['pwsh', 'prod', 'mfa-env prod | Invoke-Expression'],
];

for (const [shell, words, line] of rows)
  test(`in ${shell} a user types ${line}`, () => assert.equal(lineToType(shell, words), line));

for (const { name, dialect, evaluate } of shells)
  test(`the tests of ${name} begin with the line that a user types`, () =>
    assert.equal(Object.values(evaluate)[0]?.('mfa-env prod'), lineToType(dialect, 'prod')));

for (const shell of shellNames)
  test(`README.md shows the line for ${shell}`, () => {
    const table = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('\\|', '|');
    assert.ok(table.includes(lineToType(shell, 'prod')));
  });
