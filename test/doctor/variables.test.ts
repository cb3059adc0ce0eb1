/** Variables of the environment. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { noSession } from '../../src/direnv.ts';
import { formatTime, makeHome, run, unless } from '../harness.ts';
import { examine, type Row, testRows, threeHoursAgo, user } from './examine.ts';

const session = {
  AWS_ACCESS_KEY_ID: 'ASIASAVED00000000001',
  AWS_SECRET_ACCESS_KEY: 'hunter2',
  AWS_SESSION_TOKEN: 'hunter2t',
};

const environment: Row[] = [
  ['a session of mfa-env', { env: { ...session, MFA_ENV_PROFILE: 'prod' } }, [], 0],
  [
    'a folder of direnv without a session',
    {
      env: {
        ...{
          AWS_ACCESS_KEY_ID: `${noSession}\n`,
          AWS_SECRET_ACCESS_KEY: `${noSession}\n`,
          AWS_SESSION_TOKEN: `${noSession}\n`,
        },
        ...{ AWS_PROFILE: noSession, AWS_EC2_METADATA_DISABLED: 'true', MFA_ENV_DIRENV: 'prod' },
      },
    },
    [/^warning: this folder has no session of prod, so direnv lets AWS tools fail here: mfa-env prod --save$/],
    0,
  ],
  [
    'a folder of direnv with a session',
    { env: { ...session, MFA_ENV_PROFILE: 'prod', MFA_ENV_DIRENV: 'prod' } },
    [],
    0,
  ],
  [
    'a profile beside keys',
    { env: { ...session, AWS_PROFILE: 'prod' } },
    [/^error: AWS_PROFILE is set beside keys: some tools take the keys, others the profile: unset AWS_PROFILE/],
    1,
  ],
  [
    'the name of a session alone',
    { env: { MFA_ENV_PROFILE: 'prod' } },
    [
      /^warning: MFA_ENV_PROFILE says that this shell has a session of prod, and there are no keys beside it: mfa-env prod gets one, eval "\$\(mfa-env unset\)" takes all of it out$/,
    ],
    0,
  ],
  [
    'the name of a session beside another profile',
    { env: { MFA_ENV_PROFILE: 'prod', AWS_PROFILE: 'prod' } },
    [/^warning: MFA_ENV_PROFILE says that this shell has a session of prod, and there are no keys/],
    0,
  ],
  [
    'the name of a session beside long-lived keys',
    { env: { MFA_ENV_PROFILE: 'prod', AWS_ACCESS_KEY_ID: user.accessKeyId, AWS_SECRET_ACCESS_KEY: 'hunter2' } },
    [
      /^warning: every program that this shell starts gets the long-lived key/,
      /^warning: MFA_ENV_PROFILE says that this shell has a session of prod, and the keys beside it are of none/,
    ],
    0,
  ],
  [
    'long-lived keys',
    { env: { AWS_ACCESS_KEY_ID: user.accessKeyId, AWS_SECRET_ACCESS_KEY: 'hunter2' } },
    [/^warning: every program that this shell starts gets the long-lived key/],
    0,
  ],
  [
    'long-lived keys with a token',
    { env: { ...session, AWS_ACCESS_KEY_ID: user.accessKeyId } },
    [/^error: a session token stands beside a long-lived key in the environment/],
    1,
  ],
  [
    'an id alone',
    { env: { AWS_ACCESS_KEY_ID: 'ASIASAVED00000000001' } },
    [/^error: AWS_ACCESS_KEY_ID is set, and AWS_SECRET/],
    1,
  ],
  [
    'a secret alone',
    { env: { AWS_SECRET_ACCESS_KEY: 'hunter2' } },
    [/^error: AWS_SECRET_ACCESS_KEY is set, and AWS_ACC/],
    1,
  ],
  ['a token alone', { env: { AWS_SESSION_TOKEN: 'hunter2' } }, [/^error: AWS_SESSION_TOKEN is set without keys/], 1],
  [
    "a session's keys without a token",
    { env: { ...session, AWS_SESSION_TOKEN: '' } },
    [/^error: AWS_ACCESS_KEY_ID is a session's/],
    1,
  ],
  [
    'another token',
    { env: { ...session, AWS_SECURITY_TOKEN: 'hunter2o' } },
    [/^error: AWS_SECURITY_TOKEN is another token/],
    1,
  ],
  [
    'a token of the old name alone',
    { env: { AWS_SECURITY_TOKEN: 'hunter2' } },
    [/^warning: AWS_SECURITY_TOKEN is set without keys: the AWS CLI would send it with those that are set next: unset/],
    0,
  ],
  [
    'a token of the old name beside keys',
    { env: { AWS_ACCESS_KEY_ID: 'OTHER', AWS_SECRET_ACCESS_KEY: 'hunter2', AWS_SECURITY_TOKEN: 'hunter2' } },
    [/^error: AWS_SECURITY_TOKEN stands beside keys without AWS_SESSION_TOKEN: the AWS CLI sends it with them/],
    1,
  ],
  ['the same token', { env: { ...session, AWS_SECURITY_TOKEN: 'hunter2t' } }, [], 0],
  ['an account', { env: { ...session, AWS_ACCOUNT_ID: '1' } }, [/^warning: AWS_ACCOUNT_ID is set/], 0],
  [
    "other tools' sessions",
    { env: { ...session, MFA_ENV_PROFILE: 'prod', AWS_VAULT: 'x', AWSUME_PROFILE: 'y' } },
    [/^warning: AWS_VAULT is set beside a session/, /^warning: AWSUME_PROFILE is set beside/],
    0,
  ],
  [
    'a session that has expired',
    { env: { ...session, MFA_ENV_PROFILE: 'prod', AWS_CREDENTIAL_EXPIRATION: formatTime(threeHoursAgo) } },
    [
      /^error: this shell's session of prod has expired 3h 1m ago: mfa-env prod gets another, eval "\$\(mfa-env unset\)" takes it out$/,
    ],
    1,
  ],
  [
    'a session that has expired by the other variable',
    { env: { ...session, AWS_SESSION_EXPIRATION: formatTime(threeHoursAgo) } },
    [/^error: this shell's session has expired 3h 1m ago: eval "\$\(mfa-env unset\)"$/],
    1,
  ],
  [
    'no expiry',
    { env: { ...session, AWS_CREDENTIAL_EXPIRATION: 'soon' } },
    [/^warning: AWS_CREDENTIAL_EXPIRATION is no time/],
    0,
  ],
  [
    'two regions',
    { env: { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' } },
    [/^warning: AWS_REGION and AWS_DEFAULT_REGION name different regions/],
    0,
  ],
  ['no region', { env: { AWS_REGION: 'Ireland' } }, [/^error: AWS_REGION is not a region/], 1],
  [
    'profiles that are not there',
    { env: { AWS_PROFILE: 'prd', MFA_ENV_PROFILE: 'nosuch' } },
    [
      /^warning: MFA_ENV_PROFILE says that this shell has a session of nosuch/,
      /^error: AWS_PROFILE: there is no profile prd in CREDENTIALS or CONFIG: did you mean prod/,
      /^warning: MFA_ENV_PROFILE: there is no profile nosuch/,
    ],
    1,
  ],
  [
    'two profiles',
    { env: { AWS_PROFILE: 'prod', AWS_DEFAULT_PROFILE: 'prod-default' } },
    [/^warning: AWS_PROFILE and AWS_DEFAULT_PROFILE name different/],
    0,
  ],
  [
    'an endpoint that the environment alone names',
    { env: { AWS_ENDPOINT_URL_STS: 'https://ana:hunter2@sts.test.example' } },
    [/^error: AWS_ENDPOINT_URL_STS must not hold a user, a password.*: export AWS_ENDPOINT_URL_STS=https:\/\/HOST/],
    1,
  ],
  [
    'the same without a password',
    { env: { AWS_ENDPOINT_URL_STS: 'https://sts.test.example/x?hunter2' } },
    [/^error: AWS_ENDPOINT_URL_STS must not hold/],
    1,
  ],
  [
    'the same as a plain host',
    { env: { AWS_ENDPOINT_URL_STS: 'https://sts.test.example' } },
    [/^error: AWS_ENDPOINT_URL_STS alone names https:\/\/sts\.test\.example, which is not aws/],
    1,
  ],
  ['harmless options of Node', { env: { NODE_OPTIONS: '--max-old-space-size=400' } }, [], 0],
  [
    'telling options of Node',
    { env: { NODE_OPTIONS: '--report-on-signal --require=/dev/null --tls_keylog=/dev/null --trace-tls' } },
    [
      /^error: NODE_OPTIONS has --report-on-signal, which shows or stores/,
      /^warning: NODE_OPTIONS has --require: other code runs in mfa-env/,
      /^error: NODE_OPTIONS has --tls-keylog/,
      /^error: NODE_OPTIONS has --trace-tls/,
    ],
    1,
  ],
  ['NODE_DEBUG', { env: { NODE_DEBUG: 'x,htt*' } }, [/^error: NODE_DEBUG would print keys and tokens/], 1],
  [
    'certificates that are not checked',
    { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
    [/^warning: NODE_TLS_REJECT_UNAUTHORIZED=0 lets other programs.*NODE_EXTRA_CA_CERTS; then unset NODE_TLS/],
    0,
  ],
  [
    'what is no file with certificates for Node',
    { env: { NODE_EXTRA_CA_CERTS: '/dev/null' } },
    [/^warning: NODE_EXTRA_CA_CERTS names \/dev\/null, which is not a regular file: Node goes on without/],
    0,
  ],
  [
    'MFA_ENV_SAVE with a word',
    { env: { MFA_ENV_SAVE: 'true' } },
    [/^warning: MFA_ENV_SAVE counts only where it is 1/],
    0,
  ],
  ['MFA_ENV_SAVE=0', { env: { MFA_ENV_SAVE: '0' } }, [], 0],
  [
    "the mark of mfa-env's commands",
    { env: { MFA_ENV_COMMAND: 'mfa_process' } },
    [/^error: mfa-env was started by the mfa_process/],
    1,
  ],
  [
    'ALL_PROXY alone',
    { env: { ALL_PROXY: 'http://ana:hunter2@h', HTTPS_PROXY: '' } },
    [/^warning: ALL_PROXY does not count/],
    0,
  ],
];

testRows('environment', environment);

const inShells: [shell: string, options: string[], hints: [unset: string, session: string, file: string]][] = [
  ['bash', ['--norc'], ['unset AWS_PROFILE', 'eval "$(mfa-env unset)"', 'unset AWS_CONFIG_FILE']],
  ['fish', ['--no-config'], ['set -eg AWS_PROFILE', 'mfa-env unset | source', 'set -eg AWS_CONFIG_FILE']],
  ['tcsh', ['-f'], ['unsetenv AWS_PROFILE', 'eval "`mfa-env unset`"', 'unsetenv AWS_CONFIG_FILE']],
];

for (const [shell, options, [unset, unsetSession, unsetFile]] of inShells)
  test(`what is to be typed is in the words of ${shell}`, { skip: unless(shell) }, async () => {
    const expired = { MFA_ENV_PROFILE: 'prod', AWS_CREDENTIAL_EXPIRATION: formatTime(threeHoursAgo) };
    const { env } = makeHome({}, { ...session, ...expired, AWS_PROFILE: 'prod', AWS_CONFIG_FILE: '/nonexistent' });
    // A shell makes way for the last command.
    const { stdout } = await run(shell, [...options, '-c', 'mfa-env doctor; true'], env);
    assert.ok(stdout.includes(`the profile: ${unset}, or take the keys out: ${unsetSession}\n`), stdout);
    assert.ok(stdout.includes(`mfa-env prod gets another, ${unsetSession} takes it out\n`), stdout);
    assert.ok(stdout.includes(`which does not exist: make it, or ${unsetFile}\n`), stdout);
  });

suite('certificates for Node', () => {
  const found = async (text: string | undefined) => {
    const home = makeHome({});
    const path = join(home.path, 'ca.pem');
    if (text !== undefined) writeFileSync(path, text);
    const { stdout, status } = await examine({ env: { NODE_EXTRA_CA_CERTS: path } });
    assert.equal(status, 0);
    return stdout.replaceAll(path, 'CA').match(/^\w+: NODE_EXTRA_CA_CERTS.*/gm);
  };

  test('with ~ in their path', async () => {
    const { stdout } = await examine({ env: { NODE_EXTRA_CA_CERTS: '~/ca.pem' } });
    assert.match(stdout, /^warning: NODE_EXTRA_CA_CERTS begins with ~, which Node does not know: name a file/m);
  });

  test('that are there are as they should be', async () => assert.equal(await found(rootCertificates[0]), null));

  for (const [what, text, fault] of [
    ['that are not there', undefined, 'does not exist'],
    ['in a file without any', 'nonsense\n', 'holds no certificate'],
  ] as const)
    test(what, async () => {
      const [line] = (await found(text)) ?? [];
      assert.ok(line?.startsWith(`warning: NODE_EXTRA_CA_CERTS names CA, which ${fault}: Node goes on without`), line);
    });
});
