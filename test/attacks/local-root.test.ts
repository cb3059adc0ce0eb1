/**
 * A user on whose behalf root acts, as with `sudo -E`. His folders are his: he swaps what root makes in them for links. He gets
 * no file that belongs to root, and puts nothing into root's folders.
 */

import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { asOwner } from '../../src/acting-user.ts';
import { saveSession } from '../../src/save.ts';
import { makeFolder } from '../../src/save-target.ts';
import { root, start } from '../harness.ts';

const isRoot = process.getuid?.() === 0;
const skip = !isRoot && 'only root acts on behalf of others';
const user = 12_345;

/** The user's home, and a file and a folder of root's next to it. */
function makePlaces(t: TestContext) {
  const around = mkdtempSync(join(tmpdir(), 'mfa-env-root-'));
  t.after(() => rmSync(around, { recursive: true, force: true }));
  chmodSync(around, 0o755);
  const [home, secret, folder] = ['home', 'secret', 'folder'].map((name) => join(around, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(home);
  chownSync(home, user, user);
  writeFileSync(secret, 'belongs to root\n', { mode: 0o600 });
  mkdirSync(folder);
  return { home, secret, folder };
}

function give(path: string): string {
  chownSync(path, user, user);
  return path;
}

/** Lets the user do something in a tight loop for some seconds; returns what ends it. */
function attack(home: string, step: string): () => void {
  const script = `const fs = require("fs"); const end = Date.now() + 15000; while (Date.now() < end) { ${step} }`;
  const { kill } = start(
    'setpriv',
    [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', process.execPath, '-e', script],
    {
      PATH: process.env.PATH ?? '',
      HOME: home,
    },
  );
  return () => kill('SIGKILL');
}

const session = {
  accessKeyId: 'ASIASAVED00000000001',
  secretAccessKey: 'secret/of+the/saved/session',
  sessionToken: 'token',
  expiresAt: new Date(Date.now() + 3_600_000),
};

let isSaving = false;

/** Saves, unless a save before is still in its way; waits for it a moment. */
async function save(path: string): Promise<void> {
  if (!isSaving) void saveOnce(path);
  await new Promise((resolve) => setTimeout(resolve, 20));
}

async function saveOnce(path: string): Promise<void> {
  isSaving = true;
  const marks = { source: undefined, role: undefined };
  const rest = { before: undefined, region: undefined, serial: undefined, related: [] };
  const given = { path, section: 'prod', session, marks, ...rest };
  try {
    await saveSession({ ...given, say: () => {}, onInterrupt: () => () => {} });
  } catch {
    // Whatever refuses the save is all right here.
  } finally {
    isSaving = false;
  }
}

const milliseconds = 4000;

suite('a user whose files root writes', { skip, concurrency: 1 }, () => {
  test('gets no file of root for a draft or lock that he swaps for a link', async (t) => {
    const { home, secret } = makePlaces(t);
    const folder = join(home, '.aws');
    mkdirSync(folder);
    give(folder);
    const path = join(folder, 'credentials');
    writeFileSync(path, '[prod]\n', { mode: 0o600 });
    give(path);
    const before = statSync(secret);
    const stop = attack(
      folder,
      `for (const name of fs.readdirSync(".")) if (name.includes("mfa-env-")) try {
        fs.symlinkSync(${JSON.stringify(secret)}, "swap"); fs.renameSync("swap", name); } catch { try { fs.unlinkSync("swap") } catch {} }`,
    );
    let rounds = 0;
    try {
      for (const end = Date.now() + milliseconds; Date.now() < end; rounds += 1) {
        await save(path);
        const after = lstatSync(secret);
        assert.deepEqual(
          [after.uid, after.gid, after.mode, after.mtimeMs, after.ctimeMs],
          [before.uid, before.gid, before.mode, before.mtimeMs, before.ctimeMs],
        );
      }
    } finally {
      stop();
    }
    assert.ok(rounds > 5);
    assert.equal(readFileSync(secret, 'utf8'), 'belongs to root\n');
    assert.deepEqual([process.geteuid?.(), process.getegid?.()], [0, 0]);
  });

  test("gets nothing put into root's folder by a link in place of a folder that is to be made", async (t) => {
    const { home, folder } = makePlaces(t);
    const before = statSync(folder);
    const stop = attack(
      home,
      `try { fs.symlinkSync(${JSON.stringify(folder)}, ".aws") } catch {}
       try { fs.unlinkSync(".aws") } catch {}
       try { fs.rmSync(".aws", { recursive: true }) } catch {}`,
    );
    try {
      for (const end = Date.now() + milliseconds; Date.now() < end; ) {
        try {
          makeFolder(join(home, '.aws'));
        } catch {
          // He was in between.
        }
        await save(join(home, '.aws/credentials'));
        const after = lstatSync(folder);
        assert.deepEqual([readdirSync(folder), after.uid, after.mode], [[], before.uid, before.mode]);
      }
    } finally {
      stop();
    }
  });

  test('owns what root makes for him, and root is root again', (t) => {
    const { home } = makePlaces(t);
    const file = join(home, 'new');
    asOwner(file, () => {
      assert.equal(process.geteuid?.(), user);
      writeFileSync(file, '');
    });
    makeFolder(join(home, 'a/b'));
    for (const path of [file, join(home, 'a'), join(home, 'a/b')])
      assert.deepEqual([statSync(path).uid, statSync(path).gid], [user, user]);
    assert.equal(statSync(join(home, 'a/b')).mode & 0o777, 0o700);
    assert.deepEqual([process.geteuid?.(), process.getegid?.()], [0, 0]);
  });

  test("can not have root's rights by a link to root's folder", (t) => {
    const { home, folder } = makePlaces(t);
    symlinkSync(folder, join(home, 'link'));
    assert.throws(() => asOwner(join(home, 'link/new'), () => writeFileSync(join(home, 'link/new'), '')), {
      code: 'EACCES',
    });
    assert.ok(!existsSync(join(folder, 'new')));
    assert.equal(process.geteuid?.(), 0);
  });
});

test('in a place that belongs to root alone, root stays root', { skip }, (t) => {
  const { folder } = makePlaces(t);
  asOwner(join(folder, 'new'), () => assert.equal(process.geteuid?.(), 0));
});

test('no owner, mode or time is changed by name', () => {
  const byName = /\b(?:l?ch(?:own|mod)|l?utimes)(?:Sync)?\s*\(|\bl?ch(?:own|mod)Sync\b|\bl?utimesSync\b/;
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  assert.ok(files.length > 100);
  assert.deepEqual(
    files.filter((name) => {
      const text = readFileSync(join(root, 'src', name), 'utf8');
      return byName.test(text.replace(/\bf(?:chown|chmod|utimes)Sync\b/g, ''));
    }),
    [],
  );
});
