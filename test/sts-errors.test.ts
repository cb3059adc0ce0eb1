import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STSServiceException } from '@aws-sdk/client-sts';
import { UserError } from '../src/errors.ts';
import { isClockRefusal, isThrottled, serverFault } from '../src/sts-error-kinds.ts';
import { describeOffset, toUserError } from '../src/sts-errors.ts';

const call = {
  profileName: 'prod',
  source: { name: 'prod-default', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' },
  mfa: { serial: 'arn:aws:iam::111122223333:mfa/ana', code: '123456' },
  role: undefined,
  durationSeconds: 43_200,
  region: 'eu-west-1',
  endpoint: new URL('https://sts.eu-west-1.amazonaws.com/'),
  route: {},
};

const refuse = (name: string, status: number, message: string) =>
  new STSServiceException({ name, message, $fault: 'client', $metadata: { httpStatusCode: status, requestId: 'b1' } });
const fail = (properties: object, message = '') => Object.assign(new Error(message), properties);
const mfa = (text: string) => refuse('AccessDenied', 403, `MultiFactorAuthentication failed${text}`);

type Row = [title: string, error: unknown, message: RegExp, hint: RegExp, codeRefused?: true];

const rows: Row[] = [
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
    'a device without a code',
    mfa(', must provide both MFA serial number and one time pass code.'),
    /got the MFA device or its code, but not both/,
    /proxy/,
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
    /does not know the key …MPLE of prod-default: it was deleted/,
    /^make a new access key/,
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
    'a signature for another region',
    refuse('SignatureDoesNotMatch', 403, "Credential should be scoped to a valid region, not 'eu-west-1'. "),
    /at https:\/\/sts\.eu-west-1\.amazonaws\.com is of another region than eu-west-1/,
    /--region/,
  ],
  [
    'a signature that is wrong in another way',
    refuse('SignatureDoesNotMatch', 403, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    /refused the signature: 'Host' or/,
    /proxy/,
  ],
  [
    'a slow clock',
    refuse(
      'SignatureDoesNotMatch',
      403,
      'Signature expired: 20261124T160000Z is now earlier than 20261124T162500Z (20261124T164000Z - 15 min.)',
    ),
    /for its time: this machine's clock is 40 minutes behind aws/,
    /clock/,
  ],
  [
    'a fast clock',
    refuse(
      'SignatureDoesNotMatch',
      403,
      'Signature not yet current: 20261125T003000Z is still later than 20261124T235900Z (20261124T234400Z + 15 min.)',
    ),
    /for its time: this machine's clock is 46 minutes ahead of aws/,
    /clock/,
  ],
  [
    'a clock that is off by what AWS does not tell',
    refuse('SignatureDoesNotMatch', 403, 'Signature expired: T1 is now earlier than T2 (T3 - 15 min.)'),
    /clock is off/,
    /clock/,
  ],
  [
    'a request that is too old',
    refuse('RequestExpired', 400, 'Request has expired.'),
    /for its time: this machine's clock is off/,
    /clock/,
  ],
  [
    'a wrong secret by another code',
    refuse('InvalidSignatureException', 403, 'The request signature we calculated does not match'),
    /secret of the key …MPLE of prod-default is wrong/,
    /aws_secret_access_key/,
  ],
  [
    "a bad parameter, with the code in AWS's text",
    refuse(
      'ValidationError',
      400,
      "1 validation error detected: Value '123456' at 'tokenCode' failed to satisfy constraint",
    ),
    /^aws refused a value: tokenCode$/,
    /device .*ana/,
  ],
  [
    'a bad parameter where the code stands in the place of its name',
    refuse('ValidationError', 400, "1 validation error detected: Value 'x' at '123456' failed"),
    /^aws refused a value: 1 validation error detected: Value 'x' at '\*{6}' failed$/,
    /device .*ana/,
  ],
  [
    'two bad parameters',
    refuse('ValidationError', 400, "2 …: Value 'x' at 'serialNumber' …; Value '1' at 'durationSeconds' …"),
    /^aws refused a value: durationSeconds, serialNumber$/,
    /device .*ana/,
  ],
  [
    'a value that AWS does not name',
    refuse('ValidationError', 400, 'Request ARN is invalid'),
    /^aws refused a value: Request ARN is invalid$/,
    /device .*ana/,
  ],
  ['another denial', refuse('AccessDenied', 403, 'Not today.'), /denies it: Not today/, /account/],
  [
    'a region that is not enabled',
    refuse('RegionDisabledException', 403, 'STS is not activated in this region for account:111122223333'),
    /not activated in eu-west-1/,
    /activated \(IAM.*--endpoint-url https:\/\/sts\.us-east-1\.amazonaws\.com$/,
  ],
  ['throttling', refuse('Throttling', 400, 'Rate exceeded'), /throttled/, /try again/],
  [
    'a failing server',
    refuse('InternalFailure', 500, ''),
    /sts\.eu-west-1\.amazonaws\.com failed with status 500/,
    /try again/,
  ],
  [
    'any other refusal',
    refuse('NoSuchThing', 400, 'it is \x1b[31mso'),
    /aws refused: NoSuchThing: it is \\x1b\[31mso/,
    /./,
  ],
  ['a redirection', fail({ $response: { statusCode: 302 } }), /status 302/, /hotel.*code may be spent/],
  [
    "a gateway's answer, which has an id too",
    fail({ $metadata: { httpStatusCode: 403, requestId: 'b1' } }, 'XML parse error: {error}.$response'),
    /is not aws sts \(status 403\)$/,
    /hotel.*code may be spent/,
  ],
  ['an answer without a code', refuse('Unknown', 403, 'Unknown'), /is not aws sts \(status 403\)$/, /hotel/],
  ['an endless answer', fail({ code: 'ANSWER_TOO_LONG' }), /not aws sts: its answer is too long/, /code may be spent/],
  [
    'an answer in another protocol',
    fail({ code: 'HPE_INVALID_CONSTANT' }),
    /not aws sts: its answer is no http \(HPE_INVALID_CONSTANT\)/,
    /code may be spent/,
  ],
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
    'no connection within 5 s at the second try',
    fail({ code: 'CONNECT_TIMEOUT' }),
    /amazonaws\.com did not answer within 5 s$/,
    /the code may be spent/,
  ],
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
    /AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS.*the code was not sent/,
  ],
  [
    'a certificate of another name',
    fail({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
    /certificate of/,
    /of another host.*the code was not sent/,
  ],
  ...['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'].map(
    (code): Row => [
      `a certificate out of its time (${code})`,
      fail({ code }),
      new RegExp(`certificate of .*: ${code}$`),
      /this machine's clock right.*the code was not sent/,
    ],
  ),
  ...[
    'EPROTO',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'ERR_TLS_HANDSHAKE_TIMEOUT',
  ].map(
    (code): Row => [
      `no agreement on encryption (${code})`,
      fail({ code }),
      new RegExp(`amazonaws\\.com does not agree on tls \\(${code}\\)$`),
      /https server.*the code was not sent/,
    ],
  ),
  [
    'a certificate of nobody at the second try',
    fail({ code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
    /certificate of/,
    /the code may be spent/,
  ],
];

for (const [title, error, message, hint, codeRefused = false] of rows)
  test(`says ${title} in words`, () => {
    // Without a connection nothing can have been sent.
    const isConnected = !hint.source.includes('not sent');
    const words = toUserError(error, call, isConnected);
    assert.match(words.message, message);
    assert.match(words.hint ?? '', hint);
    assert.deepEqual([words.codeRefused, words.exitStatus, words.cause], [codeRefused, 1, error]);
    const isOfKeys = /^(aws does not know|the secret of) the key/.test(words.message);
    assert.equal(words.keysRefused, isOfKeys);
    assert.doesNotMatch(`${words.message} ${words.hint}`, /123456|AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI/);
    assert.match(words.message, /^[a-z][^\n]*[^.\n]$/);
  });

const role = {
  arn: 'arn:aws:iam::111122223333:role/deploy',
  sessionName: 'ana',
  externalId: undefined,
  sourceIdentity: undefined,
  tags: [],
  transitiveKeys: [],
};

const changes: [
  title: string,
  change: Partial<Parameters<typeof toUserError>[1]>,
  error: unknown,
  message: RegExp,
  hint: RegExp,
][] = [
  [
    "a session's key",
    { source: { ...call.source, accessKeyId: 'ASIAZ7QDEXAMPLE00001' } },
    refuse('InvalidClientTokenId', 403, 'The security token included in the request is invalid.'),
    /…0001 of prod-default belongs to a session/,
    /long-lived keys into \[prod-default\]/,
  ],
  [
    'an unknown key in a region that an account has to enable',
    { region: 'eu-south-1' },
    refuse('InvalidClientTokenId', 403, 'The security token included in the request is invalid.'),
    /…MPLE of prod-default: eu-south-1 may not be enabled for this account; or it was deleted/,
    /enabled, or call .*--endpoint-url https:\/\/sts\.us-east-1\.amazonaws\.com; else make a new access key/,
  ],
  [
    'a region in China that is not enabled',
    { region: 'cn-north-1' },
    refuse('RegionDisabledException', 403, 'STS is not activated in this region for account:111122223333'),
    /not activated in cn-north-1/,
    /--endpoint-url https:\/\/sts\.cn-northwest-1\.amazonaws\.com\.cn$/,
  ],
  [
    'a user in place of a device',
    { mfa: { serial: 'arn:aws-cn:iam::111122223333:user/team/ana', code: '123456' } },
    mfa(', unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.'),
    /user\/team\/ana names a user/,
    /arn:aws-cn:iam::111122223333:mfa\/team\/ana/,
  ],
  [
    "a role's duration",
    { role },
    refuse('ValidationError', 400, 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
    /role\/deploy gives no session of 12h/,
    /--duration.*maximum session duration/,
  ],
  [
    'a role that a session asks for',
    { role, mfa: undefined },
    refuse(
      'ValidationError',
      400,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    ),
    /one hour at most where a session asks for it, not 12h/,
    /--duration 1h/,
  ],
  [
    'a role that is not allowed',
    { role },
    refuse(
      'AccessDenied',
      403,
      'User: arn:aws:iam::111122223333:user/ana is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/deploy',
    ),
    /does not let the user of prod-default assume .*role\/deploy$/,
    /trust policy.*external_id/,
  ],
  [
    'root, who wants a role',
    { role },
    refuse('AccessDenied', 403, 'Roles may not be assumed by root accounts.'),
    /does not let the user of prod-default assume .*role\/deploy: the account's root user can assume no role$/,
    /user in IAM/,
  ],
  [
    'a role that is denied',
    { role },
    refuse(
      'AccessDenied',
      403,
      'User: arn:aws:iam::111122223333:user/ana is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/deploy with an explicit deny in a service control policy',
    ),
    /assume .*role\/deploy: with an explicit deny in a service control policy$/,
    /whoever manages the account/,
  ],
  [
    'a role that no policy allows',
    { role },
    refuse(
      'AccessDenied',
      403,
      'User: arn:aws:iam::111122223333:user/ana is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/deploy because no identity-based policy allows the sts:AssumeRole action',
    ),
    /assume .*role\/deploy: because no identity-based policy allows the sts:AssumeRole action$/,
    /trust policy/,
  ],
  ...(
    [
      ['TagSession', 'session_tags'],
      ['SetSourceIdentity', 'source_identity'],
    ] as const
  ).map(([action, setting]): (typeof changes)[number] => [
    `a role without sts:${action}`,
    { role },
    refuse(
      'AccessDenied',
      403,
      `User: arn:aws:iam::111122223333:user/ana is not authorized to perform: sts:${action} on resource: arn:aws:iam::111122223333:role/deploy`,
    ),
    new RegExp(`assume .*role/deploy with the ${setting} of prod$`),
    new RegExp(`^have sts:${action} allowed`),
  ]),
  [
    'tags that are too long together',
    { role },
    refuse('PackedPolicyTooLarge', 400, 'Packed size of session tags consumes 117% of allotted space'),
    /^the session_tags of prod are too long for AWS together$/,
    /^remove some/,
  ],
  [
    'a tag that AWS does not take',
    { role, mfa: undefined },
    refuse(
      'ValidationError',
      400,
      "1 validation error detected: Value '123456' at 'tags.1.member.value' failed to satisfy constraint: Member must",
    ),
    /^aws refused a value: tags$/,
    /the role/,
  ],
  [
    'a role that is refused in other words',
    { role },
    refuse('AccessDenied', 403, 'Not today.'),
    /assume .*role\/deploy: Not today$/,
    /trust policy/,
  ],
  [
    'a role with a wrong name',
    { role, mfa: undefined },
    refuse('ValidationError', 400, 'Request ARN is invalid'),
    /^aws refused a value: Request ARN is invalid$/,
    /the role and the duration/,
  ],
  [
    'a session that is over',
    { role, mfa: undefined, source: { ...call.source, sessionToken: 'x' } },
    refuse('ExpiredToken', 403, 'The security token included in the request is expired'),
    /does not take the session of prod-default any more/,
    /mfa-env prod CODE/,
  ],
];

for (const [title, change, error, message, hint] of changes)
  test(`says ${title} in words`, () => {
    const words = toUserError(error, { ...call, ...change }, true);
    assert.match(words.message, message);
    assert.match(words.hint ?? '', hint);
    assert.equal(words.codeRefused, false);
  });

const offsets: [milliseconds: number, words: string][] = [
  [1_000_000, '17 minutes behind aws'],
  [-1_000_000, '17 minutes ahead of aws'],
  [120_000, '2 minutes behind aws'],
  [-119_000, '119 seconds ahead of aws'],
];

for (const [milliseconds, words] of offsets)
  test(`says that the clock is ${words}`, () =>
    assert.equal(describeOffset(milliseconds), `this machine's clock is ${words}`));

const secrets = 'AKIAIOSFODNN7EXAMPLE ASIAZ7QDEXAMPLE00001 wJalrXUtnFEMI/K7MDENG 123456';

for (const [name, status] of [
  ['AccessDenied', 403],
  ['SignatureDoesNotMatch', 403],
  ['ValidationError', 400],
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
  ['a clock by another code', refuse('InvalidSignatureException', 403, 'Signature expired: …'), [true, false, false]],
  ['a clock by a code of its own', refuse('RequestExpired', 400, 'Request has expired.'), [true, false, false]],
  ['a clock by a third code', refuse('RequestTimeTooSkewed', 403, ''), [true, false, false]],
  ['throttling', refuse('Throttling', 400, 'Rate exceeded'), [false, true, false]],
  ['throttling by another code', refuse('RequestThrottledException', 400, 'Rate exceeded'), [false, true, false]],
  ['throttling by a third code', refuse('ThrottledException', 400, 'Rate exceeded'), [false, true, false]],
  ['status 429', refuse('', 429, ''), [false, true, false]],
  ['status 503', refuse('ServiceUnavailable', 503, ''), [false, false, true]],
  ['a page with status 502', fail({ $response: { statusCode: 502 } }), [false, false, true]],
  ['a wrong code', mfa(' with invalid MFA one time pass code. '), [false, false, false]],
  ['a lost connection', fail({ code: 'ECONNRESET' }), [false, false, false]],
];

for (const [title, error, expected] of kinds)
  test(`tells whether ${title} may be tried again`, () =>
    assert.deepEqual([isClockRefusal(error), isThrottled(error), serverFault(error)], expected));
