import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineToType } from '../src/line-to-type.ts';

const rows: [...Parameters<typeof lineToType>, line: string][] = [
  ['bash', 'prod', 'eval "$(mfa-env prod)"'],
  ['zsh', 'unset', 'eval "$(mfa-env unset)"'],
  ['sh', 'prod', 'eval "$(mfa-env prod)"'],
  ['fish', 'prod', 'mfa-env prod | source'],
];

for (const [shell, words, line] of rows)
  test(`in ${shell} a user types ${line}`, () => assert.equal(lineToType(shell, words), line));
