/** What belongs to others, or is closed: refused before a code is spent, and nothing of theirs is followed, changed or removed. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type Ended, type Home, makeUser, program, run, runMfaEnv, savedLines, unless } from './harness.ts';
import { sitDown } from './pty.ts';
import { lockText } from './save-process.ts';
import { runTraced, unlessStrace } from './strace.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

const [root, owner, other] = [0, 65_534, 12_345];
const isRoot = process.getuid?.() === root;
const becomeOwner = [`--reuid=${owner}`, `--regid=${owner}`, '--clear-groups'];
const skip = unlessOthers();

/** Why nothing can be tried as a user who is not root. */
function unlessOthers(): string | false {
  if (!isRoot) return 'only root can give files away and become another user';
  const missing = unless('setpriv');
  if (missing) return missing;
  const { status } = spawnSync('setpriv', [...becomeOwner, process.execPath, program, '--version']);
  return status === 0 ? false : 'another user cannot run the program here';
}

/** A home that belongs, with all that is in it, to a user who is not root. */
function makeOwnHome(more = ''): { user: StsUser; home: Home; folder: string } {
  const { user, home } = makeUser(sts, { more });
  execFileSync('chown', ['-R', `${owner}:${owner}`, home.path]);
  return { user, home, folder: dirname(home.credentialsFile) };
}

/** Runs mfa-env as the owner of the home. */
function runAsOwner(home: Home, ...words: string[]): Promise<Ended> {
  return run('setpriv', [...becomeOwner, process.execPath, program, ...words], home.env);
}

function countRequests(user: StsUser): number {
  return sts.requests.filter(({ parameters }) => parameters.SerialNumber === user.device.serialNumber).length;
}

/** Gives a file or folder away, for all to read. */
function give(path: string, uid: number): void {
  chownSync(path, uid, uid);
  chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
}

/** All that could show a change of what is in a folder. */
function picture(folder: string): object[] {
  return readdirSync(folder).map((name) => {
    const path = join(folder, name);
    const { ino, uid, gid, mode, mtimeMs } = lstatSync(path);
    return { name, ino, uid, gid, mode, mtimeMs, text: lstatSync(path).isFile() && readFileSync(path, 'latin1') };
  });
}

/** Checks that mfa-env has refused before it called STS, and what the folder holds is as it was. */
function assertRefused(ended: Ended, message: RegExp, user: StsUser, folder: string, before: object[]): void {
  assert.match(ended.stderr, new RegExp(`^mfa-env: error: .*${message.source}`));
  assert.deepEqual([ended.status, ended.stdout], [1, 'false;\n']);
  assert.deepEqual(picture(folder), before);
  assert.equal(countRequests(user), 0);
}

/** Puts a file of another user beside the credentials. */
function putBeside(file: string, suffix: string, mode = 0o644): string {
  const path = `${file}.mfa-env-${suffix}`;
  writeFileSync(path, lockText());
  give(path, other);
  chmodSync(path, mode);
  return path;
}

const refused: [title: string, spoil: (file: string, folder: string) => void, message: RegExp][] = [
  [
    'a folder that is closed',
    (_, folder) => chmodSync(folder, 0o500),
    /cannot write into the folder .*EACCES\nmfa-env: hint: chmod u\+rwx \S+; or call with --no-save\n/,
  ],
  [
    "root's folder",
    (_, folder) => give(folder, root),
    /cannot write into the folder .*EACCES\nmfa-env: hint: it is root's: sudo chown "\$\(id -u\)" \S+\.aws; or call/,
  ],
  ["another user's folder", (_, folder) => give(folder, other), /the folder .* belongs to another user/],
  ['a folder that everyone can write', (_, folder) => chmodSync(folder, 0o777), /everyone can write into the folder/],
  ["another user's file", (file) => give(file, other), /credentials belongs to another user/],
  ["root's file", (file) => give(file, root), /credentials belongs to another user/],
  [
    "another user's link",
    (file) => {
      renameSync(file, `${file}-real`);
      symlinkSync(`${file}-real`, file);
      lchownSync(file, other, other);
    },
    /the link .*credentials belongs to another user/,
  ],
  ["another user's lock", (file) => void putBeside(file, 'lock', 0o600), /lock is in the way/],
  ["another user's lock that all can read", (file) => void putBeside(file, 'lock'), /lock is in the way/],
];

suite('a save is refused before a code is spent:', { skip, concurrency: 2 }, () => {
  for (const [title, spoil, message] of refused)
    test(title, async () => {
      const { user, home, folder } = makeOwnHome();
      spoil(home.credentialsFile, folder);
      const before = picture(folder);
      const ended = await runAsOwner(home, 'prod', sts.code(user), '--save');
      assertRefused(ended, message, user, folder, before);
    });
});

test('what was no save is not told to do without one', { skip }, async () => {
  const { home, folder } = makeOwnHome(savedLines());
  give(folder, root);
  const { stderr, status } = await runAsOwner(home, 'forget', 'prod');
  assert.match(
    stderr,
    /cannot write into the folder .*\nmfa-env: hint: it is root's: sudo chown "\$\(id -u\)" \S+\.aws\n$/,
  );
  assert.equal(status, 1);
});

test("the doctor names the variable of another user's file, and whose folder it is", { skip }, async () => {
  const { home, folder } = makeOwnHome();
  writeFileSync(home.configFile, '');
  give(home.configFile, other);
  give(folder, root);
  const { stdout } = await runAsOwner(home, 'doctor');
  assert.match(stdout, /^error: \S+config belongs to another user: point AWS_CONFIG_FILE at a file of yours$/m);
  assert.match(stdout, /^error: cannot write into the folder .*: it is root's: sudo chown "\$\(id -u\)" \S+\.aws$/m);
  chmodSync(folder, 0o700);
  assert.match((await runAsOwner(home, 'doctor')).stdout, /^error: cannot read .*: see whose its folder is: ls -ld /m);
});

test("another user's turn is refused before a code is asked for", {
  skip,
}, async () => {
  const { home } = makeOwnHome();
  const suffix = createHash('sha256').update('prod').digest('hex').slice(0, 16);
  putBeside(home.credentialsFile, `turn-${suffix}`);
  const words = [process.execPath, program, 'prod', '--save', '--print'];
  const { screen, kill } = sitDown('setpriv', [...becomeOwner, ...words], home.env);
  await until(() => /MFA code|\n.*hint: /.test(screen()));
  kill('SIGKILL');
  assert.match(screen(), /error: .*turn-\w+ is in the way/);
  assert.doesNotMatch(screen(), /MFA code/);
});

const kinds: [title: string, make: (path: string) => void][] = [
  ['a named pipe', (path) => execFileSync('mkfifo', [path])],
  ['a folder', (path) => mkdirSync(path)],
  ['a device', (path) => symlinkSync('/dev/null', path)],
];

suite('no file is', { concurrency: 2 }, () => {
  for (const [title, make] of kinds)
    test(title, async () => {
      const { user, home } = makeUser(sts);
      renameSync(home.credentialsFile, home.configFile);
      const config = readFileSync(home.configFile, 'utf8').replace(/^\[/gm, '[profile ');
      writeFileSync(home.configFile, config);
      make(home.credentialsFile);
      const before = picture(dirname(home.credentialsFile));
      const ended = await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
      assertRefused(ended, /credentials is not a regular file/, user, dirname(home.credentialsFile), before);
    });
});

suite('a save', { skip, concurrency: 2 }, () => {
  const rests: [title: string, suffix: string][] = [
    ['draft', '0123456789abcdef'],
    ['right to remove a lock', 'lock.0123456789abcdef'],
    ['turn', 'turn-0123456789abcdef'],
  ];
  for (const [title, suffix] of rests)
    test(`leaves another user's ${title} alone`, async () => {
      const { user, home } = makeOwnHome();
      const path = putBeside(home.credentialsFile, suffix);
      const { status, stderr } = await runAsOwner(home, 'prod', sts.code(user), '--save');
      assert.equal(status, 0, stderr);
      assert.match(home.credentials(), /^aws_session_token = /m);
      assert.ok(existsSync(path));
    });

  const owners: [title: string, uid: number, mode: number][] = [
    ['of a user keeps the mode 0400', owner, 0o400],
    ['of a user stays theirs when root saves', root, 0o600],
  ];
  for (const [title, runner, mode] of owners)
    test(`into a file ${title}`, async () => {
      const { user, home, folder } = makeOwnHome();
      chmodSync(home.credentialsFile, mode);
      const words = ['prod', sts.code(user), '--save'];
      const { status, stderr } = await (runner === root ? runMfaEnv(words, home.env) : runAsOwner(home, ...words));
      assert.equal(status, 0, stderr);
      assert.match(home.credentials(), /^aws_session_token = /m);
      const stat = statSync(home.credentialsFile);
      assert.deepEqual([stat.uid, stat.gid, stat.mode & 0o777], [owner, owner, mode]);
      assert.deepEqual(readdirSync(folder), ['credentials']);
    });

  test("of root does not follow another user's link", async () => {
    const { user, home } = makeUser(sts);
    const real = join(home.path, 'real');
    renameSync(home.credentialsFile, real);
    symlinkSync(real, home.credentialsFile);
    lchownSync(home.credentialsFile, other, other);
    const before = readFileSync(real, 'utf8');
    const { status, stdout } = await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
    assert.deepEqual([status, stdout], [1, 'false;\n']);
    assert.equal(readFileSync(real, 'utf8'), before);
  });

  test("of root does not follow another user's link to the folder", async () => {
    const { user, home } = makeUser(sts);
    const [folder, real] = [dirname(home.credentialsFile), join(home.path, 'real')];
    renameSync(folder, real);
    symlinkSync(real, folder);
    lchownSync(folder, other, other);
    const before = picture(real);
    const ended = await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
    assertRefused(ended, /the link .*\.aws belongs to another user/, user, real, before);
  });

  test('of root into a missing folder gives both to the owner of the one around it', async () => {
    const { user, home, folder } = makeOwnHome();
    const config = readFileSync(home.credentialsFile, 'utf8').replace(/^\[/gm, '[profile ');
    renameSync(folder, join(home.path, 'old'));
    const configFile = join(home.path, 'config');
    writeFileSync(configFile, config, { mode: 0o600 });
    for (const [index, path] of ['.aws/credentials', 'a/b/credentials'].entries()) {
      const file = join(home.path, path);
      const env = { ...home.env, AWS_CONFIG_FILE: configFile, AWS_SHARED_CREDENTIALS_FILE: file };
      const { status, stderr } = await runMfaEnv(['prod', sts.code(user, index), '--save'], env);
      assert.equal(status, 0, stderr);
      for (const made of [file, dirname(file), join(home.path, path.split('/')[0] ?? '')])
        assert.deepEqual([statSync(made).uid, statSync(made).gid], [owner, owner], made);
    }
  });

  test('of root into a missing file gives it to the owner of the folder', async () => {
    const { user, home } = makeOwnHome();
    const path = join(home.path, 'new');
    const config = readFileSync(home.credentialsFile, 'utf8').replace(/^\[/gm, '[profile ');
    writeFileSync(home.configFile, config, { mode: 0o600 });
    const env = { ...home.env, AWS_SHARED_CREDENTIALS_FILE: path };
    const { status, stderr } = await runMfaEnv(['prod', sts.code(user), '--save'], env);
    assert.equal(status, 0, stderr);
    const { uid, gid, mode } = statSync(path);
    assert.deepEqual([uid, gid, mode & 0o777], [owner, owner, 0o600]);
  });
});

const watched: [title: string, spoil: (home: Home) => void][] = [
  ['into a file that others can read', ({ credentialsFile }) => chmodSync(credentialsFile, 0o644)],
  ['into a missing file', ({ credentialsFile }) => rmSync(credentialsFile)],
  ['into a missing folder', ({ path }) => renameSync(join(path, '.aws'), join(path, 'old'))],
];

suite("what a save makes is its owner's from the first byte:", { skip: unlessStrace(), concurrency: 2 }, () => {
  for (const [title, spoil] of watched)
    test(title, async () => {
      const { user, home } = makeUser(sts);
      const folder = dirname(home.credentialsFile);
      const AWS_CONFIG_FILE = join(home.path, 'config');
      writeFileSync(AWS_CONFIG_FILE, home.credentials().replace(/^\[/gm, '[profile '), { mode: 0o600 });
      spoil(home);
      const words = [process.execPath, program, 'prod', sts.code(user), '--save'];
      const { status, stderr, calls } = await runTraced(
        home.path,
        'openat,mkdir,chmod,fchmod',
        ['sh', '-c', 'umask 0; exec "$@"', 'sh', ...words],
        { ...home.env, AWS_CONFIG_FILE },
      );
      assert.equal(status, 0, stderr);
      const lines = calls.map(({ line }) => line).filter((line) => line.includes(folder));
      const made = lines.flatMap((line) => /(?:O_CREAT.*|mkdir\(.*|chmod\(.*), (0\d+)\) += \d/.exec(line)?.[1] ?? []);
      assert.ok(
        lines.some((line) => /credentials\.mfa-env-\w{16}".*O_CREAT/.test(line)),
        lines.join('\n'),
      );
      assert.deepEqual(
        [...new Set(made)].filter((mode) => mode !== '0600' && mode !== '0700'),
        [],
        lines.join('\n'),
      );
    });
});

suite('an immutable', { skip: isRoot ? unless('chattr') : 'only root can make a file immutable' }, () => {
  for (const what of ['file', 'folder'] as const)
    test(what, async (t) => {
      const { user, home } = makeUser(sts);
      const folder = dirname(home.credentialsFile);
      const path = what === 'file' ? home.credentialsFile : folder;
      if (spawnSync('chattr', ['+i', path]).status !== 0) return t.skip('the file system knows no immutable files');
      t.after(() => execFileSync('chattr', ['-i', path]));
      const before = picture(folder);
      const ended = await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
      const message = what === 'folder' ? /cannot write into the folder/ : /credentials is immutable/;
      assertRefused(ended, message, user, folder, before);
    });
});

test('a file that is mounted by itself is refused before a code is spent', {
  skip: !isRoot && 'only root can mount',
}, async (t) => {
  const { user, home } = makeUser(sts);
  const [folder, real] = [dirname(home.credentialsFile), join(home.path, 'a real\\one')];
  writeFileSync(real, home.credentials(), { mode: 0o600 });
  if (spawnSync('mount', ['--bind', real, home.credentialsFile]).status !== 0) return t.skip('nothing can be mounted');
  t.after(() => execFileSync('umount', [home.credentialsFile]));
  const before = picture(folder);
  const ended = await runMfaEnv(['prod', sts.code(user), '--save'], home.env);
  assertRefused(ended, /credentials is a mount point/, user, folder, before);
});

const commands: [title: string, spoil: (file: string) => void, message?: RegExp][] = [
  ["root's file", (file) => give(file, root)],
  ['a file that its group can write', (file) => chmodSync(file, 0o660), /others can write the file/],
  ['a file that everyone can write', (file) => chmodSync(file, 0o602), /others can write the file/],
  ["another user's file", (file) => give(file, other), /the file belongs to another user/],
  [
    "a link to another user's file",
    (file) => {
      renameSync(file, `${file}-real`);
      symlinkSync(`${file}-real`, file);
      give(`${file}-real`, other);
    },
    /the file belongs to another user/,
  ],
];

suite('mfa_process is', { skip, concurrency: 2 }, () => {
  for (const [title, spoil, message] of commands)
    test(`${message ? 'refused' : 'run'} from ${title}`, async () => {
      const { user, home } = makeOwnHome();
      writeFileSync(home.configFile, "[profile prod]\nmfa_process = sh -c 'echo >asked; cat code'\n", { mode: 0o600 });
      give(home.configFile, owner);
      spoil(home.configFile);
      writeFileSync(join(home.path, 'code'), sts.code(user));
      const { status, stdout, stderr } = await runAsOwner(home, 'prod');
      if (message)
        assert.match(stderr, new RegExp(`^mfa-env: error: .*mfa_process is not run: ${message.source}`, 'm'));
      assert.match(stdout, message ? /^false;\n$/ : /^export AWS_SESSION_TOKEN=/m);
      assert.equal(status, message ? 1 : 0, stderr);
      assert.equal(existsSync(join(home.path, 'asked')), !message);
      assert.equal(countRequests(user), message ? 0 : 1);
    });
});
