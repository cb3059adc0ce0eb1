/** Where AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE lead: as botocore reads them, and never to a file nobody meant. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { expandPath } from '../src/home.ts';
import { unlessBotocore } from './aws-clis.ts';
import { makeHome, makeUser, routeLine, run, runMfaEnv, savedLines } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

/** `NAME` as the shells write it in braces. */
const braced = (name: string) => `$\{${name}}`;

const env = { HOME: '/home/ana', TEAM: 'red', EMPTY: '' };
const paths: [title: string, path: string, expanded: string][] = [
  ['a home', '~/.aws/credentials', '/home/ana/.aws/credentials'],
  ['a variable', '$HOME/.aws/credentials', '/home/ana/.aws/credentials'],
  ['a variable in braces', `${braced('HOME')}/.aws/credentials`, '/home/ana/.aws/credentials'],
  ['two variables', '$HOME/$TEAM', '/home/ana/red'],
  ['a variable within a name', `/x/${braced('TEAM')}y`, '/x/redy'],
  ['a variable that is empty', '/x/$EMPTY/y', '/x//y'],
  ['a variable that is not set', '/x/$NOTHING', '/x/$NOTHING'],
  ['a name of Object.prototype', `/x/$constructor/${braced('__proto__')}`, `/x/$constructor/${braced('__proto__')}`],
  ['a dollar sign alone', '/x/$/y$', '/x/$/y$'],
  ['a tilde within a path', '/x/~/y', '/x/~/y'],
  ['a whole path', '/etc/aws', '/etc/aws'],
  ['a relative path', 'aws/credentials', 'aws/credentials'],
];

for (const [title, path, expanded] of paths)
  test(`expands ${title}`, () => assert.equal(expandPath(env, path), expanded));

test('botocore expands them the same way', { skip: unlessBotocore() }, () => {
  const script = 'import os, sys\nfor path in sys.argv[1:]: print(os.path.expanduser(os.path.expandvars(path)))';
  const { stdout } = spawnSync('python3', ['-c', script, ...paths.map(([, path]) => path)], {
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
  });
  assert.deepEqual(
    stdout.trimEnd().split('\n'),
    paths.map(([, , expanded]) => expanded),
  );
});

test('a home of / has one slash', () => {
  assert.equal(expandPath({ HOME: '/' }, '~/.aws/config'), '/.aws/config');
  assert.equal(expandPath({ HOME: '/home/ana/' }, '~/.aws/config'), '/home/ana/.aws/config');
});

test("another user's home is refused", () => {
  assert.throws(() => expandPath(env, '~bob/.aws/credentials'), { message: /another user's home/, hint: /whole path/ });
});

for (const path of ['$HOME/mine', `${braced('HOME')}/mine`, '~/mine'])
  test(`${path}, unexpanded, is read and saved to`, async () => {
    const { user, home } = makeUser(sts, { env: { AWS_SHARED_CREDENTIALS_FILE: path } });
    writeFileSync(join(home.path, 'mine'), home.credentials(), { mode: 0o600 });
    const { status, stderr } = await runMfaEnv(['prod', sts.code(user), '--save', '--quiet'], home.env);
    assert.deepEqual([status, stderr], [0, routeLine(sts)]);
    assert.match(readFileSync(join(home.path, 'mine'), 'utf8'), /aws_session_token = /);
  });

for (const path of ['$NOTHING/credentials', '"/x/credentials"', "'/x/credentials'", '%USERPROFILE%/credentials'])
  for (const words of [
    ['setup', 'prod', '--access-key-id', 'AKIAIOSFODNN7EXAMPLE', '--secret-stdin', '--no-save'],
    ['prod', '123456', '--save'],
  ])
    test(`${words[0] === 'setup' ? 'keys' : 'a session'} are never written to ${path}`, async () => {
      const { user, home } = makeUser(sts, { env: { AWS_SHARED_CREDENTIALS_FILE: path } });
      const keys = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
      writeFileSync(
        home.configFile,
        `[profile prod-default]\n${keys}[profile prod]\nmfa_serial = ${user.device.serialNumber}\n`,
      );
      const before = readdirSync(home.path);
      const args = words[0] === 'setup' ? words.map((word) => word.replace('prod', 'dev')) : words;
      const { status, stderr } = await run(
        process.execPath,
        [join(home.path, 'bin/mfa-env'), ...args],
        home.env,
        'secret\n',
      );
      assert.equal(status, 1, stderr);
      assert.match(stderr, /its quotes or variables were not expanded|which is another file in each folder/);
      assert.match(stderr, /hint: write the whole path into AWS_SHARED_CREDENTIALS_FILE/);
      assert.deepEqual(readdirSync(home.path), before);
    });

test('keys are not written to a relative path, a session is', async () => {
  const { user, home } = makeUser(sts, { env: { AWS_SHARED_CREDENTIALS_FILE: 'mine' } });
  const words = ['setup', 'dev', '--access-key-id', user.accessKeyId, '--secret-stdin', '--no-save'];
  const refused = await runMfaEnv(words, home.env, `${user.secretAccessKey}\n`);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /long-term keys are not written to mine, which is another file in each folder/);
  assert.ok(!existsSync(join(home.path, 'mine')));
  writeFileSync(join(home.path, 'mine'), home.credentials(), { mode: 0o600 });
  const { status, stderr } = await runMfaEnv(['prod', sts.code(user), '--save', '--quiet'], home.env);
  assert.deepEqual([status, stderr], [0, routeLine(sts)]);
});

test('a profile that no file has names the path as it was read', async () => {
  const home = makeHome({}, { AWS_SHARED_CREDENTIALS_FILE: '$HOME/none' });
  const { stderr } = await runMfaEnv(['prod'], home.env);
  assert.match(stderr, new RegExp(`there is no profile prod in ${home.path}/none or `));
  assert.ok(savedLines());
});
