/** A `credential_process` that prints a session: no code is needed, and the session is never saved as the profile's own. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { formatTime, type Home, makeHome, program, run, runMfaEnv, type SavedSession, savedLines } from './harness.ts';
import { sitDown } from './pty.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';
import type { StsSession } from './sts/world.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };
const inTwoHours = new Date(Math.floor(Date.now() / 1000) * 1000 + 7_200_000);

/** A session as another tool got it: STS knows it. */
function issue(user: StsUser): StsSession {
  const session = {
    accessKeyId: `ASIA${user.accessKeyId.slice(4)}`,
    secretAccessKey: 'secret/of+the/printed/session',
    sessionToken: 'token//of+the+printed+session==',
    expiresAt: inTwoHours,
    mfa: true,
    principal: user,
  };
  sts.sessions.push(session);
  return session;
}

type Output = Record<string, unknown>;

const outputOf = (session: SavedSession, more: Output = {}): Output => ({
  Version: 1,
  AccessKeyId: session.accessKeyId,
  SecretAccessKey: session.secretAccessKey,
  SessionToken: session.sessionToken,
  Expiration: formatTime(session.expiresAt),
  ...more,
});

/**
 * A home with a command that prints a session and counts its runs.
 *
 * @param config In which COMMAND is the command, ROLE the ARN of a role that trusts the user, LONG that of one for 2 h.
 */
function arrive(config: string, { more = {}, credentials = '' }: { more?: Output; credentials?: string } = {}) {
  const user = sts.addUser();
  const session = issue(user);
  const role = sts.addRole({ trusts: [user.arn], mfaRequired: true, maxSessionSeconds: 7200 });
  const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
  const command = join(home.path, 'bin/broker');
  writeFileSync(join(home.path, 'output'), JSON.stringify(outputOf(session, more)));
  const script = `#!/bin/sh\necho run >>"${home.path}/runs"\nenv >"${home.path}/environment"\ncat "${home.path}/output"\n`;
  writeFileSync(command, script, { mode: 0o755 });
  const text = config.replaceAll('COMMAND', command).replaceAll('ROLE', role.arn);
  writeFileSync(home.configFile, text, { mode: 0o600 });
  return { user, session, role, home };
}

function runsOf(home: Home): number {
  try {
    return readFileSync(join(home.path, 'runs'), 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
}

/** What STS was asked with the keys of the user, or of any session. */
function actionsSince(since: number): string[] {
  return sts.requests.slice(since).map(({ action, outcome }) => (outcome === 'OK' ? action : `${action}: ${outcome}`));
}

const exported = (stdout: string, name: string) => new RegExp(`export ${name}='([^']*)'`).exec(stdout)?.[1];

function assertIsSession(stdout: string, session: SavedSession): void {
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'];
  assert.deepEqual(
    names.map((name) => exported(stdout, name)),
    [session.accessKeyId, session.secretAccessKey, session.sessionToken, formatTime(session.expiresAt)],
  );
}

const own = '[profile prod]\ncredential_process = COMMAND\n';
const ofSource = '[profile prod]\nregion = eu-west-1\n[profile prod-default]\ncredential_process = COMMAND\n';
const ofNamed = '[profile prod]\nsource_profile = team\n[profile team]\ncredential_process = COMMAND\n';
const place = 'the credential_process at \\S+/config:\\d+';

// STS is asked nothing, so they may run at the same time.
suite("the profile's session is the one that the command prints", inParallel, () => {
  for (const [title, config] of [
    ['of the profile', own],
    ['of its source', ofSource],
    ['of a source that it names', ofNamed],
    ['beside a device', `${own}mfa_serial = arn:aws:iam::111122223333:mfa/ana\n`],
    ['beside a command for codes', `${own}mfa_serial = arn:aws:iam::111122223333:mfa/ana\nmfa_process = false\n`],
  ] as const)
    test(title, async () => {
      const { home, session } = arrive(config);
      const { stdout, ...ended } = await runMfaEnv(['prod'], home.env);
      assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
      assertIsSession(stdout, session);
      assert.equal(exported(stdout, 'MFA_ENV_PROFILE'), 'prod');
      assert.deepEqual([runsOf(home), home.credentials()], [1, '']);
    });

  test('as JSON for programs', async () => {
    const { home, session } = arrive(own, { more: { AccountId: '111122223333' } });
    const { stdout, ...ended } = await runMfaEnv(['prod', '--format', 'process'], home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
    assert.deepEqual(JSON.parse(stdout), outputOf(session));
  });

  test('as lines', async () => {
    const { home, session } = arrive(own);
    const { stdout, ...ended } = await runMfaEnv(['prod', '--format', 'env'], home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
    assert.match(stdout, new RegExp(`^AWS_SESSION_TOKEN=${session.sessionToken.replaceAll('+', '\\+')}$`, 'm'));
  });

  test('for exec', async () => {
    const { home, session } = arrive(own);
    const ended = await runMfaEnv(['exec', 'prod', '--', 'printenv', 'AWS_SESSION_TOKEN'], home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stdout: `${session.sessionToken}\n`, stderr: '' });
  });

  test('with another form of the time', async () => {
    const text = inTwoHours.toISOString().replace('Z', '+00:00');
    const { home, session } = arrive(own, { more: { Expiration: text } });
    const { status, stdout } = await runMfaEnv(['prod'], home.env);
    assert.equal(status, 0);
    assertIsSession(stdout, session);
  });

  test('even if a host is named to which nothing may be sent', async () => {
    const { home, session } = arrive(own);
    const { stdout, ...ended } = await runMfaEnv(['prod'], { ...home.env, AWS_ENDPOINT_URL_STS: 'https://x.example' });
    assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
    assertIsSession(stdout, session);
  });

  const unused: [words: string[], says: string][] = [
    [['123456'], 'the MFA code is not used'],
    [['-'], 'the MFA code is not used'],
    [['--serial', 'GAHT12345678'], '--serial is not used'],
    [['123456', '--duration', '12h'], 'the MFA code and --duration are not used'],
  ];
  for (const [words, says] of unused)
    test(`${words.join(' ')} is not used, and the message says so`, async () => {
      const { home, session } = arrive(own);
      const { status, stdout, stderr } = await runMfaEnv(['prod', ...words], home.env);
      assert.equal(status, 0);
      assert.match(stderr, new RegExp(`^mfa-env: ${says}, since ${place} prints a session\n$`));
      assertIsSession(stdout, session);
      assert.equal((await runMfaEnv(['prod', '-q', ...words], home.env)).stderr, '');
    });

  for (const [title, words, lines, says] of [
    ['--save', ['--save'], '', 'leave --save out'],
    ['mfa_env_save', [], 'mfa_env_save = true\n', 'take mfa_env_save out of the profile'],
  ] as const)
    test(`it is not saved by ${title}, and a hint says so`, async () => {
      const { home, session } = arrive(own + lines);
      const { status, stdout, stderr } = await runMfaEnv(['prod', ...words], home.env);
      assert.equal(status, 0);
      assert.match(
        stderr,
        new RegExp(`^mfa-env: hint: ${says}, since mfa-env never saves the session that ${place} prints
$`),
      );
      assertIsSession(stdout, session);
      assert.equal(home.credentials(), '');
    });

  test('direnv, which wants saved sessions alone, is told what to write', async () => {
    const { home } = arrive(own);
    const { status, stdout, stderr } = await runMfaEnv(['prod'], { ...home.env, MFA_ENV_ONLY_SAVED: '1' });
    assert.deepEqual([status, stdout, runsOf(home)], [3, 'false;\n', 0]);
    assert.match(
      stderr,
      /hint: type mfa-env prod --save; if its command prints sessions, .* write use mfa_env prod --prompt\n/,
    );
  });

  test('MFA_ENV_SAVE, which is for all profiles, is passed over in silence', async () => {
    const { home } = arrive(own);
    const { stdout, ...ended } = await runMfaEnv(['prod'], { ...home.env, MFA_ENV_SAVE: '1' });
    assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
    assert.equal(home.credentials(), '');
    assert.notEqual(stdout, '');
  });

  test('--save at a terminal is a failure: the session would be neither saved nor loaded', async () => {
    const { home, session } = arrive(own);
    const typist = sitDown('mfa-env', ['prod', '--save', '--shell', 'bash'], home.env);
    assert.equal((await typist.ended).exitCode, 1, typist.screen());
    assert.match(typist.screen(), /error: credentials are not printed to a terminal/);
    assert.doesNotMatch(typist.screen(), new RegExp(session.accessKeyId));
  });

  test('a terminal is told how long it is valid', async () => {
    const { home } = arrive(own);
    const typist = sitDown('sh', ['-c', 'eval "$(mfa-env prod)"'], home.env);
    assert.equal((await typist.ended).exitCode, 0, typist.screen());
    assert.match(typist.screen(), /prod: the session that its command printed, for 1h 59m/);
  });

  test('a valid saved session is used, and the command is not run', async () => {
    const { home } = arrive(own, { credentials: `[prod-mfa]\n${savedLines()}` });
    const { stdout, ...ended } = await runMfaEnv(['prod'], home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
    assert.equal(exported(stdout, 'AWS_ACCESS_KEY_ID'), 'ASIASAVED00000000001');
    assert.equal(runsOf(home), 0);
  });

  test('the command does not see the settings that mfa-env exported for another profile', async () => {
    const { home } = arrive(own);
    const leftovers = { AWS_CA_BUNDLE: '/of/stage', MFA_ENV_SETTINGS: 'AWS_CA_BUNDLE' };
    assert.equal((await runMfaEnv(['prod'], { ...home.env, ...leftovers })).status, 0);
    assert.doesNotMatch(readFileSync(join(home.path, 'environment'), 'utf8'), /AWS_CA_BUNDLE=/);
  });
});

suite('refused, before STS is asked', inParallel, () => {
  const wrong: [title: string, more: Output, message: RegExp][] = [
    ['an expired session', { Expiration: '2020-01-01T00:00:00Z' }, /printed a session that expired \d+h.* ago/],
    ['a session without its time', { Expiration: undefined }, /printed a session without an Expiration/],
    ['an empty time', { Expiration: '' }, /printed a session without an Expiration/],
    ['a time that is none', { Expiration: 'tomorrow' }, /printed an Expiration that is not a time/],
    ['a time that is a number', { Expiration: 4_102_444_800 }, /printed an Expiration that is not a time/],
    ['a token that is no text', { SessionToken: 7 }, /printed a SessionToken that is not one/],
    ['a token with a line end', { SessionToken: 'a\nb' }, /printed a SessionToken that is not one/],
    ['no token', { SessionToken: undefined }, /printed a session's keys without a SessionToken/],
  ];
  for (const [title, more, message] of wrong)
    test(title, async () => {
      const { home, session } = arrive(own, { more });
      const { status, stdout, stderr } = await runMfaEnv(['prod'], home.env);
      assert.deepEqual([status, stdout], [1, 'false;\n']);
      assert.match(stderr, new RegExp(`^mfa-env: error: \\S+/config:2: credential_process ${message.source}`));
      assert.match(stderr, /\nmfa-env: hint: \w/);
      for (const secret of [session.accessKeyId, session.secretAccessKey, session.sessionToken])
        assert.equal(stderr.includes(secret), false);
    });

  test('an expired session that is to assume a role', async () => {
    const config =
      '[profile admin]\nrole_arn = ROLE\nsource_profile = team\n[profile team]\ncredential_process = COMMAND\n';
    const { home } = arrive(config, { more: { Expiration: '2020-01-01T00:00:00Z' } });
    const { status, stdout, stderr } = await runMfaEnv(['admin'], home.env);
    assert.deepEqual([status, stdout], [1, 'false;\n']);
    assert.match(stderr, /config:5: credential_process printed a session that expired/);
  });
});

const admin = '[profile admin]\nrole_arn = ROLE\nregion = eu-west-1\n';

suite('a role is assumed with it, one at a time, since the requests are counted', { concurrency: 1 }, () => {
  for (const [title, config] of [
    ['that of its source', `${admin}source_profile = team\n[profile team]\ncredential_process = COMMAND\n`],
    ['that of its source by the name', `${admin}[profile admin-default]\ncredential_process = COMMAND\n`],
    ['its own', `${admin}credential_process = COMMAND\n`],
    [
      "that of its source's source",
      `${admin}source_profile = team\n[profile team]\nsource_profile = far\n[profile far]\ncredential_process = COMMAND\n`,
    ],
  ] as const)
    test(`${title}; the role's own session is saved`, async () => {
      const { user, home, role, session } = arrive(config);
      const since = sts.requests.length;
      const { status, stdout, stderr } = await runMfaEnv(['admin', '--save'], home.env);
      assert.equal(status, 0, stderr);
      const [request, ...more] = sts.requests.slice(since);
      assert.deepEqual([request?.action, request?.outcome, more], ['AssumeRole', 'OK', []]);
      const { RoleArn, DurationSeconds, SerialNumber, TokenCode } = request?.parameters ?? {};
      assert.deepEqual([RoleArn, DurationSeconds, SerialNumber, TokenCode], [role.arn, '3600', undefined, undefined]);
      assert.equal(request?.headers['x-amz-security-token'], session.sessionToken);
      const issued = sts.sessions.at(-1);
      assert.match(issued?.principal.arn ?? '', new RegExp(`:assumed-role/${role.name}/`));
      assert.equal(exported(stdout, 'AWS_ACCESS_KEY_ID'), issued?.accessKeyId);
      assert.match(
        stderr,
        /^mfa-env: sts is called at http:\S+, which is not aws\nSaved admin credentials to \S+ as \[admin-mfa\]\n$/,
      );
      assert.ok(home.credentials().startsWith('[admin-mfa]\n'), home.credentials());
      assert.equal(home.credentials().includes(session.accessKeyId), false);
      assert.equal(home.credentials().match(/aws_session_token/g)?.length, 1);
      assert.equal(runsOf(home), 1);
      assert.equal((await runMfaEnv(['admin'], home.env)).stdout, stdout);
      assert.deepEqual([runsOf(home), sts.requests.length, user.device.usedStep], [1, since + 1, 0]);
    });

  test('even if the command does not say when the session expires', async () => {
    const config = `${admin}source_profile = team\n[profile team]\ncredential_process = COMMAND\n`;
    const { home } = arrive(config, { more: { Expiration: undefined } });
    const since = sts.requests.length;
    const { status, stderr } = await runMfaEnv(['admin'], home.env);
    assert.deepEqual([status, actionsSince(since)], [0, ['AssumeRole']], stderr);
  });

  test('behind another role', async () => {
    const config = `[profile far]\nrole_arn = FAR\nsource_profile = admin\n${admin}source_profile = team\n[profile team]\ncredential_process = COMMAND\n`;
    const { home, role, user } = arrive(config);
    const far = sts.addRole({ trusts: [role.arn, user.arn] });
    writeFileSync(home.configFile, readFileSync(home.configFile, 'utf8').replace('FAR', far.arn));
    const since = sts.requests.length;
    const { status, stderr } = await runMfaEnv(['far', '--save'], home.env);
    assert.deepEqual([status, actionsSince(since)], [0, ['AssumeRole', 'AssumeRole']], stderr);
    assert.deepEqual([...home.credentials().matchAll(/^\[(.*)\]$/gm)].map(([, name]) => name).sort(), [
      'admin-mfa',
      'far-mfa',
    ]);
    assert.equal(runsOf(home), 1);
  });

  const tooLong: [title: string, words: string[], lines: string][] = [
    ['--duration', ['--duration', '2h'], ''],
    ['duration_seconds', [], 'duration_seconds = 7200\n'],
    ['--duration, with a code', ['--duration', '2h', '123456'], 'mfa_serial = arn:aws:iam::111122223333:mfa/ana\n'],
    ['--duration, with a command for codes', ['--duration', '2h'], 'mfa_serial = GAHT12345678\nmfa_process = false\n'],
  ];
  for (const [title, words, lines] of tooLong)
    test(`more than an hour, by ${title}, is refused before STS is asked`, async () => {
      const config = `${admin}${lines}source_profile = team\n[profile team]\ncredential_process = COMMAND\n`;
      const { home } = arrive(config);
      const since = sts.requests.length;
      const { status, stdout, stderr } = await runMfaEnv(['admin', ...words], home.env);
      assert.deepEqual([status, stdout, actionsSince(since)], [1, 'false;\n', []]);
      assert.match(stderr, /error: admin is a role that a session assumes, which aws gives 1h at most\n/);
      assert.match(stderr, /hint: ask for less: --duration 1h, or duration_seconds in the profile\n/);
      assert.equal(runsOf(home), 1);
    });

  test('a code that is given is not sent', async () => {
    const { home } = arrive(`${admin}source_profile = team\n[profile team]\ncredential_process = COMMAND\n`);
    const since = sts.requests.length;
    const { status, stderr } = await runMfaEnv(['admin', '123456'], home.env);
    assert.deepEqual([status, actionsSince(since)], [0, ['AssumeRole']], stderr);
    assert.match(stderr, new RegExp(`^mfa-env: the MFA code is not used, since ${place} prints a session$`, 'm'));
    assert.equal(
      sts.requests.slice(since).some(({ parameters }) => 'TokenCode' in parameters),
      false,
    );
  });

  test('AWS no longer takes it: the hint does not speak of a code', async () => {
    const { home, session } = arrive(`${admin}source_profile = team\n[profile team]\ncredential_process = COMMAND\n`);
    session.expiresAt = new Date(Date.now() - 1000);
    const { status, stdout, stderr } = await runMfaEnv(['admin'], home.env);
    assert.deepEqual([status, stdout], [1, 'false;\n']);
    assert.match(stderr, /error: aws does not take the session of team any more\n/);
    assert.match(stderr, new RegExp(`hint: log in again with the tool that ${place} calls\n`));
  });

  test('many at once assume it once, and save one session', async () => {
    const { home } = arrive(`${admin}source_profile = team\n[profile team]\ncredential_process = COMMAND\n`);
    const since = sts.requests.length;
    const ended = await Promise.all([1, 2, 3, 4].map(() => runMfaEnv(['admin', '--save'], home.env)));
    assert.deepEqual(
      ended.map(({ status }) => status),
      [0, 0, 0, 0],
    );
    assert.deepEqual(actionsSince(since), ['AssumeRole']);
    assert.equal(new Set(ended.map(({ stdout }) => stdout)).size, 1);
  });
});

suite('a command that prints long-term keys', { concurrency: 1 }, () => {
  test('is run once, and then the code is asked for', async () => {
    const config = '[profile prod-default]\ncredential_process = COMMAND\n';
    const { user, home } = arrive(config);
    const keys = { Version: 1, AccessKeyId: user.accessKeyId, SecretAccessKey: user.secretAccessKey };
    writeFileSync(join(home.path, 'output'), JSON.stringify(keys));
    writeFileSync(home.credentialsFile, `[prod]\naws_arn_mfa = ${user.device.serialNumber}\n`, { mode: 0o600 });
    const typist = sitDown('sh', ['-c', `eval "$('${process.execPath}' '${program}' prod)"`], home.env);
    await typist.see('MFA code for prod ');
    assert.equal(runsOf(home), 1);
    typist.type(`${sts.wrongCode(user)}\r`);
    await typist.see('MFA code for prod ');
    typist.type(`${sts.code(user)}\r`);
    assert.equal((await typist.ended).exitCode, 0, typist.screen());
    assert.equal(runsOf(home), 1);
  });

  test('needs a device, which is said before a code is asked for', async () => {
    const { user, home } = arrive(own);
    const keys = { Version: 1, AccessKeyId: user.accessKeyId, SecretAccessKey: user.secretAccessKey };
    writeFileSync(join(home.path, 'output'), JSON.stringify(keys));
    const since = sts.requests.length;
    const { status, stderr } = await runMfaEnv(['prod', '123456'], home.env);
    assert.deepEqual([status, actionsSince(since)], [1, []]);
    assert.match(stderr, /^mfa-env: error: prod has no MFA device\n/);
  });

  test('a token beside a long-term key makes no session of it', async () => {
    const { user, home } = arrive(`${own}mfa_serial = GAHT12345678\n`);
    const keys = {
      Version: 1,
      AccessKeyId: user.accessKeyId,
      SecretAccessKey: user.secretAccessKey,
      SessionToken: 't',
    };
    writeFileSync(join(home.path, 'output'), JSON.stringify(keys));
    const { status, stdout } = await runMfaEnv(['prod', '--no-prompt'], home.env);
    assert.deepEqual([status, stdout], [3, 'false;\n']);
  });
});

test('setup says that there is nothing to set up', async () => {
  const { home } = arrive(own);
  const words = ['setup', 'prod', '--serial', 'arn:aws:iam::111122223333:mfa/ana', '--no-save'];
  const { status, stderr } = await runMfaEnv(words, home.env);
  assert.equal(status, 1);
  assert.match(
    stderr,
    new RegExp(`error: ${place} prints a session, so prod needs neither an MFA device nor a code\n`),
  );
  assert.match(stderr, /hint: type mfa-env prod\n/);
  assert.equal(home.credentials(), '');
});

test('the list says that the command needs no MFA, and names no fault', async () => {
  const { home } = arrive(own);
  const [row] = JSON.parse((await runMfaEnv(['list', '--json'], home.env)).stdout);
  assert.deepEqual([row.login, row.problem], ['command', null]);
  assert.match((await run('mfa-env', ['list'], home.env)).stdout, /^prod .* no MFA \(command\)$/m);
  assert.equal(runsOf(home), 0);
});

for (const config of [own, ofSource])
  test(`the doctor has no fault to find, and runs no command: ${JSON.stringify(config)}`, async () => {
    const { home } = arrive(config);
    const { status, stdout } = await runMfaEnv(['doctor', '--json'], home.env);
    const ofProfile = JSON.parse(stdout).findings.filter(
      ({ profile }: { profile: string | null }) => profile === 'prod',
    );
    assert.deepEqual([status, ofProfile], [0, []]);
    assert.equal(runsOf(home), 0);
  });
