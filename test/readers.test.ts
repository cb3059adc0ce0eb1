/** Those for whom all of this is done: AWS's own tools read what is exported, saved and handed over, and call as the user. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { findAwsCli, unlessAwsCli, unlessBotocore } from './aws-clis.ts';
import { makeUser, root, routeLine, run, runMfaEnv } from './harness.ts';
import { sitDown } from './pty.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };
const enter = '\r';
const ctrlC = '\x03';

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

const sdk: Reader = {
  name: "AWS's JavaScript SDK",
  command: process.execPath,
  args: (profile) => ['-e', sdkScript, join(root, 'node_modules/@aws-sdk/client-sts'), sts.url].concat(profile ?? []),
  skip: false,
  tellsWhy: false,
};

const readers: Reader[] = [
  ...(['1', '2'] as const).map((major) => ({
    name: `the AWS CLI ${major}`,
    command: findAwsCli(major) ?? 'aws',
    args: (profile?: string) =>
      ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text', '--endpoint-url', sts.url].concat(
        profile ? ['--profile', profile] : [],
      ),
    skip: unlessAwsCli(major),
    tellsWhy: true,
  })),
  {
    name: 'botocore',
    command: 'python3',
    args: (profile) => ['-c', botocoreScript, sts.url, ...(profile ? [profile] : [])],
    skip: unlessBotocore(),
    tellsWhy: true,
  },
  sdk,
];

/** What readers of the SDK need beside mfa-env's variables: no word about Node's age. */
const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_PAGER: '' };

function sessionOf(user: StsUser) {
  return sts.sessions.find(({ principal }) => principal === user);
}

/** The calls that were made with a user's session, not with the long-lived keys. */
function callsOf(user: StsUser) {
  const token = sessionOf(user)?.sessionToken;
  return sts.requests.filter(
    ({ action, headers }) => action === 'GetCallerIdentity' && headers['x-amz-security-token'] === token,
  );
}

/** Checks that the one call was made with the user's session. */
function assertSessionWasUsed(user: StsUser): void {
  assert.ok(sessionOf(user), 'there is no session');
  assert.deepEqual(
    callsOf(user).map(({ outcome, region }) => [outcome, region]),
    [['OK', 'eu-west-1']],
  );
}

/** The second name, under which AWS's tools ask mfa-env. */
const config = `[profile prod-cli]
region = eu-west-1
credential_process = mfa-env prod --save --format process
`;

const right = (user: StsUser) => ({ status: 0, signal: null, stdout: `${user.arn}\n`, stderr: '' });

for (const { name, command, args, skip, tellsWhy } of readers) {
  suite(name, { skip, ...inParallel }, () => {
    test('reads what is exported, whatever was there before', async () => {
      const misleading = { AWS_PROFILE: 'gone', AWS_DEFAULT_PROFILE: 'gone', AWS_SECURITY_TOKEN: 'an older token' };
      const { user, home } = makeUser(sts, { more: 'region = eu-west-1\n', env: { ...misleading, ...quiet } });
      const script = `eval "$(mfa-env prod ${sts.code(user)} --quiet)" && exec "$0" "$@"`;
      const ended = await run('sh', ['-c', script, command, ...args()], home.env);
      assert.deepEqual(ended, { ...right(user), stderr: routeLine(sts) });
      assertSessionWasUsed(user);
    });

    test('reads the lines of --format env', async () => {
      const { user, home } = makeUser(sts, { more: 'region = eu-west-1\n', env: quiet });
      const script = `exec env $(mfa-env prod ${sts.code(user)} --format env --quiet) "$0" "$@"`;
      const ended = await run('sh', ['-c', script, command, ...args()], home.env);
      assert.deepEqual(ended, { ...right(user), stderr: routeLine(sts) });
      assertSessionWasUsed(user);
    });

    test('reads what is saved, in place of what other tools have left', async () => {
      const left = 'region = eu-west-1\naws_security_token = an-older-token\nexpiration = 2020-01-01T00:00:00Z\n';
      const { user, home } = makeUser(sts, { more: left, env: quiet });
      assert.equal((await runMfaEnv(['prod', sts.code(user), '--save'], home.env)).status, 0);
      assert.deepEqual(await run(command, args('prod'), home.env), right(user));
      assertSessionWasUsed(user);
    });

    test('takes a saved session through credential_process', async () => {
      const { user, home } = makeUser(sts, { config, env: quiet });
      assert.equal((await runMfaEnv(['prod', sts.code(user), '--save'], home.env)).status, 0);
      assert.deepEqual(await run(command, args('prod-cli'), home.env), right(user));
      assertSessionWasUsed(user);
    });

    test('waits while credential_process asks for the code, and goes on with it; the next call is not asked', async () => {
      const { user, home } = makeUser(sts, { config, env: quiet });
      const typist = sitDown(command, args('prod-cli'), home.env);
      await typist.see(`MFA code for prod (ana in ${user.account}): `);
      typist.type(sts.code(user) + enter);
      const { exitCode } = await typist.ended;
      assert.equal(exitCode, 0, typist.screen());
      assert.ok(typist.screen().endsWith(`\r\n${user.arn}\r\n`), typist.screen());
      assertSessionWasUsed(user);
      assert.deepEqual(await run(command, args('prod-cli'), home.env), right(user));
      assert.equal(
        sts.requests.filter(({ parameters }) => parameters.SerialNumber === user.device.serialNumber).length,
        1,
      );
    });

    test('ends with Ctrl-C where credential_process asks for the code', async () => {
      const { user, home } = makeUser(sts, { config, env: quiet });
      const before = home.credentials();
      const typist = sitDown(command, args('prod-cli'), home.env);
      await typist.see('MFA code for prod ');
      typist.type(ctrlC);
      const { exitCode, signal } = await typist.ended;
      assert.ok(exitCode !== 0 || signal, typist.screen());
      assert.deepEqual([home.credentials(), sessionOf(user)], [before, undefined]);
    });

    test('gets nothing from credential_process without a session, and does not hang', async () => {
      const { user, home } = makeUser(sts, { config, env: quiet });
      const start = performance.now();
      const ended = await run(command, args('prod-cli'), home.env);
      assert.ok(performance.now() - start < 10_000);
      assert.notEqual(ended.status, 0);
      if (tellsWhy) {
        assert.match(ended.stderr, /mfa-env: error: a code is needed for prod, and there is no terminal/);
        assert.match(ended.stderr, /mfa-env: hint: save a session in a terminal: mfa-env prod --save\n/);
      }
      assert.deepEqual(
        sts.requests.filter(({ headers }) => headers.authorization?.includes(user.accessKeyId)),
        [],
      );
    });
  });
}

test("a role's session is taken through credential_process", async () => {
  const { user, home } = makeUser(sts, { env: quiet });
  const role = sts.addRole({ trusts: [user.arn], mfaRequired: true });
  const ofRole = `[profile admin]\nrole_arn = ${role.arn}\nsource_profile = prod-default\n`;
  const ofTools = config.replace('prod-cli', 'admin-cli').replace('mfa-env prod', 'mfa-env admin');
  writeFileSync(home.configFile, ofRole + ofTools, { mode: 0o600 });
  assert.equal((await runMfaEnv(['prod', sts.code(user), '--save'], home.env)).status, 0);
  const { stdout, ...ended } = await run(sdk.command, sdk.args('admin-cli'), home.env);
  assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
  assert.match(stdout, new RegExp(`^arn:aws:sts::${role.account}:assumed-role/${role.name}/ana\n$`));
});
