/** Sections under the header form of the other file are named whenever the profile lacks what they hold. */

import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { makeHome, runMfaEnv, sectionsOf } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());
const user = sts.addUser();
const keys = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
const device = `mfa_serial = ${user.device.serialNumber}\n`;
const role = 'role_arn = arn:aws:iam::444455556666:role/admin\n';

const rows: [title: string, credentials: string, config: string, message: RegExp, hint: RegExp][] = [
  [
    'no device',
    `[prod-default]\n${keys}`,
    `[prod]\n${device}`,
    /prod has no MFA device/,
    /write \[profile prod\] instead of \[prod\] at \S+config:1/,
  ],
  [
    'no device, which the source was meant to have',
    `[prod-default]\n${keys}`,
    `[profile prod]\n[prod-default]\n${device}`,
    /prod has no MFA device/,
    /write \[profile prod-default\] instead of \[prod-default\] at \S+config:2/,
  ],
  [
    'no device, under a header in capitals',
    `[prod-default]\n${keys}`,
    `[Profile prod]\n${device}`,
    /prod has no MFA device/,
    /write \[profile prod\] instead of \[Profile prod\]/,
  ],
  [
    'no device, in the credentials file',
    `[prod-default]\n${keys}[profile prod]\n${device}`,
    '',
    /prod has no MFA device/,
    /write \[prod\] instead of \[profile prod\] at \S+credentials:4/,
  ],
  [
    'no source',
    `[prod]\n${device}`,
    `[prod-default]\n${keys}`,
    /prod has no source/,
    /write \[profile prod-default\] instead of \[prod-default\]/,
  ],
  [
    'no source, in the credentials file',
    `[prod]\n${device}[profile prod-default]\n${keys}`,
    '',
    /prod has no source/,
    /write \[prod-default\] instead of \[profile prod-default\]/,
  ],
  [
    'no profile',
    `[stage-default]\n${keys}`,
    `[prod]\n${device}`,
    /there is no profile prod/,
    /write \[profile prod\] instead of \[prod\]/,
  ],
  [
    'no profile, in the credentials file',
    `[profile prod]\n${keys}`,
    '',
    /there is no profile prod/,
    /write \[prod\] instead of \[profile prod\]/,
  ],
  [
    'no source of a role',
    '',
    `[profile prod]\n${role}[prod]\nsource_profile = x\n`,
    /prod has role_arn, and no source_profile/,
    /write \[profile prod\] instead of \[prod\] at \S+config:3/,
  ],
  [
    'no role',
    sectionsOf('prod', user),
    `[prod]\n${role}source_profile = prod-default\n`,
    /config:1: \[prod\] is not a profile in the config file.*, with its role_arn/,
    /write \[profile prod\]/,
  ],
  [
    'no role, in the credentials file',
    `${sectionsOf('prod', user)}[profile prod]\n${role}`,
    '',
    /\[profile prod\] is not a profile in the credentials file.*, with its role_arn/,
    /write \[prod\]/,
  ],
  [
    'no login of another kind',
    sectionsOf('prod', user),
    '[prod]\nlogin_session = x\n',
    /with its login_session/,
    /write \[profile prod\]/,
  ],
];

suite('an ignored section is named if there is', { concurrency: 2 }, () => {
  for (const [title, credentials, config, message, hint] of rows)
    test(title, async () => {
      const home = makeHome({ credentials, config }, { AWS_ENDPOINT_URL_STS: sts.url });
      const { status, stdout, stderr } = await runMfaEnv(['prod', '123456'], home.env);
      assert.deepEqual([status, stdout], [1, 'false;\n'], stderr);
      assert.match(stderr, message);
      assert.match(stderr.split('\n')[1] ?? '', hint);
      assert.ok(!sts.requests.some(({ parameters }) => parameters.TokenCode), 'no code is sent');
      const doctor = await runMfaEnv(['doctor', 'prod'], home.env);
      assert.match(doctor.stdout, hint);
    });
});

test('an ignored section that takes no part stops nothing', async () => {
  const config = `[other]\n${role}[prod]\nregion = eu-west-1\n${device}`;
  const home = makeHome({ credentials: sectionsOf('prod', user), config }, { AWS_ENDPOINT_URL_STS: sts.url });
  const { status, stderr } = await runMfaEnv(['prod', sts.code(user)], home.env);
  assert.equal(status, 0, stderr);
});
