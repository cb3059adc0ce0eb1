/** The files of the functions, as they are, read by the shells' own linters and formatters. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { suite, test } from 'node:test';
import { makeHome, root, run, unless } from './harness.ts';

const files = readdirSync(join(root, 'shell'));
const ofBash = files.filter((file) => file.endsWith('.bash'));

const lintersOf: Record<string, [command: string, args: string[]][]> = {
  bash: [
    ['shellcheck', []],
    ['shfmt', ['--diff', '--indent', '2', '--case-indent']],
    ['bash', ['-n']],
  ],
  zsh: [['zsh', ['-n']]],
  fish: [
    ['fish', ['--no-execute']],
    ['fish_indent', ['--check']],
  ],
};

const linters = files.flatMap((file) =>
  (lintersOf[extname(file).slice(1)] ?? []).map(([command, args]) => ({ file, command, args })),
);

suite('linters have nothing to say', { concurrency: 2 }, () => {
  for (const { file, command, args } of linters)
    test(`${command} of ${file}`, { skip: unless(command) }, async () => {
      const { status, stdout, stderr } = await run(command, [...args, join(root, 'shell', file)], makeHome({}).env);
      assert.deepEqual([status, stdout, stderr], [0, '', '']);
    });
});

// What bash 3.2, which macOS has, does not know.
const laterSyntax =
  /\b(mapfile|readarray)\b|declare -[Agln]|local -[An]|\$\{\w+\^|\$\{\w+,,|\|&|&>>|EPOCH|\[\[ -[vR] |coproc/;

// In a word behind `\builtin` bash sees no assignment: its value would be split, and a pattern be expanded.
const unquoted = /\\builtin (local|export).* \w+=[$]/;

for (const file of ofBash)
  test(`${file} is for bash 3.2 too, and quotes what it assigns`, () => {
    const lines = readFileSync(join(root, 'shell', file), 'utf8').split('\n');
    const code = lines.filter((line) => !/^ *#/.test(line));
    assert.deepEqual(
      code.filter((line) => laterSyntax.test(line)),
      [],
    );
    assert.deepEqual(
      code.filter((line) => unquoted.test(line.replaceAll(/\$'[^']*'/g, ''))),
      [],
    );
  });
