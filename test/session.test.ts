import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUp } from '../src/aws-files.ts';
import { formatExpiry, isWellFormed, parseExpiry, readSavedSession, timeLeft } from '../src/session.ts';
import { filesOf } from './temp-folder.ts';

const expiries: [text: string, utc: string | undefined][] = [
  ['2026-11-24T16:00:00Z', '2026-11-24T16:00:00Z'],
  ['2026-11-24T16:00:00.123456Z', '2026-11-24T16:00:00Z'],
  ['2026-11-24t16:00:00z', '2026-11-24T16:00:00Z'],
  ['2026-11-24 16:00:00+00:00', '2026-11-24T16:00:00Z'],
  ['2026-11-24T16:00:00+01:00', '2026-11-24T15:00:00Z'],
  ['2026-11-24T16:00:00-0930', '2026-11-25T01:30:00Z'],
  ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-11-31T00:00:00Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-00-01T00:00:00Z', undefined],
  ['2026-11-24T24:00:00Z', undefined],
  ['2026-11-24T16:60:00Z', undefined],
  ['2026-11-24T16:00:60Z', undefined],
  ['2026-11-24T16:00:00+25:00', undefined],
  ['2026-11-24T16:00:00', undefined],
  ['2026-11-24 16:00:00', undefined],
  ['2026-11-24', undefined],
  ['1795622400', undefined],
  ['Tue, 24 Nov 2026 16:00:00 GMT', undefined],
  ['2026-11-24T16:00:00Z ', undefined],
  ['x2026-11-24T16:00:00Z', undefined],
  ['', undefined],
];

for (const [text, utc] of expiries)
  test(`"${text}" is ${utc ?? 'no expiry'}`, () => {
    const date = parseExpiry(text);
    assert.equal(date && formatExpiry(date), utc);
  });

const formats: [date: string, text: string][] = [
  ['2026-11-24T16:00:00.999Z', '2026-11-24T16:00:00Z'],
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
];

for (const [date, text] of formats)
  test(`${date} is written ${text}`, () => assert.equal(formatExpiry(new Date(date)), text));

const parts: [...Parameters<typeof isWellFormed>, isRight: boolean][] = [
  ['accessKeyId', 'ASIAIOSFODNN7EXAMPLE', true],
  ['accessKeyId', 'abc', false],
  ['accessKeyId', 'a'.repeat(129), false],
  ['accessKeyId', 'ASIA IOSFODNN7', false],
  ['accessKeyId', "ASIA';id;'", false],
  ['accessKeyId', 'ASIAIOSFODNN7EXAMPLE\n', false],
  ['secretAccessKey', "a/b+c'$(id)`!\\", true],
  ['secretAccessKey', 'a b', false],
  ['secretAccessKey', 'ü', false],
  ['secretAccessKey', 'a\n', false],
  ['sessionToken', 'IQoJb3JpZ2luX2VjE//+ab==', true],
  ['sessionToken', 'a\tb', false],
  ['sessionToken', 'a\x7f', false],
  ['sessionToken', '', false],
  ...(['secretAccessKey', 'sessionToken'] as const).flatMap((part): typeof parts => [
    [part, 'x'.repeat(16_384), true],
    [part, 'x'.repeat(16_385), false],
  ]),
];

for (const [part, value, isRight] of parts)
  test(`${JSON.stringify(value).slice(0, 40)} (${value.length}) is ${isRight ? 'an' : 'no'} ${part}`, () =>
    assert.equal(isWellFormed(part, value), isRight));

const whole = {
  aws_access_key_id: 'ASIAIOSFODNN7EXAMPLE',
  aws_secret_access_key: 'secret',
  aws_session_token: 'token==',
  x_security_token_expires: '2026-11-24T16:00:00Z',
};

function saved(change: Partial<Record<keyof typeof whole, string>>) {
  const lines = Object.entries({ ...whole, ...change }).map(([key, value]) => `${key} = ${value}\n`);
  return readSavedSession(lookUp(filesOf(`[prod]\n${lines.join('')}`), 'prod'));
}

test('a saved session is read', () => {
  const session = saved({});
  assert.deepEqual(session, {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'secret',
    sessionToken: 'token==',
    expiresAt: new Date('2026-11-24T16:00:00Z'),
  });
  assert.equal(session && timeLeft(session, new Date('2026-11-24T16:00:01Z')), -1000);
});

const noSession: [title: string, change: Parameters<typeof saved>[0]][] = [
  ['without an id', { aws_access_key_id: '' }],
  ['without a secret', { aws_secret_access_key: '' }],
  ['without a token', { aws_session_token: '' }],
  ['without an expiry', { x_security_token_expires: '' }],
  ['with the id of a long-lived key', { aws_access_key_id: 'AKIAIOSFODNN7EXAMPLE' }],
  ['with an id that is none', { aws_access_key_id: '<id>' }],
  ['with a blank in the secret', { aws_secret_access_key: 'a b' }],
  ['with a token that is not ASCII', { aws_session_token: 'ü' }],
  ['with a token of 200 KB', { aws_session_token: 't'.repeat(200_000) }],
  ['with a day that no month has', { x_security_token_expires: '2026-02-30T00:00:00Z' }],
  ['with an expiry without a zone', { x_security_token_expires: '2026-11-24 16:00:00' }],
];

for (const [title, change] of noSession)
  test(`a section ${title} is no session`, () => assert.equal(saved(change), undefined));
