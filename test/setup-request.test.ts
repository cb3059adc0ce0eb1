import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequest } from '../src/request.ts';
import type { SetupRequest } from '../src/setup-request.ts';

const id = 'AKIAIOSFODNN7EXAMPLE';

const plain: SetupRequest = {
  command: 'setup',
  profile: undefined,
  accessKeyId: undefined,
  secretStdin: false,
  serial: undefined,
  source: undefined,
  region: undefined,
  endpointUrl: undefined,
  code: undefined,
  save: undefined,
  move: false,
  prompt: true,
  quiet: false,
};

const read: [words: string, request: Partial<SetupRequest>][] = [
  ['', {}],
  ['prod', { profile: 'prod' }],
  ['--profile list', { profile: 'list' }],
  ['prod --no-prompt -q', { profile: 'prod', prompt: false, quiet: true }],
  [`prod --access-key-id ${id} --secret-stdin`, { profile: 'prod', accessKeyId: id, secretStdin: true }],
  ['prod --arn arn:aws:iam::111122223333:mfa/ana', { profile: 'prod', serial: 'arn:aws:iam::111122223333:mfa/ana' }],
  ['prod --source keys --region eu-west-1', { profile: 'prod', source: 'keys', region: 'eu-west-1' }],
  ['prod --code 012345 --save', { profile: 'prod', code: '012345', save: true }],
  ['prod --code - --move', { profile: 'prod', code: '-', move: true }],
  ['prod --no-save', { profile: 'prod', save: false }],
];

for (const [words, request] of read)
  test(`setup ${words}`, () =>
    assert.deepEqual(parseRequest(['setup', ...words.split(' ').filter(Boolean)], {}), { ...plain, ...request }));

const wrong: [title: string, words: string, message: RegExp][] = [
  ['two profiles', 'prod stage', /takes one profile/],
  ['a secret as a word', 'prod wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', /takes one profile/],
  ['no name', 'pr[od', /no name for a profile/],
  ['no name for the source', 'prod --source a\u00a0b', /no name for a profile/],
  ['a name that stands for all', 'DEFAULT', /to every profile/],
  ['a source that stands for all', 'prod --source DEFAULT', /to every profile/],
  ['no id', 'prod --access-key-id AKIA', /no id of an access key/],
  ['a security key', 'prod --serial arn:aws:iam::111122223333:u2f/user/ana/key', /security key/],
  ['a user for a device', 'prod --serial arn:aws:iam::111122223333:user/ana', /names a user/],
  ['a code that is none', 'prod --code 12345', /not six digits/],
  ['a code for no session', 'prod --no-save --code 123456', /--code is for the first session/],
  ['a value for a flag', 'prod --secret-stdin=wJalr', /--secret-stdin takes no value/],
  ['an option of others', 'prod --duration 1h', /does not take --duration/],
];

for (const [title, words, message] of wrong)
  test(`${title} is a usage error: setup ${words}`, () =>
    assert.throws(
      () => parseRequest(['setup', ...words.split(' ')], {}),
      (error: Error & { exitStatus?: number; hint?: string }) => {
        assert.match(error.message, message);
        assert.equal(error.exitStatus, 2);
        assert.doesNotMatch(`${error.message} ${error.hint}`, /wJalr/);
        return true;
      },
    ));

test('the id is for setup alone', () =>
  assert.throws(() => parseRequest(['prod', '--access-key-id', id], {}), { message: /does not take --access-key-id/ }));
