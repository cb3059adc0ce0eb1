import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCode, parseCode } from '../src/code.ts';

const codes: [text: string, code: string][] = [
  ['012345', '012345'],
  ['012 345', '012345'],
  [' 0 1 2\t3 4 5\r\n', '012345'],
  // Blanks of Unicode: no-break, narrow no-break, ideographic, next line.
  ['\u00a0012\u202f345\u3000\u0085', '012345'],
  ['０１２３４５', '012345'],
  ['٠١٢٣٤٥', '012345'],
  ['०१२३४५', '012345'],
  ['𝟎𝟙𝟤𝟯𝟺𝟻', '012345'],
  // A byte order mark, zero-width characters, a soft hyphen, marks of direction, a variation selector, a filler.
  ['\ufeff0\u200b1\u200d2\u00ad3\u200e\u202a4\u2060\u2066\ufe0f5\u3164', '012345'],
  ['\x1b[200~012345\x1b[201~', '012345'],
  ['\x9b200~012345\x9b201~', '012345'],
  // Markers of which a line end or another program has taken a part.
  ...['[200~', '200~', '00~', '0~', '~', '[201~', '01~'].map((marker): [string, string] => [
    `${marker}012345`,
    '012345',
  ]),
  ...['\x1b[201', '\x1b[20', '\x1b[2', '\x1b[', '\x1b', '201~'].map((rest): [string, string] => [
    `012345${rest}`,
    '012345',
  ]),
  ['\x1b[200~012 ３45\u200b\r\n\x1b[201~', '012345'],
];

for (const [text, code] of codes)
  test(`${JSON.stringify(text)} is the code ${code}`, () =>
    assert.deepEqual([isCode(text), parseCode(text)], [true, code]));

const wrong = [
  ...['', '12345', '1234567', '12345a', '-12345', '1234.5', '123-456', '123456\0', '12345\x08', '12345\x1b[D6'],
  // Digits that are not decimal ones, and signs that only look like digits.
  ...['¹²³⁴⁵⁶', '①②③④⑤⑥', '一二三四五六', 'l23456', '12345O'],
  ...['１２３４５', '\x1b[200~12345\x1b[201~', '\x1b[200~123456\r654321\r\x1b[201~', '~~123456'],
  `${' '.repeat(2000)}123456`,
];

for (const text of wrong)
  test(`${JSON.stringify(text)} is no code, and not shown`, () => {
    assert.equal(isCode(text), false);
    assert.throws(() => parseCode(text), { message: 'the MFA code is not six digits', exitStatus: 2 });
  });

test('the digits of every script count as what they stand for', () => {
  const systems = Intl.supportedValuesOf('numberingSystem').map(
    (name) => new Intl.NumberFormat('en', { numberingSystem: name, useGrouping: false }),
  );
  const scripts = systems.map((system) => Array.from('0123456789', (digit) => system.format(Number(digit))));
  const decimal = scripts.filter((digits) => digits.every((digit) => /^\p{Nd}$/u.test(digit)));
  assert.ok(decimal.length > 50);
  for (const digits of decimal)
    for (const first of [0, 4]) {
      const shown = digits.slice(first, first + 6).join('');
      assert.equal(parseCode(shown), '0123456789'.slice(first, first + 6), shown);
    }
});

test('texts as long as an argument can be take no time', () => {
  const begin = performance.now();
  for (const part of ['1', ' ', '\u200b', '\x1b[', '200~', '\x1b[200~', '١'])
    assert.equal(isCode(part.repeat(100_000)), false);
  assert.ok(performance.now() - begin < 1000);
});
