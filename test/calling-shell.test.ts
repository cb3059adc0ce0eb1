/** Which shell mfa-env prints for: the nearest one, behind whatever starts it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findByPs } from '../src/calling-shell.ts';
import { renderFailure } from '../src/render.ts';
import type { ShellName } from '../src/shells.ts';
import { copyProgram, findProgram, type Home, makeHome, program, root, run, savedLines, unless } from './harness.ts';
import { namespace, unlessHideable } from './no-proc.ts';
import { sitDown } from './pty.ts';
import { posixShells, shells } from './shells.ts';

const inParallel = { concurrency: 2 };
const saved = () => makeHome({ credentials: `[prod]\n${savedLines()}` });
const fish = shells.find(({ name }) => name === 'fish') ?? assert.fail();

/** Starts mfa-env in ways in which it is started, and writes their files into the user's folder of programs. */
const launchers: Record<string, (home: Home) => string> = {
  'a script of sh': (home) => addScript(home, 'mfa', '#!/bin/sh\nmfa-env "$@"\n'),
  'two scripts': (home) => {
    addScript(home, 'inner', '#!/bin/sh\nmfa-env "$@"\n');
    return addScript(home, 'mfa', '#!/usr/bin/env bash\ninner "$@"\n');
  },
  'sh -c, as npx has it': (home) =>
    addNodeScript(home, "spawnSync('sh', ['-c', 'mfa-env ' + words.join(' ')], { stdio })"),
  'a program that reads and writes': (home) =>
    addNodeScript(
      home,
      "process.stdout.write(spawnSync('mfa-env', words, { stdio: ['inherit', 'pipe', 'inherit'] }).stdout)",
    ),
  'timeout and env': (home) => addScript(home, 'mfa', '#!/bin/sh\ntimeout 30 env A=b mfa-env "$@"\n'),
};

function addScript(home: Home, name: string, text: string): string {
  writeFileSync(join(home.path, 'bin', name), text, { mode: 0o755 });
  return name;
}

function addNodeScript(home: Home, statement: string): string {
  const begin =
    "const { spawnSync } = require('child_process'); const stdio = 'inherit'; const words = process.argv.slice(2)";
  return addScript(home, 'mfa', `#!${process.execPath}\n${begin};\n${statement};\n`);
}

const asNobody = ['setpriv', '--reuid=65534', '--clear-groups'];

/** Why Node cannot be run as another user, for a test's `skip`. */
function unlessDroppable(): string | false {
  if (process.getuid?.() !== 0) return 'only root can become another user';
  const [command = '', ...args] = asNobody;
  const missing = unless(command) || unless('fish');
  if (missing || spawnSync(command, [...args, process.execPath, '--version']).status === 0) return missing;
  return 'Node is in a folder that only root can enter';
}

suite('what starts mfa-env is looked through', inParallel, () => {
  for (const [title, makeLauncher] of Object.entries(launchers))
    for (const shell of shells)
      for (const [form, evaluate] of Object.entries(shell.evaluate).filter(
        ([name]) => !name.startsWith("the README's"),
      ))
        test(`${title}: ${shell.name}, ${form}`, { skip: unless(shell.command) }, async () => {
          const home = saved();
          const line = evaluate(`${makeLauncher(home)} prod`);
          const script = shell.language.andThen(line, 'printenv AWS_ACCESS_KEY_ID');
          const ended = await run(shell.command, [...shell.args, script], home.env);
          assert.deepEqual(ended, { status: 0, signal: null, stdout: 'ASIASAVED00000000001\n', stderr: '' });
        });

  test("the failing statement is the shell's, too", { skip: unless('elvish') }, async () => {
    const home = saved();
    const mfa = launchers['a script of sh']?.(home);
    const { stdout } = await run('elvish', ['-norc', '-c', `${mfa} prod 12345 | cat`], home.env);
    assert.equal(stdout, renderFailure(join(root, 'shell'), 'elvish'));
  });

  test('a shell that a loader runs', { skip: unless('fish') }, async () => {
    const home = saved();
    const { stdout: libraries } = await run('ldd', [process.execPath], home.env);
    const loader = /(\/\S*\/ld-\S+)/.exec(libraries)?.[1] ?? assert.fail();
    const script = 'mfa-env prod | source; and printenv AWS_ACCESS_KEY_ID';
    const { stdout } = await run(loader, [findProgram('fish') ?? '', ...fish.args, script], home.env);
    assert.equal(stdout, 'ASIASAVED00000000001\n');
  });

  test('a shell of another user', { skip: unlessDroppable() }, async () => {
    const home = makeHome({});
    chmodSync(home.path, 0o755);
    const call = `${process.execPath} ${join(copyProgram(home), 'dist/cli.cjs')} unset`;
    const { stdout } = await run('fish', [...fish.args, `${[...asNobody].join(' ')} ${call} | cat`], home.env);
    assert.match(stdout, /^set -eg AWS_ACCESS_KEY_ID;$/m);
  });

  // Most shells make the file their own standard output for so long.
  for (const shell of [...posixShells, fish])
    for (const line of ['mfa-env prod', 'begin-group mfa-env prod; end-group'])
      test(`${shell.name} within tcsh, with a file: ${line}`, {
        skip: unless(shell.command) || unless('tcsh'),
      }, async () => {
        const home = saved();
        const [begin, end] = shell === fish ? ['begin;', 'end'] : ['{', '}'];
        const words = line.replace('begin-group', begin ?? '').replace('end-group', end ?? '');
        const script = `${words} >text\n. ./text && printenv AWS_ACCESS_KEY_ID\n`;
        writeFileSync(join(home.path, 'script'), script);
        const args = shell.args.slice(0, -1).join(' ');
        const { stdout, stderr } = await run('tcsh', ['-f', '-c', `${shell.command} ${args} script; true`], home.env);
        assert.deepEqual([stdout, stderr], ['ASIASAVED00000000001\n', '']);
      });

  test('a script of sh that writes into a file of fish', { skip: unless('fish') }, async () => {
    const home = saved();
    const mfa = launchers['a script of sh']?.(home);
    const script = `${mfa} prod >text; source text; and printenv AWS_ACCESS_KEY_ID`;
    const { stdout } = await run('fish', [...fish.args, script], home.env);
    assert.equal(stdout, 'ASIASAVED00000000001\n');
  });

  test('ksh within fish captures into a file, which is not for fish', {
    skip: unless('ksh') || unless('fish'),
  }, async () => {
    const home = saved();
    addScript(home, 'inner', `#!${findProgram('ksh')}\neval "$(mfa-env prod)" && printenv AWS_ACCESS_KEY_ID\n`);
    const { stdout, stderr } = await run('fish', [...fish.args, 'inner'], home.env);
    assert.deepEqual([stdout, stderr], ['ASIASAVED00000000001\n', '']);
  });
});

suite('at a terminal, where all have the same standard output', inParallel, () => {
  for (const [name, line] of [
    ['fish', 'mfa-env prod | source'],
    ['tcsh', 'eval "`mfa-env prod`"'],
    ['bash', 'eval "$(mfa-env prod)"'],
  ] as const)
    test(`a script in ${name}`, { skip: unless(name) }, async () => {
      const home = saved();
      const shell = shells.find((each) => each.name === name) ?? assert.fail();
      const mfa = launchers['two scripts']?.(home);
      const typist = sitDown(name, shell.args.slice(0, -1), home.env);
      typist.type(`${mfa} prod\r`);
      await typist.see(`hint: type ${line}`);
      typist.type('exit\r');
      await typist.ended;
    });
});

suite('the calling shell is found', inParallel, () => {
  const posix = /^unset AWS_ACCESS_KEY_ID;$/m;
  const speaks: Partial<Record<ShellName, RegExp>> = {
    fish: /^set -eg AWS_ACCESS_KEY_ID;$/m,
    tcsh: /^unsetenv AWS_ACCESS_KEY_ID;$/m,
    elvish: /^unset-env AWS_ACCESS_KEY_ID;$/m,
    xonsh: /^\$\{\.\.\.\}\.pop\('AWS_ACCESS_KEY_ID', None\);$/m,
    nu: /^\{"AWS_ACCESS_KEY_ID":null\}$/m,
  };

  for (const shell of shells) {
    // A program reads what the second one prints.
    for (const line of ['mfa-env unset | cat', 'mfa-env unset; printenv HOME'])
      test(`${shell.name}: ${line}`, { skip: unless(shell.command) }, async () => {
        const { status, stdout, stderr } = await run(shell.command, [...shell.args, line], makeHome({}).env);
        assert.deepEqual([status, stderr], [0, '']);
        assert.match(stdout, speaks[shell.dialect] ?? posix);
      });

    test(`${shell.name}, where the usage is wrong`, { skip: unless(shell.command) }, async () => {
      for (const words of ['prod 12345', 'unset prod', 'prod --shell nosuch']) {
        const { stdout } = await run(shell.command, [...shell.args, `mfa-env ${words} | cat`], makeHome({}).env);
        assert.equal(stdout, renderFailure(join(root, 'shell'), shell.dialect), words);
      }
    });
  }

  for (const [file, command, dialect] of [
    ['deploy.fish', 'dash', 'sh'],
    ['deploy.fish', 'bash', 'bash'],
    ['deploy.sh', 'fish', 'fish'],
    ['zsh', 'fish', 'fish'],
    ['deploy.sh', 'tcsh', 'tcsh'],
    ['deploy.fish', 'xonsh', 'xonsh'],
  ] as const) {
    test(`by what runs it, not by its name: ${file} run by ${command}`, { skip: unless(command) }, async () => {
      const home = makeHome({});
      const script = join(home.path, file);
      writeFileSync(script, `#!${findProgram(command)}\nmfa-env unset | cat\n`);
      chmodSync(script, 0o755);
      const { status, stdout, stderr } = await run(script, [], home.env);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, speaks[dialect] ?? posix);
    });
  }

  test('it is sh if there is no shell', { skip: unlessHideable() }, async () => {
    // Only processes of a namespace of their own are there for each other.
    const words = [...namespace, '--pid', '--fork', '--mount-proc', process.execPath, program, 'unset'];
    const { status, stdout } = await run('unshare', words, { ...makeHome({}).env, SHELL: '/usr/bin/fish' });
    assert.equal(status, 0);
    assert.match(stdout, posix);
  });

  test('one that is not spoken gets an error', { skip: unless('dash') }, async () => {
    const home = saved();
    // What a shell does is of no matter here: its file's name is.
    copyFileSync(findProgram('dash') ?? assert.fail(), join(home.path, 'bin/rc'));
    for (const words of ['prod', 'unset']) {
      const script = `eval "$(mfa-env ${words})" && echo GOES-ON`;
      const { status, stdout, stderr } = await run(join(home.path, 'bin/rc'), ['-c', script], home.env);
      assert.deepEqual([status, stdout], [1, ''], words);
      assert.match(stderr, /^mfa-env: error: rc is not spoken\nmfa-env: hint: [^\n]*--shell [^\n]*\n$/, words);
    }
  });
});

/** Processes by their ids: the parent, what ps calls the program, and its arguments. */
type Processes = Record<number, [parent: number, comm: string, args: string]>;

const byPs: [title: string, processes: Processes, shell: string][] = [
  ['a login shell', { 9: [1, '-zsh', '-zsh'] }, 'zsh'],
  ['a shell with options', { 9: [1, '/opt/homebrew/bin/fish', 'fish -C true'] }, 'fish'],
  [
    'a text that evaluates',
    { 9: [8, '/bin/sh', 'sh -c eval "$(mfa-env prod)"; deploy'], 8: [1, '-fish', '-fish'] },
    'sh',
  ],
  ['a text that does not', { 9: [8, '/bin/sh', 'sh -c mfa-env prod'], 8: [1, '-fish', '-fish'] }, 'fish'],
  ['a script that evaluates', { 9: [8, '/bin/bash', 'bash DEPLOY'], 8: [1, '-fish', '-fish'] }, 'bash'],
  ['a script that does not', { 9: [8, '/bin/sh', '/bin/sh WRAPPER prod'], 8: [1, '-fish', '-fish'] }, 'fish'],
  ['a script that cannot be read', { 9: [8, '/bin/sh', '/bin/sh ./nowhere'], 8: [1, '-fish', '-fish'] }, 'sh'],
  ['a script from a pipe', { 9: [8, '/bin/sh', 'sh /dev/stdin'], 8: [1, '-fish', '-fish'] }, 'sh'],
  ['launchers', { 9: [8, 'node', 'node npx'], 8: [7, 'volta-shim', 'x'], 7: [1, '-tcsh', '-tcsh'] }, 'tcsh'],
  ['a script, and no shell behind it', { 9: [1, '/bin/sh', '/bin/sh WRAPPER'] }, 'sh'],
  ['no shell', { 9: [1, 'cron', 'cron'] }, 'sh'],
  ['a ring', { 9: [8, 'node', 'node'], 8: [9, 'node', 'node'] }, 'sh'],
  ['nothing that ps tells', {}, 'sh'],
];

for (const [title, processes, shell] of byPs)
  test(`by ps, ${title}`, async () => {
    const home = makeHome({});
    const scripts = { DEPLOY: 's=$(mfa-env prod) && eval "$s"\n', WRAPPER: '#!/bin/sh\nmfa-env "$@"\n' };
    for (const [name, text] of Object.entries(scripts)) writeFileSync(join(home.path, name), text);
    const ask = async (keyword: string, pid: number) => {
      const [parent, comm, args] = processes[pid] ?? [];
      const answers = {
        ppid: parent?.toString(),
        comm,
        args: args?.replace(/[A-Z]{4,}/, (name) => join(home.path, name)),
      };
      return answers[keyword as keyof typeof answers];
    };
    assert.equal(await findByPs(ask, 9), shell);
  });
