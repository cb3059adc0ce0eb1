/** Profiles with a role: one code for every role behind a device. */

import assert from 'node:assert/strict';

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Home, makeHome, program, runMfaEnv, savedLines, sectionsOf, start } from './harness.ts';
import { sitDown } from './pty.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };

/** A user with `[prod-default]` and `[prod]`, and roles that trust the user, each with its lines in the config file. */
function makeRoles(roles: Record<string, string>, { more = '', credentials = '' } = {}) {
  const user = sts.addUser();
  const arns: Record<string, string> = {};
  const sections = Object.entries(roles).map(([name, lines]) => {
    const role = sts.addRole({
      name,
      trusts: [user.arn, ...Object.values(arns)],
      mfaRequired: !lines.includes('# chained'),
    });
    arns[name] = role.arn;
    return `[profile ${name}]\nrole_arn = ${role.arn}\n${lines}\n`;
  });
  const home = makeHome(
    { credentials: sectionsOf('prod', user, more) + credentials, config: sections.join('\n') },
    { AWS_ENDPOINT_URL_STS: sts.url },
  );
  return { user, home, arns };
}

/** The actions of a user's requests, by the id of the key that signed, and those of the user's sessions. */
function actionsOf(user: StsUser, home: Home, since = 0) {
  const ids = [user.accessKeyId, ...idsIn(home), ...sts.sessions.map(({ accessKeyId }) => accessKeyId)];
  return sts.requests
    .slice(since)
    .filter(({ headers }) => ids.some((id) => headers.authorization?.includes(id)))
    .map(({ action, outcome }) => (outcome === 'OK' ? action : `${action}: ${outcome}`));
}

function idsIn(home: Home): string[] {
  return [...home.credentials().matchAll(/aws_access_key_id = (\S+)/g)].map(([, id = '']) => id);
}

function sectionsWithToken(home: Home): string[] {
  return home
    .credentials()
    .split(/^(?=\[)/m)
    .filter((section) => section.includes('aws_session_token'))
    .map((section) => section.slice(1, section.indexOf(']')));
}

const exported = (stdout: string, name: string) => new RegExp(`export ${name}='([^']*)'`).exec(stdout)?.[1];

suite('one at a time, since the requests are counted', { concurrency: 1 }, () => {
  test('one code serves every role behind the device', async () => {
    const lines = 'source_profile = prod-default\nregion = eu-west-1';
    const { user, home, arns } = makeRoles({ admin: lines, audit: lines });
    let since = sts.requests.length;
    const first = await runMfaEnv(['admin', sts.code(user), '--save'], home.env);
    assert.equal(first.status, 0, first.stderr);
    assert.deepEqual(actionsOf(user, home, since), ['GetSessionToken', 'AssumeRole']);
    const issued = sts.sessions.find(({ accessKeyId }) => accessKeyId === exported(first.stdout, 'AWS_ACCESS_KEY_ID'));
    assert.match(issued?.principal.arn ?? '', /assumed-role\/admin\/ana$/);
    assert.equal(exported(first.stdout, 'MFA_ENV_PROFILE'), 'admin');
    assert.equal(exported(first.stdout, 'AWS_REGION'), 'eu-west-1');

    since = sts.requests.length;
    const second = await runMfaEnv(['audit', '--save'], home.env);
    assert.equal(second.stderr.match(/sts is called at http/g)?.length, 1);
    assert.equal(first.stderr.match(/sts is called at http/g)?.length, 1);
    assert.deepEqual([second.status, actionsOf(user, home, since)], [0, ['AssumeRole']], second.stderr);
    assert.deepEqual(sectionsWithToken(home).sort(), ['admin-mfa', 'audit-mfa', 'prod']);

    since = sts.requests.length;
    const third = await runMfaEnv(['admin'], home.env);
    assert.deepEqual([third.stdout, sts.requests.length], [first.stdout, since]);
    const base = await runMfaEnv(['prod'], home.env);
    assert.deepEqual([base.status, sts.requests.length], [0, since]);
    assert.ok(arns.admin);
  });

  test('what the profile says of the role is sent', async () => {
    const { user, home } = makeRoles({
      admin: 'source_profile = prod\nrole_session_name = ci@host\nduration_seconds = 1800',
    });
    const since = sts.requests.length;
    await runMfaEnv(['admin', sts.code(user)], home.env);
    const [, request] = sts.requests.slice(since);
    assert.equal(request?.parameters.RoleSessionName, 'ci@host');
    assert.equal(request?.parameters.DurationSeconds, '1800');
    assert.equal(request?.parameters.TokenCode, undefined);
    assert.deepEqual(sectionsWithToken(home), []);
  });

  test('a role over an hour is assumed with the code itself', async () => {
    const user = sts.addUser();
    const role = sts.addRole({ trusts: [user.arn], mfaRequired: true, maxSessionSeconds: 7200, externalId: 'ours' });
    const config = `[profile admin]\nrole_arn = ${role.arn}\nsource_profile = prod-default\nexternal_id = ours\nduration_seconds = 2h\n`;
    const home = makeHome({ credentials: sectionsOf('prod', user), config }, { AWS_ENDPOINT_URL_STS: sts.url });
    const since = sts.requests.length;
    const { status, stderr } = await runMfaEnv(['admin', sts.code(user), '--save'], home.env);
    assert.equal(status, 0, stderr);
    const [request, ...more] = sts.requests.slice(since);
    assert.deepEqual([request?.action, request?.parameters.DurationSeconds, more], ['AssumeRole', '7200', []]);
    assert.equal(request?.parameters.ExternalId, 'ours');
    assert.deepEqual(sectionsWithToken(home), ['admin-mfa']);
  });

  test('a chain of roles', async () => {
    const { user, home } = makeRoles({
      jump: 'source_profile = prod',
      admin: 'source_profile = jump # chained\nregion = eu-west-1',
    });
    const since = sts.requests.length;
    const { status, stderr } = await runMfaEnv(['admin', sts.code(user), '--save'], home.env);
    assert.equal(status, 0, stderr);
    assert.deepEqual(actionsOf(user, home, since), ['GetSessionToken', 'AssumeRole', 'AssumeRole']);
    assert.deepEqual(sectionsWithToken(home).sort(), ['admin-mfa', 'jump-mfa', 'prod']);
    const long = await runMfaEnv(['admin', '--duration', '2h', sts.code(user, 1)], home.env);
    assert.deepEqual([long.status, long.stdout], [1, 'false;\n']);
    assert.match(long.stderr, /admin is a role behind a role, which aws gives 1h at most/);
  });

  test('many at once, with a command for the code, are one session, and each role is assumed once', async () => {
    const { user, home } = makeRoles({ admin: 'source_profile = prod', audit: 'source_profile = prod-default' });
    const file = join(home.path, 'code');
    writeFileSync(file, sts.code(user));
    const config = join(home.path, '.aws/config');
    writeFileSync(config, `${readFileSync(config, 'utf8')}[profile prod-default]\nmfa_process = cat ${file}\n`);
    const since = sts.requests.length;
    const ended = await Promise.all(
      ['admin', 'audit', 'admin', 'audit'].map((name) => runMfaEnv([name, '--save'], home.env)),
    );
    assert.deepEqual(
      ended.map(({ status }) => status),
      [0, 0, 0, 0],
      ended.map(({ stderr }) => stderr).join(),
    );
    assert.deepEqual(actionsOf(user, home, since).sort(), ['AssumeRole', 'AssumeRole', 'GetSessionToken']);
  });

  for (const [title, give] of [
    ['a code', (user: StsUser) => [sts.code(user)]],
    ['a saved session behind the role', () => []],
  ] as const)
    test(`the same role many times at once with ${title} is assumed once`, async () => {
      const { user, home } = makeRoles({ jump: 'source_profile = prod', admin: 'source_profile = jump # chained' });
      if (give(user).length === 0) await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
      const since = sts.requests.length;
      const words = ['admin', ...give(user), '--save'];
      const ended = await Promise.all([1, 2, 3, 4].map(() => runMfaEnv(words, home.env)));
      assert.deepEqual(
        ended.map(({ status, stdout }) => [status, stdout]),
        Array(4).fill([0, ended[0]?.stdout]),
        ended.map(({ stderr }) => stderr).join(),
      );
      const got = give(user).length > 0 ? ['GetSessionToken'] : [];
      assert.deepEqual(actionsOf(user, home, since), [...got, 'AssumeRole', 'AssumeRole']);
    });

  test('a code that is still to be typed into standard input keeps nobody waiting', async () => {
    const { user, home } = makeRoles({ admin: 'source_profile = prod' });
    const typing = start(process.execPath, [program, 'admin', '--save', '-'], home.env, null);
    // Nothing shows that it waits.
    await setTimeout(1500);
    const begin = performance.now();
    const { status, stderr } = await runMfaEnv(['admin', sts.code(user), '--save'], home.env);
    assert.equal(status, 0, stderr);
    assert.ok(performance.now() - begin < 10_000);
    typing.kill('SIGTERM');
    await typing.ended;
  });

  test('what the others save and would not do is not waited for', async () => {
    const { user, home } = makeRoles({ admin: 'source_profile = prod' });
    await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
    sts.fault('slow', { milliseconds: 3000, times: 4 });
    const begin = performance.now();
    const words = ['admin', '--save', '--min-ttl', '2h', '--no-prompt'];
    const ended = await Promise.all([1, 2, 3, 4].map(() => runMfaEnv(words, home.env)));
    assert.deepEqual(
      ended.map(({ status }) => status),
      [0, 0, 0, 0],
      ended.map(({ stderr }) => stderr).join(),
    );
    assert.ok(performance.now() - begin < 9000);
  });

  test('many at once with keys beside the role are one call of each', async () => {
    const user = sts.addUser();
    const { arn } = sts.addRole({ trusts: [user.arn], mfaRequired: true });
    const keys = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
    const credentials = `[admin]\n${keys}role_arn = ${arn}\nsource_profile = admin\nmfa_serial = ${user.device.serialNumber}\n`;
    const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
    const since = sts.requests.length;
    const words = ['admin', sts.code(user), '--save'];
    const ended = await Promise.all([1, 2, 3, 4].map(() => runMfaEnv(words, home.env)));
    assert.deepEqual(
      ended.map(({ status }) => status),
      [0, 0, 0, 0],
      ended.map(({ stderr }) => stderr).join(),
    );
    assert.deepEqual(actionsOf(user, home, since), ['GetSessionToken', 'AssumeRole']);
  });

  test('a prompt ends where another terminal saves the session behind the role', async () => {
    const { user, home } = makeRoles({ admin: 'source_profile = prod-default' });
    const person = sitDown('sh', ['-c', 'mfa-env admin --save >out; echo "ended with $?"'], home.env);
    await person.see(`MFA code for admin (ana in ${user.account})`);
    const other = await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
    assert.equal(other.status, 0, other.stderr);
    await person.see(/mfa-env: admin in \d+: a new session for 1h[\s\S]*ended with 0/);
    assert.deepEqual(sectionsWithToken(home).sort(), ['admin-mfa', 'prod']);
  });

  test("--duration is the role's, and needs no code; --force does", async () => {
    const { user, home } = makeRoles({ admin: 'source_profile = prod' }, { more: '' });
    await runMfaEnv(['admin', sts.code(user), '--save'], home.env);
    const since = sts.requests.length;
    const short = await runMfaEnv(['admin', '--duration', '15m'], home.env);
    assert.deepEqual([short.status, actionsOf(user, home, since)], [0, ['AssumeRole']], short.stderr);
    assert.equal(sts.requests.at(-1)?.parameters.DurationSeconds, '900');
    const forced = await runMfaEnv(['admin', '--force', '--no-prompt'], home.env);
    assert.equal(forced.status, 3);
  });
});

const placements: [title: string, roles: Record<string, string>, credentials: string, expected: string[]][] = [
  ['prod, of which the source is the keys', { admin: 'source_profile = prod-default' }, '', ['admin-mfa', 'prod']],
  ['prod itself', { admin: 'source_profile = prod' }, '', ['admin-mfa', 'prod']],
  [
    'its own place, where prod is a role',
    { prod: 'source_profile = prod-default' },
    '',
    ['prod-default-mfa', 'prod-mfa'],
  ],
  [
    'its own place, where prod has another source',
    { admin: 'source_profile = prod-default' },
    'source_profile = other\n[other]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n',
    ['admin-mfa', 'prod-default-mfa'],
  ],
];

suite('the session behind the role is kept as that of', inParallel, () => {
  for (const [title, roles, more, expected] of placements)
    test(title, async () => {
      const { user, home } = makeRoles(roles, { more });
      const [name = ''] = Object.keys(roles);
      const words = [name, sts.code(user), '--save', '--serial', user.device.serialNumber];
      const { status, stderr } = await runMfaEnv(words, home.env);
      assert.equal(status, 0, stderr);
      assert.deepEqual(sectionsWithToken(home).sort(), expected);
    });

  test('none, where the keys stand beside the role', async () => {
    const user = sts.addUser();
    const { arn } = sts.addRole({ trusts: [user.arn], mfaRequired: true });
    const keys = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
    const credentials = `[admin]\n${keys}role_arn = ${arn}\nsource_profile = admin\nmfa_serial = ${user.device.serialNumber}\n`;
    const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
    const { status, stderr } = await runMfaEnv(['admin', sts.code(user), '--save'], home.env);
    assert.equal(status, 0, stderr);
    assert.deepEqual(sectionsWithToken(home), ['admin-mfa']);
    assert.ok(home.credentials().startsWith(credentials));
  });
});

const arn = 'arn:aws:iam::111122223333:role/admin';

test("a prompt does not end with another profile's session", async () => {
  const user = sts.addUser();
  const keys = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
  const own = `[prod]\n${keys}mfa_serial = ${user.device.serialNumber}\n[prod-mfa]\nsource_profile = other\n`;
  const home = makeHome({ credentials: own }, { AWS_ENDPOINT_URL_STS: sts.url });
  const person = sitDown('sh', ['-c', 'mfa-env prod >out; echo "ended with $?"; cat out'], home.env);
  await person.see('MFA code for prod');
  writeFileSync(home.credentialsFile, own + savedLines(), { mode: 0o600 });
  // Longer than the prompt takes to see a change.
  await setTimeout(1500);
  assert.doesNotMatch(person.screen(), /ended/);
  person.type(`${sts.code(user)}\r`);
  const shown = await person.see(/ended with 0[\s\S]*AWS_SESSION_TOKEN='[^']*'/);
  assert.doesNotMatch(shown, /token\/\/of/);
  await person.ended;
});

test("a session that is another profile's is not forgotten", async () => {
  const keys = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n';
  const home = makeHome({ credentials: `[prod]\n${keys}[prod-mfa]\nsource_profile = other\n${savedLines()}` });
  const before = home.credentials();
  const { status, stderr } = await runMfaEnv(['forget', 'prod'], home.env);
  assert.deepEqual([status, home.credentials()], [0, before]);
  assert.match(stderr, /^There is no saved session of prod in /);
});

test("the section for a session is not another profile's", async () => {
  const ana = sts.addUser();
  const bob = sts.addUser();
  const keysOf = ({ accessKeyId, secretAccessKey, device: { serialNumber } }: StsUser) =>
    `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\nmfa_serial = ${serialNumber}\n`;
  for (const [credentials, config, place] of [
    [`[prod]\n${keysOf(ana)}[prod-mfa]\nsource_profile = other\n[other]\n${keysOf(bob)}`, '', 'source_profile'],
    [`[prod]\n${keysOf(ana)}`, `[profile prod-mfa]\n${keysOf(bob)}`, 'aws_access_key_id'],
    [`[prod]\n${keysOf(ana)}`, '[profile prod-mfa]\ncredential_process = x', 'credential_process'],
    [`[prod]\n${keysOf(ana)}[prod-mfa-default]\n${keysOf(bob)}`, '', 'prod-mfa-default'],
  ] as const) {
    const home = makeHome({ credentials, config }, { AWS_ENDPOINT_URL_STS: sts.url });
    const { status, stderr } = await runMfaEnv(['prod', sts.code(ana), '--save'], home.env);
    assert.deepEqual([status, ana.device.usedStep, home.credentials()], [1, 0, credentials], place);
    assert.match(
      stderr,
      /\[prod-mfa\].* is a profile of its own, so the session of prod cannot be saved there\n.*hint: rename/,
    );
  }
});

test("keys in the source win over its own role, as with AWS's tools", async () => {
  const user = sts.addUser();
  const jump = sts.addRole({ name: 'jump', trusts: [user.arn] });
  const admin = sts.addRole({ name: 'admin', trusts: [user.arn] });
  const keys = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
  const credentials = `[jump]\n${keys}mfa_serial = ${user.device.serialNumber}\n`;
  const config = `[profile jump]\nrole_arn = ${jump.arn}\nsource_profile = jump\n[profile admin]\nrole_arn = ${admin.arn}\nsource_profile = jump\n`;
  const home = makeHome({ credentials, config }, { AWS_ENDPOINT_URL_STS: sts.url });
  const { status, stderr } = await runMfaEnv(['admin', sts.code(user), '--save'], home.env);
  assert.equal(status, 0, stderr);
  assert.deepEqual(sectionsWithToken(home), ['admin-mfa']);
});

test('what the profile of the role says counts: mfa_process, and whether to save', async () => {
  const { user, home } = makeRoles({ admin: 'source_profile = prod-default' }, { more: 'mfa_env_save = true\n' });
  const config = join(home.path, '.aws/config');
  writeFileSync(config, `${readFileSync(config, 'utf8').trim()}\nmfa_process = echo ${sts.code(user)}\n`);
  const { status, stderr } = await runMfaEnv(['admin'], home.env);
  assert.equal(status, 0, stderr);
  assert.deepEqual(sectionsWithToken(home), ['prod']);
});

const words: [title: string, ofRole: string, ofBase: string, saved: string[]][] = [
  ['of the role alone', 'true', '', ['prod', 'admin-mfa']],
  ['of both', 'true', 'false', ['admin-mfa']],
  ['of both, the other way round', 'false', 'true', ['prod']],
  ['of the role against it', 'false', '', []],
];

suite('sessions are saved by the mfa_env_save', inParallel, () => {
  for (const [title, ofRole, ofBase, saved] of words)
    test(title, async () => {
      const { user, home } = makeRoles(
        { admin: `source_profile = prod-default\nmfa_env_save = ${ofRole}` },
        { more: ofBase && `mfa_env_save = ${ofBase}\n` },
      );
      const { status, stderr } = await runMfaEnv(['admin', sts.code(user)], home.env);
      assert.equal(status, 0, stderr);
      assert.deepEqual(sectionsWithToken(home), saved);
    });
});

test('by the word of a role alone nothing is refused: a session that has no place is used unsaved', async () => {
  const { user, home } = makeRoles({ 'prod-mfa': 'source_profile = prod\nmfa_env_save = true' }, { more: '' });
  writeFileSync(
    home.credentialsFile,
    home
      .credentials()
      .replace(/\[prod\]\n/, '')
      .replace('[prod-default]', '[prod]'),
  );
  const { status, stderr } = await runMfaEnv(['prod-mfa', sts.code(user)], home.env);
  assert.equal(status, 0, stderr);
  assert.deepEqual(sectionsWithToken(home), ['prod-mfa-mfa']);
});

test('a role whose name speaks of MFA is not a refused code', async () => {
  const user = sts.addUser();
  const lines = `role_arn = arn:aws:iam::111122223333:role/RequireMultiFactorAuthentication\nsource_profile = prod\n`;
  const home = makeHome(
    { credentials: sectionsOf('prod', user), config: `[profile admin]\n${lines}` },
    { AWS_ENDPOINT_URL_STS: sts.url },
  );
  const { status, stderr } = await runMfaEnv(['admin', sts.code(user)], home.env);
  assert.equal(status, 1);
  assert.match(stderr, /aws does not let the user of prod assume/);
});

const refusals: [title: string, config: string, message: RegExp, hint: RegExp][] = [
  [
    'no source',
    `[profile admin]\nrole_arn = ${arn}`,
    /admin has role_arn, and no source_profile/,
    /source_profile = NAME/,
  ],
  [
    'a source that is not there',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = prdo`,
    /there is no profile prdo/,
    /did you mean prod/,
  ],
  [
    'a circle',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = b\n[profile b]\nrole_arn = ${arn}\nsource_profile = admin`,
    /go round in a circle: admin → b → admin/,
    /long-lived keys/,
  ],
  [
    'credential_source',
    `[profile admin]\nrole_arn = ${arn}\ncredential_source = Ec2InstanceMetadata`,
    /config:3: admin has its keys from Ec2InstanceMetadata/,
    /aws --profile admin/,
  ],
  [
    'SSO behind it',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = corp\n[profile corp]\nsso_session = x`,
    /config:5: corp logs in by SSO/,
    /aws sso login --profile corp/,
  ],
  [
    'web identity behind it',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = pod\n[profile pod]\nweb_identity_token_file = x`,
    /pod logs in by web identity/,
    /aws --profile pod/,
  ],
  ['SSO', '[profile admin]\nsso_start_url = x', /admin logs in by SSO/, /aws sso login --profile admin/],
  [
    'a source of a plain profile that is a role',
    `[profile admin]\nsource_profile = b\n[profile b]\nrole_arn = ${arn}`,
    /b is a role, and cannot be the source/,
    /source_profile of admin/,
  ],
  [
    'an ARN that is none',
    '[profile admin]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = prod',
    /role_arn has an account ID that is not 12 digits/,
    /role\/NAME/,
  ],
  [
    'a role of another partition than the device',
    '[profile admin]\nrole_arn = arn:aws-cn:iam::444455556666:role/admin\nsource_profile = prod',
    /role_arn at \S+config:2 belongs to the partition aws-cn, but the device at \S+credentials:\d+ to aws/,
    /name only what belongs to aws/,
  ],
  [
    'a role of another partition behind the role',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = jump\n[profile jump]\nrole_arn = arn:aws-us-gov:iam::444455556666:role/jump\nsource_profile = prod`,
    /role_arn at \S+config:5 belongs to the partition aws-us-gov, but the device at/,
    /name only what belongs to aws/,
  ],
  [
    'a region of another partition',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = prod\nregion = cn-north-1`,
    /the region cn-north-1 at \S+config:4 belongs to the partition aws-cn, but the device at/,
    /name only what belongs to aws/,
  ],
  [
    'several devices',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = prod\nmfa_serial = arn:aws:iam::111122223333:mfa/a,arn:aws:iam::111122223333:mfa/b`,
    /config:4: \S+ names more than one device/,
    /the codes you type/,
  ],
  [
    'a session name that is too short',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = prod\nrole_session_name = a`,
    /config:4: role_session_name has 1 character, not 2 to 64/,
    /change it/,
  ],
  [
    'an external id that is none',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = prod\nexternal_id = a b`,
    /config:4: external_id has characters that AWS does not allow: spaces/,
    /letters/,
  ],
  [
    'too long a life',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = prod\nduration_seconds = 13h`,
    /config:4: duration_seconds is 13h, and a role's session lives 15m to 12h/,
    /limit/,
  ],
  [
    'a life that is none',
    `[profile admin]\nrole_arn = ${arn}\nsource_profile = prod\nduration_seconds = long`,
    /config:4: "long" is not a duration/,
    /45m/,
  ],
];

suite('refused before a code is spent:', inParallel, () => {
  for (const [title, config, message, hint] of refusals)
    test(title, async () => {
      const user = sts.addUser();
      const home = makeHome({ credentials: sectionsOf('prod', user), config }, { AWS_ENDPOINT_URL_STS: sts.url });
      const { status, stdout, stderr } = await runMfaEnv(['admin', sts.code(user)], home.env);
      assert.deepEqual([status, stdout], [1, 'false;\n'], stderr);
      assert.match(stderr, message);
      assert.match(stderr, new RegExp(`hint: .*${hint.source}`));
      assert.equal(user.device.usedStep, 0);
    });
});

const answers: [title: string, role: Parameters<typeof sts.addRole>[0] | undefined, words: string[], says: RegExp][] = [
  [
    'does not trust the user',
    { trusts: ['arn:aws:iam::999988887777:root'] },
    [],
    /aws does not let the user of prod assume arn:\S+\n.*hint: .*check role_arn and external_id of admin too/,
  ],
  ['wants an external id', { trusts: [], externalId: 'theirs' }, [], /aws does not let the user of prod assume/],
  ['does not exist', undefined, [], /aws does not let the user of prod assume/],
  ['gives one hour', { trusts: [] }, ['--duration', '2h'], /gives no session of 2h\n.*hint: ask for less/],
];

suite('the role', inParallel, () => {
  for (const [title, options, words, says] of answers)
    test(title, async () => {
      const user = sts.addUser();
      const role =
        options && sts.addRole({ ...options, trusts: options.trusts.length > 0 ? options.trusts : [user.arn] });
      const config = `[profile admin]\nrole_arn = ${role?.arn ?? arn}\nsource_profile = prod\n`;
      const home = makeHome({ credentials: sectionsOf('prod', user), config }, { AWS_ENDPOINT_URL_STS: sts.url });
      const { status, stderr } = await runMfaEnv(['admin', sts.code(user), ...words], home.env);
      assert.equal(status, 1);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, new RegExp(user.accessKeyId));
    });

  test('is told where AWS no longer knows the saved session behind it', async () => {
    const { home } = makeRoles({ admin: 'source_profile = prod' }, { more: savedLines() });
    const { status, stderr } = await runMfaEnv(['admin'], home.env);
    assert.equal(status, 1);
    assert.match(stderr, /aws does not take the session of prod any more\n.*hint: get another: mfa-env admin CODE/);
    assert.doesNotMatch(stderr, /token\/\/of|ASIASAVED/);
  });
});
