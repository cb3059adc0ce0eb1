import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMeantCommand } from '../src/mistyped-command.ts';

const rows: [word: string, command: string | undefined][] = [
  ['unest', 'mfa-env unset'],
  ['lsit', 'mfa-env list'],
  ['docter', 'mfa-env doctor'],
  ['Unset', 'mfa-env unset'],
  ['exce', 'mfa-env exec'],
  ['prod', undefined],
  ['test', undefined],
  ['', undefined],
];

for (const [word, command] of rows)
  test(`"${word}" is meant for ${command ?? 'a profile'}`, () => assert.equal(findMeantCommand(word), command));
