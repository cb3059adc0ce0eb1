/** `mfa-env list`: the rows of files as JSON, as a plain table, and on terminals of several widths. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { indexFiles } from '../src/aws-files.ts';
import { attempt, isUserError } from '../src/errors.ts';
import { readProfile } from '../src/profile.ts';
import { readAllProfiles } from '../src/profile-names.ts';
import { type ProfileRow, readRow } from '../src/profile-row.ts';
import { formatTime, makeHome, program, run, runMfaEnv, savedLines } from './harness.ts';
import { sitDown } from './pty.ts';
import { filesOf } from './temp-folder.ts';

const keys = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret/of+a/user\n';
const device = (account: string, name = 'ana') => `arn:aws:iam::${account}:mfa/${name}`;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

const prod = `[prod-default]\n${keys}\n[prod]\naws_arn_mfa = ${device('111122223333')}\nregion = eu-west-1\n`;
const role = `[profile admin]
role_arn = arn:aws:iam::444455556666:role/team/admin
source_profile = prod-default
region = us-east-2
`;

/** What a shell has that has the session of prod. */
const ofShell = { MFA_ENV_PROFILE: 'prod', AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE', AWS_SESSION_TOKEN: 'token' };

const nothing: Omit<ProfileRow, 'profile'> = {
  current: false,
  login: 'mfa',
  account: null,
  device: null,
  source: null,
  region: null,
  role: null,
  section: null,
  session: null,
  notUsed: null,
  durationSeconds: 43_200,
  problem: null,
};

type Expected = Partial<ProfileRow> & { profile: string };
const ofProd: Expected = {
  profile: 'prod',
  account: '111122223333',
  device: device('111122223333'),
  source: 'prod-default',
  region: 'eu-west-1',
  section: 'prod',
};
const bare = (profile: string, more: Partial<ProfileRow> = {}): Expected => ({
  profile,
  source: profile,
  section: `${profile}-mfa`,
  ...more,
});

const missingDevice = ({ profile, source, device, login = 'mfa' }: Expected) =>
  login === 'mfa' && source && !device ? `${profile} has no MFA device` : null;

const rows: [title: string, credentials: string, config: string, expected: Expected[]][] = [
  ['a profile and its source', prod, '', [ofProd]],
  [
    'a source alone is its profile',
    `[prod-permanent]\n${keys}`,
    '',
    [{ profile: 'prod', source: 'prod-permanent', section: 'prod' }],
  ],
  [
    'a source that is not used is a profile',
    `[prod-long-term]\n${keys}[prod-default]\n${keys}`,
    '',
    [bare('prod-long-term'), { profile: 'prod', source: 'prod-default', section: 'prod' }],
  ],
  [
    'a source whose profile names another',
    `[prod]\nsource_profile = team\n[prod-default]\n${keys}[team]\n${keys}`,
    '',
    [{ profile: 'prod', source: 'team', section: 'prod' }, bare('prod-default'), bare('team')],
  ],
  ['keys without a device', `[team]\n${keys}`, '', [bare('team')]],
  ['[PROFILE-mfa] with a session', `[team]\n${keys}[team-mfa]\nregion = eu-west-1\n`, '', [bare('team')]],
  [
    '[PROFILE-mfa] that names its source',
    `[team]\n${keys}`,
    `[profile team-mfa]\nsource_profile = team\nmfa_serial = GAHT12345678\n`,
    [
      bare('team', { device: 'GAHT12345678' }),
      { profile: 'team-mfa', source: 'team', device: 'GAHT12345678', section: 'team-mfa' },
    ],
  ],
  [
    'a role',
    prod,
    role,
    [
      ofProd,
      {
        profile: 'admin',
        account: '444455556666',
        device: device('111122223333'),
        source: 'prod-default',
        region: 'us-east-2',
        role: 'arn:aws:iam::444455556666:role/team/admin',
        section: 'admin-mfa',
        durationSeconds: 3600,
      },
    ],
  ],
  [
    'profiles that need no MFA',
    '',
    `[profile sso-default]
sso_session = team
sso_account_id = 777788889999
sso_role_name = Reader
[profile web]
web_identity_token_file = /token
role_arn = arn:aws:iam::444455556666:role/web
[profile host]
role_arn = arn:aws:iam::444455556666:role/host
credential_source = Ec2InstanceMetadata
[profile over-sso]
role_arn = arn:aws:iam::444455556666:role/over
source_profile = sso-default
`,
    [
      { profile: 'sso-default', login: 'sso', account: '777788889999', role: 'Reader', durationSeconds: null },
      ...(['web', 'host', 'over-sso'] as const).map((profile) => ({
        profile,
        login: ({ web: 'web_identity', host: 'credential_source', 'over-sso': 'sso' } as const)[profile],
        account: '444455556666',
        role: `arn:aws:iam::444455556666:role/${profile.split('-')[0]}`,
        durationSeconds: null,
      })),
    ],
  ],
  [
    'a command in place of keys, and a length',
    '',
    '[profile pass]\ncredential_process = pass show aws\nduration_seconds = 900\nregion = eu-west-1\n',
    [
      {
        profile: 'pass',
        source: 'pass',
        section: 'pass-mfa',
        region: 'eu-west-1',
        login: 'command',
        durationSeconds: null,
      },
    ],
  ],
  [
    'faults, each in its own row',
    `[half-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n[line]\nno property\n[a]\nsource_profile = b\n[b]\nsource_profile = a\n${prod}`,
    '[profile far]\nregion = Here!\nsource_profile = prod-default\n[profile lost]\nsource_profile = nowhere\n',
    [
      {
        profile: 'half',
        login: null,
        durationSeconds: null,
        problem: 'HOME/.aws/credentials:2: half-default has half a pair of keys: aws_secret_access_key is missing',
      },
      {
        profile: 'line',
        login: null,
        durationSeconds: null,
        problem: "HOME/.aws/credentials:4: expected an '=' sign defining a property",
      },
      { profile: 'a', section: 'a', problem: 'the source profiles go round in a circle: a → b → a' },
      { profile: 'b', section: 'b', problem: 'the source profiles go round in a circle: b → a → b' },
      ofProd,
      { profile: 'far', source: 'prod-default', section: 'far', problem: 'HOME/.aws/config:2: Here! is not a region' },
      {
        profile: 'lost',
        section: 'lost',
        problem:
          'HOME/.aws/config:5: source_profile of lost: there is no profile nowhere in HOME/.aws/credentials or HOME/.aws/config',
      },
    ],
  ],
  [
    'no device that gives codes',
    `[prod-default]\n${keys}[prod]\naws_arn_mfa = arn:aws:iam::111122223333:user/ana\n`,
    '',
    [
      {
        ...ofProd,
        device: 'arn:aws:iam::111122223333:user/ana',
        region: null,
        problem: 'HOME/.aws/credentials:5: arn:aws:iam::111122223333:user/ana names a user, not an MFA device',
      },
    ],
  ],
  [
    "a name for AWS's tools, and one that asks itself",
    prod,
    '[profile prod-cli]\ncredential_process = mfa-env --format process prod\n[profile own]\ncredential_process = mfa-env own --format=process\n',
    [
      ofProd,
      { profile: 'prod-cli', login: 'mfa_env', durationSeconds: null },
      {
        profile: 'own',
        section: 'own-mfa',
        problem:
          'HOME/.aws/config:4: credential_process is mfa-env itself, which would ask itself for the keys for ever',
      },
    ],
  ],
  [
    'a session that is of no use while the region is none',
    prod.replace('eu-west-1', 'EU West') + savedLines(),
    '',
    [{ ...ofProd, region: null, problem: 'HOME/.aws/credentials:7: EU West is not a region' }],
  ],
  ['no profile at all', '', '', []],
];

for (const [title, credentials, config, expected] of rows)
  test(`list --json: ${title}`, async () => {
    const home = makeHome({ credentials, config });
    const { status, stdout, stderr } = await runMfaEnv(['list', '--json'], home.env);
    assert.deepEqual([status, stderr], [0, '']);
    const got = JSON.parse(stdout.replaceAll(home.path, 'HOME'));
    assert.deepEqual(
      got,
      expected.map((row) => ({ ...nothing, problem: missingDevice(row), ...row })),
    );
    assert.deepEqual(
      got.map(Object.keys),
      expected.map(() => ['profile', ...Object.keys(nothing)]),
    );
  });

test('list --json: sessions that live and that have expired, and the profile of this shell', async () => {
  const expiresAt = inSeconds(7200);
  const credentials = `${prod}${savedLines({ expiresAt })}[old-default]\n${keys}[old]\n${savedLines({ expiresAt: new Date(0) })}`;
  const home = makeHome({ credentials }, ofShell);
  const { stdout } = await runMfaEnv(['list', '--json'], home.env);
  const [living, expired] = JSON.parse(stdout);
  assert.ok(living.current && !expired.current);
  assert.equal(living.session.expiresAt, formatTime(expiresAt));
  assert.ok(living.session.secondsLeft > 7100 && living.session.secondsLeft <= 7200);
  assert.deepEqual(expired.session, { expiresAt: '1970-01-01T00:00:00Z', secondsLeft: 0 });
  for (const args of [['list'], ['list', '--json']]) {
    const { stdout } = await runMfaEnv(args, home.env);
    assert.doesNotMatch(stdout, /AKIA|ASIA|secret|token/);
  }
});

test('list: the plain table is whole, whatever COLUMNS is', async () => {
  const credentials = `${prod}${savedLines({ expiresAt: inSeconds(7230) })}[team]\n${keys}[bad]\nno property\n`;
  const home = makeHome({ credentials, config: role }, { COLUMNS: '20', ...ofShell });
  const { status, stdout, stderr } = await runMfaEnv(['list'], home.env);
  assert.deepEqual([status, stderr], [0, '']);
  assert.equal(
    stdout.replace(home.path, 'HOME'),
    `PROFILE  ACCOUNT       DEVICE  SOURCE        REGION     ROLE        SESSION
prod     111122223333  ana     prod-default  eu-west-1  -           2h; in this shell
team     -             -       team          -          -           team has no MFA device
bad      -             -       -             -          -           HOME/.aws/credentials:8: expected an '=' sign defining a property
admin    444455556666  ana     prod-default  us-east-2  team/admin  -
`.replace(':8:', `:${credentials.split('\n').indexOf('no property') + 1}:`),
  );
});

test('list: MFA_ENV_PROFILE that was left over is no session of the shell', async () => {
  const { env } = makeHome({ credentials: prod }, { ...ofShell, AWS_SESSION_TOKEN: '' });
  assert.doesNotMatch((await runMfaEnv(['list'], env)).stdout, /in this shell/);
  assert.equal(JSON.parse((await runMfaEnv(['list', '--json'], env)).stdout)[0].current, false);
});

test('list: a saved session of another key is not used, and says why', async () => {
  const credentials = `${prod}${savedLines()}mfa_env_source = AKIAANOTHERKEY0001\n`;
  const home = makeHome({ credentials });
  const [row] = JSON.parse((await runMfaEnv(['list', '--json'], home.env)).stdout);
  const why = 'the saved session of prod was made with key …0001, and [prod-default] now has key …MPLE';
  assert.deepEqual([row.session, row.notUsed, row.problem], [null, why, null]);
  const [, line] = (await runMfaEnv(['list'], home.env)).stdout.split('\n');
  assert.ok(line?.endsWith(` not used; ${why}`), line);
  const user = sitDown(process.execPath, [program, 'list'], home.env, { columns: 100 });
  await user.ended;
  assert.match(plain(user.screen()), /^prod .* not used\r?$/m);
});

test('list: a profile whose key has two values is refused in its own row', async () => {
  const config = `${role}role_arn = arn:aws:iam::777788889999:role/other\n`;
  const { stdout } = await runMfaEnv(['list', '--json'], makeHome({ credentials: prod, config }).env);
  const [ofProd, ofAdmin] = JSON.parse(stdout);
  assert.equal(ofProd.problem, null);
  assert.match(ofAdmin.problem, /config:5: role_arn is there a second time/);
  assert.deepEqual([ofAdmin.role, ofAdmin.account], [null, null]);
});

const many = (line: (index: number) => string) => Array.from({ length: 3000 }, (_, index) => line(index)).join('');

test('list: the columns of a long table stand below each other, though the widest cells come last', async () => {
  const lines = (index: number) => `[p${index}-default]\n${keys}[p${index}]\nregion = eu-west-${index}\n`;
  const credentials = `${many(lines)}[é]\nregion = x\n${prod.replaceAll('prod', 'production-of-all')}`;
  const { stdout } = await runMfaEnv(['list'], makeHome({ credentials }).env);
  const rows = stdout.trimEnd().split('\n');
  assert.equal(rows.length, 3002);
  const starts = rows.map((row) => [...row.matchAll(/(?<= {2})\S/g)].slice(0, 5).map(({ index }) => index));
  for (const row of starts) assert.deepEqual(row, starts[0]);
  assert.match(rows.at(-1) ?? '', /^production-of-all {2}111122223333 {2}ana +production-of-all-default {2}eu-west-1 /);
});

test('list: a section of thousands of lines is one like others', async () => {
  const credentials = `[prod-default]\n${keys}${many((index) => `key${index} = value\n`)}${prod.slice(prod.indexOf('[prod]'))}`;
  const { status, stdout, stderr } = await runMfaEnv(['list', '--json'], makeHome({ credentials }).env);
  assert.deepEqual([status, stderr], [0, '']);
  assert.equal(JSON.parse(stdout)[0].source, 'prod-default');
});

const hostile: [title: string, files: { credentials?: string; config?: string }, last: RegExp][] = [
  [
    'a dollar where an account is to be',
    {
      credentials: many((index) => {
        const name = index < 100 ? '111122223333' : 'ana';
        return `[p${index}]\nsso_session = s\nsso_account_id = $3\nmfa_serial = ${device('111122223333', name)}\n`;
      }),
    },
    /^p2999 {4}111122223333 {2}ana {11}-/,
  ],
  [
    'a wide device of a source',
    {
      config: `[profile w]\nweb_identity_token_file = /t\nmfa_serial = 日本日本\n${many((index) => `[profile p${index}]\nsource_profile = w\n`)}`,
    },
    /^p2999 {4}- {8}日本日本 {2}- {7}-/,
  ],
  ['a value of a million letters', { credentials: `[p]\n${keys}note = ${'a'.repeat(1_000_000)}\n` }, /^p {8}-/],
  ['millions of comments', { credentials: `[p]\n${keys}${'#\n'.repeat(5_000_000)}` }, /^p {8}-/],
  [
    'a suffix half a million times in one line',
    { credentials: `${many((index) => `[p${index}]\n${keys}`)}# ${'-mfa]'.repeat(500_000)}\n` },
    /^p2999 {4}-/,
  ],
];

for (const [title, files, last] of hostile)
  test(`list: ${title}`, { timeout: 20_000 }, async () => {
    const { status, stdout, stderr } = await runMfaEnv(['list'], makeHome(files).env);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout.trimEnd().split('\n').at(-1) ?? '', last);
  });

for (const words of ['list', 'list --json'])
  test(`${words}: whoever reads no more of it ends it, without a word`, async () => {
    const credentials = many((index) => `[p${index}]\nregion = eu-west-1\n`);
    const line = `"$0" "$1" ${words} | head -n 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run(
      'bash',
      ['-c', line, process.execPath, program],
      makeHome({ credentials }).env,
    );
    assert.deepEqual([stdout, stderr], ['141\n', '']);
  });

test('list --json: a long array is whole, and outside text in it moves no cursor', async () => {
  const credentials = many((index) => `[p${index}]\nregion = eu-west-1\nmfa_serial = \u009b${index}\n`);
  const { stdout } = await runMfaEnv(['list', '--json'], makeHome({ credentials }).env);
  assert.doesNotMatch(stdout, /\u009b/);
  const rows: ProfileRow[] = JSON.parse(stdout);
  assert.deepEqual(
    rows.map((row) => row.device),
    rows.map((_, index) => `\u009b${index}`),
  );
  assert.equal(rows.length, 3000);
});

const empty: [title: string, files: { credentials?: string; config?: string }][] = [
  ['missing files', {}],
  ['empty files', { credentials: '', config: '# nothing\n' }],
];

for (const [title, files] of empty)
  test(`list: ${title}`, async () => {
    const { status, stdout, stderr } = await runMfaEnv(['list'], makeHome(files).env);
    assert.deepEqual([status, stdout], [0, '']);
    assert.match(stderr, /^mfa-env: there are no profiles in .*credentials or .*config\nmfa-env: hint: mfa-env setup /);
  });

test('list: a file that cannot be read is an error, and prints nothing', async () => {
  const home = makeHome({ credentials: prod });
  const { status, stdout, stderr } = await runMfaEnv(['list'], { ...home.env, AWS_CONFIG_FILE: home.path });
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /^mfa-env: error: .* is not a regular file\n$/);
});

test('list: a malformed header is warned of', async () => {
  const { stdout, stderr } = await runMfaEnv(['list'], makeHome({ credentials: `[stage\n${prod}` }).env);
  assert.match(stdout, /^prod /m);
  assert.match(stderr, /^mfa-env: warning: .*credentials:1: a profile definition must end with ']'\n$/);
});

test('list: outside text moves no cursor', async () => {
  const credentials = `[prod]\n${keys}mfa_serial = \x1b[2J\u202e\u009b1m\n`;
  const home = makeHome({ credentials });
  for (const args of [['list'], ['list', '--json']]) {
    const { stdout } = await runMfaEnv(args, home.env);
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  }
  const { stdout } = await runMfaEnv(['list', '--json'], home.env);
  assert.equal(JSON.parse(stdout)[0].device, '\x1b[2J\u202e\u009b1m');
});

const onTerminal = `${prod}${savedLines({ expiresAt: inSeconds(6 * 3600 + 30) })}
[soon-default]
${keys}
[soon]
${savedLines({ expiresAt: inSeconds(45 * 60 + 30) })}
[late-default]
${keys}
[late]
${savedLines({ expiresAt: inSeconds(240 + 30) })}
[a-profile-with-a-name-that-is-rather-long]
${keys}
[bad]
mfa_env_save = ${'perhaps '.repeat(20)}
`;

/** What a terminal of a width shows. */
async function show(columns: number, env: Record<string, string> = {}): Promise<string[]> {
  const home = makeHome({ credentials: onTerminal, config: role }, { ...ofShell, ...env });
  const user = sitDown(process.execPath, [program, 'list'], home.env, { columns });
  assert.equal((await user.ended).exitCode, 0);
  return user.screen().replaceAll('\r', '').trimEnd().split('\n');
}

const plain = (line: string) => line.replace(/\x1b\[\d*m/g, '');

for (const columns of [20, 40, 80, 120])
  test(`list: no line is wider than a terminal of ${columns} columns`, async () => {
    const lines = (await show(columns)).map(plain);
    assert.equal(lines.length, 7);
    for (const line of lines) assert.ok([...line].length <= columns, line);
    assert.match(lines[1] ?? '', /^\* prod/);
    assert.match(lines[5] ?? '', /^ {2}bad +cred.*…$/);
    assert.equal(/█/.test(lines[1] ?? ''), columns >= 40);
  });

test('list: a narrow terminal shows names beside what is long', async () => {
  const config = '[profile prod-cli]\ncredential_process = mfa-env prod --format process\n';
  const user = sitDown(process.execPath, [program, 'list'], makeHome({ credentials: prod, config }).env, {
    columns: 20,
  });
  await user.ended;
  assert.match(user.screen(), /^prod-cli {2}\S*for AWS's…/m);
});

test('list: colours and bars by the time left', async () => {
  const lines = await show(120);
  assert.match(lines[0] ?? '', /^\x1b\[1m {2}PROFILE +ACCOUNT +DEVICE +SOURCE +REGION +ROLE +SESSION\x1b\[0m$/);
  assert.match(lines[1] ?? '', /^\* \x1b\[1mprod +\x1b\[0m .*\x1b\[32m6h +█{6}░{4}\x1b\[0m$/);
  assert.match(lines[2] ?? '', /\x1b\[33m45m +█░{9}\x1b\[0m$/);
  assert.match(lines[3] ?? '', /\x1b\[31m4m +█░{9}\x1b\[0m$/);
  assert.match(lines[4] ?? '', /\x1b\[2mno device\x1b\[0m$/);
  assert.match(lines[5] ?? '', /bad +\x1b\[31m\S.*…\x1b\[0m$/);
});

test('list: narrow terminals go without columns, the source first', async () => {
  const [wide, narrow] = [(await show(80)).map(plain)[0], (await show(40)).map(plain)[0]];
  assert.match(wide ?? '', /^ {2}PROFILE +ACCOUNT .*SESSION$/);
  assert.doesNotMatch(wide ?? '', /SOURCE/);
  assert.match(narrow ?? '', /^ {2}PROFILE +SESSION$/);
});

const colourless: [title: string, env: Record<string, string>, hasBar: boolean][] = [
  ['NO_COLOR', { NO_COLOR: '1' }, true],
  ['TERM=dumb', { TERM: 'dumb' }, false],
];

for (const [title, env, hasBar] of colourless)
  test(`list: no colours with ${title}`, async () => {
    const screen = (await show(100, env)).join('\n');
    assert.doesNotMatch(screen, /\x1b/);
    assert.equal(/█/.test(screen), hasBar);
  });

test('list: an empty NO_COLOR is as if it were not set', async () =>
  assert.match((await show(100, { NO_COLOR: '' })).join('\n'), /\x1b\[32m/));

const names = [
  ...(['a', 'a-default', 'a-long-term', 'a-permanent', 'a-mfa', 'a-default-mfa', 'a-default-default'] as const),
  ...(['b', 'b-default', 'default'] as const),
] as const;
const lines = [
  ...[
    'sso_account_id = 111122223333\n',
    'sso_role_name = r\n',
    'mfa_env_save = true\n',
    'mfa_env_save = on\n',
    'output = json\n',
  ],
  ...[keys, keys, keys, savedLines({ expiresAt: inSeconds(7200) })],
  ...['aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n', 'no property\n', 'region = eu-west-1\n', 'region = Ö\n', '# c\n'],
  ...['sso_session = s\n', 'credential_process = c\n', 'credential_source = Environment\n', 'REGION = us-east-1 ; c\n'],
  ...['mfa_process = pass otp aws\n', 'mfa_process = otp\r\n', 'mfa_env_save = false\r\n', 'sso_region = us-east-1\n'],
  ...['aws_secret_access_key = <secret>\n', 'mfa_serial = <device>\n', 'mfa_serial = short\n', 'sso_start_url = u\n'],
  ...['aws_mfa_device = GAHT12345678\n', `aws_arn_mfa = ${device('444455556666')}\n`, `aws_arn_mfa = ${device('é')}\n`],
  ...['x_security_token_expires = 2026-11-24T16:00:00+01:00\n', 'x_security_token_expires = soon\n'],
  ...['aws_session_token = t\n', 'aws_access_key_id = A-A\n', 'aws_access_key_id = ASIAIOSFODNN7EXAMPLE\n'],
  ...[
    'region=us-east-2\t;c\n',
    'Region\t=  us-west-1  \r\n',
    'region = #c\n',
    'mfa_serial = #G12345678\n',
    ' \t\n',
    'constructor = c\n',
  ],
  ...['mfa_serial=;\n', 'mfa_serial = GAHT1234#5678\n', 'region\n', 'region = us east\n', '= c\n', 'toString =\n'],
  ...['mfa_serial = G1\n  more\n', 'role_session_name = é\n', `role_arn = arn:aws:iam::444455556666:role/r\n`],
  ...names.map((name) => `source_profile = ${name}\n`),
  ...names.slice(0, 3).map((name) => `mfa_serial = ${device('111122223333', name)}\n`),
];
const headers = [
  ...names.flatMap((name) => [`[${name}]\n`, `[ ${name} ]\r\n`]),
  ...names.slice(0, 5).map((name) => `[${name}\n`),
];
const fileOf = (prefix: string) =>
  fc
    .array(fc.tuple(fc.constantFrom(...headers), fc.array(fc.constantFrom(...lines), { maxLength: 4 })), {
      maxLength: 6,
    })
    .map((sections) => sections.map(([header, body]) => header.replace(/(?<=\[ ?)/, prefix) + body.join('')).join(''));

// Many profiles that are alike, some with a line more, and what they may lead to.
const alike = ['c', 'd', 'e', 'f', 'g-mfa', 'g', 'h-default', 'h'] as const;
const linkedLines = [
  ...['role_arn = arn:aws:iam::444455556666:role/r\n', 'role_arn = arn:aws:iam::777788889999:role/team/s\n', ''],
  ...[...alike, 'a', 'b', 'b-default'].map((name) => `source_profile = ${name}\n`),
  ...['credential_source = Environment\n', 'web_identity_token_file = /token\n', 'cli_pager =\n', 'output = json\n'],
  ...['external_id = 12\n', 'external_id = 1\n', 'role_session_name = ana\n', 'duration_seconds = 900\n', ''],
  ...[
    'duration_seconds = 99\n',
    'duration_seconds = 50000\n',
    'sso_session = s\n',
    'role_arn = arn:aws:iam::1:role/r\n',
  ],
];
const alikeFile = (prefix: string) =>
  fc
    .array(
      fc.tuple(
        fc.uniqueArray(fc.constantFrom(...alike), { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom(...linkedLines, ...lines), { maxLength: 4 }),
        fc.array(fc.constantFrom('', '', '', '# c\n', '\n', 'region = us-east-2\n', ...linkedLines.slice(0, 2)), {
          maxLength: 4,
        }),
      ),
      { maxLength: 3 },
    )
    .map((groups) =>
      groups
        .flatMap(([names, body, further]) =>
          names.map((name, index) => `[${prefix}${name}]\n${body.join('')}${further[index] ?? ''}`),
        )
        .join(''),
    );
const anyFile = (prefix: string) =>
  fc
    .tuple(fileOf(prefix), alikeFile(prefix), fc.boolean())
    .map(([one, other, swap]) => (swap ? other + one : one + other));

test('rows agree with what the program reads of each profile by itself', () => {
  const now = new Date();
  fc.assert(
    fc.property(anyFile(''), anyFile('profile '), (credentials, config) => {
      const files = filesOf(credentials, config);
      for (const [name, profile] of readAllProfiles(indexFiles(files))) {
        const alone = attempt(() => readProfile(filesOf(credentials, config), name));
        assert.deepEqual(readRow(name, profile, now, undefined), readRow(name, alone, now, undefined));
      }
      // What is in no row of its own is a source or a place for a session, by its name.
      const all = Array.from(readAllProfiles(indexFiles(files)), ([name]) => name);
      assert.deepEqual(
        Array.from(readAllProfiles(files), ([name]) => name),
        all,
      );
      for (const name of names) {
        const profile = attempt(() => readProfile(files, name));
        if (isUserError(profile) || !profile.own.exists || all.includes(name)) continue;
        assert.match(name, /-(default|long-term|permanent|mfa)$/);
      }
    }),
    { numRuns: 1000 },
  );
});
