import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSession } from '../src/format.ts';

const session = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'a"b\\c',
  sessionToken: 'token==',
  expiresAt: new Date('2026-11-24T16:00:00.999Z'),
};

test('process is the JSON of credential_process, on one line', () => {
  const text = formatSession('process', session, { unset: [], set: [] });
  assert.match(text, /^\{.*\}\n$/);
  assert.deepEqual(JSON.parse(text), {
    Version: 1,
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    SecretAccessKey: 'a"b\\c',
    SessionToken: 'token==',
    Expiration: '2026-11-24T16:00:00Z',
  });
});

test('env is KEY=value lines of what is set', () => {
  const set: [string, string][] = [
    ['AWS_SESSION_TOKEN', 'token=='],
    ['MFA_ENV_PROFILE', "it's $HOME"],
  ];
  const text = formatSession('env', session, { unset: ['AWS_PROFILE'], set });
  assert.equal(text, "AWS_SESSION_TOKEN=token==\nMFA_ENV_PROFILE=it's $HOME\n");
});
