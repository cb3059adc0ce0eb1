import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  type AssumeRoleCommandInput,
  GetSessionTokenCommand,
  type GetSessionTokenCommandInput,
} from '@aws-sdk/client-sts';
import type { StsUser } from './identities.ts';
import { assume, type ClientOptions, getIdentity, getSession, type Keys, keysOf, stsClient } from './sdk-client.ts';
import { startSts } from './server.ts';

const sts = await startSts();
after(() => sts.close());

const identity = (keys: Keys, options?: ClientOptions) => getIdentity(sts, keys, options);
const session = (user: StsUser, input?: GetSessionTokenCommandInput) => getSession(sts, user, input);
const role = (keys: Keys, arn: string, input?: Partial<AssumeRoleCommandInput>) => assume(sts, keys, arn, input);
const keys = async (user: StsUser, input?: GetSessionTokenCommandInput) => keysOf(await session(user, input));
const roleFor = (user: StsUser, options = {}) => sts.addRole({ trusts: [user.arn], ...options }).arn;
const withoutMfa = { SerialNumber: undefined, TokenCode: undefined };

/** Calls GetCallerIdentity, with a header changed after signing. */
const changed = (user: StsUser, header: string, from: RegExp | string, to: string) =>
  identity(user, {
    tamper: ({ headers }) => {
      headers[header] = (headers[header] ?? '').replace(from, to);
    },
  });

type Call = (user: StsUser) => Promise<unknown>;
type Rows = [title: string, call: Call, text: string | RegExp][];

const mismatch: Rows = [
  ['a wrong secret', (u) => identity({ ...u, secretAccessKey: 'x' }), /^The request signature we calculated/],
  ['a changed header', (u) => changed(u, 'content-type', /$/, 'x'), /^The request signature we calculated/],
  ['a changed region', (u) => changed(u, 'authorization', 'eu-central-1', 'eu-west-1'), /^The request signature we/],
  ['a changed body', (u) => identity(u, { tamper: spoil }), /^The request signature we calculated/],
  ['an unsigned token', (u) => changed(u, 'x-amz-security-token', /$/, 'x'), /^'x-amz-security-token' must be/],
  ['an unsigned host', (u) => changed(u, 'authorization', 'host;', ''), /^'host' must be a 'SignedHeader'/],
  ["another service's scope", (u) => changed(u, 'authorization', '/sts/', '/iam/'), /correct service: 'sts'/],
  ["another day's scope", (u) => changed(u, 'authorization', /\/\d{8}\//, '/20200101/'), /^Date in Credential scope/],
  ['a region that cannot be', (u) => identity(u, { region: 'moon' }), /valid region, not 'moon'/],
];

function spoil(request: { body?: string }): void {
  request.body = (request.body ?? '').replace('Identity', 'Identita');
}

const unauthenticated: Rows = [
  ['no signature', (u) => changed(u, 'authorization', /.*/, ''), 'Request is missing Authentication Token'],
];

const incomplete: Rows = [
  ['half a signature', (u) => changed(u, 'authorization', /Signature=.*/, ''), /^Authorization header requires/],
  ['a date without a time', (u) => changed(u, 'x-amz-date', /T.*/, 'T'), /^Date must be in ISO-8601/],
];

const invalidToken = 'The security token included in the request is invalid.';
const invalid: Rows = [
  ['an unknown key', (u) => identity({ ...u, accessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }), invalidToken],
  ['an inactive key', () => identity(sts.addUser({ active: false })), invalidToken],
  ["another partition's region", (u) => identity(u, { region: 'cn-north-1' }), invalidToken],
  ['a session without its token', async (u) => identity({ ...(await keys(u)), sessionToken: '' }), invalidToken],
  ["another session's token", async (u) => identity({ ...(await keys(u)), sessionToken: 'x' }), invalidToken],
  ['a token beside long-lived keys', (u) => identity({ ...u, sessionToken: 'x' }), invalidToken],
];

const wrongCode = 'MultiFactorAuthentication failed with invalid MFA one time pass code. ';
const half = 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.';
const unable = /^MultiFactorAuthentication failed, unable to validate MFA code\. Please verify your MFA serial number/;
const notTrusted =
  /^User: arn:aws:iam::\d{12}:user\/ana is not authorized to perform: sts:AssumeRole on resource: arn:/;
const denied: Rows = [
  ['a wrong code', (u) => session(u, { TokenCode: sts.wrongCode(u) }), wrongCode],
  ['a used code', (u) => twice(u, { TokenCode: sts.code(u) }), wrongCode],
  ['one older', async (u) => [await session(u, { TokenCode: sts.code(u, 1) }), await keys(u)], wrongCode],
  ['a code of a later time', (u) => session(u, { TokenCode: sts.code(u, 3) }), wrongCode],
  ["another's device", (u) => session(u, { SerialNumber: sts.addUser().device.serialNumber }), unable],
  ['a code without a device', (u) => session(u, { SerialNumber: undefined }), half],
  ['a device without a code', (u) => session(u, { TokenCode: undefined }), half],
  ['a session for a session', sessionOf, 'Cannot call GetSessionToken with session credentials'],
  ['a role that is not there', (u) => role(u, 'arn:aws:iam::111122223333:role/deploy'), notTrusted],
  ['a role that trusts another', (u) => role(u, roleFor(sts.addUser())), notTrusted],
  ['a role that asks for MFA', (u) => role(u, roleFor(u, { mfaRequired: true })), notTrusted],
  [
    'the same from a session without',
    async (u) => role(await keys(u, withoutMfa), roleFor(u, { mfaRequired: true })),
    notTrusted,
  ],
  ['another external id', (u) => role(u, roleFor(u, { externalId: 'a1' }), { ExternalId: 'b2' }), notTrusted],
  [
    'an account owner',
    () => role(sts.addUser({ root: true }), roleFor(sts.addUser())),
    'Roles may not be assumed by root accounts.',
  ],
];

async function twice(user: StsUser, input: GetSessionTokenCommandInput) {
  await session(user, input);
  return session(user, input);
}

async function sessionOf(user: StsUser) {
  return stsClient(sts, await keys(user)).send(new GetSessionTokenCommand());
}

const length =
  /^1 validation error detected: Value '12345' at 'tokenCode' failed to satisfy constraint: Member must have length greater than or equal to 6$/;
const two = /^2 validation errors detected: .*'durationSeconds' .* to 900; Value 'G' at 'serialNumber' .* to 9$/;
const overRole = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
const overHour = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';
const hour = { DurationSeconds: 3601 };
const malformed: Rows = [
  ['five digits, and repeats them', (u) => session(u, { TokenCode: '12345' }), length],
  ['a letter in a code', (u) => session(u, { TokenCode: '12345a' }), /'12345a' at 'tokenCode' .* pattern: \[\\d\]\*$/],
  ['over 36 h', (u) => session(u, { DurationSeconds: 129_601 }), /'129601' at .* less than or equal to 129600$/],
  ['two things at once', (u) => session(u, { SerialNumber: 'G', DurationSeconds: 899 }), two],
  [
    'a role without a session name',
    (u) => role(u, roleFor(u), { RoleSessionName: undefined }),
    /Value null at .* null$/,
  ],
  ['a blank in that name', (u) => role(u, roleFor(u), { RoleSessionName: 'a b' }), /pattern: \[\\w\+=,\.@-\]\*$/],
  ['what is no role', (u) => role(u, 'arn:aws:iam::ana:role/deploy'), 'arn:aws:iam::ana:role/deploy is invalid'],
  ["a session longer than the role's", (u) => role(u, roleFor(u), hour), overRole],
  [
    'one over 1 h from a session',
    async (u) => role(await keys(u), roleFor(u, { maxSessionSeconds: 7200 }), hour),
    overHour,
  ],
];

const groups: [code: string, status: number, rows: Rows][] = [
  ['MissingAuthenticationToken', 403, unauthenticated],
  ['IncompleteSignature', 400, incomplete],
  ['SignatureDoesNotMatch', 403, mismatch],
  ['InvalidClientTokenId', 403, invalid],
  ['AccessDenied', 403, denied],
  ['ValidationError', 400, malformed],
];
for (const [code, status, rows] of groups)
  for (const [title, call, text] of rows)
    test(`${code}: ${title}`, () =>
      assert.rejects(call(sts.addUser()), (error: Error & { $metadata: { httpStatusCode: number } }) => {
        assert.deepEqual([error.name, error.$metadata.httpStatusCode], [code, status]);
        assert[typeof text === 'string' ? 'equal' : 'match'](error.message, text as never);
        return true;
      }));

test('ExpiredToken: a session whose time is over', async () => {
  const expired = await keys(sts.addUser());
  for (const session of sts.sessions) session.expiresAt = new Date(0);
  await assert.rejects(identity(expired), { name: 'ExpiredToken', message: /is expired$/ });
});
