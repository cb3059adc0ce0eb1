/** The credentials file among others who write it: the dead, the silent, the stopped, and those who know of no locks. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs, {
  appendFileSync,
  closeSync,
  existsSync,
  futimesSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { after, suite, type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { makeHome, makeUser, program, type Running, run, start, unless } from './harness.ts';
import { linesOf } from './numbered-sessions.ts';
import { sitDown } from './pty.ts';
import { lockText, mostMilliseconds, saveHere, startSave, stopAtDraft } from './save-process.ts';
import { startSts } from './sts/server.ts';
import { makeFolder } from './temp-folder.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

const keys = '[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';
const dayMilliseconds = 86_400_000;

/** A credentials file in a folder of its own. */
function makeFile(t: TestContext): string {
  const path = join(makeFolder(t), 'credentials');
  writeFileSync(path, keys, { mode: 0o600 });
  return path;
}

async function assertSaved(saving: Running, path: string, text = `${keys}[prod]\n${linesOf(1)}`): Promise<void> {
  const { status, stderr } = await saving.ended;
  assert.deepEqual([status, stderr], [0, '1\n']);
  assert.equal(readFileSync(path, 'utf8'), text);
  assert.deepEqual(readdirSync(dirname(path)), ['credentials']);
}

const nobodyHolds: [title: string, text: string, days?: number][] = [
  ['of a process that was killed', lockText()],
  ['of a process that was killed tomorrow', lockText(), 1],
  ['of another host that is silent', lockText({ host: 'elsewhere' })],
  ['of another host that was last heard of tomorrow', lockText({ host: 'elsewhere' }), 1],
  ['of another host that was last heard of years ago', lockText({ host: 'elsewhere' }), -5000],
  ['that is empty', ''],
  ['that is garbage', '\0\xff{"'.repeat(5000)],
  ['that is JSON of another form', '{"token":{},"pid":"1","host":null}'],
];

suite('a lock', { concurrency: nobodyHolds.length + 1 }, () => {
  for (const [title, text, days = 0] of nobodyHolds)
    test(`${title} is taken within 5 s`, async (t) => {
      const path = makeFile(t);
      const lock = `${path}.mfa-env-lock`;
      writeFileSync(lock, text, { mode: 0o600 });
      const time = new Date(Date.now() + days * dayMilliseconds);
      utimesSync(lock, time, time);
      const begin = performance.now();
      await assertSaved(startSave(path, 'prod', 1), path);
      assert.ok(performance.now() - begin < mostMilliseconds);
    });

  test('that another host keeps touching is waited for', async (t) => {
    const path = makeFile(t);
    const lock = `${path}.mfa-env-lock`;
    const text = lockText({ host: 'elsewhere' });
    writeFileSync(lock, text, { mode: 0o600 });
    const saving = startSave(path, 'prod', 1);
    for (let seconds = 0; seconds < 7; seconds += 1) {
      await setTimeout(1000);
      utimesSync(lock, new Date(), new Date());
      assert.deepEqual([readFileSync(lock, 'utf8'), readFileSync(path, 'utf8')], [text, keys]);
    }
    rmSync(lock);
    await assertSaved(saving, path);
  });
});

const stage = '[stage]\nk = v\n';
const meanwhile: [title: string, happens: (path: string, lock: string) => Promise<void> | void, text: string][] = [
  ['nothing happens', () => {}, keys],
  ['somebody removes its lock', (_, lock) => rmSync(lock), keys],
  [
    'somebody removes its lock, and another one saves',
    async (path, lock) => {
      rmSync(lock);
      await saveHere(path, 'stage', 2);
    },
    `${keys}[stage]\n${linesOf(2)}`,
  ],
  [
    'another one has its lock, and saves later',
    (path, lock) => {
      writeFileSync(lock, lockText({ pid: process.pid }), { mode: 0o600 });
      void setTimeout(1500).then(() => {
        appendFileSync(path, stage);
        rmSync(lock);
      });
    },
    keys + stage,
  ],
  ['another program adds to the file', (path) => appendFileSync(path, stage), keys + stage],
  ['another program empties the file', (path) => writeFileSync(path, stage), stage],
];

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Who holds the lock, if anybody does. */
function pidOf(lock: string): string | undefined {
  return /"pid":(\d+)/.exec(readIfThere(lock))?.[1];
}

test('the right to remove a lock is swept away by another while it is given back', async (t) => {
  const path = makeFile(t);
  writeFileSync(`${path}.mfa-env-lock`, lockText(), { mode: 0o600 });
  const { unlinkSync } = fs;
  t.mock.method(fs, 'unlinkSync', (file: string) => {
    if (/-lock\.[0-9a-f]{16}$/.test(file)) unlinkSync(file);
    unlinkSync(file);
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  await saveHere(path, 'prod', 1);
  assert.equal(readFileSync(path, 'utf8'), `${keys}[prod]\n${linesOf(1)}`);
});

const withoutProc = !existsSync('/proc/self/stat') && 'there is no /proc';

suite('a save is stopped with its draft written, and goes on later, while', {
  skip: withoutProc,
  concurrency: 2,
}, () => {
  for (const [title, happens, text] of meanwhile)
    test(title, async (t) => {
      const path = makeFile(t);
      const lock = `${path}.mfa-env-lock`;
      const saving = startSave(path, 'prod', 1, 1, stopAtDraft);
      t.after(() => saving.kill('SIGKILL'));
      // A try before it may have let the lock go again.
      await until(() => /^\d+ \(.*\) T/.test(readIfThere(`/proc/${pidOf(lock)}/stat`)));
      assert.equal(readFileSync(path, 'utf8'), keys);
      await happens(path, lock);
      saving.kill('SIGCONT');
      await assertSaved(saving, path, `${text}[prod]\n${linesOf(1)}`);
    });
});

const times: [title: string, milliseconds: number][] = [
  ['tomorrow', dayMilliseconds],
  ['years ago', -5000 * dayMilliseconds],
  ['right now', 0],
];

suite('a file was last changed', { concurrency: times.length }, () => {
  for (const [title, milliseconds] of times)
    test(title, async (t) => {
      const path = makeFile(t);
      const time = new Date(Date.now() + milliseconds);
      utimesSync(path, time, time);
      const begin = performance.now();
      await assertSaved(startSave(path, 'prod', 1), path);
      assert.ok(performance.now() - begin < mostMilliseconds);
    });
});

const inPlace: [title: string, prepare: (path: string) => Promise<unknown>, aheadMilliseconds: number][] = [
  ['long after it was made', () => setTimeout(300), 0],
  ['by a clock that is a moment ahead', () => setTimeout(300), 100],
];

suite('a program rewrites the file in place, bit by bit', { concurrency: inPlace.length }, () => {
  for (const [title, prepare, aheadMilliseconds] of inPlace)
    test(title, async (t) => {
      const path = makeFile(t);
      await prepare(path);
      const text = readFileSync(path, 'utf8');
      const cut = text.indexOf('\n') + 1;
      const file = openSync(path, 'w');
      writeSync(file, text.slice(0, cut));
      await setTimeout(50);
      const changedAt = new Date(Date.now() + aheadMilliseconds);
      if (aheadMilliseconds > 0) futimesSync(file, changedAt, changedAt);
      const saving = saveHere(path, 'prod', 1);
      for (const part of text.slice(cut).match(/.{1,20}/gs) ?? []) {
        await setTimeout(10);
        writeSync(file, part);
      }
      closeSync(file);
      await saving;
      assert.equal(readFileSync(path, 'utf8'), `${text}[prod]\n${linesOf(1)}`);
    });
});

test('a program that rewrites the file in place stalls once it has emptied it', async () => {
  const { user, home } = makeUser(sts);
  const before = home.credentials();
  sts.fault('slow', { milliseconds: 300 });
  const running = start(process.execPath, [program, 'prod', sts.code(user), '--save'], home.env);
  await until(() => sts.requests.length === 1);
  const file = openSync(home.credentialsFile, 'w');
  await setTimeout(1500);
  writeSync(file, before);
  closeSync(file);
  await running.ended;
  assert.ok(home.credentials().startsWith(before), home.credentials());
});

const team = keys.replace('prod', 'team');
const whileTyping: [title: string, change: (path: string, before: string) => void, hasTeam: boolean][] = [
  ['are taken out', (path, before) => replace(path, before.replace(team, '')), false],
  [
    'were taken out in place, a while ago',
    (path, before) => {
      writeFileSync(path, before.replace(team, ''));
      const time = Date.now() / 1000 - 10;
      utimesSync(path, time, time);
    },
    false,
  ],
  [
    'are moved aside with the file, and come back later',
    (path) => {
      renameSync(path, `${path}.aside`);
      void setTimeout(1500).then(() => renameSync(`${path}.aside`, path));
    },
    true,
  ],
  [
    'have just gone, and come back later',
    (path, before) => {
      writeFileSync(path, before.replace(team, ''));
      void setTimeout(1500).then(() => writeFileSync(path, before));
    },
    true,
  ],
];

/** Puts a file in the place of another one. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  // On a busy machine it may take long to be written, and would look like one that is not whole.
  utimesSync(`${path}.new`, Date.now() / 1000 - 10, Date.now() / 1000 - 10);
  renameSync(`${path}.new`, path);
}

suite("while a code is typed, another profile's keys", { concurrency: whileTyping.length }, () => {
  for (const [title, change, hasTeam] of whileTyping)
    test(title, async () => {
      const { user, home } = makeUser(sts);
      const own = home.credentials();
      const before = team + own;
      writeFileSync(home.credentialsFile, before);
      const typist = sitDown(process.execPath, [program, 'prod', '--save'], home.env);
      await typist.see(/MFA code for prod .*: /);
      change(home.credentialsFile, before);
      typist.type(`${sts.code(user)}\r`);
      await typist.see('Saved prod credentials');
      assert.equal((await typist.ended).exitCode, 0);
      const text = home.credentials();
      assert.ok(text.startsWith(hasTeam ? before : own), text);
      assert.match(text, /\naws_session_token = /);
    });
});

test('the AWS CLI writes again and again', { skip: unless('aws') }, async (t) => {
  const home = makeHome({ credentials: `${keys}[other]\naws_access_key_id = ASIAOTHER00000000001\n` });
  const saving = startSave(home.credentialsFile, 'prod', 1, 1e9);
  t.after(() => saving.kill('SIGKILL'));
  await until(() => saving.stderr() !== '');
  for (let round = 0; round < 8; round += 1) {
    const words = ['configure', 'set', 'aws_secret_access_key', `secret${round}`, '--profile', 'other'];
    const { status, stderr } = await run('aws', words, home.env);
    assert.deepEqual([status, stderr], [0, '']);
    const text = home.credentials();
    assert.ok(text.startsWith(keys), text);
    const [, digits] = /^\[prod\]\n.*ASIASAVED0(\d+)$/m.exec(text) ?? assert.fail(text);
    assert.ok(text.includes(`[prod]\n${linesOf(Number(digits))}`), text);
  }
  saving.kill('SIGKILL');
  const { stderr } = await saving.ended;
  assert.ok(stderr.split('\n').length > 8, 'nothing was saved meanwhile');
  assert.match(stderr, /^[\d\n]+$/);
  const read = spawnSync('aws', ['configure', 'get', 'aws_session_token', '--profile', 'prod'], {
    env: home.env,
    encoding: 'utf8',
  });
  assert.match(read.stdout, /^token\/\d{10}==\n$/);
});
