import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareUrl, quoteOutside, toVisible } from '../src/visible.ts';

const texts: [title: string, text: string, shown: string][] = [
  ['plain text', 'prod (ana) "x" \\ ü 日本 🦊', 'prod (ana) "x" \\ ü 日本 🦊'],
  ['an escape sequence', 'a\x1b[2Jb', 'a\\x1b[2Jb'],
  ['line ends and tabs', 'a\r\n\tb', 'a\\x0d\\x0a\\x09b'],
  ['NUL and DEL', '\0\x7f', '\\x00\\x7f'],
  ['a C1 control', '\x9b', '\\xc2\\x9b'],
  ['a right-to-left override', 'a\u202eb', 'a\\xe2\\x80\\xaeb'],
  ['bidi isolates', '\u2066\u2069', '\\xe2\\x81\\xa6\\xe2\\x81\\xa9'],
  ['bidi marks', '\u200e\u200f\u061c', '\\xe2\\x80\\x8e\\xe2\\x80\\x8f\\xd8\\x9c'],
  ["Unicode's line ends", '\u2028\u2029', '\\xe2\\x80\\xa8\\xe2\\x80\\xa9'],
];

for (const [title, text, shown] of texts)
  test(`shows ${title}`, () => {
    assert.equal(toVisible(text), shown);
    assert.equal(quoteOutside(text), shown);
  });

const lengths: [title: string, text: string, shown: string][] = [
  ['leaves 200 characters', 'x'.repeat(200), 'x'.repeat(200)],
  ['cuts at 200 characters', 'x'.repeat(201), `${'x'.repeat(200)}…`],
  ['cuts no character into halves', '🦊'.repeat(201), `${'🦊'.repeat(200)}…`],
  ['leaves nothing as it is', '', ''],
];

for (const [title, text, shown] of lengths) test(title, () => assert.equal(quoteOutside(text), shown));

const urls: [url: string, shown: string][] = [
  ['https://sts.eu-west-1.amazonaws.com/', 'https://sts.eu-west-1.amazonaws.com'],
  ['http://127.0.0.1:4566/sts', 'http://127.0.0.1:4566/sts'],
  ['https://ana:secret@example.com/a?token=secret#secret', 'https://example.com/a'],
];

for (const [url, shown] of urls) test(`shows ${url} bare`, () => assert.equal(bareUrl(new URL(url)), shown));
