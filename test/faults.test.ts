/** The credentials file cannot be hurt: killed at any step, or on a disk that fails, it is as before or as intended. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Ended, type Home, makeUser, program, routeLine, runMfaEnv, savedLines, start } from './harness.ts';
import { linesOf } from './numbered-sessions.ts';
import { lockText, minimalEnv, mostMilliseconds, saveCommand, saveHere, startSave } from './save-process.ts';
import { runTraced, unlessStrace } from './strace.ts';
import { startSts } from './sts/server.ts';
import { makeFolder } from './temp-folder.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

const keys = `# mine
[prod-default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = ${'secret'.repeat(5)}

`;

/** Checks that what is in a folder can be read by its owner alone. */
function assertPrivate(folder: string): void {
  for (const name of readdirSync(folder)) {
    const stat = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stat?.isFile()) assert.equal(stat.mode & 0o077, 0, `others can read ${name}`);
  }
}

/** Does the work for each item, two at a time. */
async function inPairs<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  const workNext = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all([workNext(), workNext()]);
}

suite('a save is killed', () => {
  const rounds = 75;
  const longestMilliseconds = 12;

  test(`at ${2 * rounds} random moments, while another one goes on`, async (t) => {
    const path = join(makeFolder(t), 'credentials');
    writeFileSync(path, keys, { mode: 0o600 });
    await Promise.all(['prod', 'stage'].map(killOften));
    await saveHere(path, 'prod', 1);
    assert.deepEqual(readdirSync(dirname(path)), ['credentials']);

    async function killOften(section: string): Promise<void> {
      let number = 0;
      for (let round = 0; round < rounds; round += 1) {
        const begin = performance.now();
        const saving = startSave(path, section, number + 1, 1e9);
        await until(() => saving.stderr() !== '');
        assert.ok(performance.now() - begin < mostMilliseconds, 'the death of the one before cost too long');
        await setTimeout(Math.random() * longestMilliseconds);
        saving.kill('SIGKILL');
        const { signal, stderr } = await saving.ended;
        assert.equal(signal, 'SIGKILL', stderr);
        assertPrivate(dirname(path));
        number = readNumber(path, section);
        const last = Number(stderr.trim().split('\n').at(-1));
        assert.ok(number === last || number === last + 1, `${last} was saved, ${number} is there`);
      }
    }
  });

  /** Checks that all is there and whole. @returns the number of the section's session. */
  function readNumber(path: string, section: string): number {
    const text = readFileSync(path, 'utf8');
    assert.ok(text.startsWith(keys), text);
    const numbers = new Map<string, number>();
    for (const part of text.slice(keys.length).split(/^(?=\[)/m)) {
      const [, name = '', digits] = /^\[(.*)\]\n.* = ASIASAVED0(\d+)\n/.exec(part) ?? [];
      assert.equal(part, `[${name}]\n${linesOf(Number(digits))}`);
      numbers.set(name, Number(digits));
    }
    return numbers.get(section) ?? assert.fail(`[${section}] is lost`);
  }

  const rest = 'credentials.mfa-env-fedcba9876543210';
  const starts: [title: string, make: (folder: string) => void, file: string, old: string, now: string][] = [
    [
      'of a save over another session',
      (folder) => writeFileSync(join(folder, 'credentials'), `${keys}[prod]\n${linesOf(1)}`, { mode: 0o600 }),
      'credentials',
      `${keys}[prod]\n${linesOf(1)}`,
      `${keys}[prod]\n${linesOf(2)}`,
    ],
    [
      'of a save that comes after a death',
      (folder) => {
        writeFileSync(join(folder, 'credentials'), keys, { mode: 0o600 });
        writeFileSync(join(folder, 'credentials.mfa-env-lock'), lockText(), { mode: 0o600 });
        writeFileSync(join(folder, rest), keys.slice(9), { mode: 0o600 });
      },
      'credentials',
      keys,
      `${keys}[prod]\n${linesOf(2)}`,
    ],
    [
      'of a save into a folder that a link names and that is not there',
      (folder) => symlinkSync('new/real', join(folder, 'credentials')),
      'new/real',
      '',
      `[prod]\n${linesOf(2)}`,
    ],
  ];

  for (const [title, make, file, old, now] of starts)
    test(`at every system call ${title}`, { skip: unlessStrace() }, async (t) => {
      const prepare = (): [folder: string, command: string[]] => {
        const folder = makeFolder(t);
        make(folder);
        // What another program may be about to write is waited for: each wait would be many calls more.
        if (existsSync(join(folder, file))) utimesSync(join(folder, file), 0, 0);
        return [folder, saveCommand(join(folder, 'credentials'), 'prod', 2)];
      };
      const read = (folder: string) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '');
      const [folder, command] = prepare();
      const logs = makeFolder(t);
      const { calls, ...ended } = await runTraced(logs, '%file,%desc', command, minimalEnv);
      assert.deepEqual([ended.status, ended.stderr, read(folder)], [0, '2\n', now]);
      const own = calls.filter(({ name, line }) => line.includes(folder) && name !== 'execve');
      assert.ok(own.length > 40, `only ${own.length} calls were seen`);

      const seen = new Set<string>();
      let kills = 0;
      await inPairs(own, async ({ name, index, line }) => {
        const [folder, command] = prepare();
        const killed = await runTraced(logs, name, command, minimalEnv, `${name}:signal=SIGKILL:when=${index}`);
        // A call more or less of the threads around it, and the last ones may not come again.
        if (killed.signal === 'SIGKILL') kills += 1;
        else assert.equal(killed.status, 0, killed.stderr);
        const text = read(folder);
        assert.ok(text === old || text === now, `${line}\n${text}`);
        seen.add(text);
        const realFolder = dirname(join(folder, file));
        if (existsSync(realFolder)) assertPrivate(realFolder);
        const begin = performance.now();
        await saveHere(join(folder, 'credentials'), 'prod', 3);
        assert.ok(performance.now() - begin < mostMilliseconds, line);
        assert.equal(read(folder), now.replace(linesOf(2), linesOf(3)), line);
        assert.equal(readdirSync(realFolder).length, 1, `${line}\n${readdirSync(realFolder)}`);
      });
      assert.deepEqual(seen, new Set([old, now]));
      assert.ok(kills > 40, `only ${kills} kills`);
    });

  test('with all of the program around it, at 16 random moments', async () => {
    await inPairs(Array.from({ length: 16 }), async () => {
      const { user, home } = makeUser(sts);
      const before = home.credentials();
      const words = [program, 'prod', sts.code(user), '--save'];
      const running = start(process.execPath, words, home.env);
      await setTimeout(100 + Math.random() * 500);
      running.kill('SIGKILL');
      await running.ended;
      if (home.credentials() !== before) assertSaved(home, before);
      assertPrivate(dirname(home.credentialsFile));
      const begin = performance.now();
      const next = await runMfaEnv(['prod', sts.code(user, 1), '--save', '--quiet'], home.env);
      assert.ok(performance.now() - begin < mostMilliseconds);
      assert.deepEqual([next.status, next.stderr], [0, routeLine(sts)]);
      assertSaved(home, before);
      assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);
    });
  });

  /** Checks that the file is as before but for a session that STS gave. */
  function assertSaved(home: Home, before: string): void {
    const text = home.credentials();
    const session = sts.sessions.find(({ accessKeyId }) => text.includes(accessKeyId));
    assert.ok(session, text);
    const [, sourceKeyId] = /^aws_access_key_id = (AKIA\w+)$/m.exec(before) ?? [];
    assert.equal(text, `${before}${savedLines(session)}mfa_env_source = ${sourceKeyId}\n`);
  }
});

/** Checks that the session is there though it could not be saved: in the statements, which end with the failing one. */
function assertPrinted({ status, stdout, stderr }: Ended, words: string, what = 'save to CREDENTIALS'): void {
  const [, refused = ''] = /^mfa-env: error: cannot (.*)$/m.exec(stderr) ?? [];
  assert.ok(refused.replace(/\/\S*\/credentials/, 'CREDENTIALS').startsWith(`${what}: ${words}`), stderr);
  assert.match(stdout, /^export AWS_SESSION_TOKEN='[^']+';$/m);
  assert.match(stdout, /\nfalse;\n$/);
  assert.equal(status, 1);
}

suite('the disk refuses', () => {
  const draft = 'credentials\\.mfa-env-[0-9a-f]{16}';
  const full = { ENOSPC: 'the disk is full', EDQUOT: 'the disk quota is used up', EIO: 'the disk failed (EIO)' };
  const locked = { EACCES: 'permission denied', EROFS: 'the file system is read-only', EPERM: 'not permitted' };
  const refusals: [call: string, line: RegExp, errors: Record<string, string>][] = [
    ['openat', new RegExp(`${draft}", O_WRONLY`), { ...locked, ENOSPC: full.ENOSPC }],
    ['write', new RegExp(`${draft}>`), full],
    ['fchmod', new RegExp(`${draft}>`), { EPERM: locked.EPERM }],
    ['fsync', new RegExp(`${draft}>`), full],
    ['rename', new RegExp(draft), locked],
  ];

  for (const [call, line, errors] of refusals) {
    let index: number | undefined;
    for (const [code, words] of Object.entries(errors))
      test(`${call}: ${code}`, { skip: unlessStrace() }, async (t) => {
        // Which call of that name it is shows the first run; other threads make it vary a little.
        for (let tries = 0; tries < 8; tries += 1) {
          const { user, home } = makeUser(sts);
          const before = home.credentials();
          const command = [process.execPath, program, 'prod', sts.code(user), '--save'];
          const injection = index === undefined ? undefined : `${call}:error=${code}:when=${index}`;
          const { calls, ...ended } = await runTraced(makeFolder(t), call, command, home.env, injection);
          const struck = calls.find((each) => line.test(each.line));
          if (struck?.line.endsWith('(INJECTED)')) {
            assertPrinted(ended, words);
            assert.equal(home.credentials(), before);
            assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);
            return;
          }
          index = struck?.index;
        }
        assert.fail(`${call} was never struck`);
      });
  }

  test('hard links are not known', { skip: unlessStrace() }, async (t) => {
    const path = join(makeFolder(t), 'credentials');
    const command = saveCommand(path, 'prod', 2);
    const { calls, ...ended } = await runTraced(makeFolder(t), 'link', command, minimalEnv, 'link:error=EPERM');
    assert.match(calls.map(({ line }) => line).join(), /INJECTED/);
    assert.deepEqual([ended.status, ended.stderr], [0, '2\n']);
    assert.equal(readFileSync(path, 'utf8'), `[prod]\n${linesOf(2)}`);
    assert.deepEqual(readdirSync(dirname(path)), ['credentials']);
  });

  const rooms: [title: string, room: number][] = [
    ['holds no second copy of the file', 8192],
    ['is full to the last byte', 0],
  ];

  for (const [title, room] of rooms)
    test(`a disk that ${title}`, { skip: process.getuid?.() !== 0 && 'only root can mount one' }, async (t) => {
      const { user, home } = makeUser(sts);
      const disk = join(home.path, 'disk');
      mkdirSync(disk);
      const options = ['-t', 'tmpfs', '-o', 'size=128k,mode=0700', 'tmpfs'];
      if (spawnSync('mount', [...options, disk]).status !== 0) return t.skip('a small disk cannot be mounted here');
      t.after(() => execFileSync('umount', [disk]));
      const [path, filler] = [join(disk, 'credentials'), join(disk, 'filler')];
      const text = `${home.credentials()}# ${'x'.repeat(16_384)}\n`;
      writeFileSync(path, text, { mode: 0o600 });
      assert.throws(() => writeFileSync(filler, Buffer.alloc(131_072)), { code: 'ENOSPC' });
      truncateSync(filler, statSync(filler).size - room);

      const env = { ...home.env, AWS_SHARED_CREDENTIALS_FILE: path };
      const ended = await runMfaEnv(['prod', sts.code(user), '--save'], env);
      assert.equal(readFileSync(path, 'utf8'), text);
      assertPrinted(ended, 'the disk is full', room > 0 ? undefined : 'make the lock CREDENTIALS.mfa-env-lock');
      assert.deepEqual(readdirSync(disk), ['credentials', 'filler']);

      rmSync(filler);
      const next = await runMfaEnv(['prod', sts.code(user, 1), '--save'], env);
      assert.equal(next.status, 0, next.stderr);
    });
});
