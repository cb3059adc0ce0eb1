/** Whose a saved session is: the marks that a save writes, and who uses the session afterwards. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, suite, test } from 'node:test';
import { functionShells, runWithFunction, writeFunction } from './function-shells.ts';
import { makeHome, makeUser, routeLine, runMfaEnv, savedLines, sectionsOf, unless } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());
const user = sts.addUser();
const keysOf = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = ${user.secretAccessKey}\n`;
const device = `aws_arn_mfa = ${user.device.serialNumber}\n`;
const [admin, dev] = ['arn:aws:iam::999988887777:role/admin', 'arn:aws:iam::444455556666:role/dev'];
const source = (id = 'AKIAIOSFODNN7EXAMPLE') => `[prod-default]\n${keysOf(id)}`;
const marks = (id?: string, role?: string) =>
  (id ? `mfa_env_source = ${id}\n` : '') + (role ? `mfa_env_role = ${role}\n` : '');
const [own, other] = ['AKIAIOSFODNN7EXAMPLE', 'AKIAOTHERKEY00000002'];

interface Row {
  title: string;
  credentials: string;
  config?: string;
  /** Why it is not used; undefined if it is. */
  notUsed?: RegExp;
}

const rows: Row[] = [
  { title: 'without marks', credentials: `${source()}[prod]\n${device}${savedLines()}` },
  { title: 'with the mark of its source', credentials: `${source()}[prod]\n${device}${savedLines()}${marks(own)}` },
  {
    title: 'whose source has another key now',
    credentials: `${source(other)}[prod]\n${device}${savedLines()}${marks(own)}`,
    notUsed: /the saved session of prod was made with key …MPLE, and \[prod-default\] now has key …0002/m,
  },
  {
    title: 'whose profile has another source now',
    credentials: `${source()}[team]\n${keysOf(other)}[prod]\n${device}source_profile = team\n${savedLines()}${marks(own)}`,
    notUsed: /was made with key …MPLE, and \[team\] now has key …0002/m,
  },
  {
    title: 'whose profile has no source any more',
    credentials: `[prod]\n${device}${savedLines()}${marks(own)}`,
    notUsed: /was made with key …MPLE, and the files now name no source/m,
  },
  {
    title: "that is another tool's, without a source",
    credentials: `[prod]\n${device}${savedLines()}x_principal_arn = arn:aws:sts::1:assumed-role/x/y\n`,
  },
  {
    title: 'whose source gets its keys from a command',
    credentials: `[prod]\n${device}${savedLines()}${marks(own)}[prod-default]\ncredential_process = touch hurt\n`,
  },
  {
    title: 'of its own role',
    credentials: `${source()}[prod-mfa]\n${savedLines()}${marks(own, admin)}`,
    config: `[profile prod]\nregion = eu-west-1\nmfa_serial = ${user.device.serialNumber}\nrole_arn = ${admin}\nsource_profile = prod-default\n`,
  },
  {
    title: 'of another role',
    credentials: `${source()}[prod-mfa]\n${savedLines()}${marks(own, dev)}`,
    config: `[profile prod]\nregion = eu-west-1\nmfa_serial = ${user.device.serialNumber}\nrole_arn = ${admin}\nsource_profile = prod-default\n`,
    notUsed:
      /is for arn:aws:iam::444455556666:role\/dev, and the files now name arn:aws:iam::999988887777:role\/admin/m,
  },
  {
    title: 'of a user, while the profile is a role now',
    credentials: `${source()}[prod-mfa]\n${savedLines()}${marks(own)}`,
    config: `[profile prod]\nregion = eu-west-1\nmfa_serial = ${user.device.serialNumber}\nrole_arn = ${admin}\nsource_profile = prod-default\n`,
    notUsed: /is for no role, and the files now name arn:aws:iam::999988887777:role\/admin/m,
  },
  {
    title: 'of a role, while the profile is a user now',
    credentials: `[prod]\n${keysOf(own)}${device}[prod-mfa]\n${savedLines()}${marks(own, admin)}`,
    notUsed: /is for arn:aws:iam::999988887777:role\/admin, and the files now name no role/m,
  },
  {
    title: 'of the keys in the profile itself',
    credentials: `[prod]\n${keysOf(own)}${device}[prod-mfa]\n${savedLines()}${marks(own)}`,
  },
  {
    title: 'of other keys than those in the profile itself',
    credentials: `[prod]\n${keysOf(other)}${device}[prod-mfa]\n${savedLines()}${marks(own)}`,
    notUsed: /was made with key …MPLE, and \[prod\] now has key …0002/m,
  },
  {
    title: 'of a source behind a source',
    credentials: `[team-default]\n${keysOf(own)}[prod]\nsource_profile = team\n${device}${savedLines()}${marks(own)}[team]\nregion = eu-west-1\n`,
  },
];

for (const { title, credentials, config, notUsed } of rows)
  suite(`a saved session ${title}`, { concurrency: 2 }, () => {
    const home = () => makeHome({ credentials, ...(config === undefined ? {} : { config }) });

    test(`is ${notUsed ? 'not ' : ''}used by the program, exec and formats, and list and doctor say so`, async () => {
      const { env } = home();
      for (const words of [
        ['prod', '--no-prompt'],
        ['exec', 'prod', '--no-prompt', '--', 'true'],
        ['prod', '--no-prompt', '--format', 'process'],
      ]) {
        const { status, stdout, stderr } = await runMfaEnv(words, env);
        assert.equal(/token\/\/of\+the/.test(stdout), !notUsed && words[0] !== 'exec', stderr);
        if (notUsed) assert.match(stderr, notUsed);
        else assert.deepEqual([status, stderr], [0, '']);
        assert.equal(status === 0, !notUsed);
      }
      const list = await runMfaEnv(['list', '--json'], env);
      const row = JSON.parse(list.stdout).find(({ profile }: { profile: string }) => profile === 'prod');
      assert.equal(row.session === null, Boolean(notUsed), list.stdout);
      if (notUsed) assert.match(row.notUsed, notUsed);
      const doctor = await runMfaEnv(['doctor', 'prod', '--endpoint-url', 'http://127.0.0.1:9'], env);
      assert.equal(
        /saved session of prod (was made|is for)|session in \[prod\] is left from a profile that is gone/.test(
          doctor.stdout,
        ),
        Boolean(notUsed),
        doctor.stdout,
      );
    });

    for (const shell of functionShells)
      test(`${notUsed ? 'is left to the program by' : 'needs no program in'} the function of ${shell.name}`, {
        skip: unless(shell.name),
      }, async () => {
        const place = home();
        const file = await writeFunction(shell, place);
        const { calls, variables } = await runWithFunction(
          shell,
          place,
          'cd; mfa-env prod --no-prompt; mfa-env prod; READ-BACK',
          file,
        );
        assert.equal(variables.AWS_SESSION_TOKEN === undefined, Boolean(notUsed));
        assert.equal(calls, notUsed ? 2 : 1, 'with options the program is always called');
      });
  });

test('a save writes the mark of the source, in its own section also the region; forget removes them', async () => {
  const { user: ana, home } = makeUser(sts);
  const { accessKeyId, device: own } = ana;
  writeFileSync(
    home.credentialsFile,
    `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${ana.secretAccessKey}\naws_arn_mfa = ${own.serialNumber}\n`,
  );
  writeFileSync(home.configFile, '[default]\nregion = eu-west-3\n');
  const before = home.credentials();
  const saved = await runMfaEnv(['default', sts.code(ana), '--save', '--quiet'], home.env);
  assert.deepEqual([saved.status, saved.stderr], [0, routeLine(sts)]);
  assert.match(
    home.credentials().slice(before.length),
    new RegExp(
      `^\\[default-mfa\\]\naws_access_key_id = ASIA(.*\n){4}mfa_env_source = ${accessKeyId}\nregion = eu-west-3\n$`,
    ),
  );
  const forgot = await runMfaEnv(['forget', 'default', '--quiet'], home.env);
  assert.deepEqual([forgot.status, forgot.stderr], [0, '']);
  assert.equal(home.credentials(), before);
});

test('a save of a role writes its mark, which keeps it from the user', async () => {
  const ana = sts.addUser();
  const { arn } = sts.addRole({ trusts: [ana.arn] });
  const config = `[profile prod]\nrole_arn = ${arn}\nsource_profile = me\n`;
  const home = makeHome({ credentials: sectionsOf('me', ana), config }, { AWS_ENDPOINT_URL_STS: sts.url });
  const { status, stderr } = await runMfaEnv(['prod', sts.code(ana), '--save', '--quiet'], home.env);
  assert.deepEqual([status, stderr], [0, routeLine(sts)]);
  const marksOf = (section: string) =>
    new RegExp(`\\[${section}\\]\n((?!\\[).*\n)*`)
      .exec(home.credentials())?.[0]
      .split('\n')
      .filter((line) => line.startsWith('mfa_env_'));
  assert.deepEqual(marksOf('prod-mfa'), [`mfa_env_source = ${ana.accessKeyId}`, `mfa_env_role = ${arn}`]);
  assert.deepEqual(marksOf('me'), [`mfa_env_source = ${ana.accessKeyId}`]);
  const again = await runMfaEnv(['prod'], home.env);
  assert.deepEqual([again.status, again.stderr], [0, '']);
  // The same section is the place for the session of keys in [prod].
  writeFileSync(home.configFile, '');
  const keys = `[prod]\naws_access_key_id = ${ana.accessKeyId}\naws_secret_access_key = ${ana.secretAccessKey}\n`;
  writeFileSync(home.credentialsFile, `${home.credentials()}${keys}aws_arn_mfa = ${ana.device.serialNumber}\n`);
  const asUser = await runMfaEnv(['prod', '--no-prompt'], home.env);
  assert.equal(asUser.status, 3);
  assert.match(asUser.stderr, /is for arn:aws:iam::\d+:role\/\S+, and the files now name no role, so it is not used\n/);
  const [saved] = [await runMfaEnv(['prod', sts.code(ana, 1), '--save', '--quiet'], home.env)];
  assert.deepEqual([saved.status, saved.stderr], [0, routeLine(sts)]);
  assert.deepEqual(marksOf('prod-mfa'), [`mfa_env_source = ${ana.accessKeyId}`]);
});
