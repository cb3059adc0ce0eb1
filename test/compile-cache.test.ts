/** What Node compiles is kept for the next run: where nobody else can write it, and so that it is never in the way. */

import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { findCacheFolder } from '../src/compile-cache.ts';
import { makeHome, makeUser, program, run, savedLines } from './harness.ts';
import { findNodes, rightMajors } from './nodes.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const isRoot = process.getuid?.() === 0;
const stranger = 12_345;

const places: [title: string, prepare: (home: string) => Record<string, string>, folder?: string][] = [
  ['below HOME', (home) => ({ HOME: home }), '.cache/mfa-env'],
  [
    'below XDG_CACHE_HOME',
    (home) => {
      mkdirSync(join(home, 'caches'));
      return { HOME: home, XDG_CACHE_HOME: join(home, 'caches') };
    },
    'caches/mfa-env',
  ],
  [
    'below HOME where XDG_CACHE_HOME is no whole path',
    (home) => ({ HOME: home, XDG_CACHE_HOME: 'caches' }),
    '.cache/mfa-env',
  ],
  [
    'behind a link',
    (home) => {
      mkdirSync(join(home, 'large/caches'), { recursive: true });
      symlinkSync('large/caches', join(home, '.cache'));
      return { HOME: home };
    },
    'large/caches/mfa-env',
  ],
  [
    'below a folder that all share, where what is there is safe from others',
    (home) => {
      mkdirSync(join(home, '.cache'));
      chmodSync(join(home, '.cache'), 0o1777);
      return { HOME: home };
    },
    '.cache/mfa-env',
  ],
  ['without HOME', () => ({})],
  ['with a HOME that is no whole path', () => ({ HOME: '.' })],
  ['with a HOME that is not there', (home) => ({ HOME: join(home, 'nosuch/ana') })],
  [
    'where a file stands in the place',
    (home) => {
      mkdirSync(join(home, '.cache'));
      writeFileSync(join(home, '.cache/mfa-env'), '');
      return { HOME: home };
    },
  ],
  ...[0o770, 0o707, 0o750, 0o705].map((mode): (typeof places)[number] => [
    `where the folder is open: ${mode.toString(8)}`,
    (home) => {
      mkdirSync(join(home, '.cache/mfa-env'), { recursive: true });
      chmodSync(join(home, '.cache/mfa-env'), mode);
      return { HOME: home };
    },
  ]),
  ...[0o777, 0o775].map((mode): (typeof places)[number] => [
    `where others can exchange the folder: ${mode.toString(8)} above it`,
    (home) => {
      mkdirSync(join(home, '.cache'));
      chmodSync(join(home, '.cache'), mode);
      return { HOME: home };
    },
  ]),
];

for (const [title, prepare, folder] of places)
  test(`the place is ${folder ? 'taken' : 'not taken'} ${title}`, () => {
    const { path } = makeHome({});
    const found = findCacheFolder(prepare(path));
    assert.equal(found, folder && join(path, folder));
    if (found) assert.equal(statSync(found).mode & 0o777, 0o700);
  });

suite("another user's", { skip: isRoot ? false : 'only root can give files away' }, () => {
  for (const [title, owned] of [
    ['folder', '.cache/mfa-env'],
    ['folder above it', '.cache'],
    ['home', '.'],
  ] as const)
    test(`${title} is not taken, and gets nothing`, () => {
      const { path } = makeHome({});
      const folder = join(path, owned);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chownSync(folder, stranger, stranger);
      assert.equal(findCacheFolder({ HOME: path }), undefined);
      assert.deepEqual(
        readdirSync(folder).filter((name) => /cache|mfa-env/.test(name)),
        [],
      );
    });
});

const listCache = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

for (const { major, file = '', skip } of findNodes(rightMajors)) {
  suite(`Node ${major}`, { skip: skip || (major === '20' ? 'it keeps nothing' : false), concurrency: 2 }, () => {
    const native = { NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    const called = `mfa-env: sts is called at ${sts.url}, which is not aws\n`;

    test('keeps what it compiled of the SDK, and takes it the next time', async () => {
      const { user, home } = makeUser(sts);
      const folder = join(home.path, '.cache/mfa-env');
      const saved = await run(file, [program, 'prod', sts.code(user)], home.env);
      assert.deepEqual([saved.status, saved.stderr], [0, called]);
      const kept = listCache(folder);
      assert.ok(kept.length > 0, 'nothing was kept');
      for (const entry of kept) assert.equal(statSync(join(entry.parentPath, entry.name)).mode & 0o077, 0);
      const again = await run(file, [program, 'prod', sts.code(user, 1)], { ...home.env, ...native });
      assert.equal(again.status, 0);
      assert.match(again.stderr, /cache for (?:CommonJS )?\S+\/dist\/sts\.cjs was accepted/);
    });

    test('takes nothing that is damaged, and says nothing of it', async () => {
      const { user, home } = makeUser(sts);
      await run(file, [program, 'prod', sts.code(user)], home.env);
      const kept = listCache(join(home.path, '.cache/mfa-env'));
      assert.ok(kept.length > 0, 'nothing was kept');
      for (const entry of kept) writeFileSync(join(entry.parentPath, entry.name), 'x'.repeat(100_000));
      const ended = await run(file, [program, 'prod', sts.code(user, 1)], home.env);
      assert.deepEqual([ended.status, ended.stderr], [0, called]);
    });

    test('does without where there is no place for it', async () => {
      for (const prepare of [
        (path: string) => writeFileSync(path, ''),
        (path: string) => {
          mkdirSync(path);
          chmodSync(path, 0o777);
        },
        (path: string) => symlinkSync('/dev/full', path),
      ]) {
        const { user, home } = makeUser(sts);
        mkdirSync(join(home.path, '.cache'));
        const folder = join(home.path, '.cache/mfa-env');
        prepare(folder);
        const ended = await run(file, [program, 'prod', sts.code(user)], { ...home.env, ...native });
        assert.equal(ended.status, 0, ended.stderr);
        assert.doesNotMatch(ended.stderr, /compile cache/);
        if (statSync(folder).isDirectory()) assert.deepEqual(readdirSync(folder), []);
        rmSync(folder, { recursive: true });
      }
    });

    test('has nothing to keep of a saved session', async () => {
      const { home } = makeUser(sts, { more: savedLines() });
      const ended = await run(file, [program, 'prod'], { ...home.env, ...native });
      assert.deepEqual([ended.status, ended.stderr], [0, '']);
      assert.equal(statSync(join(home.path, '.cache'), { throwIfNoEntry: false }), undefined);
    });
  });
}
