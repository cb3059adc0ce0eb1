import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import type { FaultKind } from './faults.ts';
import { getIdentity, getSession } from './sdk-client.ts';
import { startSts } from './server.ts';

const sts = await startSts();
after(() => sts.close());
afterEach(() => sts.clearFaults());

const rows: [kind: FaultKind, error: object, outcome: string, code: 'kept' | 'spent'][] = [
  ['throttle', { name: 'Throttling', message: 'Rate exceeded' }, 'Throttling', 'kept'],
  ['http-500', { name: 'InternalFailure' }, 'InternalFailure', 'kept'],
  ['http-503', { name: 'ServiceUnavailable' }, 'ServiceUnavailable', 'kept'],
  ['html-error', { message: /XML parse error/ }, 'none', 'kept'],
  ['redirect', { name: 'Unknown' }, 'none', 'kept'],
  ['reset-before', { code: 'ECONNRESET' }, 'none', 'kept'],
  ['region-disabled', { name: 'RegionDisabledException', message: /:\d{12}\. / }, 'RegionDisabledException', 'kept'],
  ['reset-after', { code: 'ECONNRESET' }, 'OK', 'spent'],
  ['truncated', { message: /aborted/ }, 'OK', 'spent'],
];
for (const [kind, error, outcome, code] of rows)
  test(`${kind} fails one request, its code is ${code}`, async () => {
    const user = sts.addUser();
    const input = { TokenCode: sts.code(user) };
    sts.fault(kind, { times: 1 });
    await assert.rejects(getSession(sts, user, input), error);
    assert.equal(sts.requests.at(-1)?.outcome, outcome);
    if (code === 'spent') await assert.rejects(getSession(sts, user, input), { name: 'AccessDenied' });
    else assert.ok((await getSession(sts, user, input)).Credentials);
  });

test('refuse answers what the test gives', async () => {
  sts.fault('refuse', { times: 1, refusal: { code: 'NoSuchThing', message: 'it is so', status: 400 } });
  await assert.rejects(getIdentity(sts, sts.addUser()), { name: 'NoSuchThing', message: 'it is so' });
  assert.equal(sts.requests.at(-1)?.outcome, 'NoSuchThing');
});

test('html is a 200 without credentials', async () => {
  sts.fault('html', { times: 1 });
  assert.equal((await getSession(sts, sts.addUser())).Credentials, undefined);
});

test('credentials replaces fields and leaves them out', async () => {
  sts.fault('credentials', { times: 1, fields: { SecretAccessKey: `a'b\n<"&`, Expiration: null } });
  const { Credentials } = await getSession(sts, sts.addUser());
  assert.equal(Credentials?.SecretAccessKey, `a'b\n<"&`);
  assert.equal(Credentials?.Expiration, undefined);
  assert.match(Credentials?.AccessKeyId ?? '', /^ASIA/);
  sts.fault('credentials', { fields: { Expiration: 'soon' } });
  await assert.rejects(getSession(sts, sts.addUser()), /Invalid|date/i);
});

test('slow answers late', async () => {
  sts.fault('slow', { milliseconds: 150 });
  const start = performance.now();
  await getIdentity(sts, sts.addUser());
  assert.ok(performance.now() - start >= 149);
});

test('faults strike in turn, until they are used up or cleared', async () => {
  const user = sts.addUser();
  sts.fault('throttle', { times: 2 });
  sts.fault('http-500');
  for (const name of ['Throttling', 'Throttling', 'InternalFailure', 'InternalFailure'])
    await assert.rejects(getIdentity(sts, user), { name });
  sts.clearFaults();
  assert.equal((await getIdentity(sts, user)).Arn, user.arn);
});

test('hang never answers, and close ends it', async () => {
  const hanging = await startSts();
  hanging.fault('hang');
  const call = getIdentity(hanging, hanging.addUser());
  const broken = assert.rejects(call, { code: 'ECONNRESET' });
  while (hanging.requests.length === 0) await new Promise(setImmediate);
  await hanging.close();
  await broken;
  await assert.rejects(fetch(hanging.url));
});
