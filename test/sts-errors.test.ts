import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STSServiceException } from '@aws-sdk/client-sts';
import { UserError } from '../src/errors.ts';
import { isClockRefusal, isThrottled, serverFault, toUserError } from '../src/sts-errors.ts';

const call = {
  profileName: 'prod',
  source: { name: 'prod-default', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' },
  mfa: { serial: 'arn:aws:iam::111122223333:mfa/ana', code: '123456' },
  role: undefined,
  durationSeconds: 43_200,
  region: 'eu-south-1',
  endpoint: new URL('https://sts.eu-south-1.amazonaws.com/'),
};

const refuse = (name: string, status: number, message: string) =>
  new STSServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode: status, requestId: 'b1' } });
const fail = (properties: object, message = '') => Object.assign(new Error(message), properties);
const mfa = (text: string) => refuse('AccessDenied', 403, `MultiFactorAuthentication failed${text}`);

const rows: [title: string, error: unknown, message: RegExp, hint: RegExp, codeRefused?: true][] = [
  [
    'a wrong or used code',
    mfa(' with invalid MFA one time pass code. '),
    /MFA code for prod: .*wrong.*used before.*ana/,
    /next one.*device/,
    true,
  ],
  [
    'a wrong device',
    mfa(', unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.'),
    /MFA code for prod: .*wrong.*used before.*ana/,
    /next one.*device/,
    true,
  ],
  [
    'temporary keys',
    refuse('AccessDenied', 403, 'Cannot call GetSessionToken with session credentials'),
    /…MPLE of prod-default belongs to a session/,
    /long-lived keys into \[prod-default\]/,
  ],
  [
    'an unknown key',
    refuse('InvalidClientTokenId', 403, 'The security token included in the request is invalid.'),
    /does not know the key …MPLE of prod-default/,
    /access key/,
  ],
  [
    'an expired session',
    refuse('ExpiredToken', 403, 'The security token included in the request is expired'),
    /…MPLE of prod-default has expired/,
    /\[prod-default\]/,
  ],
  [
    'a wrong secret',
    refuse('SignatureDoesNotMatch', 403, 'The request signature we calculated does not match'),
    /secret of the key …MPLE of prod-default is wrong/,
    /aws_secret_access_key/,
  ],
  [
    'a slow clock',
    refuse('SignatureDoesNotMatch', 403, 'Signature expired: T1 is now earlier than T2 (T3 - 15 min.)'),
    /clock/,
    /clock/,
  ],
  [
    'a fast clock',
    refuse('SignatureDoesNotMatch', 403, 'Signature not yet current: T1 is still later than T2 (T3 + 15 min.)'),
    /clock/,
    /clock/,
  ],
  [
    "a bad parameter, with the code in AWS's text",
    refuse(
      'ValidationError',
      400,
      "1 validation error detected: Value '123456' at 'tokenCode' failed to satisfy constraint",
    ),
    /tokenCode/,
    /./,
  ],
  [
    "a role's duration",
    refuse('ValidationError', 400, 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
    /refused a value/,
    /duration/,
  ],
  [
    'a denied action',
    refuse(
      'AccessDenied',
      403,
      'User: arn:aws:iam::111122223333:user/ana is not authorized to perform: sts:AssumeRole',
    ),
    /denies.*not authorized/,
    /account/,
  ],
  [
    'a region that is not enabled',
    refuse('RegionDisabledException', 403, 'STS is not activated in this region for account:111122223333'),
    /not activated in eu-south-1/,
    /--region/,
  ],
  ['throttling', refuse('Throttling', 400, 'Rate exceeded'), /throttled/, /try again/],
  [
    'a failing server',
    refuse('InternalFailure', 500, ''),
    /sts\.eu-south-1\.amazonaws\.com failed with status 500/,
    /try again/,
  ],
  [
    'any other refusal',
    refuse('NoSuchThing', 400, 'it is \x1b[31mso'),
    /aws refused: NoSuchThing: it is \\x1b\[31mso/,
    /./,
  ],
  ['a redirection', fail({ $response: { statusCode: 302 } }), /status 302/, /hotel/],
  ["a portal's page", fail({ $response: { statusCode: 200 } }, 'XML parse error'), /not aws sts/, /code may be spent/],
  ["another server's page", fail({ $metadata: { httpStatusCode: 404 } }, 'NotFound'), /is not aws sts/, /hotel/],
  ['a refused connection', fail({ code: 'ECONNREFUSED' }), /refuses connections/, /the code was not sent/],
  ['an unknown name', fail({ code: 'ENOTFOUND' }), /cannot be found by name/, /the code was not sent/],
  [
    'failures of several addresses',
    fail({ errors: [fail({ code: 'ENETUNREACH' })] }),
    /cannot be reached/,
    /the code was not sent/,
  ],
  ['no connection within 5 s', fail({ code: 'CONNECT_TIMEOUT' }), /did not answer within 5 s/, /the code was not sent/],
  [
    'a lost connection',
    fail({ code: 'ECONNRESET' }, 'socket hang up'),
    /broke the connection/,
    /the code may be spent/,
  ],
  ['no answer within 30 s', fail({ name: 'AbortError' }), /did not answer within 30 s/, /the code may be spent/],
  [
    'a certificate of nobody',
    fail({ code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
    /certificate of .*SELF_SIGNED_CERT_IN_CHAIN/,
    /certificate/,
  ],
  ['a certificate of another name', fail({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), /certificate of/, /certificate/],
];

for (const [title, error, message, hint, codeRefused = false] of rows)
  test(`says ${title} in words`, () => {
    // Without a connection nothing can have been sent.
    const isConnected = !hint.source.includes('not sent');
    const words = toUserError(error, call, isConnected);
    assert.match(words.message, message);
    assert.match(words.hint ?? '', hint);
    assert.deepEqual([words.codeRefused, words.exitStatus, words.cause], [codeRefused, 1, error]);
    assert.doesNotMatch(`${words.message} ${words.hint}`, /123456|AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI/);
    assert.match(words.message, /^[a-z][^\n]*[^.\n]$/);
  });

const secrets = 'AKIAIOSFODNN7EXAMPLE ASIAZ7QDEXAMPLE00001 wJalrXUtnFEMI/K7MDENG 123456';

for (const [name, status] of [
  ['AccessDenied', 403],
  ['NoSuchThing', 400],
] as const)
  test(`shows neither keys nor codes of AWS's text (${name})`, () => {
    const { message } = toUserError(refuse(name, status, `${secrets} ${'x'.repeat(1000)}`), call, true);
    assert.doesNotMatch(message, /123456|AKIAIOSFODNN7EXAMPLE|ASIAZ7QDEXAMPLE00001|wJalrXUtnFEMI/);
    assert.ok(message.length < 300);
  });

test('leaves what is in words already', () => {
  const error = new UserError('in words');
  assert.equal(toUserError(error, call, true), error);
});

const kinds: [title: string, error: Error, kinds: boolean[]][] = [
  ['a slow clock', refuse('SignatureDoesNotMatch', 403, 'Signature expired: …'), [true, false, false]],
  ['a fast clock', refuse('SignatureDoesNotMatch', 403, 'Signature not yet current: …'), [true, false, false]],
  [
    'a wrong secret',
    refuse('SignatureDoesNotMatch', 403, 'The request signature we calculated …'),
    [false, false, false],
  ],
  ['throttling', refuse('Throttling', 400, 'Rate exceeded'), [false, true, false]],
  ['status 429', refuse('', 429, ''), [false, true, false]],
  ['status 503', refuse('ServiceUnavailable', 503, ''), [false, false, true]],
  ['a page with status 502', fail({ $response: { statusCode: 502 } }), [false, false, true]],
  ['a wrong code', mfa(' with invalid MFA one time pass code. '), [false, false, false]],
  ['a lost connection', fail({ code: 'ECONNRESET' }), [false, false, false]],
];

for (const [title, error, expected] of kinds)
  test(`tells whether ${title} may be tried again`, () =>
    assert.deepEqual([isClockRefusal(error), isThrottled(error), serverFault(error)], expected));
