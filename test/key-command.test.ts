/** `credential_process`: long-term keys from a command, by AWS's rules for its output. */

import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { makeHome, runMfaEnv } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };

/** A home whose `[profile prod-default]` runs a command that prints a text. */
function makeCommandHome(output: (keys: { id: string; secret: string }) => string, place = 'prod-default') {
  const user = sts.addUser();
  const home = makeHome({}, { AWS_ENDPOINT_URL_STS: sts.url });
  const file = join(home.path, 'keys in a safe');
  writeFileSync(file, output({ id: user.accessKeyId, secret: user.secretAccessKey }), { mode: 0o600 });
  const lines = [`[profile ${place}]`, `credential_process = /bin/cat "${file}"`];
  const device = `mfa_serial = ${user.device.serialNumber}`;
  writeFileSync(
    join(home.path, '.aws/config'),
    [...lines, ...(place === 'prod' ? [] : ['[profile prod]']), device].join('\n'),
  );
  return { user, home };
}

const json = (keys: { id: string; secret: string }, more: object = {}) =>
  JSON.stringify({ Version: 1, AccessKeyId: keys.id, SecretAccessKey: keys.secret, ...more });

suite('the keys of a command', inParallel, () => {
  for (const [place, section] of [
    ['prod-default', 'prod'],
    ['prod', 'prod-mfa'],
  ] as const)
    test(`of [profile ${place}] get a session, kept in [${section}]`, async () => {
      const { user, home } = makeCommandHome(
        (keys) => `${json(keys, { Expiration: '2100-01-01T00:00:00Z' })}\n`,
        place,
      );
      const { status, stdout, stderr } = await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /export AWS_SESSION_TOKEN=/);
      assert.ok(home.credentials().startsWith(`[${section}]\n`), home.credentials());
      const again = await runMfaEnv(['prod'], home.env);
      assert.equal(again.stdout, stdout);
    });

  const wrong: [title: string, output: Parameters<typeof makeCommandHome>[0], message: RegExp][] = [
    ['nothing', () => '', /printed no JSON object/],
    ['a line of text', ({ secret }) => `the secret is ${secret}`, /printed no JSON object/],
    ['a list', (keys) => `[${json(keys)}]`, /printed no JSON object/],
    ['another version', (keys) => json(keys, { Version: 2 }), /printed no "Version": 1/],
    ['a version that is a text', (keys) => json(keys, { Version: '1' }), /printed no "Version": 1/],
    ['no secret', (keys) => json(keys, { SecretAccessKey: undefined }), /printed no AccessKeyId and SecretAccessKey/],
    ['a number for an id', (keys) => json(keys, { AccessKeyId: 1 }), /printed no AccessKeyId and SecretAccessKey/],
    [
      'a secret with a line end',
      (keys) => json(keys, { SecretAccessKey: `${keys.secret}\n` }),
      /printed a key with characters that no key has/,
    ],
    [
      "a session's keys without the token",
      (keys) => json(keys, { AccessKeyId: 'ASIAIOSFODNN7EXAMPLE', SessionToken: '' }),
      /printed a session's keys without a SessionToken/,
    ],
  ];
  for (const [title, output, message] of wrong)
    test(`are refused before a code is spent where it prints ${title}`, async () => {
      const { user, home } = makeCommandHome(output);
      const { status, stdout, stderr } = await runMfaEnv(['prod', sts.code(user)], home.env);
      assert.deepEqual([status, stdout, user.device.usedStep], [1, 'false;\n', 0]);
      assert.match(stderr, new RegExp(`^mfa-env: error: .*config:2: credential_process ${message.source}`, 'm'));
      assert.equal(stderr.includes(user.secretAccessKey) || stderr.includes(user.accessKeyId), false);
    });

  test('are not asked for from a file that others can write', async () => {
    const { user, home } = makeCommandHome(json);
    chmodSync(join(home.path, '.aws/config'), 0o666);
    const { status, stderr } = await runMfaEnv(['prod', sts.code(user)], home.env);
    assert.equal(status, 1);
    assert.match(stderr, /credential_process is not run: others can write the file/);
  });

  test('are asked for before the code: a session would need none', async () => {
    const { home } = makeCommandHome(json);
    const { status, stdout, stderr } = await runMfaEnv(['prod', '--no-prompt'], home.env);
    assert.deepEqual([status, stdout], [3, 'false;\n']);
    assert.match(stderr, /^mfa-env: error: a code is needed for prod, and --no-prompt forbids to ask\n/);
  });

  test('are no reason to run the command where a session lives', async () => {
    const { user, home } = makeCommandHome(json);
    await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
    writeFileSync(join(home.path, 'keys in a safe'), 'gone');
    const { status, stderr } = await runMfaEnv(['prod'], home.env);
    assert.deepEqual([status, stderr], [0, '']);
  });
});
