/** Which paths `mfa-env init` writes into the function: those of the files themselves, and none that another user can take over. */

import assert from 'node:assert/strict';
import { chmodSync, linkSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { checkLasting } from '../src/lasting.ts';
import { copyProgram, makeHome, program, run, runMfaEnv } from './harness.ts';
import { makeLastingFolder } from './lasting-folder.ts';

const node = realpathSync(process.execPath);
const lasting = makeLastingFolder();

/** Makes a folder for one test. */
function makeFolder(name: string, mode: number): string {
  const folder = join(lasting, name);
  mkdirSync(folder);
  chmodSync(folder, mode);
  writeFileSync(join(folder, 'file'), '', { mode: 0o644 });
  return folder;
}

const modes: [title: string, mode: number, message: RegExp | undefined][] = [
  ['a folder of the user', 0o755, undefined],
  ['a folder that the group can write, as with Homebrew', 0o775, undefined],
  ['a folder that others can write', 0o757, /and others can write \S+\/\d+$/],
  ['a folder like /tmp', 0o1777, /and others can write \S+\/\d+$/],
];

suite('a file is called below', { skip: process.platform === 'win32' && 'Windows has no such modes' }, () => {
  for (const [index, [title, mode, message]] of modes.entries())
    test(`${title}: ${message ? 'refused' : 'yes'}`, () => {
      const path = join(makeFolder(String(index), mode), 'file');
      if (message) assert.throws(() => checkLasting(path, 'the hint'), message);
      else checkLasting(path, 'the hint');
    });

  test('a file that others can write is refused', () => {
    const path = join(makeFolder('open', 0o755), 'file');
    chmodSync(path, 0o646);
    assert.throws(() => checkLasting(path, 'the hint'), { message: /others can write \S+\/file$/, hint: /^chmod o-w/ });
  });
});

const temporary = ['/tmp', '/var/tmp', '/dev/shm', '/run/user/1000', '/var/folders/ab/x/T', tmpdir()];
for (const folder of temporary)
  test(`a file below ${folder} is refused`, () => {
    assert.throws(() => checkLasting(`${folder}/bin/node`, 'the hint'), {
      message: /is in the temporary folder/,
      hint: 'the hint',
    });
  });

test('TMPDIR counts, unless it is the root', async () => {
  const TMPDIR = join(program, '../..');
  const refused = await runMfaEnv(['init', 'bash'], makeHome({}, { TMPDIR }).env);
  assert.deepEqual([refused.status, refused.stdout], [1, 'false;\n']);
  assert.ok(refused.stderr.includes(`which is in the temporary folder ${TMPDIR}\n`), refused.stderr);
  const { status, stderr } = await runMfaEnv(['init', 'bash'], makeHome({}, { TMPDIR: '/' }).env);
  assert.deepEqual([status, stderr], [0, '']);
});

for (const shell of ['bash', 'zsh', 'fish', 'direnv'])
  test(`init ${shell} refuses a program in a temporary folder`, async () => {
    const home = makeHome({});
    const copy = realpathSync(copyProgram(home));
    const byCopy = await run(process.execPath, [join(copy, 'dist/cli.cjs'), 'init', shell], home.env);
    assert.deepEqual([byCopy.status, byCopy.stdout], [1, 'false;\n']);
    assert.match(
      byCopy.stderr,
      /^mfa-env: error: the function would call \S+\/copy\/dist\/cli\.cjs, which is in the temporary folder \S+\nmfa-env: hint: type npm install -g mfa-env, then mfa-env init \w+\n$/,
    );
  });

test('init refuses a Node in a temporary folder', async (t) => {
  const home = makeHome({});
  const copy = join(home.path, 'node');
  try {
    linkSync(node, copy);
  } catch {
    return t.skip('Node is on another file system');
  }
  const { status, stdout, stderr } = await run(copy, [program, 'init', 'bash'], home.env);
  assert.deepEqual([status, stdout], [1, 'false;\n']);
  assert.match(stderr, /would call \S+\/node, which is in the temporary folder \S+\nmfa-env: hint: install Node in /);
});

const links: [title: string, env: Record<string, string>][] = [
  ['by its link', {}],
  ['with NODE_PRESERVE_SYMLINKS_MAIN', { NODE_PRESERVE_SYMLINKS_MAIN: '1' }],
  ['with --preserve-symlinks', { NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main' }],
];
for (const [title, env] of links)
  test(`the paths are those of the files themselves if it is called ${title}`, async () => {
    const home = makeHome({}, env);
    // As fnm has it: a folder of links for each shell, below /tmp.
    const shims = join(home.path, 'fnm_multishells');
    mkdirSync(shims);
    symlinkSync(node, join(shims, 'node'));
    symlinkSync(join(home.path, 'bin/mfa-env'), join(shims, 'mfa-env'));
    home.env.PATH = `${shims}:${home.env.PATH}`;
    const { status, stdout, stderr } = await run('mfa-env', ['init', 'bash'], home.env);
    assert.deepEqual([status, stderr], [0, '']);
    assert.ok(stdout.includes(`  if [[ -x '${node}' && -r '${program}' ]]; then\n`));
    assert.ok(!stdout.includes(home.path));
    assert.equal(stdout, (await runMfaEnv(['init', 'bash'], makeHome({}).env)).stdout);
  });
