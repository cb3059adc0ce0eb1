import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { after, afterEach, test } from 'node:test';
import { promisify } from 'node:util';
import type { Credentials } from '@aws-sdk/client-sts';
import { assume, getIdentity, getSession, keysOf } from './sdk-client.ts';
import { startSts } from './server.ts';
import { codeAt } from './totp.ts';

const sts = await startSts();
after(() => sts.close());
afterEach(() => {
  sts.clockOffsetSeconds = 0;
});

/** Tells how long credentials live, to the minute. */
function minutesLeft({ Credentials }: { Credentials?: Credentials | undefined }): number {
  return Math.round(((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 60_000);
}

test('a session has the shapes that AWS gives, and each is another', async () => {
  const user = sts.addUser();
  const answer = await getSession(sts, user);
  const { accessKeyId, secretAccessKey, sessionToken } = keysOf(answer);
  assert.match(accessKeyId, /^ASIA[A-Z2-7]{16}$/);
  assert.match(secretAccessKey, /^[A-Za-z0-9/+]{40}$/);
  assert.match(sessionToken ?? '', /^(?=.*\+)(?=.*\/)[A-Za-z0-9/+]{300,}={1,2}$/);
  assert.equal(minutesLeft(answer), 720);
  const next = await getSession(sts, user, { TokenCode: sts.code(user, 1) });
  for (const [name, value] of Object.entries(keysOf(next))) assert.notEqual(value, Object(keysOf(answer))[name]);
  assert.deepEqual([sts.sessions.at(-1)?.mfa, sts.sessions.at(-1)?.principal.arn], [true, user.arn]);
});

test('a request is recorded as it was sent', async () => {
  const user = sts.addUser();
  const TokenCode = sts.code(user);
  await getSession(sts, user, { TokenCode }, { region: 'ap-south-1' });
  const { action, parameters, region, outcome } = sts.requests.at(-1) ?? assert.fail();
  assert.deepEqual([action, parameters.TokenCode, region, outcome], ['GetSessionToken', TokenCode, 'ap-south-1', 'OK']);
});

test('codes are those of RFC 6238, appendix B', () => {
  const { device } = sts.addUser({ totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' });
  assert.equal(codeAt(device, new Date(59_000)), '287082');
  assert.equal(codeAt(device, new Date(1_111_111_109_000)), '081804');
});

for (const step of [-1, 0, 1])
  test(`the code of step ${step} is taken once`, async () => {
    // The middle of a step, so that no code ages before it arrives.
    sts.clockOffsetSeconds = 15 - ((Date.now() / 1000) % 30);
    const user = sts.addUser();
    const TokenCode = sts.code(user, step);
    await getSession(sts, user, { TokenCode });
    await assert.rejects(getSession(sts, user, { TokenCode }), { name: 'AccessDenied' });
  });

const clocks: [offsetSeconds: number, text: RegExp][] = [
  [1000, /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 15 min\.\)$/],
  [-1000, /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 15 min\.\)$/],
];
for (const [offsetSeconds, message] of clocks)
  test(`a clock ${offsetSeconds} s off is refused, and corrected by a client that reads the Date header`, async () => {
    const user = sts.addUser();
    sts.clockOffsetSeconds = offsetSeconds;
    process.env.AWS_DISABLE_CLOCK_SKEW_CORRECTION = 'true';
    await assert.rejects(getIdentity(sts, user), { name: 'SignatureDoesNotMatch', message });
    delete process.env.AWS_DISABLE_CLOCK_SKEW_CORRECTION;
    assert.equal((await getIdentity(sts, user, { maxAttempts: 2 })).Arn, user.arn);
  });

test('an account owner gets 1 h whatever was asked for', async () => {
  const owner = sts.addUser({ root: true });
  assert.equal(minutesLeft(await getSession(sts, owner, { DurationSeconds: 129_600 })), 60);
  const { Arn, UserId } = await getIdentity(sts, owner);
  assert.deepEqual([Arn, UserId], [`arn:aws:iam::${owner.account}:root`, owner.account]);
});

const partitions = [
  ['aws', 'mx-central-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-iso-b', 'us-isob-east-1'],
] as const;
for (const [partition, region] of partitions)
  test(`a session in ${partition} is its user, with a hardware device too`, async () => {
    const user = sts.addUser({ partition, serialNumber: 'GAHT12345678' });
    const keys = keysOf(await getSession(sts, user, {}, { region }));
    const { Arn, Account, UserId } = await getIdentity(sts, keys, { region });
    assert.deepEqual(
      [Arn, Account, UserId],
      [`arn:${partition}:iam::${user.account}:user/ana`, user.account, user.userId],
    );
  });

test('a role that asks for MFA takes a session with it, but nothing chained', async () => {
  const user = sts.addUser();
  const first = sts.addRole({ trusts: [user.account], mfaRequired: true, externalId: 'blue' });
  const second = sts.addRole({ trusts: [first.arn], mfaRequired: true });
  const answer = await assume(sts, keysOf(await getSession(sts, user)), first.arn, { ExternalId: 'blue' });
  const { Arn, UserId } = await getIdentity(sts, keysOf(answer));
  assert.equal(Arn, `arn:aws:sts::${first.account}:assumed-role/deploy/ana`);
  assert.deepEqual(answer.AssumedRoleUser, { Arn, AssumedRoleId: UserId });
  assert.deepEqual([answer.PackedPolicySize, minutesLeft(answer)], [6, 60]);
  await assert.rejects(assume(sts, keysOf(answer), second.arn), { name: 'AccessDenied' });
  second.mfaRequired = false;
  await assume(sts, keysOf(answer), second.arn);
});

test('long-lived keys and a code give a role for 12 h', async () => {
  const user = sts.addUser();
  const role = sts.addRole({ trusts: [user.arn], mfaRequired: true, maxSessionSeconds: 43_200 });
  const mfa = { SerialNumber: user.device.serialNumber, TokenCode: sts.code(user) };
  assert.equal(minutesLeft(await assume(sts, user, role.arn, { ...mfa, DurationSeconds: 43_200 })), 720);
});

// Its own signer and parser. The endpoint is given outright, since old versions would not read it from the environment.
const botocore = `
import sys, botocore.session
url, key, secret, serial, code = sys.argv[1:]
def client(**keys):
    return botocore.session.Session().create_client("sts", endpoint_url=url, region_name="eu-central-1", **keys)
sts = client(aws_access_key_id=key, aws_secret_access_key=secret)
got = sts.get_session_token(SerialNumber=serial, TokenCode=code)["Credentials"]
print(client(aws_access_key_id=got["AccessKeyId"], aws_secret_access_key=got["SecretAccessKey"],
    aws_session_token=got["SessionToken"]).get_caller_identity()["Arn"], got["Expiration"].isoformat())
`;
const skip = spawnSync('python3', ['-c', 'import botocore']).status !== 0 && 'python3 with botocore is missing';
test('botocore gets a session and its identity', { skip }, async () => {
  const user = sts.addUser();
  const { accessKeyId, secretAccessKey, device } = user;
  const parameters = [sts.url, accessKeyId, secretAccessKey, device.serialNumber, sts.code(user)];
  const closed = 'http://127.0.0.1:9';
  const env = { PATH: process.env.PATH, HTTP_PROXY: closed, HTTPS_PROXY: closed, NO_PROXY: '127.0.0.1,localhost' };
  const { stdout } = await promisify(execFile)('python3', ['-c', botocore, ...parameters], { env });
  assert.match(stdout, new RegExp(`^${user.arn} \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+00:00\n$`));
});
