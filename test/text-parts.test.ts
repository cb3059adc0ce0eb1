/** Long outputs in parts: each holds whole lines, none is lost, none is longer than asked for where no text is that is added at once. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTextParts } from '../src/text-parts.ts';

const partLength = 4096;
const numbered = (count: number, text: string) => Array.from({ length: count }, (_, index) => `${index} ${text}\n`);

const texts: [title: string, lines: string[]][] = [
  ['nothing', []],
  ['one short line', ['a\n']],
  ['many lines', numbered(2000, 'a line of some length')],
  ['many lines of three bytes a character', numbered(2000, '行が長い')],
  ['characters beyond the basic plane', numbered(2000, '🦀 crab')],
  ['a line that is longer than a part', ['a\n', `${'b'.repeat(3 * partLength)}\n`, 'c\n']],
];

for (const [title, lines] of texts)
  test(`text in parts: ${title}`, () => {
    const parts: Buffer[] = [];
    const out = makeTextParts((bytes) => void parts.push(Buffer.from(bytes)), partLength);
    for (const [index, line] of lines.entries()) out.add(index % 7 === 3 ? Buffer.from(line) : line);
    out.end();
    assert.equal(Buffer.concat(parts).toString(), lines.join(''));
    for (const part of parts) {
      assert.ok(part.toString().endsWith('\n'));
      assert.ok(part.length <= partLength || part.toString().includes('b'.repeat(partLength)));
    }
  });
