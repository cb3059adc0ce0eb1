import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAccessKeyId, parseSecret } from '../src/access-key.ts';

const id = 'AKIAIOSFODNN7EXAMPLE';
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

const wrappings: [title: string, wrap: (value: string, name: string) => string][] = [
  ['as it is', (value) => value],
  ['between blanks', (value) => `  ${value}\t`],
  ['from a Windows file', (value) => `${value}\r`],
  ['in quotes', (value) => `"${value}"`],
  ["in a word processor's quotes", (value) => `“${value}”`],
  ['with its name from the credentials file', (value, name) => `${name} = ${value}`],
  ['with its name from a shell', (value, name) => `export ${name.toUpperCase()}='${value}'`],
];

for (const [title, wrap] of wrappings)
  test(`reads the key ${title}`, () => {
    assert.equal(parseAccessKeyId(wrap(id, 'aws_access_key_id')), id);
    assert.deepEqual(parseSecret(wrap(secret, 'aws_secret_access_key')), { secret, warning: undefined });
  });

const noIds: [title: string, text: string, message: RegExp][] = [
  ['nothing', '', /^that is no id of an access key$/],
  ["a session's id", 'ASIAIOSFODNN7EXAMPLE', /^the id of an access key begins with AKIA: ASIA is a session/],
  ['the secret', secret, /^that looks like the secret/],
  ['an id that is cut off', 'AKIAIOSFOD', /^that is no id/],
  ['an id in small letters', id.toLowerCase(), /^that is no id/],
  ['two words', `${id} ${secret}`, /^that is no id/],
];

for (const [title, text, message] of noIds)
  test(`${title} is no id, and is not shown`, () =>
    assert.throws(
      () => parseAccessKeyId(text),
      (error: Error & { hint?: string; exitStatus?: number }) => {
        assert.match(error.message, message);
        assert.equal(error.exitStatus, 2);
        if (text) assert.ok(!`${error.message}${error.hint}`.includes(text));
        return true;
      },
    ));

const noSecrets: [title: string, text: string, message: RegExp][] = [
  ['nothing', '  ', /is empty/],
  ['the id', id, /is the id of the key/],
  ['two words', 'a b', /characters that no secret has/],
  ['what is not ASCII', 'sécret', /characters that no secret has/],
  ['what begins a comment', '#abc', /characters that no secret has/],
];

for (const [title, text, message] of noSecrets)
  test(`${title} is no secret`, () => assert.throws(() => parseSecret(text), { message, exitStatus: 2 }));

for (const text of ['short', `${secret}x`, secret.replace('+', '_')])
  test(`a secret of an unusual form is taken, with a warning: ${text}`, () => {
    const { secret: read, warning } = parseSecret(text);
    assert.equal(read, text);
    assert.match(warning ?? '', /^the secret has \d+ characters, or other ones than usual/);
  });
