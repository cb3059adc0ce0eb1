/** The file that is called: it starts by whatever name it is called, and fails in the calling shell's words under a Node that is too old. */

import assert from 'node:assert/strict';
import { constants, copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { renderFailure } from '../src/render.ts';
import { copyProgram, type Home, makeHome, program, root, run, savedLines, unless } from './harness.ts';
import { isLasting } from './lasting-folder.ts';
import { unlessHideable, withoutProc } from './no-proc.ts';
import { findNodes, oldMajors, rightMajors } from './nodes.ts';
import { sitDown } from './pty.ts';
import { shells } from './shells.ts';

const { engines, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const inParallel = { concurrency: 2 };

/** A home with a saved session, and one Node before all others on the PATH. */
function makeHomeWith(node: string): Home {
  const home = makeHome({ credentials: `[prod]\n${savedLines()}` });
  const link = join(home.path, 'bin/node');
  rmSync(link);
  symlinkSync(node, link);
  return home;
}

const calls: [words: string, status: number, stdout: string][] = [
  ['prod', 1, 'false;\n'],
  ['prod 123456 --shell elvish', 1, "fail 'mfa-env failed';\n"],
  ['unset', 1, 'false;\n'],
  ['init bash', 1, 'false;\n'],
  ['--nosuch', 1, 'false;\n'],
  ['--__proto__', 1, 'false;\n'],
  ['', 1, 'false;\n'],
  ['exec prod -- true', 125, ''],
  ['exec', 125, ''],
  ['prod --format env', 1, ''],
  ['prod --format=process', 1, ''],
  ['list', 1, ''],
  ['doctor', 1, ''],
  ['--version', 1, ''],
  ['--help', 1, ''],
];

for (const { major, file = '', skip } of findNodes(oldMajors))
  suite(`Node ${major}`, { skip, ...inParallel }, () => {
    test('is named, and a newer one asked for', async () => {
      const home = makeHomeWith(file);
      for (const [words, status, stdout] of calls) {
        const ended = await run('mfa-env', words.split(' ').filter(Boolean), home.env);
        assert.deepEqual([ended.status, ended.stdout], [status, stdout], words);
        const [error = '', hint, ...more] = ended.stderr.trimEnd().split('\n');
        assert.match(
          error,
          /^mfa-env: error: mfa-env needs Node \d+ or newer, and this is Node \d+\.\d+\.\d+ \(\/.+\)$/,
        );
        assert.ok(
          error.includes(`needs Node ${engines.node.slice(2)} or`) && error.includes(`this is Node ${major}.`),
          error,
        );
        assert.ok(error.includes(`(${file})`), error);
        assert.match(
          hint ?? '',
          /^mfa-env: hint: (install a newer Node from https:\/\/nodejs\.org|type .+ install .+)$/,
        );
        assert.deepEqual(more, []);
      }
    });

    test('the statement comes even if nobody can be told why', async () => {
      const home = makeHomeWith(file);
      const { status, stdout } = await run('sh', ['-c', 'exec mfa-env prod 2>/dev/full'], home.env);
      assert.deepEqual([status, stdout], [1, 'false;\n']);
    });

    test('at a terminal there is no statement', async () => {
      const { screen, ended } = sitDown('mfa-env', ['prod'], makeHomeWith(file).env);
      await ended;
      assert.match(screen(), /error: mfa-env needs Node/);
      assert.doesNotMatch(screen(), /false/);
    });

    test('the session that stays is named', async () => {
      const home = makeHomeWith(file);
      const { stderr } = await run('mfa-env', ['prod'], { ...home.env, MFA_ENV_PROFILE: 'stage' });
      assert.match(stderr, /\nmfa-env: hint: this shell still has stage\n$/);
    });

    test('elvish is known behind a script and without /proc', {
      skip: unlessHideable() || unless('elvish'),
    }, async () => {
      const home = makeHomeWith(file);
      writeFileSync(join(home.path, 'mfa'), '#!/bin/sh\nmfa-env "$@"\n', { mode: 0o755 });
      writeFileSync(join(home.path, 'script'), 'try { ./mfa prod > out } catch e { nop }; eval (slurp < out)');
      const [command = '', ...words] = withoutProc(home);
      const seen = ['sh', ['-c']] as const;
      for (const [shell, args] of [seen, [command, words] as const]) {
        const { status, stderr } = await run(shell, [...args, 'elvish -norc -c "$(cat script)"'], home.env);
        assert.equal(readFileSync(join(home.path, 'out'), 'utf8'), "fail 'mfa-env failed';\n", stderr);
        assert.notEqual(status, 0);
      }
    });

    for (const shell of shells)
      test(`${shell.name} does not go on`, { skip: unless(shell.command) }, async () => {
        const home = makeHomeWith(file);
        const printed = await run(shell.command, [...shell.args, 'mfa-env prod | cat'], home.env);
        assert.equal(printed.stdout, renderFailure(join(root, 'shell'), shell.dialect));
        for (const evaluate of Object.values(shell.evaluate)) {
          const script = shell.language.andThen(evaluate('mfa-env prod'), 'echo went on');
          const { status, stdout } = await run(shell.command, [...shell.args, script], home.env);
          assert.notEqual(status, 0);
          assert.equal(stdout, '');
        }
      });
  });

const managers: [folder: string, line: string][] = [
  ['.nvm/versions/node/v14.21.3/bin', 'nvm install --lts && npm install -g mfa-env'],
  ['.local/share/fnm/node-versions/v14.21.3/installation/bin', 'fnm install --lts && npm install -g mfa-env'],
  ['.volta/tools/image/node/14.21.3/bin', 'volta install node@lts mfa-env'],
];

const [old] = findNodes(oldMajors).filter(({ file }) => file);
for (const [folder, line] of managers)
  test(`with a Node from ${folder} the hint can be typed`, { skip: !old && 'no old Node is here' }, async () => {
    const home = makeHome({});
    mkdirSync(join(home.path, folder), { recursive: true });
    const node = join(home.path, folder, 'node');
    copyFileSync(old?.file ?? '', node, constants.COPYFILE_FICLONE);
    const { stderr } = await run(node, [program, 'prod'], home.env);
    assert.ok(stderr.endsWith(`\nmfa-env: hint: type ${line}\n`), stderr);
  });

for (const [key, name] of [
  ['bun', 'Bun'],
  ['deno', 'Deno'],
] as const)
  test(`${name} is refused, though it calls itself Node`, async () => {
    const home = makeHome({ credentials: `[prod]\n${savedLines()}` });
    const preload = join(home.path, 'preload.cjs');
    const versions = `{ ...process.versions, ${key}: '1.2.3' }`;
    writeFileSync(preload, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
    const { status, stdout, stderr } = await run(process.execPath, ['--require', preload, program, 'prod'], home.env);
    assert.deepEqual([status, stdout], [1, 'false;\n']);
    assert.match(stderr, new RegExp(`needs Node \\d+ or newer, and this is ${name} 1\\.2\\.3 \\(/`));
  });

const links: [title: string, env: Record<string, string>][] = [
  ['a link to a link', {}],
  ['NODE_PRESERVE_SYMLINKS_MAIN', { NODE_PRESERVE_SYMLINKS_MAIN: '1' }],
  ['--preserve-symlinks-main', { NODE_OPTIONS: '--preserve-symlinks-main' }],
  ['--preserve-symlinks', { NODE_OPTIONS: '--preserve-symlinks' }],
  ['both options', { NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main', NODE_PRESERVE_SYMLINKS: '1' }],
];

for (const { major, file = '', skip } of findNodes(rightMajors))
  for (const [title, env] of links)
    test(`Node ${major} starts it by ${title}`, { skip }, async () => {
      const home = makeHomeWith(file);
      symlinkSync(join(home.path, 'bin/mfa-env'), join(home.path, 'bin/again'));
      Object.assign(home.env, env);
      const said = await run('again', ['--version'], home.env);
      assert.deepEqual([said.status, said.stdout, said.stderr], [0, `mfa-env ${version}\n`, '']);
      // Each of them loads a part of its own.
      for (const words of [['prod'], ['list'], ['init', 'bash'], ['exec', 'prod', '--', 'true']]) {
        const { status, stderr } = await run('again', words, home.env);
        const isRefused = words[0] === 'init' && !isLasting(file);
        assert.equal(status, isRefused ? 1 : 0, `${words}: ${stderr}`);
      }
      const { stdout } = await run('again', ['doctor'], home.env);
      assert.match(stdout, /; checked: .*mfa-env \d/);
    });

const damages: [title: string, missing: string[], words: string, stdout: string, stderr: RegExp][] = [
  [
    'the program',
    ['dist/main.cjs'],
    'prod --shell elvish',
    "fail 'mfa-env failed';\n",
    /cannot start: Cannot find module/,
  ],
  ['the program, for a list', ['dist/main.cjs'], 'list', '', /cannot start: Cannot find module/],
  ['the shells', ['dist/main.cjs', 'shell'], 'prod --shell elvish', 'false;\n', /cannot start: Cannot find module/],
  [
    'all but the file that is called',
    ['dist/main.cjs', 'dist/refusal.cjs'],
    'prod',
    'false;\n',
    /cannot start with Node v/,
  ],
];
for (const [title, missing, words, stdout, stderr] of damages)
  test(`fails the shell if the package lacks ${title}`, async () => {
    const home = makeHome({});
    const copy = copyProgram(home);
    for (const path of missing) rmSync(join(copy, path), { recursive: true });
    const ended = await run(process.execPath, [join(copy, 'dist/cli.cjs'), ...words.split(' ')], home.env);
    assert.deepEqual([ended.status, ended.stdout], [1, stdout]);
    assert.match(ended.stderr, stderr);
  });
