/** Those for whom all of this is done: AWS's own tools read what is exported, saved and handed over, and call as the user. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { formatTime, makeUser, root, run, runMfaEnv, savedLines, unless } from './harness.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const botocoreScript = `
import sys, botocore.session
session = botocore.session.Session(profile=sys.argv[2] if len(sys.argv) > 2 else None)
print(session.create_client('sts', endpoint_url=sys.argv[1]).get_caller_identity()['Arn'])`;

const sdkScript = `
const { STSClient, GetCallerIdentityCommand } = require(process.argv[1]);
const [endpoint, profile] = process.argv.slice(2);
new STSClient({ endpoint, profile }).send(new GetCallerIdentityCommand()).then(({ Arn }) => console.log(Arn));`;

interface Reader {
  name: string;
  command: string;
  /** The arguments with which it says who it is; without a profile, by the environment alone. */
  args(profile?: string): string[];
  skip: string | false;
  /** Whether it shows what a credential_process writes on standard error. */
  tellsWhy: boolean;
}

const readers: Reader[] = [
  {
    name: 'the AWS CLI',
    command: 'aws',
    args: (profile) =>
      ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text', '--endpoint-url', sts.url].concat(
        profile ? ['--profile', profile] : [],
      ),
    skip: unless('aws'),
    tellsWhy: true,
  },
  {
    name: 'botocore',
    command: 'python3',
    args: (profile) => ['-c', botocoreScript, sts.url, ...(profile ? [profile] : [])],
    skip: unless('python3') || unlessBotocore(),
    tellsWhy: true,
  },
  {
    name: "AWS's JavaScript SDK",
    command: process.execPath,
    args: (profile) => ['-e', sdkScript, join(root, 'node_modules/@aws-sdk/client-sts'), sts.url].concat(profile ?? []),
    skip: false,
    tellsWhy: false,
  },
];

function unlessBotocore(): string | false {
  if (spawnSync('python3', ['-c', 'import botocore']).status === 0) return false;
  return 'botocore is not installed';
}

/** What readers of the SDK need beside mfa-env's variables: no word about Node's age. */
const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_PAGER: '' };

/** Checks that the last call was made with the user's session, not with the long-lived keys. */
function assertSessionWasUsed(user: StsUser): void {
  const { action, headers, outcome } = sts.requests.at(-1) ?? assert.fail('nobody called');
  const session = sts.sessions.find(({ principal }) => principal === user);
  assert.deepEqual([action, outcome], ['GetCallerIdentity', 'OK']);
  assert.equal(headers['x-amz-security-token'], session?.sessionToken);
}

const config = `[profile tools]
region = eu-west-1
credential_process = mfa-env prod --format process --no-prompt
`;

for (const { name, command, args, skip, tellsWhy } of readers) {
  suite(name, { skip }, () => {
    test('reads what is exported, whatever was there before', async () => {
      const misleading = { AWS_PROFILE: 'gone', AWS_DEFAULT_PROFILE: 'gone', AWS_SECURITY_TOKEN: 'an older token' };
      const { user, home } = makeUser(sts, { more: 'region = eu-west-1\n', env: { ...misleading, ...quiet } });
      const script = `eval "$(mfa-env prod ${sts.code(user)} --quiet)" && exec "$0" "$@"`;
      const ended = await run('sh', ['-c', script, command, ...args()], home.env);
      assert.deepEqual(ended, { status: 0, signal: null, stdout: `${user.arn}\n`, stderr: '' });
      assertSessionWasUsed(user);
      assert.equal(sts.requests.at(-1)?.region, 'eu-west-1');
    });

    test('reads what is saved, in place of what other tools have left', async () => {
      const left = 'region = eu-west-1\naws_security_token = an-older-token\nexpiration = 2020-01-01T00:00:00Z\n';
      const { user, home } = makeUser(sts, { more: left, env: quiet });
      assert.equal((await runMfaEnv(['prod', sts.code(user), '--save'], home.env)).status, 0);
      const ended = await run(command, args('prod'), home.env);
      assert.deepEqual(ended, { status: 0, signal: null, stdout: `${user.arn}\n`, stderr: '' });
      assertSessionWasUsed(user);
    });

    test('takes a saved session through credential_process', async () => {
      const { user, home } = makeUser(sts, { config, env: quiet });
      assert.equal((await runMfaEnv(['prod', sts.code(user), '--save'], home.env)).status, 0);
      const ended = await run(command, args('tools'), home.env);
      assert.deepEqual(ended, { status: 0, signal: null, stdout: `${user.arn}\n`, stderr: '' });
      assertSessionWasUsed(user);
    });

    test('gets nothing from credential_process without a session, and does not hang', async () => {
      const { home } = makeUser(sts, { config, env: quiet });
      const before = sts.requests.length;
      const ended = await run(command, args('tools'), home.env);
      assert.notEqual(ended.status, 0);
      if (tellsWhy) assert.match(ended.stderr, /a code is needed for prod/);
      assert.equal(sts.requests.length, before);
    });
  });
}

suite('--format', () => {
  const session = {
    accessKeyId: 'ASIASAVED00000000001',
    secretAccessKey: `s'e"c$r\\e#t;`,
    sessionToken: 'token//of+the+saved+session==',
    expiresAt: new Date(Math.floor(Date.now() / 1000) * 1000 + 7_200_000),
  };
  const expiration = formatTime(session.expiresAt);
  const files = { more: `region = eu-west-1\n${savedLines(session)}`, env: { AWS_PROFILE: 'work' } };

  test('env: a line for each variable, as it is', async () => {
    const ended = await runMfaEnv(['prod', '--format', 'env'], makeUser(sts, files).home.env);
    const stdout = `AWS_ACCESS_KEY_ID=${session.accessKeyId}
AWS_SECRET_ACCESS_KEY=${session.secretAccessKey}
AWS_SESSION_TOKEN=${session.sessionToken}
AWS_CREDENTIAL_EXPIRATION=${expiration}
AWS_SESSION_EXPIRATION=${expiration}
MFA_ENV_PROFILE=prod
AWS_REGION=eu-west-1
AWS_DEFAULT_REGION=eu-west-1
MFA_ENV_REGION=eu-west-1
`;
    assert.deepEqual(ended, { status: 0, signal: null, stdout, stderr: '' });
  });

  test('process: the object that the SDKs read', async () => {
    const { stdout, ...ended } = await runMfaEnv(['prod', '--format', 'process'], makeUser(sts, files).home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
    assert.deepEqual(JSON.parse(stdout), {
      Version: 1,
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: expiration,
    });
  });

  for (const format of ['env', 'process', 'yaml']) {
    test(`${format}: a failure prints nothing`, async () => {
      const { home } = makeUser(sts);
      const { status, stdout, stderr } = await runMfaEnv(['prod', '--format', format], home.env);
      assert.deepEqual([status, stdout], [format === 'yaml' ? 2 : 3, '']);
      assert.match(stderr, /^mfa-env: error: /);
    });
  }
});
