import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpOf, overview } from '../src/help.ts';
import { commands, findOption, namedCommands, optionNames, optionOf } from '../src/options.ts';

for (const name of namedCommands)
  test(`the command ${name} is in the overview and has a help of its own`, () => {
    assert.ok(overview().includes(commands[name].usage));
    assert.ok(helpOf(name).startsWith(commands[name].usage));
    assert.ok(helpOf(name).includes(commands[name].does));
  });

for (const name of optionNames)
  test(`the option --${name} is in the help of each command that takes it`, () => {
    const { of, does } = optionOf(name);
    assert.ok(of.length > 0);
    for (const command of of) {
      assert.match(helpOf(command), new RegExp(`^  --${name}\\b`, 'm'));
      assert.ok(helpOf(command).includes(does));
    }
  });

const found: [word: string, name: ReturnType<typeof findOption>][] = [
  ['serial', 'serial'],
  ['arn', 'serial'],
  ['q', 'quiet'],
  ['no-save', 'no-save'],
  ['nosuch', undefined],
  ['constructor', undefined],
  ['', undefined],
];

for (const [word, name] of found) test(`"${word}" is the option ${name}`, () => assert.equal(findOption(word), name));
