/**
 * The pages in docs/, as their readers would follow them: their ```ini blocks are the AWS files, their ```console blocks are typed
 * into bash on a terminal, and what they show there must be what is seen.
 */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findOption } from '../src/options.ts';
import { root, unless } from './harness.ts';
import { blocks, follow } from './transcript.ts';

const folder = join(root, 'docs');
const pages = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const ways = pages.filter(({ name }) => name.startsWith('from-'));

suite('the ways to mfa-env', { concurrency: 2 }, () => {
  for (const { name, text } of ways)
    test(`${name}: what its files and commands show is what is seen`, { skip: unless('bash') }, async () => {
      const transcript = blocks(text, 'console');
      assert.ok(blocks(text, 'ini credentials') + blocks(text, 'ini config') !== '' && transcript !== '');
      assert.equal(await follow(text), transcript);
    });
});

const headings = [
  'What you have',
  'The same with mfa-env',
  'What is what',
  'Over, and back',
  'does that mfa-env does not',
];

for (const { name, text } of ways) {
  test(`${name} has the shape of all of them, on 40 to 90 lines`, () => {
    const found = [...text.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
    assert.deepEqual(
      headings.map((heading, index) => found[index]?.endsWith(heading)),
      headings.map(() => true),
    );
    const lines = text.split('\n').length;
    assert.ok(lines >= 40 && lines <= 90, `${lines} lines`);
  });

  test(`the way back of ${name} takes the session out, which mfa-env would go on using`, () => {
    const [, back = ''] = /^Back: ([\s\S]*?)\n\n/m.exec(text) ?? [];
    assert.match(back, /`mfa-env forget prod`/);
  });

  test(`the index names ${name}`, () => {
    const index = pages.find((page) => page.name === 'README.md')?.text ?? '';
    assert.ok(index.includes(`](${name})`));
  });
}

for (const { name, text } of pages) {
  test(`the links of ${name} lead somewhere`, () => {
    const links = [...text.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link = '']) => link);
    assert.deepEqual(
      links.filter((link) => !existsSync(join(folder, link))),
      [],
    );
  });

  test(`the options of mfa-env in ${name} are there`, () => {
    const commands = [...text.matchAll(/`([^`]*mfa-env [^`]*)`|^\$ (.*mfa-env .*)$/gm)].map(([, a, b]) => a ?? b ?? '');
    const words = commands.flatMap((command) => [
      ...(/mfa-env (.*?)(?: -- |$)/.exec(command)?.[1] ?? '').matchAll(/(?<=^|[\s"])--?([a-z][\w-]*)/g),
    ]);
    assert.deepEqual(
      words.map(([, word = '']) => word).filter((word) => !findOption(word)),
      [],
    );
  });
}

test('security.md names every test of an attack, and no other', () => {
  const text = pages.find(({ name }) => name === 'security.md')?.text ?? '';
  const named = [...text.matchAll(/\battacks\/([\w-]+)/g)].map(([, name]) => `${name}.test.ts`);
  const tests = readdirSync(join(root, 'test/attacks')).filter((name) => name.endsWith('.test.ts'));
  assert.ok(tests.length > 0);
  assert.deepEqual([...new Set(named)].sort(), tests.sort());
});
