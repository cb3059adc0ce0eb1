/** Commands in messages, typed in real shells: each word is one argument, whatever it holds. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { lineToType, profileWord } from '../src/line-to-type.ts';
import type { ShellName } from '../src/shells.ts';
import { showTyped } from '../src/show-typed.ts';
import { asCommand, asHeader, asWord, optionWith, pathWord, typed } from '../src/typed.ts';
import { root, unless } from './harness.ts';
import { shells } from './shells.ts';
import { makeFolder } from './temp-folder.ts';

const show = (text: string, shell: ShellName = 'bash', env = { LANG: 'C.UTF-8' } as Record<string, string>) =>
  showTyped(text, { env, shellFolder: join(root, 'shell'), shell: () => shell });

const byHand = 'a command by hand, since a name in it cannot be typed here';

const tame = ['prod', 'eu-west.1', 'a/b@c:d%e+f_g', '/home/ana/.aws/a_b~+-1', '--profile=list', '--profile=-x'];

const hostile = [
  'größe',
  ...['', ' ', 'a b', "it's", '"', '\\', 'a\\', '`touch CANARY`', '$(touch CANARY)', '$HOME', '~', '~root', '~/x'],
  ...[
    'a;touch CANARY',
    'a|touch CANARY',
    'a&touch CANARY',
    'a>CANARY',
    '<a',
    '(touch CANARY)',
    '{a,b}',
    '[a-z]',
    '*',
    '?',
    '#a',
  ],
  ...[
    '!',
    'a!b',
    '!!',
    '=ls',
    'a=b',
    '%1',
    '@a',
    '@(1)',
    ',',
    '^a',
    "';touch CANARY;'",
    '";touch CANARY;"',
    "\\'; touch CANARY; \\'",
  ],
  ...['a\u00a0b', '‘a’;touch CANARY', '–x', '$env:HOME', "r'x'"],
];

const unseen = ['a\nb', 'a\ttouch CANARY', '\x1b[31m', 'a\u202eb', '\u200b', "a'\n!\\"];

for (const word of tame)
  test(`${word} needs no quotes`, () => {
    assert.equal(typed`aws ${word}`, `aws ${word}`);
    assert.equal(typed`${word}.new`, `${word}.new`);
  });

suite('words in real shells', { concurrency: 2 }, () => {
  for (const { name, command, args, dialect } of shells)
    test(`${name} takes each as one argument`, { skip: unless(command) }, (t) => {
      const folder = makeFolder(t);
      const record = join(folder, 'record');
      writeFileSync(record, '#!/bin/sh\nprintf "%s\\0" "$#" "$@" >> "$LOG"\n');
      chmodSync(record, 0o755);
      // xonsh takes even quoted words for redirections.
      const takeable = hostile.filter((word) => dialect !== 'xonsh' || !/^[a<]*[<>]/.test(word));
      const words = [...tame, ...takeable, ...(dialect === 'bash' || dialect === 'zsh' ? unseen : [])];
      const script = words.map((word) => show(typed`record x ${word}`, dialect)).join('\n');
      const env = { ...process.env, LOG: join(folder, 'log'), PATH: `${folder}:${process.env.PATH}`, LANG: 'C.UTF-8' };
      execFileSync(command, [...args, script], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
      const read = readFileSync(join(folder, 'log'), 'utf8').split('\0').slice(0, -1);
      assert.deepEqual(
        read,
        words.flatMap((word) => ['2', 'x', word]),
      );
      assert.ok(!existsSync(join(folder, 'CANARY')));
    });

  for (const { name, command, args, dialect } of shells)
    test(`${name} takes each in the line that is evaluated`, { skip: unless(command) }, (t) => {
      const folder = makeFolder(t);
      const program = join(folder, 'mfa-env');
      writeFileSync(program, '#!/bin/sh\nprintf "%s\\0" "$#" "$@" >> "$LOG"\n');
      chmodSync(program, 0o755);
      const words = [...tame.slice(0, 5), ...hostile.slice(1)];
      // A csh ends a script at a line whose quotes it cannot read.
      for (const word of words) {
        const line = show(lineToType(dialect, typed`${word} --save`), dialect);
        if (dialect === 'tcsh' && /["`$]/.test(word)) {
          assert.equal(line, byHand);
          continue;
        }
        const env = {
          ...process.env,
          LOG: join(folder, 'log'),
          PATH: `${folder}:${process.env.PATH}`,
          LANG: 'C.UTF-8',
        };
        if (['xonsh', 'nu', 'elvish'].includes(dialect) && !['a b', "it's", '$HOME', '"', '\\'].includes(word))
          continue;
        writeFileSync(join(folder, 'log'), '');
        execFileSync(command, [...args, line], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
        const read = readFileSync(join(folder, 'log'), 'utf8').split('\0').slice(0, -1);
        assert.deepEqual(read, ['2', word, '--save'], line);
      }
      assert.ok(!existsSync(join(folder, 'CANARY')));
    });
});

for (const [title, text, shell, env, shown] of [
  ['a control character, in bash', typed`rm ${'a\x01'}`, 'bash', {}, "rm $'a\\001'"],
  ['a control character, in a shell without an escape for it', typed`rm ${'a\x01'}`, 'sh', {}, byHand],
  ['a letter that the locale cannot show', typed`rm ${'é'}`, 'zsh', { LANG: 'C' }, "rm $'\\303\\251'"],
  ['what was not UTF-8', typed`rm ${'a\ufffd'}`, 'bash', {}, byHand],
  ['a name that is too long', typed`rm ${'a'.repeat(201)}`, 'bash', {}, byHand],
  ['a long one that is fine', typed`rm ${'a'.repeat(200)}`, 'bash', {}, `rm ${'a'.repeat(200)}`],
  ['a command for another shell than the calling one', asCommand(typed`rm ${"a'"}`, 'pwsh'), 'bash', {}, "rm 'a'''"],
  ['a name in a sentence', asWord('a;b'), 'fish', {}, "'a;b'"],
  ['a name in a sentence that nobody can type', asWord('a;\x01'), 'sh', {}, "'a;\\x01'"],
  ['a header', asHeader('profile a;b'), 'sh', {}, "'[profile a;b]'"],
  ['a plain header', asHeader('profile a'), 'sh', {}, '[profile a]'],
  [
    'an option whose value looks like one',
    typed`aws ${optionWith('--profile', '-x')} s3`,
    'sh',
    {},
    'aws --profile=-x s3',
  ],
  ['an option', typed`aws ${optionWith('--profile', 'a b')} s3`, 'sh', {}, "aws --profile 'a b' s3"],
  ['a path like an option', typed`rm ${pathWord('-x')}`, 'sh', {}, 'rm ./-x'],
  ['a suffix in a shell that joins no quotes', typed`mv ${'a b'}.new`, 'nu', {}, 'mv "a b.new"'],
  ['a word that xonsh takes for a redirection', typed`rm ${'a>b'}`, 'xonsh', {}, byHand],
  ['a suffix in others', typed`mv ${'a b'}.new`, 'bash', {}, "mv 'a b'.new"],
] as const)
  test(`typed: ${title}`, () => assert.equal(show(text, shell, { LANG: 'C.UTF-8', ...env }), shown));

for (const [name, word] of [
  ['prod', 'prod'],
  ['list', '--profile=list'],
  ['123456', '--profile=123456'],
  ['-x', '--profile=-x'],
  ['', '--profile='],
] as const)
  test(`a profile called "${name}" is named by ${word}`, () => assert.equal(profileWord(name), word));

test('what looks like a mark of ours in a name is a part of the name', () => {
  const name = '\0{"parts":["; touch CANARY"]}\0';
  assert.equal(show(typed`rm ${name}`, 'sh'), byHand);
});
