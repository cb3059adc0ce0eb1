/** What Windows lacks is taken away: owners, modes, /dev, /proc, HOME, ps. Windows itself was never there. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type Ended, type Home, makeHome, makeUser, program, root, run, savedLines } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

function runThere(words: string[], home: Home, more: Record<string, string> = {}): Promise<Ended> {
  const { HOME, ...env } = home.env;
  const preload = ['--require', join(root, 'test/windows.cjs')];
  return run(process.execPath, [...preload, program, ...words], { ...env, USERPROFILE: HOME ?? '', ...more });
}

suite('on what is like Windows', () => {
  const home = makeHome({ credentials: `[prod]\n${savedLines()}` });

  test('the files are below USERPROFILE, and the shell is PowerShell', async () => {
    const ended = await runThere(['prod'], home);
    assert.equal(ended.stderr, '');
    assert.match(ended.stdout, /^\$env:AWS_ACCESS_KEY_ID = 'ASIASAVED00000000001'/m);
  });

  test('the files are below HOMEDRIVE and HOMEPATH where that is missing', async () => {
    const ended = await runThere(['prod'], home, { USERPROFILE: '', HOMEDRIVE: '', HOMEPATH: home.path });
    assert.match(ended.stderr, /HOME is not set/);
    const [drive, path] = [home.path.slice(0, 4), home.path.slice(4)];
    const found = await runThere(['prod'], home, { USERPROFILE: '', HOMEDRIVE: drive, HOMEPATH: path });
    assert.equal(found.status, 0);
  });

  test("Git's bash gets statements of bash", async () => {
    const ended = await runThere(['prod'], home, { MSYSTEM: 'MINGW64' });
    assert.match(ended.stdout, /^export AWS_ACCESS_KEY_ID='ASIASAVED00000000001';$/m);
  });

  test('a session is saved and forgotten, whatever modes and owners seem to be', async () => {
    const { user, home: own } = makeUser(sts, { more: 'note = stays\n' });
    const before = own.credentials();
    const saved = await runThere(['prod', sts.code(user), '--save'], own);
    assert.equal(saved.status, 0);
    assert.deepEqual(saved.stderr.split('\n').slice(1), [`Saved prod credentials to ${own.credentialsFile}`, '']);
    assert.match(own.credentials(), /^note = stays\naws_access_key_id = ASIA/m);
    const forgotten = await runThere(['forget', 'prod'], own);
    assert.equal(forgotten.status, 0);
    assert.equal(own.credentials(), before);
  });

  test("the files' commands are run, though others seem to be able to write them", async () => {
    const { user, home: own } = makeUser(sts);
    const { home: other } = makeUser(sts, { more: `mfa_process = echo ${sts.code(user)}\n` });
    const ended = await runThere(['prod'], other);
    assert.match(ended.stderr, /aws refused the MFA code for prod/);
    own.remove();
  });

  test('nobody is asked: the code is to be given', async () => {
    const { home: own } = makeUser(sts);
    const ended = await runThere(['prod'], own);
    assert.equal(ended.status, 3);
    assert.match(ended.stderr, /hint: give it: mfa-env prod CODE/);
  });

  test('exec runs a command', async () => {
    const ended = await runThere(['exec', 'prod', '--', 'printenv', 'AWS_ACCESS_KEY_ID'], home);
    assert.deepEqual([ended.status, ended.stdout, ended.stderr], [0, 'ASIASAVED00000000001\n', '']);
  });
});
