import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDuration, parseSessionDuration } from '../src/duration.ts';

const durations: [text: string, seconds: number][] = [
  ['0', 0],
  ['90', 90],
  ['3600', 3600],
  ['0900', 900],
  ['45s', 45],
  ['45m', 2700],
  ['12h', 43_200],
  ['36h', 129_600],
];

for (const [text, seconds] of durations)
  test(`${text} is ${seconds} seconds`, () => assert.equal(parseDuration(text), seconds));

const wrong = [
  '',
  'm',
  '1.5h',
  '-5m',
  '+5m',
  '5 m',
  ' 5m',
  '5m\n',
  '5M',
  '1d',
  '1h30m',
  '0x10',
  '1e3',
  '٣h',
  '37h',
  '129601',
];

for (const text of wrong)
  test(`${JSON.stringify(text)} is no duration`, () => assert.throws(() => parseDuration(text), { exitStatus: 2 }));

test('a message cuts a long text', () =>
  assert.throws(
    () => parseDuration('x'.repeat(1000)),
    ({ message }: Error) => message.length < 300,
  ));

const ofSessions: [text: string, seconds: number | undefined][] = [
  ['899', undefined],
  ['14m', undefined],
  ['15m', 900],
  ['36h', 129_600],
  ['2161m', undefined],
];

for (const [text, seconds] of ofSessions)
  test(`a session of ${text} is ${seconds ? 'asked for' : 'refused'}`, () =>
    seconds
      ? assert.equal(parseSessionDuration(text), seconds)
      : assert.throws(() => parseSessionDuration(text), { message: /36h/, exitStatus: 2 }));

const written: [milliseconds: number, text: string][] = [
  [-1, '0s'],
  [999, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_599_999, '59m'],
  [3_600_000, '1h'],
  [43_199_000, '11h 59m'],
];

for (const [milliseconds, text] of written)
  test(`${milliseconds} ms are written ${text}`, () => assert.equal(formatDuration(milliseconds), text));
