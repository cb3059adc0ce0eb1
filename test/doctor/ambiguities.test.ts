/** What stands more than once, and differs. */

import { savedLines } from '../harness.ts';
import { healthy, keys, type Row, testRows, user } from './examine.ts';

const otherId = 'AKIAOTHER00000000001';
const otherKeys = keys.replace(user.accessKeyId, otherId);
const device = `aws_arn_mfa = ${user.device.serialNumber}\n`;

const ambiguities: Row[] = [
  [
    'two devices in one section',
    { credentials: `${healthy}mfa_serial = GAHT12345678\n` },
    [
      /^warning: CREDENTIALS:7: mfa_serial is another device than aws_arn_mfa at CREDENTIALS:5: let one of them go: mfa-env takes aws_arn_mfa, the AWS CLI mfa_serial$/,
    ],
    0,
  ],
  ['the same device twice', { credentials: `${healthy}mfa_serial = ${user.device.serialNumber}\n` }, [], 0],
  [
    'keys, device and region that differ between the files',
    {
      credentials: `[prod]\n${keys}${device}region = eu-west-1\n`,
      config: `[profile prod]\n${otherKeys}aws_arn_mfa = GAHT12345678\nregion = eu-west-2\n`,
    },
    [
      /^warning: CONFIG:2: aws_access_key_id of prod is another one than at CREDENTIALS:2, which counts: let one of them go$/,
      /^warning: CONFIG:4: aws_arn_mfa of prod is another one than at CREDENTIALS:4/,
      /^warning: CONFIG:5: region of prod is another one than at CREDENTIALS:5/,
    ],
    0,
  ],
  [
    'a role, its source and a secret that differ between the files',
    {
      credentials: `${healthy}[r]\nrole_arn = arn:aws:iam::444455556666:role/a\nsource_profile = prod\nexternal_id = ab\n`,
      config: `[profile r]\nrole_arn = arn:aws:iam::999988887777:role/a\nsource_profile = stage\nexternal_id = cd\n[profile prod-default]\n${keys.replace(/.\n$/, '+\n')}`,
    },
    [
      /^warning: CONFIG:7: aws_secret_access_key of prod-default is another one than at CREDENTIALS:3/,
      /^warning: CONFIG:2: role_arn of r is another one than at CREDENTIALS:8, which counts: let one of them go$/,
      /^warning: CONFIG:3: source_profile of r is another one than at CREDENTIALS:9/,
      /^warning: CONFIG:4: external_id of r is another one than at CREDENTIALS:10/,
    ],
    0,
  ],
  [
    'commands and logins that differ between the files',
    {
      credentials: `${healthy}[c]\ncredential_process = true --key hunter2\n[l]\nlogin_session = a\n[s]\nsso_session = a\n`,
      config: '[profile c]\ncredential_process = true\n[profile l]\nlogin_session = b\n[profile s]\nsso_session = b\n',
    },
    [
      /^warning: CONFIG:2: credential_process of c is another one than at CREDENTIALS:8/,
      /^warning: CONFIG:4: login_session of l is another one than at CREDENTIALS:10/,
      /^warning: CONFIG:6: sso_session of s is another one than at CREDENTIALS:12/,
    ],
    0,
  ],
  [
    'a session beside keys in the other file',
    {
      credentials: `${healthy}[x]\n${savedLines().replace(/x_security.*\n/, '')}`,
      config: `[profile x]\n${keys}`,
    },
    [],
    0,
  ],
  [
    'half a pair in each file',
    {
      credentials: `[prod]\naws_access_key_id = ${user.accessKeyId}\n${device}`,
      config: `[profile prod]\naws_secret_access_key = ${user.secretAccessKey}\n`,
    },
    [
      /^warning: CREDENTIALS:2: the secret of prod stands in the other file, CONFIG:2: put both into the credentials file/,
    ],
    0,
  ],
  [
    'two sources with different keys',
    { credentials: `${healthy}[prod-long-term]\n${otherKeys}` },
    [
      /^warning: CREDENTIALS:8: \[prod-long-term\] holds a long-lived key beside \[prod-default\], which counts for prod: take it out if nothing needs it: it is another one$/,
    ],
    0,
  ],
  ['two sources with the same keys', { credentials: `${healthy}[prod-long-term]\n${keys}` }, [], 0],
  [
    'keys in the profile beside its source',
    { credentials: healthy + keys },
    [
      /^warning: CREDENTIALS:7: \[prod\] holds a long-lived key beside \[prod-default\], which counts for prod: .*: there AWS's/,
    ],
    0,
  ],
];

testRows('ambiguities', ambiguities);
