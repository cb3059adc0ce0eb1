/** Terminals as pictures: what stands where, from when to when. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { unless } from '../harness.ts';
import { readElements } from './elements.ts';
import { readScreen, textOf } from './screen.ts';
import { drawTerminals } from './terminals.ts';

const texts: [title: string, text: string, shown: string][] = [
  ['lines', 'one\r\ntwo', 'one\ntwo'],
  ['a line that is longer than the screen', '12345678901', '1234567890\n1'],
  ['a line that was typed over', 'wrong\rright', 'right'],
  ['a line that was erased', 'gone\r\x1b[K$ ', '$'],
  ['a screen that was cleared', 'gone\r\n\x1b[H\x1b[2Jhere', 'here'],
];

suite('a screen shows', () => {
  for (const [title, text, shown] of texts)
    test(title, async () => assert.equal(textOf(await readScreen(text, 10, 3)), shown));
});

const refused: [title: string, text: string, message: RegExp][] = [
  ['more rows than there are', '1\r\n2\r\n3\r\n4', /3 rows are too few/],
  ['a background', '\x1b[41mred', /row 0, column 0/],
  ['a colour of its own', 'a\x1b[38;2;1;2;3mb', /row 0, column 1/],
];

suite('a picture refuses', () => {
  for (const [title, text, message] of refused) test(title, () => assert.rejects(readScreen(text, 10, 3), message));
});

async function draw(...frames: [milliseconds: number, text: string][]) {
  const screens = frames.map(async ([milliseconds, text]) => ({
    milliseconds,
    screen: await readScreen(text, 20, 2),
  }));
  const svg = drawTerminals('t', [{ caption: 'c', columns: 20, rows: 2, frames: await Promise.all(screens) }], 1000);
  return readElements(svg);
}

suite('a picture of a terminal', { skip: unless('python3') }, () => {
  test('has its words in their places, and escapes them', async () => {
    const elements = await draw([0, '<a> & b   \x1b[1;31m"c"\x1b[m']);
    const shown = elements.filter(({ tag, attributes }) => tag === 'text' && attributes.y === '15');
    assert.deepEqual(
      shown.map(({ text, attributes }) => [text, attributes.x, attributes.class]),
      [
        ['<a> & b', '0', 'ink'],
        ['"c"', '84.3', 'red b'],
      ],
    );
  });

  test('shows each text from its frame to the one without it', async () => {
    const elements = await draw([0, 'a'], [250, 'ab'], [500, '\r\ncd']);
    const style = elements.find(({ tag }) => tag === 'style')?.text ?? '';
    const framesOf = (name: string) => new RegExp(`@keyframes ${name}\\{(.*?\\})\\}`).exec(style)?.[1];
    const groups = elements.flatMap(({ attributes }, index) => {
      const name = /^animation-name:(l\d+)$/.exec(attributes.style ?? '')?.[1];
      return name ? [[elements[index + 1]?.text, framesOf(name)]] : [];
    });
    assert.deepEqual(groups, [
      ['cd', '0%{visibility:hidden}50%{visibility:visible}'],
      ['a', '0%{visibility:visible}50%{visibility:hidden}'],
      ['b', '25%{visibility:visible}50%{visibility:hidden}'],
    ]);
  });
});
