import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { commandMark, refuseOwnCommand, refuseRecursion } from '../src/recursion.ts';
import { makeUser, runMfaEnv, savedLines } from './harness.ts';
import { sitDown } from './pty.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

test('mfa-env by itself goes on', () => assert.doesNotThrow(() => refuseRecursion({ [commandMark]: '' }, 'prod')));

const commands: [setting: string, hint: RegExp][] = [
  ['mfa_process', /without mfa-env/],
  ['credential_process', /^it takes two names: \[prod-default\] .* \[profile prod-cli\] /],
];
for (const [setting, hint] of commands)
  test(`mfa-env below its own ${setting} refuses`, () => {
    const error = { message: new RegExp(`started by the ${setting}`), hint, exitStatus: 1 };
    assert.throws(() => refuseRecursion({ [commandMark]: setting }, 'prod'), error);
  });

const twoNames =
  'it takes two names: [prod-default] for the long-lived keys, and [profile prod-cli] for credential_process = mfa-env prod --format process';

const own: [title: string, command: string, source: string, asked: string, hint: string][] = [
  ['under its own name', 'mfa-env prod --format process', 'prod', 'prod', twoNames],
  ['with the options first', '/opt/bin/mfa-env --format=process --profile prod', 'prod', 'prod', twoNames],
  ['without a profile', 'mfa-env --format=process', 'prod', 'prod', twoNames],
  ['behind the values of options', 'mfa-env --format process --region eu-west-1 prod', 'prod', 'prod', twoNames],
  ['by AWS_PROFILE', 'env AWS_PROFILE=prod mfa-env --format process', 'prod-cli', 'prod', twoNames],
  ['in the source', 'mfa-env prod --format process', 'prod-default', 'prod', twoNames],
  ['under the second name alone', 'mfa-env prod-cli --format process', 'prod-cli', 'prod-cli', twoNames],
  ['behind env', 'env -i -u MFA_ENV_COMMAND A=mfa mfa-env prod --format process', 'prod', 'prod', twoNames],
  [
    'asked for by its second name',
    'mfa-env prod --format process',
    'prod-cli',
    'prod-cli',
    "type mfa-env prod: the name prod-cli is for AWS's own tools",
  ],
  [
    'as the source of another profile',
    'mfa-env prod --format process',
    'prod-cli',
    'admin',
    'for mfa-env let source_profile name prod, not prod-cli, or call with --source prod',
  ],
];
for (const [title, command, source, asked, hint] of own)
  test(`a credential_process that is mfa-env is refused ${title}`, () => {
    const found = { value: command, place: 'config:3', path: 'config' };
    const error = { message: /^config:3: credential_process is mfa-env itself/, hint, exitStatus: 1 };
    assert.throws(() => refuseOwnCommand({ name: source, command: found }, asked), error);
  });

for (const command of ['pass show mfa-env', 'env A=1 pass show mfa-env', 'cat /home/ana/mfa-env', 'env', 'env A=1'])
  test(`the credential_process ${command} is none of its own`, () => {
    const found = { value: command, place: 'config:3', path: 'config' };
    assert.doesNotThrow(() => refuseOwnCommand({ name: 'prod', command: found }, 'prod'));
  });

const asksItself = /config:\d+: credential_process is mfa-env itself/;
const startedBelow = /mfa-env was started by the credential_process that an mfa-env runs/;
const twoNamesOfSolo =
  /\[solo-default\] for the long-lived keys, and \[profile solo-cli\] for credential_process = mfa-env solo /;

const below = (name: string, command: string) => `[profile ${name}]\ncredential_process = ${command}\n`;
const askSolo = 'mfa-env solo --format process';

/** Configs that lead back to mfa-env: each must end at once, with a word about what to write. */
const circles: [title: string, profile: string, config: string, message: RegExp, hint: RegExp][] = [
  ['the same name', 'solo', below('solo', askSolo), asksItself, twoNamesOfSolo],
  ['the source by its suffix', 'solo', below('solo-default', askSolo), asksItself, twoNamesOfSolo],
  [
    'the source by its name',
    'solo',
    `[profile solo]\nsource_profile = solo-cli\n${below('solo-cli', askSolo)}`,
    asksItself,
    twoNamesOfSolo,
  ],
  ['the second name is asked for', 'prod-cli', below('prod-cli', 'mfa-env prod'), asksItself, /type mfa-env prod: /],
  [
    'a role behind the second name',
    'admin',
    `[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = prod-cli\n${below('prod-cli', 'mfa-env prod')}`,
    asksItself,
    /source_profile name prod, not prod-cli, or call with --source prod/,
  ],
  ['a shell in between', 'solo', below('solo', `sh -c '${askSolo}; exit'`), startedBelow, twoNamesOfSolo],
  [
    'two profiles that ask each other',
    'solo',
    below('solo', "sh -c 'mfa-env other --format process; exit'") + below('other', "sh -c 'mfa-env solo; exit'"),
    startedBelow,
    /it takes two names: \[other-default\]/,
  ],
];

suite('a circle ends at once', { concurrency: 2 }, () => {
  for (const [title, profile, config, message, hint] of circles) {
    const serial = 'arn:aws:iam::111122223333:mfa/ana';

    test(`${title}: with a code`, async () => {
      const { user, home } = makeUser(sts, { config });
      const words = [profile, sts.code(user), '--serial', serial, '--format', 'process'];
      const start = performance.now();
      const { status, stdout, stderr } = await runMfaEnv(words, home.env);
      assert.ok(performance.now() - start < 5000);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, message);
      assert.match(stderr, hint);
      assert.equal(user.device.usedStep, 0);
    });

    test(`${title}: nobody is asked for a code`, async () => {
      const { home } = makeUser(sts, { config });
      const typist = sitDown('mfa-env', [profile, '--serial', serial, '--format', 'process', '--print'], home.env);
      assert.equal((await typist.ended).exitCode, 1);
      assert.match(typist.screen(), message);
      assert.doesNotMatch(typist.screen(), /MFA code for/);
    });
  }
});

test('the same name is no circle where the long-lived keys stand elsewhere', async () => {
  const { user, home } = makeUser(sts, { config: below('prod', 'mfa-env prod --save --format process') });
  const { status, stdout } = await runMfaEnv(['prod', sts.code(user), '--save', '--format', 'process'], home.env);
  assert.equal(status, 0);
  assert.match(home.credentials(), /^\[prod-mfa\]$/m);
  assert.equal((await runMfaEnv(['prod', '--format', 'process'], home.env)).stdout, stdout);
});

test('under the same name, keys of an earlier session are in the way of it, and that is said', async () => {
  const config = below('prod', 'mfa-env prod --save --format process');
  const { user, home } = makeUser(sts, { config, more: savedLines({ expiresAt: new Date(0) }) });
  const { status, stderr } = await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
  assert.equal(status, 0);
  assert.match(
    stderr,
    /as \[prod-mfa\]\nmfa-env: hint: AWS's tools take the keys in \[prod\] there before its credential_process: /,
  );
});
