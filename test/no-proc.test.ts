/** Where there is no /proc and the tools are BSD's, as on macOS: the calling shell, the prompt, the lock, exec, the functions. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Ended, type Home, makeHome, makeUser, run, savedLines, start, unless } from './harness.ts';
import { unlessHideable, withoutProc } from './no-proc.ts';
import { sitDown } from './pty.ts';
import { lockText } from './save-process.ts';
import { startSts } from './sts/server.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());
const skip = unlessHideable();

const makeSaved = () => makeHome({ credentials: `[prod]\n${savedLines()}region = eu-west-1\n` });

function runThere(home: Home, script: string): Promise<Ended> {
  const [command = '', ...words] = withoutProc(home);
  return run(command, [...words, script], home.env);
}

/** A shell, and the line by which it comes to the session. */
const lines: [shell: string, args: string[], line: string][] = [
  ['bash', ['--norc', '-c'], 'eval "$(mfa-env prod)"'],
  ['zsh', ['-f', '-c'], 'eval "$(mfa-env prod)"'],
  ['fish', ['--no-config', '-c'], 'mfa-env prod > $HOME/statements; source $HOME/statements'],
  ['fish', ['--no-config', '-c'], './mfa prod > $HOME/statements; source $HOME/statements'],
  ['dash', ['-c'], 'eval "$(mfa-env prod)"'],
  ['tcsh', ['-f', '-c'], 'eval "`./mfa prod`"'],
  ['busybox', ['sh', '-c'], 'eval "$(mfa-env prod)"'],
  ['tcsh', ['-f', '-c'], 'eval "`mfa-env prod`"'],
  ['xonsh', ['--no-rc', '-c'], 'execx($(mfa-env prod))'],
];

suite('without /proc', { skip }, () => {
  for (const [shell, args, line] of lines)
    test(`${shell} is known by ps: ${line}`, { skip: unless(shell) }, async () => {
      const home = makeSaved();
      writeFileSync(join(home.path, 'mfa'), '#!/bin/sh\nmfa-env "$@"\n', { mode: 0o755 });
      const script = `${line}; /usr/bin/printenv AWS_ACCESS_KEY_ID MFA_ENV_PROFILE`;
      writeFileSync(join(home.path, 'script'), script);
      const words = args.map((word) => `'${word}'`).join(' ');
      const ended = await runThere(home, `${shell} ${words} "$(cat $HOME/script)"`);
      assert.equal(ended.stderr, '');
      assert.equal(ended.stdout, 'ASIASAVED00000000001\nprod\n');
    });

  test('ps gets none of the variables that NODE_DEBUG prints', async () => {
    const home = makeSaved();
    Object.assign(home.env, { NODE_DEBUG: 'child_process', AWS_SESSION_TOKEN: 'token/of+another' });
    const { stdout, stderr } = await runThere(home, 'mfa-env prod');
    assert.match(stdout, /^export AWS_ACCESS_KEY_ID=/m);
    assert.match(stderr, /^CHILD_PROCESS /m);
    assert.doesNotMatch(stderr, /token\/of/);
  });

  test('fish is told to fail in its own words', { skip: unless('fish') }, async () => {
    const ended = await runThere(makeSaved(), "fish --no-config -c 'mfa-env nosuch >$HOME/out; cat $HOME/out'");
    assert.equal(ended.stdout, 'false;\n');
  });

  test('the code is asked for on the terminal, and the session saved', async () => {
    const { user, home } = makeUser(sts);
    const [command = '', ...words] = withoutProc(home);
    const script = 'bash --norc -c \'eval "$(mfa-env prod --save)"; echo is $MFA_ENV_PROFILE\'';
    const typist = sitDown(command, [...words, script], home.env);
    await typist.see(/MFA code for prod .*: /);
    typist.type(`${sts.code(user)}\r`);
    await typist.see('is prod');
    assert.equal((await typist.ended).exitCode, 0);
    assert.match(home.credentials(), /x_security_token_expires/);
  });

  test('in the background nobody is asked', async () => {
    const { home } = makeUser(sts);
    const [command = '', ...words] = withoutProc(home);
    const script = "bash --norc -i -c 'set -m; mfa-env prod >$HOME/out & wait $!; echo status $?'";
    const typist = sitDown(command, [...words, script], home.env);
    await typist.see('there is no terminal in whose foreground to ask for it');
    await typist.see('status 3');
    await typist.ended;
  });

  test('of many at once one calls sts, and the others wait for it', async () => {
    const { user, home } = makeUser(sts);
    const before = sts.sessions.length;
    const many = Array.from({ length: 4 }, () => `mfa-env prod ${sts.code(user)} --save >/dev/null &`);
    const ended = await runThere(home, `${many.join(' ')} wait; mfa-env prod; ls -A $HOME/.aws`);
    assert.match(ended.stdout, /export AWS_ACCESS_KEY_ID=.*\n[\s\S]*\ncredentials\n$/);
    assert.equal(sts.sessions.length - before, 1);
  });

  test('a lock and a turn whose holders are gone hold up nobody, though their process ids have come again', async () => {
    const { user, home } = makeUser(sts);
    const turn = createHash('sha256').update('prod').digest('hex').slice(0, 16);
    const minutesAgo = Date.now() / 1000 - 120;
    for (const suffix of ['lock', `turn-${turn}`]) {
      const path = `${home.credentialsFile}.mfa-env-${suffix}`;
      writeFileSync(path, lockText({ pid: process.pid }), { mode: 0o600 });
      utimesSync(path, minutesAgo, minutesAgo);
    }
    const begin = performance.now();
    const ended = await runThere(home, `mfa-env prod ${sts.code(user)} --save >/dev/null`);
    assert.ok(performance.now() - begin < 4000);
    assert.equal(ended.status, 0, ended.stderr);
    assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);
  });

  test('exec hands on what reaches it alone, and not what the terminal sent', async () => {
    const home = makeSaved();
    const [command = '', ...words] = withoutProc(home);
    const answer = "trap 'echo one INT' INT; echo ready; sleep 1; sleep 1; echo done";
    const typist = sitDown(command, [...words, `bash --norc -c 'mfa-env exec prod -- bash -c "$ANSWER"; echo end'`], {
      ...home.env,
      ANSWER: answer,
    });
    await typist.see('ready\r\n');
    typist.type('\x03');
    await typist.see('one INT\r\n');
    assert.doesNotMatch(await typist.see(/[\s\S]*done\r\n/), /one INT/);

    const other = makeSaved();
    const [there = '', ...how] = withoutProc(other);
    const script =
      'exec mfa-env exec prod -- bash -c "trap \'exit 9\' INT; echo ready; while :; do sleep 0.05; done" >$HOME/out';
    const running = start(there, [...how, script], other.env);
    await until(() => readQuietly(join(other.path, 'out')) === 'ready\n');
    running.kill('SIGINT');
    assert.equal((await running.ended).status, 9);
  });

  test('exec stops with its command, and goes on with it', async () => {
    const home = makeSaved();
    const [command = '', ...words] = withoutProc(home);
    const typist = sitDown(command, [...words, 'bash --norc -i'], { ...home.env, PS1: '# ' });
    await typist.see('# ');
    typist.type('mfa-env exec prod -- bash --norc -i\r');
    await typist.see('# ');
    typist.type('suspend\r');
    await typist.see('Stopped');
    typist.type('fg\r');
    await typist.see('fg');
    await setTimeout(500);
    typist.type('echo in $MFA_ENV_PROFILE\r');
    await typist.see('in prod');
    typist.type('exit\r');
    await setTimeout(500);
    typist.type('exit\r');
    await typist.ended;
  });

  const functions: [shell: string, args: string, load: string][] = [
    ['bash', '--norc -c', 'eval "$(mfa-env init bash --hook)"'],
    ['zsh', '-f -c', 'eval "$(mfa-env init zsh --hook)"'],
    ['fish', '--no-config -c', 'mfa-env init fish --hook >$HOME/init; source $HOME/init'],
  ];
  for (const [shell, args, load] of functions)
    test(`the function of ${shell} loads a saved session`, { skip: unless(shell) }, async () => {
      const home = makeSaved();
      const script = `${load}; PATH=/none:$PATH; rm $HOME/bin/mfa-env; mfa-env prod && echo $AWS_ACCESS_KEY_ID $AWS_REGION`;
      writeFileSync(join(home.path, 'script'), script.replace('PATH=/none:$PATH; ', ''));
      const ended = await runThere(home, `${shell} ${args} "$(cat $HOME/script)"`);
      assert.equal(ended.stderr, '');
      assert.equal(ended.stdout, 'ASIASAVED00000000001 eu-west-1\n');
    });
});

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
