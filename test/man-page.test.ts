/** The manual page, as man and mandoc read it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exitStatusMeanings, explanations } from '../src/explanations.ts';
import { usageOf } from '../src/help.ts';
import { manPage } from '../src/man-page.ts';
import { commands, namedCommands, optionNames, optionOf } from '../src/options.ts';
import { makeHome, root, run, unless } from './harness.ts';

const file = join(root, 'dist/mfa-env.1');
const { env } = makeHome({}, { MANWIDTH: '200', LC_ALL: 'C.UTF-8' });
const names = ['session', ...namedCommands] as const;

/** What a reader sees, on lines that nothing breaks, without bold and blanks. */
async function show(command: string, args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, env);
  assert.deepEqual([status, stderr], [0, '']);
  // Bold on a terminal: a letter, a backspace, and the letter again.
  return stdout.replace(/.\x08/gu, '').replace(/\s+/g, ' ');
}

// The man of man-db, which comes with mandb; other systems have another.
const readers: [command: string, of: string, args: string[]][] = [
  ['man', 'mandb', ['--warnings', '-E', 'UTF-8', '-l', file]],
  ['mandoc', 'mandoc', ['-T', 'utf8', '-O', 'width=200', file]],
];

for (const [command, of, args] of readers)
  test(`${command} shows every command, option, example and status, as they are typed`, {
    skip: unless(of),
  }, async () => {
    const page = await show(command, args);
    const wanted = [
      ...names.flatMap((name) => [
        commands[name].usage,
        commands[name].does,
        explanations[name].explains,
        ...explanations[name].examples.flat(),
      ]),
      ...optionNames.flatMap((name) => [usageOf(name), optionOf(name).does]),
      ...exitStatusMeanings.map((row) => row.join(' ')),
    ];
    assert.deepEqual(
      wanted.map((text) => text.replace(/\s+/g, ' ')).filter((text) => !page.includes(text)),
      [],
    );
  });

test('mandoc finds no fault but that there is no date', { skip: unless('mandoc') }, async () => {
  const { stdout, stderr } = await run('mandoc', ['-T', 'lint', '-W', 'warning', file], env);
  assert.deepEqual([stdout.replace(/^mandoc: .*? WARNING: /gm, ''), stderr], ['missing date, using "": TH\n', '']);
});

const sections = [
  ...'NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS FILES ENVIRONMENT'.split(' '),
  ...['EXIT STATUS', 'EXAMPLES', 'SEE ALSO'],
];

test('has the sections of a manual page, in their order', () => {
  const headings = [...manPage('1.2.3').matchAll(/^\.SH (.*)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings, sections);
});

test('says its version and is ASCII, so that every locale shows it', () => {
  const page = manPage('1.2.3-rc.1');
  assert.ok(page.startsWith('.TH MFA\\-ENV 1 "" "mfa\\-env 1.2.3\\-rc.1" "User Commands"\n'));
  assert.match(page, /^[\n -~]+$/);
});

test('the page that was built is the one of this version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.equal(readFileSync(file, 'utf8'), manPage(version));
});
