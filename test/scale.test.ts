/** Files of many profiles are read and saved like any other; what that costs is measured in bench.ts. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, test } from 'node:test';
import { makeHome, routeLine, runMfaEnv, savedLines, sectionsOf } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

/** Profiles of an id, a secret and a region. */
function manyProfiles(count: number, prefix: string): string {
  const names = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  return names
    .map((name) => `[${name}]\naws_access_key_id = AKIA${name}\naws_secret_access_key = secret\nregion = eu-west-1\n\n`)
    .join('');
}

for (const count of [10_000, 100_000])
  test(`${count} profiles`, async () => {
    const user = sts.addUser();
    const [before, behind] = [manyProfiles(count / 2, 'a'), manyProfiles(count / 2, 'z')];
    const own = sectionsOf('prod', user);
    const last = `[last]\n${savedLines()}`;
    const credentials = before + own + behind + last;
    const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });

    const read = await runMfaEnv(['last'], home.env);
    assert.deepEqual([read.status, read.stderr], [0, '']);
    assert.match(read.stdout, /^export AWS_SESSION_TOKEN='token\/\/of\+the\+saved\+session==';$/m);

    const saved = await runMfaEnv(['prod', sts.code(user), '--save', '--quiet'], home.env);
    assert.deepEqual([saved.status, saved.stderr], [0, routeLine(sts)]);
    const session = sts.sessions.at(-1);
    assert.ok(session);
    assert.ok(
      home.credentials() ===
        before +
          sectionsOf('prod', user, `${savedLines(session)}mfa_env_source = ${user.accessKeyId}\n`) +
          behind +
          last,
    );
    assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);

    const forgotten = await runMfaEnv(['forget', 'prod', '--quiet'], home.env);
    assert.deepEqual([forgotten.status, forgotten.stderr], [0, '']);
    assert.ok(home.credentials() === credentials);
  });

const many = 200_000;
const keys = '[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';

/** Files that are damaged 200 000 times. Quadratic time would be minutes. */
const damaged: [title: string, files: { credentials?: string; config?: string }, doctor: RegExp][] = [
  [
    'headers of the same name',
    { credentials: keys + '[prod]\nregion = eu-west-1\n'.repeat(many) },
    /\[prod\] stands a second time/,
  ],
  [
    'headers of the same name in the config file',
    { credentials: keys, config: '[profile prod]\nregion = eu-west-1\n'.repeat(many) },
    /\[profile prod\] stands a second time/,
  ],
  ['headers with blanks', { credentials: keys + '[ prod ]\nregion = eu-west-1\n'.repeat(many) }, /credentials:\d+: /],
  [
    'headers without an end',
    {
      credentials: `${keys}[prod]\nregion = eu-west-1\n${Array.from({ length: many }, (_, index) => `[a${index}\n`).join('')}`,
    },
    /must end with '\]'/,
  ],
  ['lines before the first header', { credentials: 'a = b\n'.repeat(many) + keys }, /before any property/],
  ['the same key in a section', { credentials: `${keys}[prod]\n${'region = eu-west-1\n'.repeat(many)}` }, /region/],
];

for (const [title, files, doctor] of damaged)
  test(`${many} ${title} take no time`, async () => {
    const home = makeHome(files, { AWS_ENDPOINT_URL_STS: sts.url });
    for (const words of [['prod', '--no-prompt'], ['nobody'], ['list'], ['forget', 'prod'], ['doctor']]) {
      const begin = performance.now();
      const { stdout, stderr } = await runMfaEnv(words, home.env);
      const seconds = (performance.now() - begin) / 1000;
      assert.ok(seconds < 20, `${words.join(' ')}: ${seconds} s`);
      assert.doesNotMatch(stdout + stderr, /this is a bug|stumbled|RangeError/);
      if (words[0] !== 'doctor') continue;
      assert.match(stdout, doctor);
      assert.ok(stdout.split('\n').length < 100, 'the first lines are told, and how many more there are');
      assert.match(stdout, /\d{6} more lines of \S+ are at fault/);
    }
  });

const long = 'a'.repeat(80_000);

for (const words of [
  [long],
  [`${long} 123456`],
  ['prod', '--source', long],
  ['forget', long],
  ['doctor', long],
  ['setup', long],
  ['exec', long, '--', 'true'],
])
  test(`a profile name of 80 000 characters is a usage error of ${words.join(' ').slice(0, 20)}`, async () => {
    const home = makeHome({ credentials: `${keys}[${long}b]\nregion = eu-west-1\n` });
    const begin = performance.now();
    const { status, stderr } = await runMfaEnv(words, home.env);
    assert.ok(performance.now() - begin < 3000);
    assert.deepEqual([status === 125 ? 2 : status, stderr.includes('aaaa')], [2, false]);
    assert.match(stderr, /^mfa-env: error: the name of the profile has more than 1024 characters\n/);
  });

test('a name in the files of 80 000 characters is looked for, and nothing near it', async () => {
  const credentials = `${keys}[prod]\nsource_profile = ${long}\n[${long}b]\nregion = eu-west-1\n`;
  const home = makeHome({ credentials });
  const begin = performance.now();
  const { status, stderr } = await runMfaEnv(['prod', '123456'], home.env);
  assert.ok(performance.now() - begin < 3000);
  assert.equal(status, 1);
  assert.match(stderr, /there is no profile a{100}/);
});
