import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { adviseMount } from '../src/mode-advice.ts';
import { showTyped } from '../src/show-typed.ts';
import { makeHome, root, runMfaEnv, sectionsOf } from './harness.ts';
import { startSts } from './sts/server.ts';

const mounts = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:20 / /mnt/c rw,noatime - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\;uid=1000;gid=1000;symlinkroot=/mnt/,mmap,access=client
31 22 0:21 / /mnt/d rw,noatime - 9p D:\\134 rw,dirsync,aname=drvfs;path=D:\\;uid=1000;gid=1000;metadata;symlinkroot=/mnt/,mmap
32 22 0:22 / /mnt/e rw,noatime - drvfs E:\\134 rw,uid=1000,gid=1000
33 22 0:23 / /mnt/f rw,noatime - drvfs F:\\134 rw,metadata
34 22 0:24 / /share rw - 9p share rw,trans=virtio
35 22 0:25 / /media/my\\040stick rw - vfat /dev/sdb1 rw,fmask=0022
36 22 0:26 / /media/disk rw - fuseblk /dev/sdc1 rw,permissions
37 22 0:27 / /media/win rw - ntfs3 /dev/sdc2 rw
38 22 0:28 / /net rw - cifs //server/share rw,vers=3.1.1
39 22 0:29 / /host rw - vboxsf host rw
40 30 8:1 / /mnt/c/linux rw - ext4 /dev/sda1 rw
`;

const rows: [path: string, advice: RegExp | undefined][] = [
  ['/home/ana/.aws', undefined],
  [
    '/mnt/c/Users/ana/.aws',
    /^write \[automount\] and options = "metadata" into \/etc\/wsl.conf .*: \/mnt\/c \(9p\) has no modes, so chmod does nothing there$/,
  ],
  ['/mnt/c', /wsl.conf/],
  ['/mnt/cd/.aws', undefined],
  ['/mnt/c/linux/.aws', undefined],
  ['/mnt/d/Users/ana/.aws', undefined],
  ['/mnt/e/Users/ana/.aws', /wsl.conf/],
  ['/mnt/f/Users/ana/.aws', undefined],
  ['/share/.aws', undefined],
  ['/media/my stick/.aws', /^mount '\/media\/my stick' with uid=\$\(id -u\),umask=077/],
  ['/media/disk/.aws', undefined],
  ['/media/win/.aws', /umask=077/],
  ['/net/.aws', /file_mode=0600,dir_mode=0700/],
  ['/host/.aws', /fmode=0600,dmode=0700/],
];

for (const [path, advice] of rows)
  test(`${path} ${advice ? 'is on a file system without modes' : 'has modes'}`, () => {
    const found = adviseMount(path, mounts);
    const reader = { env: { LANG: 'C.UTF-8' }, shellFolder: join(root, 'shell'), shell: () => 'bash' as const };
    if (advice) assert.match(showTyped(found ?? '', reader), advice);
    else assert.equal(found, undefined);
  });

test('without /proc nothing is said of it', () => assert.equal(adviseMount('/mnt/c', ''), undefined));

const sts = await startSts();
after(() => sts.close());

/** A home on a drive of WSL: every mode is 0777, and mountinfo says why. */
function makeWslHome(config: string) {
  const user = sts.addUser();
  const home = makeHome({ credentials: sectionsOf('prod', user), config }, { AWS_ENDPOINT_URL_STS: sts.url });
  for (const path of [home.credentialsFile, home.configFile, dirname(home.configFile)]) chmodSync(path, 0o777);
  const mount = `1 1 0:1 / ${home.path} rw - 9p C: rw,aname=drvfs;path=C:;uid=1000`;
  const preload = join(home.path, 'mounts.cjs');
  writeFileSync(
    preload,
    `const fs = require('node:fs');
const { readFileSync } = fs;
fs.readFileSync = (path, ...more) => (path === '/proc/self/mountinfo' ? ${JSON.stringify(mount)} : readFileSync(path, ...more));
`,
  );
  return { user, home, env: { ...home.env, NODE_OPTIONS: `--require=${preload}` } };
}

const wsl = /options = "metadata" into \/etc\/wsl.conf .*\S+ \(9p\) has no modes/;

suite('on a drive of WSL', { concurrency: 2 }, () => {
  test('a save is refused before a code is sent, with what to do', async () => {
    const { user, env } = makeWslHome('');
    const { status, stderr } = await runMfaEnv(['prod', sts.code(user), '--save'], env);
    assert.equal(status, 1);
    assert.match(stderr, /everyone can write into the folder/);
    assert.match(stderr, wsl);
    assert.doesNotMatch(stderr, /chmod o-w/);
  });

  test('a command is refused, with what to do', async () => {
    const { env } = makeWslHome('[profile prod]\nmfa_process = true\n');
    const { status, stderr } = await runMfaEnv(['prod'], env);
    assert.equal(status, 1);
    assert.match(stderr, /mfa_process is not run: others can write the file/);
    assert.match(stderr, wsl);
  });

  test('doctor says what to do', async () => {
    const { env } = makeWslHome('[profile prod]\n');
    const { stdout } = await runMfaEnv(['doctor'], env);
    assert.match(stdout, /others can read \S+ \(mode 0777\)/);
    assert.match(stdout, wsl);
    assert.doesNotMatch(stdout, /chmod (go|o|600)/);
  });
});
