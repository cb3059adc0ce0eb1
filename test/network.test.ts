/** What can go wrong between mfa-env and AWS: how often it calls, what it says, and what it never tells. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, suite, test } from 'node:test';
import {
  type Ended,
  formatTime,
  type Home,
  makeHome,
  makeUser,
  program,
  runMfaEnv,
  sectionsOf,
  unless,
} from './harness.ts';
import { sitDown } from './pty.ts';
import {
  agreesOnNoEncryption,
  answersHalf,
  answersNothing,
  failsLate,
  listen,
  type SilentServer,
  takesNoConnections,
} from './silent-servers.ts';
import type { FaultKind, FaultOptions } from './sts/faults.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());
afterEach(() => {
  sts.clearFaults();
  sts.clockOffsetSeconds = 0;
});

/** What lasts long runs from here on, while the other tests do. */
const waits = await Promise.all([
  startWaiting('for a connection', takesNoConnections, 5, 0),
  startWaiting('for an encrypted one', agreesOnNoEncryption, 5, 0),
  startWaiting('for an answer', answersNothing, 30, 1),
  startWaiting('for the rest of an answer', answersHalf, 30, 1),
  startWaiting('for all three tries together', failsLate, 30, 3),
]);

const waitForRole = await startWaitingForRole();

/** Each of the two calls alone would come to its answer in time. */
async function startWaitingForRole() {
  const slow = await startSts();
  after(() => slow.close());
  slow.fault('slow', { milliseconds: 18_000 });
  const user = slow.addUser();
  const { arn } = slow.addRole({ trusts: [user.arn] });
  const role = `[admin]\nrole_arn = ${arn}\nsource_profile = prod\n`;
  const home = makeHome({ credentials: `${sectionsOf('prod', user)}\n${role}` }, { AWS_ENDPOINT_URL_STS: slow.url });
  const begin = performance.now();
  const ended = runMfaEnv(['admin', slow.code(user)], home.env).then((result) => ({
    ...result,
    took: (performance.now() - begin) / 1000,
    calls: slow.requests.map(({ action }) => action),
  }));
  return { user, ended };
}

async function startWaiting(what: string, serve: () => Promise<SilentServer>, seconds: number, calls: number) {
  const server = await serve();
  after(server.close);
  const user = sts.addUser();
  const home = makeHome({ credentials: sectionsOf('prod', user) });
  const begin = performance.now();
  const running = runMfaEnv(['prod', '123456', '--save', '--endpoint-url', server.url], home.env);
  const ended = running.then((result) => ({
    ...result,
    took: (performance.now() - begin) / 1000,
    calls: server.calls(),
  }));
  return { what, seconds, calls, user, home, ended };
}

/** Calls for a session with a code, and checks what must never happen, whatever became of it. */
async function call(
  { user, home }: { user: StsUser; home: Home },
  words: string[] = ['prod', sts.code(user)],
  env: Record<string, string> = {},
): Promise<Ended & { calls: number }> {
  const before = sts.requests.length;
  const ended = await runMfaEnv(words, { ...home.env, ...env });
  assertTellsNothing(ended.stderr, user, words);
  return { ...ended, calls: sts.requests.length - before };
}

function assertTellsNothing(stderr: string, user: StsUser, words: string[] = []): void {
  const sessions = sts.sessions.filter(({ principal }) => principal === user);
  const keys = [user, ...sessions].flatMap(({ accessKeyId, secretAccessKey }) => [accessKeyId, secretAccessKey]);
  const codes = words.filter((word) => /^\d{6}$/.test(word));
  for (const secret of [...keys, ...codes, ...sessions.map(({ sessionToken }) => sessionToken)]) {
    assert.equal(stderr.includes(secret), false, `${secret} in: ${stderr}`);
  }
  // Neither Node nor the SDK speaks to the user.
  assert.match(stderr, /^((mfa-env:|Saved prod credentials to) [^\n]+\n)*$/);
}

const failed = { status: 1, signal: null, stdout: 'false;\n' };
const mayBeSpent = /the code may be spent/;

const faults: [kind: FaultKind, options: FaultOptions, calls: number, stderr: RegExp | 'a session'][] = [
  ['throttle', { times: 2 }, 3, 'a session'],
  ['throttle', {}, 3, /error: aws sts is asked too often/],
  ['http-500', { times: 2 }, 3, 'a session'],
  ['http-500', {}, 3, /error: http:\/\/127\.0\.0\.1:\d+ failed with status 500/],
  ['http-503', { times: 1 }, 2, 'a session'],
  ['slow', { milliseconds: 600 }, 1, 'a session'],
  ['reset-after', {}, 1, mayBeSpent],
  ['reset-before', {}, 1, mayBeSpent],
  ['truncated', {}, 1, mayBeSpent],
  ['html', {}, 1, /is not aws sts.*\n.*(hotel|proxy)/],
  ['html-error', {}, 3, /status 502/],
  ['redirect', {}, 1, /sends elsewhere.*\n.*the code may be spent/],
  ['too-long', {}, 1, /is not aws sts: its answer is too long\n.*the code may be spent/],
  ['no-http', {}, 1, /is not aws sts: its answer is no http \(HPE_\w+\)\n.*the code may be spent/],
  ['region-disabled', {}, 1, /not activated in eu-west-1 .*\n.*--endpoint-url/],
];

suite('faults', () => {
  for (const [kind, options, calls, outcome] of faults) {
    const title = `${kind} ${options.times ? `${options.times} times` : 'for good'}: called ${calls} times`;
    test(title, async () => {
      const user = makeUser(sts, { more: 'region = eu-west-1\n' });
      const before = user.home.credentials();
      const words = ['prod', sts.code(user.user), '--save'];
      sts.fault(kind, options);
      const ended = await call(user, words);
      assert.equal(ended.calls, calls);
      if (outcome === 'a session') {
        assert.equal(ended.status, 0, ended.stderr);
        assert.match(ended.stdout, /^export AWS_SESSION_TOKEN='.+';$/m);
        assert.match(user.home.credentials(), /^aws_session_token = /m);
      } else {
        const { status, signal, stdout, stderr } = ended;
        assert.deepEqual({ status, signal, stdout }, failed);
        assert.match(stderr, outcome);
        assert.equal(user.home.credentials(), before);
      }
    });
  }

  test('a code that AWS has taken is not sent again after a lost answer', async () => {
    const user = makeUser(sts);
    sts.fault('reset-after', { times: 1 });
    const code = sts.code(user.user);
    assert.equal((await call(user, ['prod', code])).status, 1);
    const again = await call(user, ['prod', code]);
    assert.deepEqual([again.status, again.calls], [1, 1]);
    assert.match(again.stderr, /used before/);
  });
});

const answers: [what: string, fields: Record<string, string | null>][] = [
  ['no id', { AccessKeyId: null }],
  ['an empty id', { AccessKeyId: '' }],
  ['an id that could be a command', { AccessKeyId: "ASIA';touch PWNED;'" }],
  ['no secret', { SecretAccessKey: null }],
  ['a secret with a line end', { SecretAccessKey: 'secret\nexport AWS_PROFILE=work' }],
  ['a secret with a blank', { SecretAccessKey: 'two words' }],
  ['no token', { SessionToken: null }],
  ['a token beyond ASCII', { SessionToken: 'tökën' }],
  ['a token with a control character', { SessionToken: 'token\u0007' }],
  ['a secret over 16 KB', { SecretAccessKey: 's'.repeat(16_385) }],
  ['a token of 200 KB', { SessionToken: 't'.repeat(200_000) }],
  ["the ID of a user's key", { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
  ['no expiry', { Expiration: null }],
  ['an expiry that is no date', { Expiration: 'soon' }],
  ['an expiry in another age', { Expiration: '+012345-01-01T00:00:00Z' }],
  ['an expiry that is past', { Expiration: formatTime(new Date(Date.now() - 60_000)) }],
  ['an expiry in year 1', { Expiration: '0001-01-01T00:00:00Z' }],
];

suite('an answer that is no session is not used', () => {
  for (const [what, fields] of answers) {
    test(what, async () => {
      const user = makeUser(sts);
      const before = user.home.credentials();
      sts.fault('credentials', { fields });
      const { calls, stderr, ...ended } = await call(user, ['prod', sts.code(user.user), '--save']);
      assert.deepEqual({ calls, ...ended }, { calls: 1, ...failed });
      assert.match(stderr, /^mfa-env: error: .*not aws sts.*\nmfa-env: hint: .*may be spent/m);
      assert.equal(user.home.credentials(), before);
      for (const value of Object.values(fields)) assert.equal(Boolean(value) && stderr.includes(String(value)), false);
    });
  }
});

suite('an answer with long-term keys is no session for any output', () => {
  for (const words of [[], ['--print'], ['--format', 'env'], ['--format', 'process'], ['--shell', 'fish']])
    test(words.join(' ') || 'statements', async () => {
      const user = makeUser(sts);
      sts.fault('credentials', { fields: { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' } });
      const { status, stdout, stderr } = await call(user, ['prod', sts.code(user.user), ...words]);
      assert.equal(status, 1);
      assert.doesNotMatch(stdout, /AWS_|AccessKeyId/);
      assert.match(stderr, /its answer holds long-term keys, not a session/);
    });

  test('a command is not started', async () => {
    const user = makeUser(sts);
    sts.fault('credentials', { fields: { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' } });
    const { status, stdout } = await call(user, ['exec', 'prod', sts.code(user.user), '--', 'echo', 'started']);
    assert.deepEqual([status, stdout], [125, '']);
  });

  test('a token of 16 KB is handed out, and programs start with it', async () => {
    const user = makeUser(sts);
    sts.fault('credentials', { fields: { SessionToken: 't'.repeat(16_384) } });
    const { status, stdout } = await call(user, ['exec', 'prod', sts.code(user.user), '--', 'echo', 'started']);
    assert.deepEqual([status, stdout], [0, 'started\n']);
  });
});

/** What is wrong in the files, or with the code, and what is said of it. */
const mistakes: [
  title: string,
  change: (user: StsUser) => Partial<StsUser>,
  code: 'right' | 'wrong' | 'used',
  message: RegExp,
  hint: RegExp,
][] = [
  [
    'a wrong code',
    () => ({}),
    'wrong',
    /aws refused the MFA code for prod: wrong, used before, or not of arn:aws:iam::\d{12}:mfa\/ana/,
    /wait \d+ s for the next code \(each works once\); .*device/,
  ],
  [
    'a used code',
    () => ({}),
    'used',
    /aws refused the MFA code for prod: wrong, used before, or not of arn:aws:iam::\d{12}:mfa\/ana/,
    /wait \d+ s for the next code \(each works once\); .*device/,
  ],
  [
    "another user's device",
    (user) => ({ device: { ...user.device, serialNumber: 'arn:aws:iam::111122223333:mfa/other' } }),
    'right',
    /aws refused the MFA code for prod: .*arn:aws:iam::111122223333:mfa\/other/,
    /check that this is the user's device/,
  ],
  [
    'a wrong secret',
    ({ secretAccessKey }) => ({ secretAccessKey: `${secretAccessKey}x` }),
    'right',
    /secret of the key …\w{4} of prod-default is wrong/,
    /aws_secret_access_key into \[prod-default\] again/,
  ],
  [
    'an inactive key',
    (user) => Object.assign(user, { active: false }) && {},
    'right',
    /does not know the key …\w{4} of prod-default: it was deleted, is inactive/,
    /make a new access key/,
  ],
  [
    'a deleted key',
    () => ({ accessKeyId: 'AKIADELETED000000001' }),
    'right',
    /does not know the key …0001 of prod-default/,
    /make a new access key/,
  ],
  [
    "a session's key without its token",
    () => ({ accessKeyId: 'ASIADELETED000000001' }),
    'right',
    /the key …0001 of prod-default belongs to a session/,
    /the user's long-lived keys into \[prod-default\]/,
  ],
];

suite('who is refused', () => {
  for (const [title, change, whichCode, message, hint] of mistakes) {
    test(title, async () => {
      const user = sts.addUser();
      const credentials = sectionsOf('prod', { ...user, ...change(user) });
      const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
      const code = whichCode === 'wrong' ? sts.wrongCode(user) : sts.code(user);
      if (whichCode === 'used') assert.equal((await call({ user, home }, ['prod', code])).status, 0);
      const { calls, stderr, ...ended } = await call({ user, home }, ['prod', code]);
      assert.deepEqual({ calls, ...ended }, { calls: 1, ...failed });
      assertIsSaid(stderr, message, hint);
      assert.doesNotMatch(stderr, /DELETED/);
    });
  }

  test('the user in place of the device, before a code is sent', async () => {
    const user = sts.addUser();
    const credentials = sectionsOf('prod', { ...user, device: { ...user.device, serialNumber: user.arn } });
    const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
    const { calls, stderr, ...ended } = await call({ user, home }, ['prod', sts.code(user)]);
    assert.deepEqual({ calls, ...ended }, { calls: 0, ...failed });
    assert.match(stderr, /credentials:6: arn:aws:iam::\d{12}:user\/ana names a user, not an MFA device\n/);
    assert.match(stderr, /hint: the device of that user is mostly called arn:aws:iam::\d{12}:mfa\/ana\n/);
  });
});

// The codes and texts of AWS itself, where no call that mfa-env makes brings them about at the STS on loopback, and what
// may stand in them that nobody should see: CODE and KEY.
const refusals: [title: string, code: string, text: string, message: RegExp, hint: RegExp, status?: number][] = [
  [
    'a device without a code',
    'AccessDenied',
    'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    /aws got the MFA device or its code, but not both/,
    /proxy/,
  ],
  [
    "a session's keys",
    'AccessDenied',
    'Cannot call GetSessionToken with session credentials',
    /the key …\w{4} of prod-default belongs to a session/,
    /long-lived keys into \[prod-default\]/,
  ],
  [
    'an expired session',
    'ExpiredToken',
    'The security token included in the request is expired',
    /the key …\w{4} of prod-default has expired/,
    /long-lived keys into \[prod-default\]/,
  ],
  [
    'a slow clock, though the answer is dated as this machine is',
    'SignatureDoesNotMatch',
    'Signature expired: 20261124T160000Z is now earlier than 20261124T162500Z (20261124T164000Z - 15 min.)',
    /this machine's clock is 40 minutes behind aws/,
    /set the clock right/,
  ],
  [
    'a fast clock, though the answer is dated as this machine is',
    'SignatureDoesNotMatch',
    'Signature not yet current: 20261124T164000Z is still later than 20261124T161500Z (20261124T160000Z + 15 min.)',
    /this machine's clock is 40 minutes ahead of aws/,
    /set the clock right/,
  ],
  [
    'a bad parameter',
    'ValidationError',
    "1 validation error detected: Value 'CODE' at 'tokenCode' failed to satisfy constraint: Member must …",
    /aws refused a value: tokenCode/,
    /check the device arn:aws:iam::\d{12}:mfa\/ana and the duration/,
    400,
  ],
  [
    'another denial, with a key and a code in it',
    'AccessDenied',
    'KEY may not do that with CODE.',
    /aws denies it: …\w{4} may not do that with \*{6}$/m,
    /whoever manages the account/,
  ],
  ['what is not known', 'NoSuchThing', 'KEY and CODE.', /aws refused: NoSuchThing: …\w{4} and \*{6}$/m, /account/, 400],
];

suite('what aws answers', () => {
  for (const [title, code, text, message, hint, status = 403] of refusals) {
    test(title, async () => {
      const user = makeUser(sts);
      const typed = sts.code(user.user);
      const answer = text.replace('KEY', user.user.accessKeyId).replace('CODE', typed);
      sts.fault('refuse', { refusal: { code, message: answer, status } });
      const { calls, stderr, ...ended } = await call(user, ['prod', typed, '--save']);
      assert.deepEqual({ calls, ...ended }, { calls: 1, ...failed });
      assertIsSaid(stderr, message, hint);
    });
  }
});

function assertIsSaid(stderr: string, message: RegExp, hint: RegExp): void {
  const error = stderr.split('\n').find((line) => line.startsWith('mfa-env: error: ')) ?? '';
  assert.match(error, message);
  assert.match(error, /^mfa-env: error: [a-z].*[^.]$/);
  assert.match(stderr, new RegExp(`^mfa-env: hint: .*${hint.source}`, 'm'));
}

suite('a clock that is off is healed', () => {
  for (const [seconds, words] of [
    [1000, '17 minutes behind'],
    [-1000, '17 minutes ahead of'],
    [90_000, '1500 minutes behind'],
  ] as const) {
    test(`by ${seconds} s`, async () => {
      sts.clockOffsetSeconds = seconds;
      const user = makeUser(sts);
      const { calls, status, stdout, stderr } = await call(user);
      assert.deepEqual([status, calls], [0, 2], stderr);
      assert.match(stdout, /^export AWS_SESSION_TOKEN=/m);
      assert.equal(stderr.match(/clock/g)?.length, 1);
      assert.match(stderr, new RegExp(words));
    });
  }

  test('by the date of a refusal for the clock alone, not by that of a server which fails', async () => {
    sts.fault('http-503', { times: 1, date: new Date(Date.now() - 86_400_000) });
    const { calls, status, stderr } = await call(makeUser(sts));
    assert.deepEqual([status, calls], [0, 2], stderr);
    assert.doesNotMatch(stderr, /clock/);
  });

  test('the code that was sent with it is still good for one call alone', async () => {
    sts.clockOffsetSeconds = 1000;
    const user = makeUser(sts);
    const { calls, status, stderr } = await call(user, ['prod', sts.wrongCode(user.user)]);
    assert.deepEqual([status, calls], [1, 2]);
    assert.match(stderr, /error: aws refused the MFA code/);
  });
});

const lengths: [
  title: string,
  clockOffsetSeconds: number,
  isRoot: boolean,
  expirySeconds: number | undefined,
  said: string,
][] = [
  ['all of it, though the clock is a little fast', -70, false, undefined, '12h'],
  ['all of it, though the clock is fast by more than that', -46_800, false, undefined, '12h'],
  ['all of it, though the clock is slow', 46_800, false, undefined, '12h'],
  ["root's hour", 0, true, undefined, '1h, not 12h: aws gives the root user one hour'],
  ["root's hour, though the clock is slow", 240, true, undefined, '1h, not 12h: aws gives the root user one hour'],
  ['another length', 0, false, 7200, '2h, not 12h'],
];

suite("how long the session lives is said by aws's time", () => {
  for (const [title, clockOffsetSeconds, root, expirySeconds, said] of lengths)
    test(title, async () => {
      sts.clockOffsetSeconds = clockOffsetSeconds;
      if (expirySeconds) {
        const Expiration = formatTime(new Date(Date.now() + expirySeconds * 1000));
        sts.fault('credentials', { fields: { Expiration } });
      }
      const user = sts.addUser({ root });
      const home = makeHome({ credentials: sectionsOf('prod', user) }, { AWS_ENDPOINT_URL_STS: sts.url });
      const typist = sitDown(process.execPath, [program, 'prod', sts.code(user), '--save'], home.env);
      await typist.see(`: a new session for ${said}\r\n`);
      await typist.ended;
    });
});

suite('nobody answers', () => {
  test('connections are refused', async () => {
    const gone = await startSts();
    await gone.close();
    const user = makeUser(gone);
    const { stderr, calls, ...ended } = await call(user, ['prod', '123456']);
    assert.deepEqual({ calls, ...ended }, { calls: 0, ...failed });
    assert.match(stderr, /^mfa-env: error: http:\/\/127\.0\.0\.1:\d+ refuses connections\nmfa-env: hint: .*not sent/m);
  });

  test('the name is unknown', async () => {
    const user = makeUser(sts);
    const url = 'https://sts.mfa-env.invalid';
    const noProxy = { HTTPS_PROXY: '', HTTP_PROXY: '' };
    const { stderr, calls, ...ended } = await call(user, ['prod', '123456', '--endpoint-url', url], noProxy);
    assert.deepEqual({ calls, ...ended }, { calls: 0, ...failed });
    assert.match(stderr, /^mfa-env: error: https:\/\/sts\.mfa-env\.invalid cannot be (found|reached).*\n.*not sent/m);
  });
});

// No code is given and there is no terminal: status 3 would mean that it came to the code.
const endpoints: [
  title: string,
  how: { env?: Record<string, string>; words?: string[]; config?: string },
  status: 1 | 2 | 3,
][] = [
  ['AWS_ENDPOINT_URL_STS alone', { env: { AWS_ENDPOINT_URL_STS: 'https://sts.example.com' } }, 1],
  ['AWS_ENDPOINT_URL alone', { env: { AWS_ENDPOINT_URL_STS: '', AWS_ENDPOINT_URL: 'https://sts.example.com' } }, 1],
  ['a look-alike of AWS', { env: { AWS_ENDPOINT_URL_STS: 'https://sts.eu-west-1.amazonaws.com.example.com' } }, 1],
  ["somebody's load balancer at AWS", { env: { AWS_ENDPOINT_URL_STS: 'https://x.eu-west-1.elb.amazonaws.com' } }, 1],
  ['a look-alike of loopback', { env: { AWS_ENDPOINT_URL_STS: 'https://127.0.0.1.example.com' } }, 1],
  ['a user part that looks like AWS', { env: { AWS_ENDPOINT_URL_STS: 'https://sts.amazonaws.com@example.com' } }, 2],
  ['plain http in the environment', { env: { AWS_ENDPOINT_URL_STS: 'http://sts.eu-west-1.amazonaws.com' } }, 2],
  ['plain http as an option', { words: ['--endpoint-url', 'http://sts.example.com'] }, 2],
  ['plain http to a look-alike of loopback', { words: ['--endpoint-url', 'http://localhost.example.com'] }, 2],
  [
    'plain http in the files',
    { env: { AWS_ENDPOINT_URL_STS: '' }, config: 'endpoint_url = http://sts.example.com' },
    1,
  ],
  ['no URL', { words: ['--endpoint-url', 'sts.example.com'] }, 2],
  ['another scheme', { words: ['--endpoint-url', 'ftp://127.0.0.1'] }, 2],
  ['named by an option', { words: ['--endpoint-url', 'https://sts.example.com'] }, 3],
  ['named by the files', { env: { AWS_ENDPOINT_URL_STS: '' }, config: 'endpoint_url = https://sts.example.com' }, 3],
  [
    'named by the environment and the files',
    { env: { AWS_ENDPOINT_URL_STS: 'https://sts.example.com' }, config: 'endpoint_url = https://sts.example.com' },
    3,
  ],
  ["AWS's own in the environment", { env: { AWS_ENDPOINT_URL_STS: 'https://sts.us-east-1.amazonaws.com' } }, 3],
  ['another loopback', { env: { AWS_ENDPOINT_URL_STS: 'http://[::1]:9' } }, 3],
];

suite('who may name the endpoint', () => {
  for (const [title, { env, words = [], config }, expected] of endpoints) {
    test(`${title}: ${expected === 3 ? 'goes on to the code' : 'is refused before a code is asked for'}`, async () => {
      const user = makeUser(sts, { ...(config && { config: `[profile prod]\n${config}\n` }) });
      const { status, stdout, stderr, calls } = await call(user, ['prod', ...words], env);
      assert.deepEqual({ status, stdout, calls }, { status: expected, stdout: 'false;\n', calls: 0 }, stderr);
      if (expected === 3) assert.match(stderr, /a code is needed/);
      else assert.doesNotMatch(stderr, /a code is needed|sts is called/);
    });
  }

  test('AWS_ENDPOINT_URL_STS on loopback is called', async () => {
    const { status, stderr, calls } = await call(makeUser(sts));
    assert.deepEqual([status, calls, stderr], [0, 1, `mfa-env: sts is called at ${sts.url}, which is not aws\n`]);
  });
});

suite('a code in the wrong place is not repeated', () => {
  for (const words of [
    ['prod', '123456', '123457'],
    ['123456', 'prod'],
    ['prod', '--code123456'],
    ['prod', '--123456'],
    ['prod 123456'],
  ]) {
    test(words.join(' '), async () => {
      const { status, stdout, stderr } = await call(makeUser(sts), words);
      assert.notEqual(status, 0);
      assert.equal(stdout, 'false;\n');
      assert.doesNotMatch(stderr, /12345[67]/);
    });
  }
});

suite('NODE_DEBUG would print what is sent', () => {
  for (const value of ['http', 'NET', 'fs,tls', 'child_process', '*', 'ht*']) {
    test(`${value}: STS is not called, and no code asked for`, async () => {
      const user = makeUser(sts);
      const words = ['prod'];
      const { status, stdout, stderr } = await runMfaEnv(words, { ...user.home.env, NODE_DEBUG: value });
      assert.deepEqual([status, stdout], [1, 'false;\n']);
      assert.match(stderr, /^mfa-env: error: NODE_DEBUG .*\nmfa-env: hint: unset NODE_DEBUG$/m);
      assert.doesNotMatch(stderr, new RegExp(`a code is needed|${user.user.accessKeyId}|Authorization`));
    });
  }

  test('another part of Node may be watched', async () => {
    const { status, calls } = await call(makeUser(sts), undefined, { NODE_DEBUG: 'nothing' });
    assert.deepEqual([status, calls], [0, 1]);
  });
});

suite('a certificate that nobody vouches for', { skip: unless('openssl') }, async () => {
  const home = makeHome({});
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((file) => join(home.path, file)) as [string, string];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
      .concat(['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'])
      .concat(['-keyout', key, '-out', certificate]),
    { stdio: 'ignore' },
  );
  let requests = 0;
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) => {
    requests += 1;
    response.end('<p>Log in to go on</p>');
  });
  const url = `https://127.0.0.1:${await listen(server)}`;
  after(() => server.close());

  for (const [title, env] of [
    ['is refused', {}],
    ['is refused with NODE_TLS_REJECT_UNAUTHORIZED=0 too', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ] as const) {
    test(title, async () => {
      const before = requests;
      const { status, stdout, stderr } = await call(makeUser(sts), ['prod', '123456', '--endpoint-url', url], env);
      assert.deepEqual([status, stdout, requests - before], [1, 'false;\n', 0]);
      assert.match(stderr, /^mfa-env: error: the certificate of https:\/\/127\.0\.0\.1:\d+ is not to be trusted/m);
    });
  }

  test('is taken where NODE_EXTRA_CA_CERTS vouches for it', async () => {
    const before = requests;
    const env = { NODE_EXTRA_CA_CERTS: certificate };
    const { status, stderr } = await call(makeUser(sts), ['prod', '123456', '--endpoint-url', url], env);
    assert.deepEqual([status, requests - before], [1, 1], stderr);
    assert.match(stderr, /is not aws sts/);
  });
});

suite('silence is waited for no longer than is said', { timeout: 45_000 }, () => {
  for (const { what, seconds, calls, user, home, ended } of waits) {
    test(`${seconds} s ${what}`, async () => {
      const { took, stderr, ...rest } = await ended;
      assert.deepEqual(rest, { ...failed, calls });
      assert.match(stderr, new RegExp(`^mfa-env: error: .* did not answer within ${seconds} s`, 'm'));
      assert.match(stderr, calls === 0 ? /the code was not sent/ : mayBeSpent);
      assert.ok(took > seconds - 1 && took < seconds + 3, `${took} s`);
      assertTellsNothing(stderr, user, ['123456']);
      assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);
    });
  }
});

test('30 s for a session and a role together', { timeout: 45_000 }, async () => {
  const { user, ended } = waitForRole;
  const { took, stderr, ...rest } = await ended;
  assert.deepEqual(rest, { ...failed, calls: ['GetSessionToken', 'AssumeRole'] });
  assert.match(stderr, /^mfa-env: error: .* did not answer within 30 s/m);
  assert.ok(took > 29 && took < 33, `${took} s`);
  assertTellsNothing(stderr, user);
});

const hasSix = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));

test('an STS that has an IPv6 address alone is called', { skip: !hasSix && 'this machine has no ::1' }, async () => {
  const six = await startSts({ host: '::1' });
  try {
    const user = six.addUser();
    const home = makeHome({ credentials: sectionsOf('prod', user) });
    const url = `http://[::1]:${six.url.split(':').at(-1)}`;
    const { status, stdout, stderr } = await runMfaEnv(['prod', six.code(user), '--endpoint-url', url], home.env);
    assert.deepEqual([status, stderr], [0, `mfa-env: sts is called at ${url}, which is not aws\n`]);
    assert.match(stdout, /^export AWS_SESSION_TOKEN=/m);
  } finally {
    await six.close();
  }
});
