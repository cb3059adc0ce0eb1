/**
 * A folder that direnv gives to a profile without a session, on a machine where other identities are within reach: a container's,
 * an instance's, a web identity's, long-term keys in the profile itself and in [default]. AWS's tools get none of them.
 */

import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { findAwsCli, unlessAwsCli, unlessBotocore } from '../aws-clis.ts';
import { type Home, makeUser, run, runMfaEnv, unless } from '../harness.ts';
import { startSts } from '../sts/server.ts';
import { writeWhoami } from '../whoami-script.ts';

const sts = await startSts();
after(() => sts.close());

const { user, home } = makeUser(sts);
// What the tool of a newcomer finds: long-term keys in the profiles themselves.
for (const name of ['default', 'keys'])
  appendFileSync(
    home.credentialsFile,
    `[${name}]\naws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`,
  );
writeFileSync(home.configFile, '[profile empty]\nregion = eu-west-1\n', { mode: 0o600 });

const others = await startProviders();
const asOthers: Record<string, Record<string, string>> = {
  'the container': { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${others.url}/container` },
  'the instance': { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${others.url}/` },
  'both, and a web identity': {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${others.url}/container`,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: `${others.url}/`,
    AWS_WEB_IDENTITY_TOKEN_FILE: join(home.path, 'token'),
    AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/web',
    AWS_ROLE_SESSION_NAME: 'session',
  },
};
writeFileSync(join(home.path, 'token'), 'a token');
writeWhoami(home);
const inProject = await makeFolder(home);

const botocore =
  "import botocore.session; print(botocore.session.get_session().create_client('sts', region_name='us-east-1').get_caller_identity()['Arn'])";
const cli = ['sts', 'get-caller-identity', '--region', 'us-east-1', '--endpoint-url', sts.url];
const tools: [name: string, command: string, args: string[], skip: string | false][] = [
  ['botocore', 'python3', ['-c', botocore], unlessBotocore()],
  ['the AWS CLI 1', findAwsCli('1') ?? '', cli, unlessAwsCli('1')],
  ['the AWS CLI 2', findAwsCli('2') ?? '', cli, unlessAwsCli('2')],
  ["JavaScript's SDK", 'whoami-aws', [], false],
];

suite('whoever else the machine is does not run in a folder of direnv without a session', () => {
  for (const [tool, command, args, skip] of tools)
    for (const [title, env] of Object.entries(asOthers)) {
      test(`${tool} is ${title} outside, and nobody inside`, { skip: skip || unless('direnv') }, async () => {
        const outside = await run(command, args, { ...home.env, ...env, AWS_PROFILE: 'empty' });
        // The STS of the tests hands out nothing for a web identity: here it is enough that it was asked, or AWS's own, as CLI 2.9 does.
        const asked =
          sts.requests.at(-1)?.action === 'AssumeRoleWithWebIdentity' ||
          /sts\.amazonaws\.com|proxy/.test(outside.stderr);
        assert.ok(asked || outside.status === 0, outside.stderr);
        const before = sts.requests.length;
        const inside = await inProject(command, args, env);
        assert.notEqual(inside.status, 0, inside.stdout);
        assert.equal(inside.stdout, '');
        // It fails by itself: some service may answer whatever the keys are.
        assert.equal(sts.requests.length, before);
      });
    }

  for (const [tool, command, args, skip] of tools)
    test(`${tool} takes no long-term keys of a file`, { skip: skip || unless('direnv') }, async () => {
      assert.equal((await run(command, args, { ...home.env, AWS_PROFILE: 'keys' })).status, 0);
      for (const profile of ['keys', 'default']) {
        const inside = await inProject(command, args, { AWS_PROFILE: profile }, `use mfa_env ${profile}`);
        assert.notEqual(inside.status, 0, inside.stdout);
      }
    });
});

/** A container's and an instance's providers on loopback, which hand out a session that STS knows. */
async function startProviders(): Promise<{ url: string }> {
  const { status, stdout } = await runMfaEnv(['prod', sts.code(user), '--format', 'env'], home.env);
  assert.equal(status, 0);
  const of = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(stdout)?.[1];
  const session = {
    ...{ Code: 'Success', Type: 'AWS-HMAC', LastUpdated: '2026-01-01T00:00:00Z' },
    ...{ AccessKeyId: of('AWS_ACCESS_KEY_ID'), SecretAccessKey: of('AWS_SECRET_ACCESS_KEY') },
    ...{ Token: of('AWS_SESSION_TOKEN'), Expiration: of('AWS_CREDENTIAL_EXPIRATION') },
  };
  const server = createServer(({ method, url = '' }, response) => {
    response.setHeader('x-aws-ec2-metadata-token-ttl-seconds', '21600');
    if (method === 'PUT') response.end('token');
    else if (/security-credentials\/?$/.test(url)) response.end('role');
    else response.end(JSON.stringify(session));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** @returns what runs a command as direnv would let it run there. */
async function makeFolder({ path, env }: Home) {
  const lib = join(path, '.config/direnv/lib');
  mkdirSync(lib, { recursive: true });
  const { stdout } = await runMfaEnv(['init', 'direnv'], env);
  writeFileSync(join(lib, 'mfa-env.sh'), stdout);
  let folders = 0;
  return async (command: string, args: string[], more: Record<string, string>, envrc = 'use mfa_env prod') => {
    folders += 1;
    const folder = join(path, `project${folders}`);
    mkdirSync(folder);
    writeFileSync(join(folder, '.envrc'), `${envrc}\n`);
    await run('direnv', ['allow', folder], env);
    return run('direnv', ['exec', folder, command, ...args], { ...env, ...more });
  };
}
