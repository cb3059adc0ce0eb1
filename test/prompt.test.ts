/** Asking for the code: on the terminal, whatever the streams are, and never where nobody can answer. */

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { secondsToNextStep } from '../src/code.ts';
import { copyProgram, type Home, makeUser, run, runMfaEnv, savedLines, unless } from './harness.ts';
import { sitDown, type Typist } from './pty.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };
const enter = '\r';
const ctrlC = '\x03';
const ctrlD = '\x04';
const ctrlBackslash = '\x1c';
const ctrlZ = '\x1a';

const interactiveShells: [name: 'bash' | 'zsh' | 'fish', args: string[], evaluate: (words: string) => string][] = [
  ['bash', ['--noprofile', '--norc', '-i'], (words) => `eval "$(mfa-env ${words})"`],
  ['zsh', ['-f', '-i'], (words) => `eval "$(mfa-env ${words})"`],
  [
    'fish',
    ['--no-config', '-i', '-C', 'function fish_prompt; printf "READY\\$ "; end'],
    (words) => `mfa-env ${words} | source`,
  ],
];

/** Opens a window with a shell in it, and waits for the shell. */
async function openShell(name: string, args: string[], home: Home): Promise<Typist> {
  const typist = sitDown(name, args, { ...home.env, PS1: 'READY$ ' });
  await typist.see('READY$ ');
  return typist;
}

async function closeShell(typist: Typist): Promise<void> {
  typist.type(`exit${enter}`);
  await typist.ended;
}

/** Starts mfa-env on a terminal, with all of its streams in files. */
function startRedirected(words: string, home: Home) {
  // A terminal that nobody holds open is hung up: descriptor 3 holds it until mfa-env does.
  const typist = sitDown('sh', ['-c', `exec mfa-env ${words} >out 2>err </dev/null 3</dev/tty`], home.env);
  return { typist, read: (file: 'out' | 'err') => readFileSync(join(home.path, file), 'utf8') };
}

function promptOf(user: StsUser): string {
  return `MFA code for prod (ana in ${user.account}): `;
}

function requestsOf(user: StsUser) {
  return sts.requests.filter(({ parameters }) => parameters.SerialNumber === user.device.serialNumber);
}

suite('in the shells that people sit at', inParallel, () => {
  for (const [name, args, evaluate] of interactiveShells) {
    test(`${name}: asks, says what came of it, and the session is there`, { skip: unless(name) }, async () => {
      const { user, home } = makeUser(sts);
      const typist = await openShell(name, args, home);
      typist.type(evaluate('prod') + enter);
      await typist.see(promptOf(user));
      typist.type(sts.code(user) + enter);
      await typist.see(`mfa-env: prod in ${user.account}: a new session for 12h\r\n`);
      await typist.see('READY$ ');
      typist.type(`printenv AWS_ACCESS_KEY_ID MFA_ENV_PROFILE${enter}`);
      await typist.see(/ASIA\w{16}\r\nprod\r\n/);
      await closeShell(typist);
    });

    for (const [title, key] of [
      ['Ctrl-C', ctrlC],
      ['Ctrl-\\', ctrlBackslash],
    ] as const)
      test(`${name}: ${title} ends the prompt, and nothing goes on`, { skip: unless(name) }, async () => {
        const { user, home } = makeUser(sts);
        const typist = await openShell(name, args, home);
        typist.type(`${evaluate('prod')} && echo GOES-"ON"${enter}`);
        await typist.see(promptOf(user));
        typist.type(key);
        await typist.see('READY$ ');
        typist.type(`echo "status $${name === 'fish' ? 'status' : '?'}"${enter}`);
        // Where the shell does not end the line itself, it is the status of the failing statement.
        await typist.see(/status (13[01]|1)\r\n/);
        await closeShell(typist);
        assert.doesNotMatch(typist.screen(), /GOES-ON/);
        assert.equal(requestsOf(user).length, 0);
      });

    test(`${name}: in the background nothing waits`, { skip: unless(name) }, async () => {
      const { user, home } = makeUser(sts);
      const typist = await openShell(name, args, home);
      const status = name === 'fish' ? '$status' : '$?';
      typist.type(`mfa-env prod >out 2>err & wait; echo "left with "${status}; cat out err${enter}`);
      await typist.see('left with ');
      await typist.see('false;\r\nmfa-env: error: a code is needed for prod, and there is no terminal');
      await closeShell(typist);
      assert.equal(typist.screen().includes(promptOf(user)), false);
    });
  }
});

suite('Ctrl-Z at the prompt', inParallel, () => {
  const [, args] = interactiveShells.find(([name]) => name === 'bash') ?? assert.fail();

  test('does not stop what a shell below another waits for', { skip: unless('bash') }, async () => {
    const { user, home } = makeUser(sts);
    const typist = await openShell('bash', args, home);
    typist.type(`bash ${args.join(' ')}${enter}`);
    await typist.see('READY$ ');
    typist.type(`eval "$(mfa-env prod)"${enter}`);
    await typist.see(promptOf(user));
    typist.type(ctrlZ);
    typist.type(sts.code(user) + enter);
    await typist.see(`mfa-env: prod in ${user.account}: a new session for 12h\r\n`);
    await typist.see('READY$ ');
    typist.type(`exit${enter}`);
    await typist.see('READY$ ');
    await closeShell(typist);
  });

  for (const job of ['mfa-env prod >out', 'sh -c "mfa-env prod >out; :"'])
    test(`stops ${job}, which goes on with fg`, { skip: unless('bash') }, async () => {
      const { user, home } = makeUser(sts);
      const typist = await openShell('bash', args, home);
      typist.type(job + enter);
      await typist.see(promptOf(user));
      typist.type(ctrlZ);
      await typist.see('Stopped');
      await typist.see('READY$ ');
      typist.type(`fg${enter}`);
      await typist.see(/mfa-env prod [^\r]+\r\n/);
      typist.type(sts.code(user) + enter);
      await typist.see(`mfa-env: prod in ${user.account}: a new session for 12h\r\n`);
      await typist.see('READY$ ');
      await closeShell(typist);
      assert.match(readFileSync(join(home.path, 'out'), 'utf8'), /^export AWS_SESSION_TOKEN=/m);
    });
});

test('two windows ask, and the code that is typed in one of them is enough for both', async () => {
  const { user, home } = makeUser(sts);
  const waiting = sitDown('sh', ['-c', 'eval "$(mfa-env prod)" && printenv AWS_ACCESS_KEY_ID'], home.env);
  const typing = sitDown('sh', ['-c', 'eval "$(mfa-env prod --save)" && printenv AWS_ACCESS_KEY_ID'], home.env);
  await waiting.see(promptOf(user));
  await typing.see(promptOf(user));
  typing.type(sts.code(user) + enter);
  await Promise.all([waiting.ended, typing.ended]);
  const [session] = sts.sessions.filter(({ principal }) => principal === user);
  for (const { screen } of [waiting, typing]) assert.ok(screen().endsWith(`${session?.accessKeyId}\r\n`), screen());
  assert.equal(requestsOf(user).length, 1);
});

const refused = 'mfa-env: aws refused the MFA code for prod';
const noCode = 'mfa-env: the MFA code is not six digits';

interface Codes {
  right: string;
  wrong: string;
  otherWrong: string;
}

/** What is typed, line by line, and what is said after each of the lines; nothing where the program has what it needs. */
const stories: [
  title: string,
  lines: (codes: Codes) => [line: string, answer?: string][],
  sent: number,
  status: number,
][] = [
  ['the right code', ({ right }) => [[right]], 1, 0],
  ['the right code with blanks inside', ({ right }) => [[` ${right.slice(0, 3)} ${right.slice(3)} `]], 1, 0],
  ['a wrong code, then the right one', ({ wrong, right }) => [[wrong, refused], [right]], 2, 0],
  ['five digits are not sent', ({ right }) => [[right.slice(1), noCode], [right]], 1, 0],
  ['an empty line is not sent', ({ right }) => [['', noCode], [right]], 1, 0],
  [
    'a code typed again is not sent',
    ({ wrong, right }) => [[wrong, refused], [wrong, 'mfa-env: that code was refused already'], [right]],
    2,
    0,
  ],
  ['three wrong codes are enough', ({ wrong, otherWrong }) => [[wrong, refused], [otherWrong, refused], [wrong]], 2, 1],
  ['three lines that are no codes are enough', () => [['', noCode], ['yes', noCode], ['12345']], 0, 1],
  ['Ctrl-D at once', () => [[ctrlD]], 0, 3],
  ['Ctrl-D after a wrong code', ({ wrong }) => [[wrong, refused], [ctrlD]], 1, 3],
];

suite('all streams are files, and the user is asked all the same', inParallel, () => {
  for (const [title, linesOf, sent, status] of stories) {
    test(title, async () => {
      const { user, home } = makeUser(sts);
      const { typist, read } = startRedirected('prod', home);
      const lines = linesOf({ right: sts.code(user), wrong: sts.wrongCode(user), otherWrong: sts.wrongCode(user) });
      for (const [line, answer] of lines) {
        await typist.see(promptOf(user));
        typist.type(line === ctrlD ? line : line + enter);
        if (answer) await typist.see(`\r\n${answer}`);
      }
      assert.deepEqual(await typist.ended, { exitCode: status, signal: undefined });
      assert.equal(requestsOf(user).length, sent);
      assert.match(read('out'), status === 0 ? /^export AWS_SESSION_TOKEN='[^']+';$/m : /^false;\n$/);
      if (status === 0) assert.equal(read('err'), `mfa-env: sts is called at ${sts.url}, which is not aws\n`);
      else assert.match(read('err'), /^mfa-env: error: /m);
    });
  }

  const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;
  const middle = (code: string) => `${code.slice(0, 3)}\u200b ${code.slice(3)}`;
  const pastes: [title: string, paste: (code: string) => string][] = [
    ['with the line end of Windows', (code) => `${code}\r\n`],
    ['with two line ends and a blank', (code) => `${code}\r \r`],
    ['that begins with a line end', (code) => `\r\n${code}\r\n`],
    ['with another code behind it', (code) => `${code}\r\n654321\r`],
    ['of codes without an end', (code) => `${code}\r654321\r654322`],
    ['in markers', (code) => pasted(code) + enter],
    ['in markers, with a line end', (code) => pasted(`${code}\r`)],
    ['in markers, with lines in between', (code) => pasted(`\r${middle(code)}\r\n654321\r`)],
    ['with half a marker before it', (code) => `00~${middle(code)}${enter}`],
  ];

  for (const [title, paste] of pastes)
    test(`a paste ${title} is one answer, and nothing of it is left`, { skip: unless('bash') }, async () => {
      const { user, home } = makeUser(sts);
      const left = 'IFS= read -r -t 0.3 -n 99 rest; printf "left:%q:" "$rest"';
      const script = `was=$(stty -g); mfa-env prod >out 2>err; echo "status $?"; [ "$(stty -g)" = "$was" ] && ${left}`;
      const typist = sitDown('bash', ['--noprofile', '--norc', '-c', script], home.env);
      for (const code of [sts.wrongCode(user), sts.code(user)]) {
        await typist.see(promptOf(user));
        typist.type(paste(code));
      }
      await typist.see('status 0');
      await typist.see("left:'':");
      await typist.ended;
      assert.equal(requestsOf(user).length, 2);
      assert.equal(typist.screen().includes(noCode), false);
    });

  for (const text of ['12345\r\n', pasted('12345\r'), '1\r2\r3\r4'])
    test(`a paste of ${JSON.stringify(text)} uses up one try`, async () => {
      const { user, home } = makeUser(sts);
      const { typist } = startRedirected('prod', home);
      for (let tries = 1; tries <= 2; tries += 1) {
        await typist.see(promptOf(user));
        typist.type(text);
        await typist.see(`\r\n${noCode}`);
      }
      await typist.see(promptOf(user));
      typist.type(sts.code(user) + enter);
      assert.equal((await typist.ended).exitCode, 0);
      assert.equal(requestsOf(user).length, 1);
    });

  test('after a refusal the user sees when the next code comes', async () => {
    const { user, home } = makeUser(sts);
    const { typist } = startRedirected('prod', home);
    const wrong = sts.wrongCode(user);
    for (const answer of [refused, 'mfa-env: that code was refused already']) {
      await typist.see(promptOf(user));
      typist.type(wrong + enter);
      await typist.see(`\r\n${answer}`);
      const line = await typist.see(/mfa-env: the next code comes in \d+ s\r\n/);
      const lateSeconds = (30 + Number(/\d+/.exec(line)?.[0]) - secondsToNextStep(new Date())) % 30;
      assert.ok(lateSeconds <= 5, `${line} and ${lateSeconds} s later`);
    }
    await typist.see(promptOf(user));
    typist.type(sts.code(user) + enter);
    assert.equal((await typist.ended).exitCode, 0);
  });

  const givenCodes: [
    title: string,
    words: (code: string) => string[],
    input: (code: string) => string,
    lines: string,
  ][] = [
    ['as a word', (code) => [code], () => '', ''],
    ['with --code', (code) => ['--code', code], () => '', ''],
    ['in standard input', () => ['-'], (code) => `${code}\n`, ''],
    ['by mfa_process', () => [], () => '', 'mfa_process = echo CODE\n'],
  ];

  for (const [title, words, input, lines] of givenCodes)
    test(`a code given ${title} is refused with the time until the next one, and nobody is asked`, async () => {
      const { user, home } = makeUser(sts);
      const code = sts.wrongCode(user);
      const header = '[prod-default]\n';
      writeFileSync(home.credentialsFile, home.credentials().replace(header, header + lines.replace('CODE', code)));
      const { status, stderr } = await runMfaEnv(['prod', ...words(code)], home.env, input(code));
      assert.equal(status, 1);
      const [, seconds] =
        /hint: wait (\d+) s for the next code \(each works once\); if that fails too, [^\n]+\n$/.exec(stderr) ?? [];
      const lateSeconds = (30 + Number(seconds) - secondsToNextStep(new Date())) % 30;
      assert.ok(lateSeconds <= 5, `${stderr} and ${lateSeconds} s later`);
    });

  test('typed ahead of the prompt', async () => {
    const { user, home } = makeUser(sts);
    const { typist, read } = startRedirected('prod', home);
    typist.type(sts.wrongCode(user) + enter + sts.code(user) + enter);
    assert.equal((await typist.ended).exitCode, 0);
    assert.match(read('out'), /AWS_SESSION_TOKEN/);
    assert.equal(requestsOf(user).length, 2);
  });

  test('a package that is taken away meanwhile costs neither code nor session', async () => {
    const { user, home } = makeUser(sts);
    const copy = copyProgram(home);
    const typist = sitDown(
      'sh',
      ['-c', `exec ${copy}/dist/cli.cjs prod --shell bash >out 2>err </dev/null 3</dev/tty`],
      home.env,
    );
    await typist.see(promptOf(user));
    rmSync(join(copy, 'shell'), { recursive: true });
    typist.type(sts.code(user) + enter);
    assert.equal((await typist.ended).exitCode, 0);
    assert.match(readFileSync(join(home.path, 'out'), 'utf8'), /^export AWS_SESSION_TOKEN=/m);
  });

  test('a package that is not whole fails for the shell too', async () => {
    const { home } = makeUser(sts);
    const copy = copyProgram(home);
    rmSync(join(copy, 'shell'), { recursive: true });
    const { status, stdout } = await run(
      process.execPath,
      [join(copy, 'dist/cli.cjs'), 'nobody', '--shell', 'bash'],
      home.env,
    );
    assert.deepEqual([status, stdout], [1, 'false;\n']);
  });

  test('a device without an ARN is shown by its serial number', async () => {
    const { user, home } = makeUser(sts);
    const { typist } = startRedirected('prod --serial GAHT12345678', home);
    await typist.see('MFA code for prod (GAHT12345678): ');
    typist.type(ctrlD);
    assert.equal((await typist.ended).exitCode, 3);
    assert.equal(requestsOf(user).length, 0);
  });

  test('Ctrl-C is death by SIGINT, with the failing statement', async () => {
    const { user, home } = makeUser(sts);
    const { typist, read } = startRedirected('prod', home);
    await typist.see(promptOf(user));
    typist.type(ctrlC);
    assert.equal((await typist.ended).signal, 2);
    assert.deepEqual([read('out'), requestsOf(user).length], ['false;\n', 0]);
  });

  test('Ctrl-C ends the script that asked', { skip: unless('bash') }, async () => {
    const { user, home } = makeUser(sts);
    const script = 's=$(mfa-env prod); echo GOES-ON; eval "$s"; echo GOES-ON';
    const typist = sitDown('bash', ['--noprofile', '--norc', '-c', script], home.env);
    await typist.see(promptOf(user));
    typist.type(ctrlC);
    assert.equal((await typist.ended).signal, 2);
    assert.doesNotMatch(typist.screen(), /GOES-ON/);
  });
});

suite('where nobody can be asked, the answer is 3 at once', inParallel, () => {
  const needed = /^mfa-env: error: a code is needed for prod, and [^\n]+\nmfa-env: hint: give it: mfa-env prod CODE\n$/;

  test('no terminal', async () => {
    const { user, home } = makeUser(sts);
    const begin = performance.now();
    const { stderr, ...ended } = await runMfaEnv(['prod'], home.env);
    assert.ok(performance.now() - begin < 2000);
    assert.deepEqual(ended, { status: 3, signal: null, stdout: 'false;\n' });
    assert.match(stderr, needed);
    assert.equal(requestsOf(user).length, 0);
  });

  test('--no-prompt at a terminal', async () => {
    const { user, home } = makeUser(sts);
    const { typist, read } = startRedirected('prod --no-prompt', home);
    assert.equal((await typist.ended).exitCode, 3);
    assert.deepEqual([typist.screen(), read('out')], ['', 'false;\n']);
    assert.match(read('err'), needed);
    assert.equal(requestsOf(user).length, 0);
  });

  test('a profile that is called like a command', async () => {
    const { user, home } = makeUser(sts);
    const words = ['--profile', 'exec', '--source', 'prod-default', '--serial', user.device.serialNumber];
    const { stderr } = await runMfaEnv(words, home.env);
    assert.match(stderr, /\nmfa-env: hint: give it: mfa-env --profile=exec CODE\n$/);
  });

  test('what would refuse anyway is said in place of it', async () => {
    const { home } = makeUser(sts, { more: 'source_profile = elsewhere\n' });
    const { status, stderr } = await runMfaEnv(['prod'], home.env);
    assert.equal(status, 1);
    assert.match(stderr, /elsewhere/);
  });
});

const inputs: [title: string, input: (code: string) => string, status: number][] = [
  ['a line', (code) => `${code}\n`, 0],
  ['without its end', (code) => code, 0],
  ['with blanks, from Windows, and more behind', (code) => `${code.slice(0, 3)} ${code.slice(3)}\r\nmore\n`, 0],
  ['nothing', () => '', 2],
  ['an empty line first', (code) => `\n${code}\n`, 2],
  ['words around it', (code) => `your code is ${code}\n`, 2],
  ['a flood', () => '1'.repeat(1_000_000), 2],
];

suite('the code comes from standard input with -', inParallel, () => {
  for (const [title, inputOf, status] of inputs) {
    test(title, async () => {
      const { user, home } = makeUser(sts);
      const ended = await runMfaEnv(['prod', '-'], home.env, inputOf(sts.code(user)));
      assert.equal(ended.status, status, ended.stderr);
      assert.match(ended.stdout, status === 0 ? /^export AWS_SESSION_TOKEN=/m : /^false;\n$/);
      assert.equal(requestsOf(user).length, status === 0 ? 1 : 0);
    });
  }

  test('in a pipe, as users type it', async () => {
    const { user, home } = makeUser(sts);
    const script = `eval "$(echo ${sts.code(user)} | mfa-env prod -)" && printenv MFA_ENV_PROFILE`;
    const { status, stdout } = await run('sh', ['-c', script], home.env);
    assert.deepEqual([status, stdout], [0, 'prod\n']);
  });
});

suite('standard output is a terminal', inParallel, () => {
  const secrets = /ASIA\w{16}|SECRET_ACCESS_KEY|SESSION_TOKEN|secret\/of|token\/\/of/;

  for (const [name, args, evaluate] of interactiveShells) {
    for (const words of ['prod', 'prod CODE', 'unset']) {
      test(`${name}: mfa-env ${words} is a usage error, with the line to type`, { skip: unless(name) }, async () => {
        const { user, home } = makeUser(sts, { more: savedLines() });
        const call = `mfa-env ${words.replace('CODE', sts.code(user))}`;
        const script = `${call}; echo "status $${name === 'fish' ? 'status' : '?'}"`;
        const typist = sitDown(name, [...args.filter((arg) => /^-(-|f)/.test(arg)), '-c', script], home.env);
        await typist.ended;
        assert.match(typist.screen(), /^mfa-env: error: [^\r]+\r\nmfa-env: hint: type [^\r]+\r\nstatus 2\r\n$/);
        assert.ok(typist.screen().includes(`type ${evaluate(words.replace(' CODE', ''))}\r\n`), typist.screen());
        assert.doesNotMatch(typist.screen(), secrets);
        assert.equal(requestsOf(user).length, 0);
      });
    }
  }

  test('--save saves, and says that this shell has no session yet', async () => {
    const { user, home } = makeUser(sts);
    const typist = sitDown('bash', ['--noprofile', '--norc', '-c', 'mfa-env prod --save; echo "status $?"'], home.env);
    await typist.see(promptOf(user));
    typist.type(sts.code(user) + enter);
    await typist.ended;
    const screen = typist.screen();
    assert.ok(screen.includes(`\r\nSaved prod credentials to ${home.credentialsFile}\r\n`), screen);
    assert.match(screen, /\r\nmfa-env: hint: this shell has no session yet: type eval "\$\(mfa-env prod\)"\r\n/);
    assert.match(screen, /\r\nstatus 0\r\n$/);
    assert.doesNotMatch(screen, secrets);
    assert.match(home.credentials(), /^aws_session_token = .+$/m);

    const again = await run('sh', ['-c', 'eval "$(mfa-env prod)" && printenv AWS_ACCESS_KEY_ID'], home.env);
    assert.equal(again.stdout, `${sts.sessions.find(({ principal }) => principal === user)?.accessKeyId}\n`);
    assert.equal(requestsOf(user).length, 1);
  });

  test('--print prints', async () => {
    const { home } = makeUser(sts, { more: savedLines() });
    const typist = sitDown('bash', ['--noprofile', '--norc', '-c', 'mfa-env prod --print; echo "status $?"'], home.env);
    await typist.ended;
    assert.match(typist.screen(), /^export AWS_SESSION_TOKEN='token\/\/of\+the\+saved\+session==';\r$/m);
    assert.match(typist.screen(), /\r\nstatus 0\r\n$/);
  });
});

const remarks: [title: string, minutesLeft: number, words: string, screen: RegExp][] = [
  ['a saved session that lives long is used without a word', 61, 'prod', /^$/],
  ['less than an hour is said', 59, 'prod', /^mfa-env: prod in \d{12}: [^\r]*5[89]m[^\r]*\r\n$/],
  ['--quiet says nothing', 59, 'prod --quiet', /^$/],
];

suite('standard error is a terminal', inParallel, () => {
  for (const [title, minutesLeft, words, screen] of remarks) {
    test(title, async () => {
      const { home } = makeUser(sts, { more: savedLines({ expiresAt: new Date(Date.now() + minutesLeft * 60_000) }) });
      const typist = sitDown('sh', ['-c', `exec mfa-env ${words} >out`], home.env);
      assert.equal((await typist.ended).exitCode, 0);
      assert.match(typist.screen(), screen);
    });
  }
});
