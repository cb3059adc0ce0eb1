/** Profiles that log in without an MFA code: refused with the commands that serve them, and never told to make keys. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readProfile } from '../src/profile.ts';
import { requireSource } from '../src/settings.ts';
import { makeHome, runMfaEnv, savedLines } from './harness.ts';
import { filesOf } from './temp-folder.ts';

const role = 'role_arn = arn:aws:iam::444455556666:role/admin\n';
const key =
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n';

/** @param opens What the hint begins with, in which NAME is the profile. */
const logins: [title: string, lines: string, says: RegExp, opens: string][] = [
  [
    'login_session',
    'login_session = arn:aws:iam::1:user/x\n',
    /NAME logs in by aws login/,
    'type aws login --profile NAME, then',
  ],
  ['sso_session', 'sso_session = corp\n', /NAME logs in by SSO/, 'type aws sso login --profile NAME, then'],
  ['sso_start_url', 'sso_start_url = https://x\n', /NAME logs in by SSO/, 'type aws sso login --profile NAME, then'],
  ['sso_role_name alone', 'sso_role_name = x\n', /NAME logs in by SSO/, 'type aws sso login --profile NAME, then'],
  ['sso_region alone', 'sso_region = x\n', /NAME logs in by SSO/, 'type aws sso login --profile NAME, then'],
  [
    'web identity',
    `${role}web_identity_token_file = /t\n`,
    /NAME logs in by web identity/,
    'let the AWS CLI use it, aws --profile NAME, or',
  ],
  [
    'web identity without a role',
    'web_identity_token_file = /t\n',
    /NAME logs in by web identity/,
    'let the AWS CLI use it, aws --profile NAME, or',
  ],
  [
    'credential_source',
    `${role}credential_source = Environment\n`,
    /NAME has its keys from Environment/,
    'let the AWS CLI use it, aws --profile NAME, or',
  ],
  [
    'credential_source without a role',
    'credential_source = Environment\n',
    /NAME has its keys from Environment/,
    'let the AWS CLI use it, aws --profile NAME, or',
  ],
];

const named = (pattern: string, name: string) => pattern.replaceAll('NAME', name);

/** What no user of such a login may be told. */
const keyAdvice = /aws_access_key_id|aws_secret_access_key|access key|mfa-env setup|long-/i;

async function assertRefused(config: string, words: string[], says: RegExp, hint: string) {
  const home = makeHome({ config });
  const { status, stdout, stderr } = await runMfaEnv(words, home.env);
  assert.deepEqual([status, stdout], [1, words[0] === 'setup' ? '' : 'false;\n'], stderr);
  assert.match(stderr, new RegExp(`^mfa-env: error: \\S+/config:\\d+: ${says.source}, without an MFA code for STS\n`));
  assert.ok(stderr.includes(`\nmfa-env: hint: ${hint}\n`), stderr);
  assert.doesNotMatch(stderr, keyAdvice);
}

for (const [title, lines, says, opens] of logins)
  suite(title, { concurrency: 2 }, () => {
    const ofX = new RegExp(named(says.source, 'x'));
    const load = `${named(opens, 'x')}${opens.endsWith('or') ? ' type' : ''} aws configure export-credentials --profile x --format env`;
    const recipe = (by: string) =>
      `${named(opens, 'x')} add [profile x-session] with credential_process = ` +
      `aws configure export-credentials --profile x --format process, and write source_profile = x-session in [profile ${by}]`;

    test('is refused', () => assertRefused(`[profile x]\n${lines}`, ['x', '123456'], ofX, load));
    test('is refused by setup', () => assertRefused(`[profile x]\n${lines}`, ['setup', 'x'], ofX, load));
    test('is refused as the source of a role', () =>
      assertRefused(
        `[profile admin]\n${role}source_profile = x\n[profile x]\n${lines}`,
        ['admin', '123456'],
        ofX,
        recipe('admin'),
      ));
    test('is refused as the source of another profile', () =>
      assertRefused(
        `[profile prod]\nsource_profile = x\n[profile x]\n${lines}`,
        ['prod', '123456'],
        ofX,
        recipe('prod'),
      ));
    test('is refused at the end of a chain', () => {
      const config = `[profile far]\n${role}source_profile = admin\n[profile admin]\n${role}source_profile = x\n[profile x]\n${lines}`;
      return assertRefused(config, ['far', '123456'], ofX, recipe('admin'));
    });
    test('is refused as the source by its name', () => {
      const ofDefault = new RegExp(named(says.source, 'x-default'));
      const hint = `${named(opens, 'x-default')} add [profile x-default-session] with credential_process = aws configure export-credentials --profile x-default --format process, and write source_profile = x-default-session in [profile x]`;
      return assertRefused(`[profile x-default]\n${lines}`, ['x', '123456'], ofDefault, hint);
    });

    test('is listed as what it is', async () => {
      const home = makeHome({ config: `[profile x]\n${lines}` });
      const [row] = JSON.parse((await runMfaEnv(['list', '--json'], home.env)).stdout);
      const login = /^(login|sso|web|credential)/.exec(title)?.[0];
      assert.equal(
        row.login,
        { login: 'login', sso: 'sso', web: 'web_identity', credential: 'credential_source' }[login ?? ''],
      );
      assert.equal(row.problem, null);
    });

    test('is no fault for the doctor, which names the command', async () => {
      const home = makeHome({ config: `[profile x]\n${lines}` });
      const { status, stdout } = await runMfaEnv(['doctor', 'x', '--json'], home.env);
      assert.equal(status, 0);
      const findings = JSON.parse(stdout).findings.filter(({ profile }: { profile: string }) => profile === 'x');
      assert.deepEqual(
        findings.map(({ level, hint }: { level: string; hint: string }) => [level, hint]),
        [['warning', load]],
      );
      assert.doesNotMatch(JSON.stringify(findings), keyAdvice);
    });
  });

test('the table names aws login', async () => {
  const home = makeHome({ config: '[profile x]\nlogin_session = arn:aws:iam::1:user/x\n' });
  assert.match((await runMfaEnv(['list'], home.env)).stdout, /^x .* no MFA \(login\)$/m);
});

const both: [title: string, credentials: string, config: string, refused: RegExp | undefined][] = [
  ['SSO and keys', `[prod]\n${key}`, '[profile prod]\nsso_session = x\n', /^config:2: prod logs in by SSO/],
  [
    'web identity and keys',
    `[prod]\n${key}`,
    '[profile prod]\nweb_identity_token_file = x\n',
    /logs in by web identity/,
  ],
  ['aws login and keys in the config file', '', `[profile prod]\nlogin_session = x\n${key}`, /logs in by aws login/],
  // All of AWS's tools take these keys.
  ['aws login and keys in the credentials file', `[prod]\n${key}`, '[profile prod]\nlogin_session = x\n', undefined],
  [
    'aws login and a command',
    '',
    '[profile prod]\nlogin_session = x\ncredential_process = c\n',
    /logs in by aws login/,
  ],
  [
    'a command and keys in the config file',
    '',
    `[profile prod]\n${key}credential_process = c\n`,
    /^config:4: prod has a credential_process and keys in the config file, and AWS tools disagree/,
  ],
  // All of AWS's tools take these keys, too.
  [
    'a command and keys in the credentials file',
    `[prod]\n${key}`,
    '[profile prod]\ncredential_process = c\n',
    undefined,
  ],
  ['SSO and a command', '', '[profile prod]\nsso_session = x\ncredential_process = c\n', /logs in by SSO/],
  ['SSO, and keys in the source', `[prod-default]\n${key}`, '[profile prod]\nsso_session = x\n', undefined],
  [
    'web identity, a role and a source',
    `[team]\n${key}`,
    `[profile prod]\n${role}source_profile = team\nweb_identity_token_file = x\n`,
    /logs in by web identity/,
  ],
  [
    'SSO and keys in the source of a role',
    `[team]\n${key}`,
    `[profile prod]\n${role}source_profile = team\n[profile team]\nsso_session = x\n`,
    /^config:5: team logs in by SSO/,
  ],
];

for (const [title, credentials, config, refused] of both)
  test(`${title}: ${refused ? "refused, since AWS's tools may take another identity" : 'the keys are used'}`, () => {
    const find = () => requireSource(readProfile(filesOf(credentials, config), 'prod'));
    if (refused) assert.throws(find, { message: refused });
    else assert.ok('accessKeyId' in find());
  });

for (const line of ['login_session = x', 'sso_role_name = x', 'web_identity_token_file = x'])
  test(`a session is not saved into the section that ${line} hides`, () => {
    const { session, saved } = readProfile(
      filesOf(`[prod]\n${savedLines()}[prod-default]\n${key}`, `[profile prod]\n${line}\n`),
      'prod',
    );
    assert.deepEqual([session.name, saved().session], ['prod-mfa', undefined]);
  });
