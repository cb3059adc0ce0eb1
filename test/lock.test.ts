import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { acquireLock, acquireUnless, removeIfGone } from '../src/lock.ts';
import { describeOwn } from '../src/lock-holder.ts';
import { root } from './harness.ts';
import { makeFolder } from './temp-folder.ts';

const makePath = (t: TestContext) => join(makeFolder(t), 'lock');
const token = '0123456789abcdef';

const withoutProc = !existsSync('/proc/self/stat') && 'there is no /proc';

/** A process that has ended. */
const endedPid = spawnSync(process.execPath, ['--version']).pid;

/** A lock of this process, where the holder is not said to be another one. */
const lockOf = (holder: object) => JSON.stringify({ ...JSON.parse(describeOwn(token)), ...holder });

function putHolder(path: string, holder: object): void {
  writeFileSync(path, lockOf(holder), { mode: 0o600 });
}

/** Lets each look at the clock take some seconds, so that nobody waits for them. */
function hurry(t: TestContext): void {
  let now = performance.now();
  t.mock.method(performance, 'now', () => {
    now += 2000;
    return now;
  });
}

test('a lock is a file for its owner alone, and goes with its release', async (t) => {
  const path = makePath(t);
  const lock = await acquireLock(path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).pid, process.pid);
  assert.equal(lock.isOurs(), true);
  lock.release();
  assert.deepEqual(readdirSync(dirname(path)), []);
});

test('the second waits for the first', async (t) => {
  const path = makePath(t);
  const first = await acquireLock(path);
  const order: string[] = [];
  const second = acquireLock(path).then((lock) => {
    order.push('second');
    return lock;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  order.push('release');
  first.release();
  (await second).release();
  assert.deepEqual(order, ['release', 'second']);
});

const gone: [title: string, holder: object, skip?: string | false, killFails?: boolean][] = [
  ['with its process', { pid: endedPid }],
  ['with its process, whose id has come again', { started: '1' }, withoutProc],
  ["with its process, whose id is another user's now", { started: '1' }, withoutProc, true],
];

for (const [title, holder, skip = false, killFails = false] of gone)
  test(`a lock whose holder is gone ${title} is taken at once`, { skip }, async (t) => {
    const path = makePath(t);
    putHolder(path, holder);
    if (killFails) {
      t.mock.method(process, 'kill', () => {
        throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
      });
      syncBuiltinESMExports();
      t.after(() => {
        t.mock.restoreAll();
        syncBuiltinESMExports();
      });
    }
    const start = performance.now();
    const lock = await acquireLock(path);
    assert.ok(performance.now() - start < 1000);
    lock.release();
    assert.deepEqual(readdirSync(dirname(path)), []);
  });

const silent: [title: string, text: string][] = [
  ['of another host', JSON.stringify({ token, pid: process.pid, host: 'elsewhere', started: '' })],
  [
    'of a process whose id may have come again',
    JSON.stringify({ token, pid: process.pid, host: hostname(), started: '' }),
  ],
  ['that says nothing', ''],
  ['that is no JSON', 'x'],
];

for (const [title, text] of silent)
  test(`a silent lock ${title} is taken after a while`, async (t) => {
    const path = makePath(t);
    writeFileSync(path, text, { mode: 0o600 });
    hurry(t);
    const lock = await acquireLock(path);
    assert.equal(lock.isOurs(), true);
    lock.release();
  });

const rights: [title: string, lock: string, right: string, of: string][] = [
  ['that is left of another host', lockOf({ pid: endedPid }), lockOf({ host: 'elsewhere', started: '' }), token],
  ['that says nothing', lockOf({ pid: endedPid }), '', token],
  ['that says nothing, for a lock that does neither', '', '', 'unknown'],
];

for (const [title, lock, right, of] of rights)
  test(`a right to remove a lock ${title} is in nobody's way`, async (t) => {
    const path = makePath(t);
    writeFileSync(path, lock, { mode: 0o600 });
    writeFileSync(`${path}.${of}`, right, { mode: 0o600 });
    hurry(t);
    (await acquireLock(path)).release();
    assert.deepEqual(readdirSync(dirname(path)), []);
  });

test('who lives and does not make use of the right to remove a lock is named', { skip: withoutProc }, async (t) => {
  const path = makePath(t);
  putHolder(path, { pid: endedPid });
  putHolder(`${path}.${token}`, { token: 'aaaaaaaaaaaaaaaa' });
  hurry(t);
  await assert.rejects(acquireLock(path), {
    message: new RegExp(`process ${process.pid} .*held the lock for 15 s: .*lock.${token}$`),
  });
});

test('a holder of whom nothing is known but that it touches its lock is waited for', async (t) => {
  const path = makePath(t);
  putHolder(path, { started: '' });
  let now = performance.now();
  t.mock.method(performance, 'now', () => {
    const time = new Date(Date.now() + now);
    utimesSync(path, time, time);
    now += 2000;
    return now;
  });
  await assert.rejects(acquireLock(path), /held the lock for 15 s/);
});

test('a living holder is named after 15 s, and keeps its lock', { skip: withoutProc }, async (t) => {
  const path = makePath(t);
  putHolder(path, {});
  hurry(t);
  const error = { message: new RegExp(`process ${process.pid} .*held the lock for 15 s`), hint: /./, exitStatus: 1 };
  await assert.rejects(acquireLock(path), error);
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).token, token);
});

test('each living holder is waited for 15 s, however many there are', { skip: withoutProc }, async (t) => {
  const path = makePath(t);
  const start = performance.now();
  let passed = 0;
  t.mock.method(performance, 'now', () => start + passed);
  putHolder(path, {});
  const waiting = acquireLock(path).catch((error: Error) => error.message);
  for (const next of ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb']) {
    passed += 10_000;
    await new Promise((resolve) => setTimeout(resolve, 100));
    putHolder(path, { token: next });
  }
  rmSync(path);
  const lock = await waiting;
  assert.ok(typeof lock !== 'string', String(lock));
  lock.release();
});

test('who finds meanwhile what the lock was for does not take it', async (t) => {
  const path = makePath(t);
  putHolder(path, {});
  let looks = 0;
  const find = () => {
    looks += 1;
    return looks === 3 ? 'found' : undefined;
  };
  assert.deepEqual(await acquireUnless(path, 15_000, find), { result: 'found' });
  assert.deepEqual(await acquireUnless(makePath(t), 15_000, () => 'at once'), { result: 'at once' });
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).token, token);
});

const rests: [title: string, holder: object, ageSeconds: number, stays: boolean][] = [
  ['goes where its holder is gone', { pid: endedPid }, 0, false],
  ['stays where its holder lives', {}, 0, true],
  ['stays where its holder is of another host', { host: 'elsewhere' }, 0, true],
  ['stays where another host touched it half a minute ago', { host: 'elsewhere' }, 30, true],
  ['stays where the clock of another host may be behind', { host: 'elsewhere' }, 90, true],
  ['goes where another host has not touched it for longer', { host: 'elsewhere' }, 3600, false],
];

for (const [title, holder, ageSeconds, stays] of rests)
  test(`a lock that nobody waits for ${title}`, (t) => {
    const path = makePath(t);
    putHolder(path, holder);
    const touched = Date.now() / 1000 - ageSeconds;
    utimesSync(path, touched, touched);
    removeIfGone(path);
    assert.equal(existsSync(path), stays);
  });

test('a lock that was taken away is not ours, and its successor stays', async (t) => {
  const path = makePath(t);
  const lock = await acquireLock(path);
  putHolder(path, {});
  assert.equal(lock.isOurs(), false);
  lock.release();
  assert.ok(existsSync(path));
});

const inTheWay: [title: string, make: (path: string) => void][] = [
  ['a link', (path) => symlinkSync('other', path)],
  ['a folder', (path) => mkdirSync(path)],
];

for (const [title, make] of inTheWay)
  test(`${title} in the place of a lock is neither followed nor removed`, async (t) => {
    const path = makePath(t);
    make(path);
    await assert.rejects(acquireLock(path), { message: /in the way of a lock/, exitStatus: 1 });
    assert.deepEqual(readdirSync(dirname(path)), ['lock']);
  });

test('processes exclude each other, from the moment on in which a dead lock is found', async (t) => {
  const path = makePath(t);
  putHolder(path, { pid: endedPid });
  const counter = join(dirname(path), 'counter');
  writeFileSync(counter, '0');
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { acquireLock, acquireUnless, removeIfGone } from './src/lock.ts';
    for (let round = 0; round < 10; round += 1) {
      const lock = await acquireLock(${JSON.stringify(path)});
      const count = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 1));
      writeFileSync(${JSON.stringify(counter)}, String(count + 1));
      lock.release();
    }`;
  const statuses = Array.from({ length: 4 }, () => {
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    return new Promise((resolve) => child.on('close', resolve));
  });
  assert.deepEqual(await Promise.all(statuses), [0, 0, 0, 0]);
  assert.equal(readFileSync(counter, 'utf8'), '40');
  assert.deepEqual(readdirSync(dirname(path)), ['counter']);
});
