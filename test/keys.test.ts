import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookUp } from '../src/aws-files.ts';
import { holdsLongLivedKeys, readLongLivedKeys } from '../src/keys.ts';
import { filesOf } from './temp-folder.ts';

const id = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE';
const otherId = 'aws_access_key_id = ASIAIOSFODNN7EXAMPLE';
const secret = 'aws_secret_access_key = wJalr+/==';
const token = 'aws_session_token = token==';
const placeholder = 'aws_access_key_id = <your id>';

const rows: [title: string, lines: string[], read: boolean | RegExp, holds: boolean][] = [
  ['a pair', [id, secret], true, true],
  ['a pair of another form', [otherId, secret], true, true],
  ['AKIA with a token', [id, secret, token], true, true],
  ['a session', [otherId, secret, token], false, false],
  ['a session with its token under the old name', [otherId, secret, 'aws_security_token = t'], false, false],
  ['a pair with an empty token', [otherId, secret, 'aws_session_token ='], true, true],
  ['nothing', ['region = eu-west-1'], false, false],
  ['placeholders', [placeholder, 'aws_secret_access_key = <your secret>'], false, false],
  ['an id alone', [id], /^credentials:2: prod has half a pair of keys: aws_secret_access_key is missing/, true],
  ['a secret alone', [secret], /^credentials:2: .*aws_access_key_id is missing/, true],
  ['a secret beside a placeholder', [placeholder, secret], /^credentials:3: .*aws_access_key_id is missing/, true],
  ['a secret with a blank', [id, 'aws_secret_access_key = a b'], /^credentials:3: aws_secret_access_key/, true],
  ['an id with a dash', ['aws_access_key_id = AKIA-1', secret], /^credentials:2: aws_access_key_id/, true],
];

for (const [title, lines, read, holds] of rows)
  test(`${title} ${holds ? 'must never' : 'may'} be overwritten`, () => {
    const values = lookUp(filesOf(`[prod]\n${lines.join('\n')}\n`), 'prod');
    assert.equal(holdsLongLivedKeys(values), holds);
    if (read instanceof RegExp) assert.throws(() => readLongLivedKeys(values), { message: read, exitStatus: 1 });
    else assert.equal(readLongLivedKeys(values) !== undefined, read);
  });
