/** What the files say of profiles. */

import { chmodSync } from 'node:fs';
import { formatTime, savedLines, sectionsOf } from '../harness.ts';
import { healthy, keys, type Row, sts, testRows, threeHoursAgo, user } from './examine.ts';

const role = 'role_arn = arn:aws:iam::444455556666:role/admin\n';

/** Profiles that work, and need no MFA code. */
const others: [name: string, section: string][] = [
  ['sso', 'sso_start_url = https://aws.test.example\nsso_account_id = 111122223333\n'],
  ['web', `${role}web_identity_token_file = /nonexistent\n`],
  ['process', "credential_process = sh -c 'echo'\n"],
  ['role', `${role}source_profile = plain\n[profile plain]\n${keys}`],
  ['ec2', `${role}credential_source = Ec2InstanceMetadata\n`],
  ['plain', keys],
  ['login', 'login_session = arn:aws:iam::111122223333:user/ana\n'],
];

/** As saml2aws, gimme-aws-creds, aws-azure-login and aws-mfa write them. */
const othersSessions = [
  ['saml', savedLines(), 'aws_security_token = token//of+the+saved+session==', 'x_principal_arn = arn:aws:sts::1:x'],
  ['okta', savedLines({ expiresAt: threeHoursAgo }), 'x_principal_arn = arn:aws:sts::1:x'],
  ['azure', savedLines().replace(/x_security.*\n/, ''), 'aws_expiration = 2026-11-24T16:00:00.000Z'],
  ['mfa', savedLines().replace(/x_security.*\n/, ''), 'assumed_role = False', 'expiration = 2026-11-24 16:00:00'],
  ['bare', savedLines().replace(/x_security.*\n/, '')],
]
  .map(([name, ...lines]) => `[${name}]\n${lines.map((line) => `${line?.trim()}\n`).join('')}`)
  .join('');

const profiles: Row[] = [
  [
    'sessions that have all expired',
    {
      credentials: ['a', 'b', 'c', 'd', 'e']
        .map((name) => sectionsOf(name, user, savedLines({ expiresAt: threeHoursAgo })))
        .concat(healthy)
        .join(''),
    },
    [
      /^warning: the saved sessions of a, b, c and 2 more have expired: mfa-env NAME --save gets another, mfa-env forget/,
    ],
    0,
  ],
  ...[{}, { env: { AWS_PROFILE: 'saml' } }, { words: ['saml'] }].map(
    (setUp): Row => [
      `sessions of other tools: ${JSON.stringify(setUp)}`,
      { credentials: healthy + othersSessions, ...setUp },
      'words' in setUp
        ? [/^warning: saml needs no MFA code: another tool keeps its session at CREDENTIALS:10: /, /^saml: /]
        : [],
      0,
    ],
  ),
  [
    'sessions that are left from profiles that are gone',
    {
      credentials:
        `${healthy}[a]\n${savedLines()}mfa_env_source = AKIAOLD0000000000001\naws_arn_mfa = GAHT12345678\n` +
        `[b-mfa]\n${savedLines({ expiresAt: threeHoursAgo })}mfa_env_source = AKIAOLD0000000000001\nregion = eu-west-1\n` +
        `[c]\n${savedLines({ expiresAt: threeHoursAgo })}`,
    },
    [
      /^warning: CREDENTIALS:10: the session in \[a\] is left from a profile that is gone: remove it: mfa-env forget a$/,
      /^warning: CREDENTIALS:17: the session in \[b-mfa\] is left from a profile that is gone: remove it: mfa-env forget b$/,
      /^warning: CREDENTIALS:24: \[c\] holds only a session, and has no source: remove it if no tool uses it: mfa-env forget c$/,
    ],
    0,
  ],
  [
    'a session of a profile whose source is gone, and not the profile',
    {
      credentials: `${healthy}[a]\n${savedLines()}mfa_env_source = AKIAOLD0000000000001\n`,
      config: '[profile a]\nmfa_serial = GAHT12345678\n',
    },
    [/^error: a has no source/, /^warning: the saved session of a was made with key …0001/],
    1,
  ],
  [
    'a line at fault in the source of the profile',
    { credentials: healthy.replace('[prod]', 'x\n[prod]'), words: ['prod'] },
    [/^error: CREDENTIALS:4: expected an '=' sign/, /^prod: device \S+, region eu-west-1, sts/],
    1,
  ],
  [
    'a script that calls mfa-env for the same profile',
    { config: `[profile loop]\ncredential_process = sh -c 'mfa-env --profile=loop --format process'\n` },
    [/^error: CONFIG:2: the credential_process of loop calls mfa-env/],
    1,
  ],
  [
    'a profile that needs none',
    { config: '[profile s]\nsso_session = a\n', words: ['s'] },
    [
      /^warning: s needs no mfa code: CONFIG:2: s logs in by SSO.*: type aws sso login --profile s, then aws configure export-credentials --profile s --format env$/,
      /^s: nothing is known/,
    ],
    0,
  ],
  ...others.flatMap(([name, section]): Row[] => {
    const config = `[profile ${name}]\n${section}`;
    return [
      [`AWS_PROFILE names ${name}`, { config, env: { AWS_PROFILE: name } }, [], 0],
      [
        `the user names ${name}`,
        { config, words: [name] },
        [new RegExp(`^warning: ${name} needs no mfa code`), new RegExp(`^${name}: (?!.*sts)`)],
        0,
      ],
    ];
  }),
  ...[{ words: ['prod-cli'] }, { env: { AWS_PROFILE: 'prod-cli' } }, {}].map((setUp): Row => {
    const config =
      '[profile prod-cli]\nregion = eu-west-1\ncredential_process = mfa-env prod --save --format process\n';
    const facts = 'words' in setUp ? [/^prod-cli: source prod-cli, region eu-west-1$/] : [];
    return [`a profile for AWS's own tools: ${JSON.stringify(setUp)}`, { config, ...setUp }, facts, 0];
  }),
  [
    'a profile of that kind whose name stands behind --',
    { config: '[profile cli]\ncredential_process = mfa-env --format process -- prod\n' },
    [],
    0,
  ],
  [
    'a profile of that kind whose name an option has',
    {
      config:
        '[profile cli]\ncredential_process = env X=y mfa-env --format process --region eu-west-1 --profile prod\n',
    },
    [],
    0,
  ],
  [
    'one of that kind for a profile that is not there, one for one of that kind, and one for itself',
    {
      config:
        '[profile a]\ncredential_process = mfa-env nosuch --format process\n' +
        '[profile b]\ncredential_process = mfa-env --format process c\n' +
        '[profile c]\ncredential_process = mfa-env --format process\n',
    },
    [
      /^error: CONFIG:2: the credential_process of a calls mfa-env for nosuch: there is no profile nosuch/,
      /^error: CONFIG:4: the credential_process of b calls mfa-env for c, which has its keys from mfa-env too: let it call/,
      /^error: CONFIG:6: the credential_process of c calls mfa-env, which would call it again: it takes two names: \[c-default\]/,
    ],
    1,
  ],
  [
    'one of that kind as the source of a profile for MFA',
    {
      config:
        '[profile prod-cli]\ncredential_process = mfa-env prod --format process\n[profile x]\nsource_profile = prod-cli\nmfa_serial = GAHT12345678\n',
    },
    [
      /^error: CONFIG:2: the credential_process of prod-cli calls mfa-env, and is the source of x: let source_profile of x name prod$/,
    ],
    1,
  ],
  ...(
    [
      ['mfa-env prod --save', 'without --format process: every AWS tool fails on it', 'mfa-env prod --save'],
      ['env X=hunter2 mfa-env --profile prod --format env', 'without --format process: every AWS', 'mfa-env prod'],
      ['mfa-env prod list', 'in vain: the MFA code is not six digits', 'mfa-env prod'],
      ['mfa-env list', 'without --format process: every AWS tool fails on it', 'mfa-env prod'],
      ['mfa-env prod --format proces', 'in vain: there is no format proces', 'mfa-env prod'],
      ['mfa-env prod --save --fromat process', 'in vain: there is no option --fromat', 'mfa-env prod --save'],
      ['mfa-env prod --format process 2>/dev/null', 'in vain: the MFA code is not six digits', 'mfa-env prod'],
    ] as const
  ).map(
    ([command, fault, call]): Row => [
      `a profile for AWS's own tools that gives them no keys: ${command}`,
      { config: `[profile prod-cli]\nregion = eu-west-1\ncredential_process = ${command}\n` },
      [
        new RegExp(
          `^error: CONFIG:3: credential_process calls mfa-env ${fault}.*: write credential_process = ${call} --format process$`,
        ),
      ],
      1,
    ],
  ),
  [
    'profiles of that kind in other ways, of which what is printed cannot be known',
    {
      config:
        '[profile a]\ncredential_process = mfa-env --format=process -q --profile=prod --no-prompt\n' +
        "[profile b]\ncredential_process = sh -c 'mfa-env prod --format process 2>/dev/null'\n" +
        '[profile c]\ncredential_process = mfa-env exec prod -- aws configure export-credentials --format process\n' +
        '[profile d]\ncredential_process = env AWS_PROFILE=prod mfa-env --format process\n',
    },
    [],
    0,
  ],
  [
    'a command with a word that is none of mfa-env',
    { config: '[profile x]\ncredential_process = echo keys/mfa-env\n', env: { AWS_PROFILE: 'x' } },
    [],
    0,
  ],
  [
    'a profile that is the source of another one',
    {
      credentials: healthy + savedLines({ expiresAt: threeHoursAgo }),
      config: `[profile r]\n${role}source_profile = prod\n`,
    },
    [/^warning: the saved session of prod has expired/],
    0,
  ],
  [
    'no profile for MFA',
    { credentials: `[plain]\n${keys}` },
    [/^warning: no profile names an MFA device: add a line such as aws_arn_mfa = arn:aws:iam::111122223333:mfa\/NAME/],
    0,
  ],
  [
    'profiles without MFA',
    { credentials: `${healthy}[plain]\n${keys}`, config: '[profile s]\nsso_session = a\n' },
    [],
    0,
  ],
  [
    'no such profile',
    { words: ['prd'] },
    [/^error: there is no profile prd in CREDENTIALS or CONFIG: did you mean prod/],
    1,
  ],
  [
    'half a pair of keys',
    { credentials: `${healthy}[x]\naws_secret_access_key = hunter2\n` },
    [/^error: CREDENTIALS:8: x has half a pair of keys: aws_access_key_id is missing: add/],
    1,
  ],
  ...(
    [
      ['is cut off', user.secretAccessKey.slice(0, -1), 39],
      ['was pasted twice', user.secretAccessKey.repeat(2), 80],
      ['has a character that none has', `${user.secretAccessKey.slice(1)}!`, 40],
    ] as const
  ).map(
    ([what, secret, length]): Row => [
      `a secret that ${what}`,
      { credentials: healthy.replace(user.secretAccessKey, secret) },
      [new RegExp(`^warning: CREDENTIALS:3: the secret has ${length} characters, or other.*: copy it again`)],
      0,
    ],
  ),
  [
    "secrets of a session, of a placeholder and of what is not AWS's",
    {
      credentials:
        `${healthy}${savedLines()}[a]\n${savedLines().replace(/x_security.*\n/, '')}[b]\naws_access_key_id = <id>\naws_secret_access_key = <secret>\n` +
        '[c]\naws_access_key_id = test\naws_secret_access_key = hunter2\n',
    },
    [],
    0,
  ],
  [
    'services without their section, in a profile and in its source',
    {
      config:
        '[profile prod]\nservices = nope\n[profile prod-default]\nservices = local\n[services other]\nsts =\n  endpoint_url = x\n',
    },
    [
      /^error: CONFIG:2: there is no \[services nope\] in CONFIG: the AWS CLI fails with prod: write \[services nope\] there/,
      /^error: CONFIG:4: there is no \[services local\] in CONFIG: the AWS CLI fails with prod-default/,
    ],
    1,
  ],
  [
    'services with their sections',
    {
      config: `[profile prod]\nservices = local\n[services local]\nsts =\n  endpoint_url = ${sts.url}\n[profile x]\nservices = a b\n[services "a b"]\ns3 =\n  endpoint_url = ${sts.url}\n`,
    },
    [],
    0,
  ],
  [
    'a source that is still a placeholder',
    {
      credentials:
        '[prod-default]\naws_access_key_id = <id>\naws_secret_access_key = <secret>\n[prod]\naws_arn_mfa = <arn>\n',
    },
    [/^error: prod-default holds no long-lived keys/, /^error: CREDENTIALS:5: aws_arn_mfa is still a placeholder/],
    1,
  ],
  [
    'sources in a circle',
    {
      config: '[profile a]\nsource_profile = b\nmfa_serial = GAHT12345678\n[profile b]\nsource_profile = a\n',
      words: ['a'],
    },
    [/^error: the source profiles go round in a circle: a → b → a/, /^a: device GAHT12345678/],
    1,
  ],
  ['no device', { credentials: `[prod-default]\n${keys}[prod]\n` }, [/^error: prod has no MFA device: add a line/], 1],
  [
    'a security key',
    { credentials: `[prod-default]\n${keys}[prod]\naws_arn_mfa = arn:aws:iam::111122223333:u2f/user/ana/key-ABC\n` },
    [/^error: CREDENTIALS:5: arn:aws:iam::111122223333:u2f\/user\/ana\/key-ABC is a security key/],
    1,
  ],
  [
    'a user in place of a device',
    { credentials: `[prod-default]\n${keys}[prod]\naws_arn_mfa = arn:aws:iam::111122223333:user/team/ana\n` },
    [/^error: CREDENTIALS:5: \S+ names a user, not an MFA device: .* arn:aws:iam::111122223333:mfa\/ana$/],
    1,
  ],
  [
    'a malformed device, region and duration at once',
    {
      credentials: `[prod-default]\n${keys}[prod]\naws_arn_mfa = no device\nregion = Ireland\nduration_seconds = 60\n`,
    },
    [
      /^error: CREDENTIALS:5: no device is neither an ARN nor a serial number/,
      /^error: CREDENTIALS:6: Ireland is not a region/,
      /^error: CREDENTIALS:7: aws gives sessions of 15m to 36h/,
    ],
    1,
  ],
  [
    'a role that is none, and lives too long',
    { credentials: healthy, config: '[profile r]\nrole_arn = admin\nsource_profile = prod\n' },
    [/^error: CONFIG:2: role_arn is not the ARN of a role: admin/],
    1,
  ],
  ['a role', { config: `[profile r]\n${role}source_profile = prod\n` }, [], 0],
  [
    'a role without a source, whose device may be there',
    { config: `[profile r]\n${role}`, words: ['r'] },
    [/^error: r has role_arn, and no source_profile/, /^r: sts http/],
    1,
  ],
  ...['', role].map((line): Row => {
    const config = `[profile r]\n${line}source_profile = prdo\n[profile t]\n${line}source_profile = prdo\n`;
    const told = (name: string) =>
      new RegExp(`^error: CONFIG:\\d: source_profile of ${name}: there is no profile prdo in .*: did you mean prod$`);
    return [
      `a source with a mistyped name, ${line ? 'of a role' : 'without one'}`,
      { config },
      [told('r'), told('t')],
      1,
    ];
  }),
  ['a role without a source', { config: `[profile r]\n${role}` }, [/^error: r has role_arn, and no source_profile/], 1],
  [
    'roles that name each other',
    { config: `[profile r]\n${role}source_profile = t\n[profile t]\n${role}source_profile = r\n` },
    [/^error: the source profiles go round in a circle: r → t → r/, /^error: the source.*: t → r → t/],
    1,
  ],
  [
    'a role that is none, of a source without a device',
    { config: `[profile r]\nrole_arn = nonsense\nsource_profile = plain\n[profile plain]\n${keys}` },
    [/^error: CONFIG:2: role_arn is not the ARN of a role: nonsense: write it like arn:aws/],
    1,
  ],
  [
    "roles of what serves AWS's own tools",
    {
      credentials: `${healthy}[pasted]\n${savedLines().replace(/x_security.*\n/, '')}`,
      config: ['pasted', 'login', 'sso']
        .map((name) => `[profile r-${name}]\n${role}source_profile = ${name}\n`)
        .concat('[profile login]\nlogin_session = x\n[profile sso]\nsso_session = x\n')
        .join(''),
    },
    [],
    0,
  ],
  [
    'mfa_env_save with another word',
    { credentials: `${healthy}mfa_env_save = yes\n` },
    [/^error: CREDENTIALS:7: mfa_env_save is true or false, not yes: write mfa_env_save = true or/],
    1,
  ],
  ['a living session', { credentials: healthy + savedLines() }, [], 0],
  [
    'an expired session',
    { credentials: healthy + savedLines({ expiresAt: threeHoursAgo }) },
    [
      /^warning: the saved session of prod has expired 3h 1m ago: mfa-env prod --save gets another, mfa-env forget prod takes it out$/,
    ],
    0,
  ],
  [
    'an expiry of another form',
    { credentials: healthy + savedLines().replace(/(expires = ).*/, '$11700000000') },
    [/^warning: CREDENTIALS:10: x_security_token_expires is no time/],
    0,
  ],
  [
    'a session of another tool',
    { credentials: healthy + savedLines().replace(/x_security.*\n/, '') },
    [/^warning: CREDENTIALS:9: the session of prod has no x_security_token_expires, and is not used/],
    0,
  ],
  [
    'half a session',
    { credentials: healthy + savedLines().replace(/aws_session_token.*\n/, '') },
    [/^error: CREDENTIALS:7: the key of prod is a session's, and its token is missing: take the key out/],
    1,
  ],
  [
    'what other tools left beside a session',
    {
      credentials: `${healthy}${savedLines()}aws_security_token = hunter2\nexpiration = ${formatTime(threeHoursAgo)}\n`,
    },
    [
      /^error: CREDENTIALS:11: aws_security_token is another token than aws_session_token, and the AWS CLI reads it first/,
      /^warning: CREDENTIALS:12: expiration is another time than x_security_token_expires/,
    ],
    1,
  ],
  [
    'a token beside long-lived keys',
    { credentials: healthy.replace('[prod]', 'aws_session_token = hunter2\n[prod]') },
    [/^error: CREDENTIALS:4: a session token stands beside the long-lived key of prod-default/],
    1,
  ],
  [
    'two tokens where no MFA is wanted',
    { credentials: `${healthy}[x]\n${savedLines().replace(/x_security.*\n/, '')}aws_security_token = hunter2\n` },
    [/^error: CREDENTIALS:11: aws_security_token is another token than aws_session_token/],
    1,
  ],
  [
    "a session's key without its token as the source",
    { credentials: healthy.replace('AKIA', 'ASIA') },
    [/^error: CREDENTIALS:2: the key of prod-default is a session's, and its token is missing/],
    1,
  ],
  [
    'a region of another partition than the device',
    { credentials: healthy.replace('arn:aws:', 'arn:aws-cn:') },
    [
      /^error: the region eu-west-1 at CREDENTIALS:6 belongs to the partition aws, but the device at CREDENTIALS:5 to aws-cn: name only/,
    ],
    1,
  ],
  [
    'a role of another partition than the device',
    {
      credentials: healthy,
      config: '[profile r]\nrole_arn = arn:aws-cn:iam::444455556666:role/r\nsource_profile = prod\n',
    },
    [/^error: role_arn at CONFIG:2 belongs to the partition aws-cn, but the device at CREDENTIALS:5 to aws: name only/],
    1,
  ],
  [
    "what is no device's ARN",
    { credentials: healthy.replace(/mfa\/\S+/, 'root') },
    [/^error: CREDENTIALS:5: arn:aws:iam::\d+:root is the ARN of no MFA device: such as arn/],
    1,
  ],
  [
    'a session that a role hides',
    { credentials: `${healthy}[r]\n${savedLines()}`, config: `[profile r]\n${role}source_profile = prod\n` },
    [/^warning: CREDENTIALS:10: the session in \[r\] is not read/],
    0,
  ],
  [
    'a section for the session that is a profile of its own',
    { credentials: `[prod]\n${keys}aws_arn_mfa = ${user.device.serialNumber}\n[prod-mfa]\n${role}` },
    [/^warning: CREDENTIALS:6: \[prod-mfa\] is a profile of its own/],
    0,
  ],
  [
    'the same where sessions are to be saved',
    {
      credentials: `[prod]\n${keys}aws_arn_mfa = ${user.device.serialNumber}\nmfa_env_save = true\n[prod-mfa]\n${role}`,
    },
    [/^error: CREDENTIALS:7: \[prod-mfa\] is a profile of its own/],
    1,
  ],
  [
    'commands',
    {
      credentials: `${healthy}mfa_process = no-such-program --key hunter2\n`,
      config: `[profile c]\ncredential_process = sh -c "echo hunter2\n[profile d]\ncredential_process = sh -c 'echo hunter2'\n`,
    },
    [
      /^error: CREDENTIALS:7: mfa_process runs no-such-program, which is not there/,
      /^error: CONFIG:2: credential_process is not a command: a quote is not closed/,
    ],
    1,
  ],
  [
    'commands that need a shell',
    {
      credentials: `${healthy}mfa_process = ~/bin/otp --key hunter2\n`,
      config: "[profile c]\ncredential_process = sh -c 'echo hunter2' | head -1\n",
    },
    [
      /^error: CREDENTIALS:7: mfa_process runs ~\/bin\/otp, which is not there: write mfa_process = sh -c '…' with .* so ~ has no meaning/,
      /^warning: CONFIG:2: credential_process is written for a shell: write credential_process = sh -c .* so \| has no meaning/,
    ],
    1,
  ],
  [
    'a command in a file that the group can write',
    {
      config: '[profile c]\ncredential_process = sh -c true\n',
      prepare: (home) => chmodSync(home.configFile, 0o620),
    },
    [
      /^warning: others can write CONFIG \(mode 0620\)/,
      /^error: CONFIG:2: credential_process is not run: others can write the file: chmod go-w CONFIG$/,
    ],
    1,
  ],
  [
    'a command that calls mfa-env for the same profile',
    { config: '[profile loop]\ncredential_process = mfa-env loop --format process\n' },
    [/^error: CONFIG:2: the credential_process of loop calls mfa-env, which would call it again/],
    1,
  ],
  [
    'a command that calls mfa-env for another profile, or for its own with keys elsewhere',
    {
      config:
        '[profile cli]\ncredential_process = mfa-env prod --format process\n' +
        '[profile prod]\ncredential_process = mfa-env prod --format process\n',
    },
    [],
    0,
  ],
];

testRows('profiles', profiles);
