import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSync } from 'esbuild';
import { beside, findSaveTarget } from '../src/save-target.ts';
import { root } from './harness.ts';
import { makeFolder } from './temp-folder.ts';

/** Files are made relative to a folder, in which `credentials` is the path that the user knows. */
type Make = (at: (...path: string[]) => string) => void;

const targets: [title: string, make: Make, file: string, exists: boolean][] = [
  ['a file', (at) => writeFileSync(at('credentials'), ''), 'credentials', true],
  ['a missing file', () => {}, 'credentials', false],
  [
    'the file that a link names',
    (at) => {
      writeFileSync(at('real'), '');
      symlinkSync('real', at('credentials'));
    },
    'real',
    true,
  ],
  [
    'the end of a chain of links',
    (at) => {
      mkdirSync(at('a'));
      symlinkSync('a/b', at('credentials'));
      symlinkSync('../real', at('a/b'));
      writeFileSync(at('real'), '');
    },
    'real',
    true,
  ],
  [
    'beside the folder that a link names, not beside the link',
    (at) => {
      mkdirSync(at('deep/a'), { recursive: true });
      symlinkSync('deep/a', at('linked'));
      symlinkSync('linked/../real', at('credentials'));
      writeFileSync(at('deep/real'), '');
      writeFileSync(at('real'), '');
    },
    'deep/real',
    true,
  ],
  [
    'behind two links, each from where it is',
    (at) => {
      mkdirSync(at('dot/files/aws'), { recursive: true });
      mkdirSync(at('dot/files/secret'));
      symlinkSync('dot/files/aws', at('aws'));
      symlinkSync('../secret/credentials', at('dot/files/aws/credentials'));
      symlinkSync('./aws//credentials', at('credentials'));
    },
    'dot/files/secret/credentials',
    false,
  ],
  [
    'in the missing folder that a link names',
    (at) => {
      symlinkSync('missing', at('folder'));
      symlinkSync('folder/credentials', at('credentials'));
    },
    'missing/credentials',
    false,
  ],
  ['what a dangling link names', (at) => symlinkSync(at('a/b/c'), at('credentials')), 'a/b/c', false],
];

for (const [title, make, file, exists] of targets)
  test(`the target is ${title}`, (t) => {
    const folder = realpathSync(makeFolder(t));
    make((...path) => join(folder, ...path));
    const target = findSaveTarget(join(folder, 'credentials'));
    assert.deepEqual([target.path, target.file], [join(folder, 'credentials'), join(folder, file)]);
    assert.equal(target.stat !== undefined, exists);
    assert.equal(beside(target, 'lock'), join(folder, `${file}.mfa-env-lock`));
  });

const refused: [title: string, make: Make, message: RegExp, hint?: RegExp][] = [
  ['a folder', (at) => mkdirSync(at('credentials')), /credentials is not a regular file/],
  ['a named pipe', (at) => execFileSync('mkfifo', [at('credentials')]), /credentials is not a regular file/],
  ['a device', (at) => symlinkSync('/dev/null', at('credentials')), /credentials is not a regular file/],
  [
    'a hard link',
    (at) => {
      writeFileSync(at('credentials'), '');
      linkSync(at('credentials'), at('second'));
    },
    /credentials .*hard link/,
  ],
  [
    'a missing folder on the way up',
    (at) => symlinkSync('missing/../real', at('credentials')),
    /credentials leads through .*missing, which is no folder/,
    /make that folder/,
  ],
  ['links in a circle', (at) => symlinkSync('credentials', at('credentials')), /circle/],
  [
    'a folder that everyone can write',
    (at) => chmodSync(at(), 0o777),
    /everyone can write into the folder/,
    /^chmod o-w /,
  ],
  [
    'one with a sticky bit too',
    (at) => chmodSync(at(), 0o1777),
    /everyone can write into the folder/,
    /^put the file into a folder of yours$/,
  ],
  [
    'a missing folder in one that everyone can write',
    (at) => {
      symlinkSync('open/aws/credentials', at('credentials'));
      mkdirSync(at('open'));
      chmodSync(at('open'), 0o777);
    },
    /everyone can write into the folder .*open$/,
  ],
  [
    'a file in place of its folder',
    (at) => {
      symlinkSync('file/credentials', at('credentials'));
      writeFileSync(at('file'), '');
    },
    /file is not a folder/,
  ],
];

for (const [title, make, message, hint = /./] of refused)
  test(`${title} is refused`, (t) => {
    const folder = makeFolder(t);
    make((...path) => join(folder, ...path));
    assert.throws(() => findSaveTarget(join(folder, 'credentials')), { message, hint, exitStatus: 1 });
  });

test('the null device is no file to be moved away', () =>
  assert.throws(() => findSaveTarget('/dev/null'), {
    message: '/dev/null is not a regular file',
    hint: 'unset AWS_SHARED_CREDENTIALS_FILE, or let it name a file',
  }));

const uid = process.getuid?.() ?? 0;
const isRoot = uid === 0;
const nobody = 65_534;

const foreign: [title: string, path: string[], message: RegExp][] = [
  ['file', ['credentials'], /credentials belongs to another user/],
  ['folder', [], /the folder .* belongs to another user/],
];

for (const [title, path, message] of foreign)
  test(`another user's ${title} is refused`, (t) => {
    const folder = makeFolder(t);
    if (title === 'file') writeFileSync(join(folder, 'credentials'), '');
    if (isRoot) chownSync(join(folder, ...path), nobody, nobody);
    t.mock.method(process as { getuid(): number }, 'getuid', () => uid + 1);
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    assert.throws(() => findSaveTarget(join(folder, 'credentials')), { message, hint: /./, exitStatus: 1 });
  });

const closed: [title: string, path: string | undefined, mode: number, hint: RegExp][] = [
  ['a folder without the right to write', undefined, 0o500, /^chmod u\+rwx \/.*[^/]$/],
  ['a folder without the right to read', undefined, 0o300, /^chmod u\+rwx \/.*[^/]$/],
  [
    "root's folder",
    '/credentials',
    0o500,
    /^it is root's: let HOME, or AWS_SHARED_CREDENTIALS_FILE, lead to a folder of yours$/,
  ],
  ["a folder to be made in root's", '/nonexistent/.aws/credentials', 0o500, /^it is root's: let HOME, or/],
];

for (const [title, path, mode, hint] of closed)
  test(`${title} is refused`, (t) => {
    const folder = makeFolder(t);
    if (isRoot) chownSync(folder, nobody, nobody);
    chmodSync(folder, mode);
    const asked = JSON.stringify(path ?? `${folder}/credentials`);
    const contents = `import { findSaveTarget } from './src/save-target.ts';
try { findSaveTarget(${asked}); } catch ({ message, hint }) { console.log(JSON.stringify([message, hint])); }`;
    // Root may write everywhere, so it hands the question to somebody else, who may not be able to read the sources.
    const user = isRoot ? { uid: nobody, gid: nobody } : {};
    const { outputFiles } = buildSync({
      ...{ stdin: { contents, resolveDir: root }, bundle: true, write: false },
      ...({ platform: 'node', format: 'cjs', logLevel: 'warning' } as const),
    });
    const args = ['--eval', outputFiles[0]?.text ?? ''];
    const { stdout } = spawnSync(process.execPath, args, { cwd: '/', encoding: 'utf8', ...user });
    const [message, told] = JSON.parse(stdout);
    assert.match(message, /cannot write into the folder .*: EACCES/);
    assert.match(told, hint);
  });
