/** `mfa-env exec`: the command has the session, the streams, the signals and the terminal as if it had been started by itself. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Home, makeHome, makeUser, program, run, runMfaEnv, savedLines, start, unless } from './harness.ts';
import { sitDown } from './pty.ts';
import { startSts } from './sts/server.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

function makeSaved(env: Record<string, string> = {}): Home {
  return makeHome({ credentials: `[prod]\n${savedLines()}region = eu-west-1\n` }, env);
}

const announced = `mfa-env: sts is called at ${sts.url}, which is not aws\n`;

const home = makeSaved();

/** A shell's variables without those that it sets itself. */
function variablesOf(text: string): string[] {
  return text
    .split('\0')
    .filter((line) => line !== '' && !/^(_|SHLVL|PWD|OLDPWD)=/.test(line))
    .sort();
}

suite('the environment', () => {
  test('is the one that the shell would have after eval', async () => {
    const env = { ...home.env, AWS_PROFILE: 'stage', AWS_VAULT: 'stage', AWS_SECURITY_TOKEN: 'old', AWS_REGION: '' };
    const byExec = await runMfaEnv(['exec', 'prod', '--', 'env', '-0'], env);
    const byEval = await run('bash', ['-c', 'eval "$(mfa-env prod)" && exec env -0'], env);
    assert.equal(byExec.stderr, '');
    assert.equal(byExec.status, 0);
    assert.deepEqual(variablesOf(byExec.stdout), variablesOf(byEval.stdout));
    assert.match(byExec.stdout, /\0MFA_ENV_PROFILE=prod\0/);
  });

  test("keeps what mfa-env does without, and loses the function's word to mfa-env", async () => {
    const more = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '', MFA_ENV_FUNCTION: '1.0.0' };
    const { stdout, stderr } = await runMfaEnv(['exec', 'prod', '--', 'env'], { ...home.env, ...more });
    assert.match(stdout, /^NODE_TLS_REJECT_UNAUTHORIZED=0$/m);
    assert.doesNotMatch(stdout, /AWS_SDK_JS|MFA_ENV_FUNCTION/);
    assert.equal(stderr, '');
  });

  test('has the new session of a code, which is saved where that is wanted', async () => {
    const { user, home: own } = makeUser(sts);
    const ended = await runMfaEnv(
      ['exec', 'prod', sts.code(user), '--save', '--', 'printenv', 'AWS_ACCESS_KEY_ID'],
      own.env,
    );
    const [session] = sts.sessions.slice(-1);
    assert.deepEqual(
      { ...ended, stderr: ended.stderr.replace(own.path, '~') },
      {
        status: 0,
        signal: null,
        stdout: `${session?.accessKeyId}\n`,
        stderr: `${announced}Saved prod credentials to ~/.aws/credentials\n`,
      },
    );
    assert.ok(own.credentials().includes(session?.sessionToken ?? 'none'));
  });

  test('is there though the session could not be saved', async () => {
    const { user, home: own } = makeUser(sts);
    const spoil = `echo '[prod' >>${own.credentialsFile}; echo ${sts.code(user)}`;
    writeFileSync(own.credentialsFile, `${own.credentials()}mfa_process = sh -c "${spoil}"\n`, { mode: 0o600 });
    const ended = await runMfaEnv(['exec', 'prod', '--save', '--', 'printenv', 'MFA_ENV_PROFILE'], own.env);
    assert.equal(ended.stdout, 'prod\n');
    assert.match(ended.stderr, /^mfa-env: warning: .*credentials:\d+: a profile definition must end with '\]'/m);
    assert.equal(ended.status, 0);
  });

  for (const value of ['child_process', 'http,CHILD_*', '*'])
    test(`is not printed by Node with NODE_DEBUG=${value}`, async () => {
      const env = { ...home.env, NODE_DEBUG: value };
      const { status, stdout, stderr } = await runMfaEnv(['exec', 'prod', '--', 'echo', 'run'], env);
      assert.deepEqual([status, stdout], [125, '']);
      assert.match(
        stderr,
        /^mfa-env: error: NODE_DEBUG .*, so the command is not run\nmfa-env: hint: unset NODE_DEBUG$/m,
      );
      assert.doesNotMatch(stderr, /ASIASAVED|secret\/of|token\/\/of/);
    });

  test('has NODE_DEBUG where that prints nothing of it', async () => {
    const env = { ...home.env, NODE_DEBUG: 'http' };
    const { status, stdout, stderr } = await runMfaEnv(['exec', 'prod', '--', 'printenv', 'NODE_DEBUG'], env);
    assert.deepEqual([status, stdout, stderr], [0, 'http\n', '']);
  });
});

suite('the status', () => {
  const rows: [title: string, words: string[], status: number, stderr: RegExp][] = [
    ["is the command's", ['exec', 'prod', '--', 'sh', '-c', 'exit 7'], 7, /^$/],
    ['is 0 where all is well', ['exec', 'prod', '--', 'true'], 0, /^$/],
    [
      'is 127 without such a command',
      ['exec', 'prod', '--', 'nosuch-command'],
      127,
      /cannot run nosuch-command: there is no such command\n.*hint: shell functions/,
    ],
    ['is 126 for what cannot be run', ['exec', 'prod', '--', '/'], 126, /cannot run \/: EACCES/],
    [
      'is 128 + n after a signal that dumps core',
      ['exec', 'prod', '--', 'sh', '-c', 'ulimit -c 0; kill -SEGV $$'],
      139,
      /^$/,
    ],
    [
      'is 125 where the -- is missing before options',
      ['exec', 'prod', 'ls', '-la'],
      125,
      /there is no command to run\n.*behind --/,
    ],
    ['is 125 without such a profile', ['exec', 'nosuch', '--', 'true'], 125, /there is no profile nosuch/],
    ['is 125 without a command', ['exec', 'prod'], 125, /there is no command to run\n.*hint: it stands behind --/],
    ['is 125 where the command lacks its --', ['exec', 'prod', 'true', 'x'], 125, /there is no command to run/],
    ['is 125 with an empty command', ['exec', 'prod', '--', ''], 125, /there is no command to run/],
    [
      'is 125 for an option of no use',
      ['exec', '--shell', 'bash', 'prod', '--', 'true'],
      125,
      /mfa-env exec does not take --shell/,
    ],
    [
      'is 125 where a new session has no source',
      ['exec', 'prod', '--force', '--no-prompt', '--', 'true'],
      125,
      /has no source/,
    ],
    [
      'is that of an mfa-env which is the command',
      ['exec', 'prod', '--', 'mfa-env', 'prod', '--no-such'],
      2,
      /there is no option --no-such/,
    ],
  ];
  for (const [title, words, status, stderr] of rows)
    test(title, async () => {
      const ended = await runMfaEnv(words, home.env);
      assert.match(ended.stderr, stderr);
      assert.equal(ended.stdout.replace('false;\n', ''), '');
      assert.equal(ended.status, status);
    });

  test('is 125 where a code is needed and nobody can be asked', async () => {
    const { home: own } = makeUser(sts);
    const ended = await runMfaEnv(['exec', 'prod', '--', 'true'], own.env);
    assert.match(ended.stderr, /a code is needed for prod, and there is no terminal/);
    assert.equal(ended.status, 125);
    assert.equal(ended.stdout, '');
  });

  test('of a command that cannot be run is known before a code is spent', async () => {
    const { user, home: own } = makeUser(sts);
    const script = join(own.path, 'script');
    writeFileSync(script, '');
    const code = sts.code(user);
    for (const [program, status] of [
      ['nosuch-command', 127],
      ['bin', 127],
      ['/', 126],
      [script, 126],
    ] as const) {
      const ended = await runMfaEnv(['exec', 'prod', code, '--', program], own.env);
      assert.match(ended.stderr, /^mfa-env: error: cannot run /);
      assert.equal(ended.status, status);
    }
    const ended = await runMfaEnv(['exec', 'prod', code, '--', 'true'], own.env);
    assert.equal(ended.status, 0);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL', 'SIGPIPE', 'SIGUSR1', 'SIGALRM'] as const)
    test(`is the death by ${signal}`, async () => {
      const ended = await runMfaEnv(['exec', 'prod', '--', 'sh', '-c', `kill -${signal.slice(3)} $$`], home.env);
      assert.deepEqual({ status: ended.status, signal: ended.signal }, { status: null, signal });
    });
});

suite('the words and streams', () => {
  test('reach the command as they are', async () => {
    const words = ['', 'a b', "it's", '$HOME', '--', '-q', '--profile', '--no-such', '*', '`id`', 'ü\n'];
    const ended = await runMfaEnv(['exec', 'prod', '-q', '--', 'printf', '<%s>', ...words], home.env);
    assert.equal(ended.stdout, words.map((word) => `<${word}>`).join(''));
  });

  test('standard input is untouched', async () => {
    const ended = await runMfaEnv(['exec', 'prod', '--', 'cat'], home.env, 'first\nsecond\n');
    assert.equal(ended.stdout, 'first\nsecond\n');
  });

  test('a code comes from its first line, and the rest is for the command', async () => {
    const { user, home: own } = makeUser(sts);
    const ended = await runMfaEnv(['exec', 'prod', '-', '--', 'cat'], own.env, `${sts.code(user)}\nfirst\nsecond\n`);
    assert.equal(ended.stderr, announced);
    assert.equal(ended.stdout, 'first\nsecond\n');
  });

  test('a pipe that is closed ends the command, not with a message of its own', async () => {
    const ended = await run('bash', ['-c', 'set -o pipefail; mfa-env exec prod -- yes | head -1; echo $?'], home.env);
    assert.deepEqual([ended.stdout, ended.stderr], ['y\n141\n', '']);
  });

  const noProc = process.platform !== 'linux' && 'there is no /proc';
  for (const [title, redirections, expected] of [
    ['other descriptors', '3<<<three 9<<<nine 12<<<twelve', '<&3 <&9 <&12'],
    ['those of <(…)', '3< <(echo three) 9< <(echo nine) 12< <(echo twelve)', '<&3 <&9 <&12'],
  ] as const)
    test(`${title} are the command's too`, { skip: noProc }, async () => {
      const reads = expected.split(' ').map((from) => `read -r x ${from}; echo $x`);
      const line = `mfa-env exec prod -- bash -c '${reads.join('; ')}; echo x >&5 || echo closed' ${redirections} 2>/dev/null`;
      const ended = await run('bash', ['-c', line], home.env);
      assert.equal(ended.stdout, 'three\nnine\ntwelve\nclosed\n');
    });

  test('a descriptor that goes nowhere is one too', { skip: noProc }, async () => {
    const line = 'mfa-env exec prod -- bash -c "echo x >&3 && read -r y <&4 && echo ok" 3>/dev/null 4</proc/uptime';
    const ended = await run('bash', ['-c', line], home.env);
    assert.deepEqual([ended.stdout, ended.stderr], ['ok\n', '']);
  });

  test('a script whose interpreter is missing is not called missing itself', async () => {
    const script = join(home.path, 'script');
    writeFileSync(script, '#!/nosuch/sh\n', { mode: 0o755 });
    const ended = await runMfaEnv(['exec', 'prod', '--', script], home.env);
    assert.equal(ended.status, 127);
    assert.match(ended.stderr, /the program that its first line names is missing/);
  });

  test('a job server of make serves the make below', { skip: noProc || unless('make') }, async () => {
    const makefile = 'all:\n\t+@mfa-env exec prod -- $(MAKE) -s sub\nsub: a b\na b:\n\t@echo $$AWS_ACCESS_KEY_ID\n';
    writeFileSync(join(home.path, 'Makefile'), makefile);
    const { MAKEFLAGS: _, MAKELEVEL: __, ...env } = home.env;
    const ended = await run('make', ['-s', '-j2', 'all'], env);
    assert.deepEqual([ended.stdout, ended.stderr], ['ASIASAVED00000000001\nASIASAVED00000000001\n', '']);
  });

  test('it works in the scripts of npm', async () => {
    const folder = join(home.path, 'package');
    mkdirSync(folder, { recursive: true });
    const scripts = { deploy: 'mfa-env exec prod -- node -p process.env.MFA_ENV_PROFILE' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', scripts }));
    const ended = await run('npm', ['run', '--silent', '--offline', '--prefix', folder, 'deploy'], home.env);
    assert.equal(ended.stdout, 'prod\n');
    assert.equal(ended.status, 0);
  });

  test('it is said that npm takes a -- for itself', async () => {
    const folder = join(home.path, 'takes');
    mkdirSync(folder);
    const scripts = { aws: 'mfa-env exec' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', scripts }));
    const npm = ['run', '--silent', '--offline', '--prefix', folder, 'aws'];
    const ended = await run('npm', [...npm, 'prod', '--', 'true'], home.env);
    assert.match(ended.stderr, /hint: it stands behind --: .*; npm takes the first -- of a line for itself\n/);
    assert.equal((await run('npm', [...npm, '--', 'prod', '--', 'true'], home.env)).status, 0);
  });
});

suite('signals', () => {
  // What comes from elsewhere strikes mfa-env alone; the command answers it, and waits for nothing else.
  const answers = (signal: string) =>
    `trap 'echo got ${signal}; exit 9' ${signal}; echo ready; while :; do sleep 0.05; done`;
  const kept = [
    ...'KILL STOP TSTP TTIN TTOU CONT CHLD PIPE'.split(' '),
    ...'ILL TRAP ABRT EMT BUS FPE SEGV SYS'.split(' '),
    // Other names of ABRT and IO.
    ...['IOT', 'POLL'],
  ];
  const names = Object.keys(constants.signals).map((name) => name.replace(/^SIG/, ''));
  const handedOn = names.filter((name) => !kept.includes(name));
  for (const signal of handedOn)
    test(`SIG${signal} that reaches mfa-env alone is handed on`, async () => {
      const out = join(home.path, `out-${signal}`);
      const running = start('sh', ['-c', `exec mfa-env exec prod -- bash -c "${answers(signal)}" >${out}`], home.env);
      await until(() => existsSync(out) && readFileSync(out, 'utf8') === 'ready\n');
      running.kill(`SIG${signal}` as NodeJS.Signals);
      assert.deepEqual({ ...(await running.ended) }, { status: 9, signal: null, stdout: '', stderr: '' });
      assert.equal(readFileSync(out, 'utf8'), `ready\ngot ${signal}\n`);
    });

  test('SIGPIPE, which mfa-env gets for what it writes itself, is not', async () => {
    const line = 'mfa-env exec prod -- sh -c "kill -PIPE \\$PPID; sleep 0.2; echo went on"';
    const ended = await run('sh', ['-c', line], home.env);
    assert.deepEqual([ended.status, ended.stdout, ended.stderr], [0, 'went on\n', '']);
  });

  test("SIGPROF is not where Node's profiler works by it", async () => {
    const words = ['--cpu-prof', program, 'exec', 'prod', '--', 'sh', '-c', 'sleep 0.5; echo went on'];
    const ended = await run(process.execPath, words, home.env);
    assert.deepEqual([ended.status, ended.stdout, ended.stderr], [0, 'went on\n', '']);
  });

  test('before the command begins they end mfa-env', async () => {
    const { home: own } = makeUser(sts, { more: 'mfa_process = sleep 30\n' });
    const running = start('sh', ['-c', 'exec mfa-env exec prod -- echo ran'], own.env);
    await until(() => readChildren(running.pid).length > 0);
    running.kill('SIGTERM');
    const { signal, stdout } = await running.ended;
    assert.deepEqual([signal, stdout], ['SIGTERM', '']);
  });
});

function readChildren(pid: number): string[] {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
  } catch {
    return [];
  }
}

suite('at a terminal', () => {
  const env = { ...home.env, PS1: '# ' };
  const sit = () => sitDown('bash', ['--norc', '--noprofile', '-i'], env);

  test('Ctrl-C reaches the command once, and goes on if the command does', async () => {
    const typist = sit();
    const count = "trap 'echo one INT' INT; echo ready; sleep 1; sleep 1; echo done";
    typist.type(`mfa-env exec prod -- bash -c "${count}"\r`);
    await typist.see('ready\r\n');
    typist.type('\x03');
    await typist.see('one INT\r\n');
    const rest = await typist.see(/[\s\S]*done\r\n/);
    assert.doesNotMatch(rest, /one INT/);
    typist.type('exit\r');
    await typist.ended;
  });

  test('another size of it is told to the command, and that goes on', async () => {
    const typist = sit();
    typist.type(
      'mfa-env exec prod -- bash -c "trap \'echo size\' WINCH; stty cols 90; sleep 0.5; echo done"; echo status $?\r',
    );
    await typist.see(/(size\r\n)+done\r\nstatus 0/);
    typist.type('exit\r');
    await typist.ended;
  });

  test('Ctrl-C that ends the command is a death by SIGINT', async () => {
    const typist = sit();
    typist.type('mfa-env exec prod -- bash -c "echo ready; sleep 20"; echo status $?\r');
    await typist.see('ready\r\n');
    typist.type('\x03');
    await typist.see('# ');
    typist.type('echo status $?\r');
    await typist.see(`status ${128 + constants.signals.SIGINT}`);
    typist.type('exit\r');
    await typist.ended;
  });

  for (const [title, outer] of [
    ['Ctrl-Z stops it, and fg goes on with it', ''],
    ['Ctrl-Z stops one below another, and fg goes on with both', 'mfa-env exec prod -- '],
  ] as const)
    test(title, async () => {
      const typist = sit();
      typist.type(`${outer}mfa-env exec prod -- bash -c "echo ready; read -r x; echo got \\$x"\r`);
      await typist.see('ready\r\n');
      typist.type('\x1a');
      await typist.see('Stopped');
      typist.type('fg\r');
      // The shell shows the command once more, and then hands the terminal over: only then does a line end as one.
      await typist.see('fg');
      await typist.see('got \\$x"');
      await setTimeout(300);
      typist.type('word\r');
      await typist.see('got word');
      typist.type('exit\r');
      await typist.ended;
    });

  test('Ctrl-Z is the affair of a command that answers it', async () => {
    const typist = sit();
    const answer =
      "process.on('SIGTSTP', () => console.log('one TSTP')); console.log('ready'); setTimeout(() => console.log('done'), 1000)";
    typist.type(`mfa-env exec prod -- node -e "${answer}"; echo status $?\r`);
    await typist.see('ready\r\n');
    typist.type('\x1a');
    await typist.see('one TSTP\r\ndone\r\nstatus 0');
    typist.type('exit\r');
    await typist.ended;
  });

  test('a command that stops itself stops mfa-env, and fg goes on with both', async () => {
    const typist = sit();
    typist.type('mfa-env exec prod -- bash --norc --noprofile -i\r');
    await typist.see('# ');
    typist.type('suspend\r');
    await typist.see('Stopped');
    typist.type('fg\r');
    await typist.see('fg');
    await setTimeout(300);
    typist.type('echo in $MFA_ENV_PROFILE\r');
    await typist.see('in prod');
    typist.type('exit 5\r');
    await setTimeout(300);
    typist.type('echo back $?\r');
    await typist.see('back 5');
    typist.type('exit\r');
    await typist.ended;
  });

  test('a command that is stopped alone in a script does not take mfa-env with it for ever', async () => {
    const typist = sit();
    const script = join(home.path, 'stopping');
    writeFileSync(
      script,
      'mfa-env exec prod -- sh -c "echo \\$\\$ >$HOME/pid; kill -STOP \\$\\$; echo went on"\necho end\n',
    );
    typist.type(`sh ${script}\r`);
    const pid = await until(
      () => existsSync(join(home.path, 'pid')) && (Number(readFileSync(join(home.path, 'pid'))) || undefined),
    );
    await until(() => /^T/.test(execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })));
    await setTimeout(300);
    process.kill(pid, 'SIGCONT');
    await typist.see('went on\r\nend\r\n');
    typist.type('exit\r');
    await typist.ended;
  });

  test('its end reaches the command once', async () => {
    const out = join(home.path, 'hung-up');
    const script = `process.on('SIGHUP', () => write('HUP ')); write('ready '); setTimeout(() => write('done'), 2000);
      function write(text) { require('node:fs').appendFileSync('${out}', text); }`;
    writeFileSync(join(home.path, 'hung-up.cjs'), script);
    const typist = sitDown('sh', ['-c', 'mfa-env exec prod -- node hung-up.cjs; :'], env);
    await until(() => existsSync(out) && readFileSync(out, 'utf8') === 'ready ');
    // The system hangs up on all of the foreground when the leader of the session ends.
    typist.kill('SIGKILL');
    await until(() => readFileSync(out, 'utf8').endsWith('done'));
    assert.equal(readFileSync(out, 'utf8'), 'ready HUP done');
  });

  const modes: [title: string, script: string][] = [
    ['by the command', 'mfa-env exec prod -- stty -echo'],
    [
      'while a command is in the background',
      'mfa-env exec prod -- sh -c "touch begun; sleep 1" & until [ -e begun ]; do sleep 0.1; done; stty -echo; wait',
    ],
  ];
  for (const [title, script] of modes)
    test(`how it is set ${title} stays`, async () => {
      const typist = sitDown('sh', ['-c', `${script}; stty -a | tr -s '; ' '\\n' | grep -xE -e '-?echo'`], env);
      await typist.see('-echo\r\n');
      await typist.ended;
    });

  test('a shell as the command has the terminal for itself', async () => {
    const typist = sit();
    typist.type('mfa-env exec prod -- bash --norc --noprofile -i\r');
    await typist.see('# ');
    typist.type('echo in $MFA_ENV_PROFILE\r');
    await typist.see('in prod');
    typist.type('echo go; sleep 20\r');
    await typist.see('go\r\n');
    // The shell has still to start what Ctrl-C is for.
    await setTimeout(300);
    typist.type('\x03');
    await typist.see('# ');
    typist.type('exit 5\r');
    await typist.see('# ');
    typist.type('echo back $? in $MFA_ENV_PROFILE.\r');
    await typist.see('back 5 in .');
    typist.type('exit\r');
    await typist.ended;
  });

  test('the code is asked for on it, and the command reads what is typed next', async () => {
    const { user, home: own } = makeUser(sts);
    const typist = sitDown(
      'bash',
      ['--norc', '--noprofile', '-c', 'mfa-env exec prod -- bash -c "read -r x; echo got \\$x"'],
      own.env,
    );
    await typist.see(/MFA code for prod .*: /);
    typist.type(`${sts.code(user)}\r`);
    await typist.see(/mfa-env: prod in \d{12}: a new session for 12h/);
    typist.type('word\r');
    await typist.see('got word');
    assert.equal((await typist.ended).exitCode, 0);
  });
});
