/** What mfa-env prints, evaluated by real shells in every way in which users evaluate it. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { lineToType } from '../src/line-to-type.ts';
import { shellNames } from '../src/shells.ts';
import { formatTime, makeHome, makeUser, run, runMfaEnv, savedLines, unless } from './harness.ts';
import { goOn, posixShells, type Shell, shells } from './shells.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };
const bash = shells.find(({ name }) => name === 'bash') ?? assert.fail();
const fish = shells.find(({ name }) => name === 'fish') ?? assert.fail();
const forms = shells.flatMap((shell) =>
  Object.entries(shell.evaluate).map(([form, evaluate]) => ({ shell, form, evaluate })),
);

/** The one line that every call of the STS on loopback says. */
const calledElsewhere = `mfa-env: sts is called at ${sts.url}, which is not aws\n`;

/** Runs a script, in which `read-back` is a program that keeps the environment it was given. */
async function runScript(shell: Shell, script: string, env: Record<string, string>) {
  const home = env.HOME ?? assert.fail();
  const file = join(home, 'variables');
  writeFileSync(join(home, 'bin/read-back'), `#!/bin/sh\nexec env -0 >'${file}'\n`, { mode: 0o755 });
  const ended = await run(shell.command, [...shell.args, script], env);
  return { ...ended, variables: existsSync(file) ? readVariables(file) : undefined };
}

/** The variables that mfa-env could have touched. */
function readVariables(file: string): Record<string, string> {
  const entries = readFileSync(file, 'utf8')
    .split('\0')
    .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
  return onlyTouchable(Object.fromEntries(entries));
}

function onlyTouchable(env: Record<string, string>): Record<string, string> {
  const entries = Object.entries(env).filter(([name]) => /^(AWS|MFA_ENV)/.test(name));
  return Object.fromEntries(entries.filter(([name]) => name !== 'AWS_ENDPOINT_URL_STS'));
}

/** What a session of prod is in the environment. */
function variablesOf(session: Parameters<typeof savedLines>[0], region?: string): Record<string, string> {
  const { accessKeyId = '', secretAccessKey = '', sessionToken = '', expiresAt = new Date() } = session ?? {};
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: formatTime(expiresAt),
    AWS_SESSION_EXPIRATION: formatTime(expiresAt),
    MFA_ENV_PROFILE: 'prod',
    ...(region && { AWS_REGION: region, AWS_DEFAULT_REGION: region, MFA_ENV_REGION: region }),
  };
}

const inSixHours = new Date(Math.floor(Date.now() / 1000) * 1000 + 21_600_000);
const savedSession = {
  accessKeyId: 'ASIASAVED00000000001',
  secretAccessKey: 'secret/of+the/saved/session',
  sessionToken: 'token//of+the+saved+session==',
  expiresAt: inSixHours,
};

/** The environment of a shell that has a session of stage. */
const stage = {
  AWS_ACCESS_KEY_ID: 'ASIASTAGE00000000001',
  AWS_SECRET_ACCESS_KEY: 'secret/of/stage',
  AWS_SESSION_TOKEN: 'token/of/stage==',
  AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z',
  AWS_SESSION_EXPIRATION: '2020-01-01T00:00:00Z',
  MFA_ENV_PROFILE: 'stage',
};

/** What would send a tool elsewhere, or show another session in the prompt. */
const misleading = {
  AWS_PROFILE: 'work',
  AWS_DEFAULT_PROFILE: 'work',
  AWS_SECURITY_TOKEN: 'an older token',
  AWS_ACCOUNT_ID: '999988887777',
  AWS_VAULT: 'work',
  AWSUME_PROFILE: 'work',
  AWSUME_EXPIRATION: '2020-01-01T00:00:00',
};

suite('a session in the shell', inParallel, () => {
  for (const { shell, form, evaluate } of forms) {
    test(`${shell.name}, ${form}: a new session takes the place of all that was there`, {
      skip: unless(shell.command),
    }, async () => {
      const { user, home } = makeUser(sts, { more: 'region = eu-west-1\n', env: { ...stage, ...misleading } });
      const script = shell.language.andThen(evaluate(`mfa-env prod ${sts.code(user)}`), 'read-back');
      const { variables, ...ended } = await runScript(shell, script, home.env);
      assert.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: calledElsewhere });
      const session = sts.sessions.find(({ principal }) => principal === user);
      assert.deepEqual(variables, variablesOf(session, 'eu-west-1'));
    });
  }
});

const printable = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index));

/** Secrets and tokens by their form: printable, without blanks. */
const hostileValues: [what: string, secret: string, token: string][] = [
  ['every printable character, to and fro', printable, [...printable].reverse().join('')],
  [
    'expansions and ways out: of quotes, of templates, of JavaScript',
    "$(>PWNED)`>PWNED`$HOME$?!!~/*?[a-z]%self$&$'$1$`$$",
    `';>PWNED;'";>PWNED;"\\';>PWNED;#'"\\{name}{value}{names}{unset}{text}==`,
  ],
  ['alternatives', '{a,b}', '{1..3}'],
];

suite('a saved session with hostile values', inParallel, () => {
  for (const { shell, form, evaluate } of forms) {
    test(`${shell.name}, ${form}`, { skip: unless(shell.command) }, async () => {
      // ksh and mksh look for alternatives in the words of a substitution that is not quoted, whatever is quoted in its text.
      const losesBraces = form === 'unquoted eval' && ['ksh', 'mksh'].includes(shell.name);
      for (const [what, secretAccessKey, sessionToken] of losesBraces ? hostileValues.slice(0, -1) : hostileValues) {
        const session = { ...savedSession, secretAccessKey, sessionToken };
        const { home } = makeUser(sts, { more: savedLines(session) });
        const script = shell.language.andThen(evaluate('mfa-env prod'), 'read-back');
        const { variables, ...ended } = await runScript(shell, script, home.env);
        assert.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: '' }, what);
        assert.deepEqual(variables, variablesOf(session), what);
        assert.equal(existsSync(join(home.path, 'PWNED')), false, what);
      }
    });
  }
});

test('the statements are a line each, ended by a semicolon, without comments', async () => {
  // nushell's are records, and no statements.
  for (const dialect of shellNames.filter((name) => name !== 'nu')) {
    const { home } = makeUser(sts, { more: `region = eu-west-1\n${savedLines(savedSession)}` });
    for (const words of [['prod'], ['unset'], ['prod', '12345']]) {
      const { stdout } = await runMfaEnv([...words, '--shell', dialect], home.env);
      assert.match(stdout, /^([^\n#]+;\n)+$/, `${dialect} ${words}`);
    }
  }
});

const regions: [
  title: string,
  profile: string,
  args: string,
  env: Record<string, string>,
  after: (string | undefined)[],
][] = [
  ["the profile's is exported", 'eu-west-1', '', {}, ['eu-west-1', 'eu-west-1', 'eu-west-1']],
  ['--region wins', 'eu-west-1', '--region us-west-2', {}, ['us-west-2', 'us-west-2', 'us-west-2']],
  ['none is known', '', '', {}, [undefined, undefined, undefined]],
  ["the user's stays", 'eu-west-1', '', { AWS_REGION: 'sa-east-1' }, ['sa-east-1', undefined, undefined]],
  [
    "the user's default stays",
    'eu-west-1',
    '',
    { AWS_DEFAULT_REGION: 'sa-east-1' },
    [undefined, 'sa-east-1', undefined],
  ],
  [
    '--region wins over the user, too',
    '',
    '--region us-west-2',
    { AWS_REGION: 'sa-east-1', AWS_DEFAULT_REGION: 'sa-east-1' },
    ['us-west-2', 'us-west-2', 'us-west-2'],
  ],
  [
    "one of another partition is not the user's choice",
    'eu-west-1',
    '',
    { AWS_REGION: 'cn-north-1' },
    ['eu-west-1', 'eu-west-1', 'eu-west-1'],
  ],
  [
    'the last one of mfa-env is replaced',
    'eu-west-1',
    '',
    { AWS_REGION: 'sa-east-1', AWS_DEFAULT_REGION: 'sa-east-1', MFA_ENV_REGION: 'sa-east-1' },
    ['eu-west-1', 'eu-west-1', 'eu-west-1'],
  ],
  [
    'the last one of mfa-env goes where the profile has none',
    '',
    '',
    { AWS_REGION: 'sa-east-1', AWS_DEFAULT_REGION: 'sa-east-1', MFA_ENV_REGION: 'sa-east-1' },
    [undefined, undefined, undefined],
  ],
  [
    'what the user set after mfa-env did stays, without the mark',
    'eu-west-1',
    '',
    { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'sa-east-1', MFA_ENV_REGION: 'sa-east-1' },
    ['us-east-2', 'sa-east-1', undefined],
  ],
];

suite('regions', inParallel, () => {
  for (const [title, region, args, env, expected] of regions) {
    test(title, async () => {
      const more = (region && `region = ${region}\n`) + savedLines(savedSession);
      const { home } = makeUser(sts, { more, env });
      const {
        status,
        stderr,
        variables = {},
      } = await runScript(bash, `eval "$(mfa-env prod ${args})"; read-back`, home.env);
      assert.deepEqual([status, stderr], [0, '']);
      const { AWS_REGION, AWS_DEFAULT_REGION, MFA_ENV_REGION } = variables;
      assert.deepEqual([AWS_REGION, AWS_DEFAULT_REGION, MFA_ENV_REGION], expected);
    });
  }
});

test("a source's region is exported where the profile has none", async () => {
  const { home } = makeUser(sts, {
    more: savedLines(savedSession),
    config: '[profile prod-default]\nregion = eu-west-3\n',
  });
  const { variables } = await runScript(bash, 'eval "$(mfa-env prod)"; read-back', home.env);
  assert.deepEqual(variables, variablesOf(savedSession, 'eu-west-3'));
});

suite('mfa-env unset', inParallel, () => {
  for (const shell of shells) {
    const { andThen } = shell.language;
    test(`${shell.name}: takes out what was put in, and the user's own stays`, {
      skip: unless(shell.command),
    }, async () => {
      const env = { AWS_PROFILE: 'work', AWS_SECURITY_TOKEN: 'an older token', AWS_PAGER: 'cat' };
      const { home } = makeUser(sts, { more: `region = eu-west-1\n${savedLines(savedSession)}` });
      const unset = andThen(lineToType(shell.dialect, 'unset'), 'read-back');
      const script = andThen(lineToType(shell.dialect, 'prod'), unset);
      assert.deepEqual(await runScript(shell, script, home.env), {
        ...{ status: 0, signal: null, stdout: '', stderr: '' },
        variables: {},
      });
      const alone = await runScript(shell, unset, { ...home.env, ...stage, ...env });
      const { AWS_PROFILE, AWS_PAGER } = env;
      assert.deepEqual([alone.status, alone.stderr, alone.variables], [0, '', { AWS_PROFILE, AWS_PAGER }]);
    });
  }

  test("a region that is not mfa-env's stays", async () => {
    const env = { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'sa-east-1', MFA_ENV_REGION: 'sa-east-1' };
    const { variables } = await runScript(bash, 'eval "$(mfa-env unset)"; read-back', makeHome({}, env).env);
    assert.deepEqual(variables, { AWS_REGION: 'us-east-2' });
  });
});

suite('strict shells', inParallel, () => {
  for (const shell of posixShells) {
    test(`${shell.name}: set -eu goes on where all is well`, { skip: unless(shell.command) }, async () => {
      const { home } = makeUser(sts, { more: savedLines(savedSession) });
      const script = 'set -eu; eval "$(mfa-env prod)"; eval "$(mfa-env unset)"; eval "$(mfa-env prod)"; echo GOES-ON';
      const ended = await runScript(shell, script, home.env);
      assert.deepEqual([ended.status, ended.stdout, ended.stderr], [0, 'GOES-ON\n', '']);
    });
  }

  for (const [command, options] of [
    ['bash', 'shopt -s failglob extglob'],
    ['bash', 'shopt -s nullglob'],
    ['bash', 'set -o posix -f'],
    ['zsh', 'setopt sh_word_split ksh_arrays no_glob'],
    ['zsh', 'setopt no_global_export local_options'],
    ['zsh', 'emulate ksh'],
    ['zsh', 'emulate sh'],
  ] as const)
    test(`${command}: ${options}`, { skip: unless(command) }, async () => {
      const shell = shells.find(({ name }) => name === command) ?? assert.fail();
      const { home } = makeUser(sts, { more: savedLines(savedSession) });
      for (const evaluate of Object.values(shell.evaluate)) {
        const script = `${options}; ${evaluate('mfa-env prod')} && read-back`;
        const { variables, ...ended } = await runScript(shell, script, home.env);
        assert.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: '' });
        assert.deepEqual(variables, variablesOf(savedSession));
      }
    });

  for (const { command, args } of [
    { command: 'bash', args: ['--noprofile', '--norc', '-r', '-c'] },
    { command: 'zsh', args: ['-f', '-r', '-c'] },
  ]) {
    test(`a restricted ${command}`, { skip: unless(command) }, async () => {
      const { home } = makeUser(sts, { more: savedLines(savedSession) });
      const script = 'eval "$(mfa-env prod)" && printenv MFA_ENV_PROFILE';
      const ended = await run(command, [...args, script], home.env);
      assert.deepEqual([ended.status, ended.stdout, ended.stderr], [0, 'prod\n', '']);
    });
  }
});

/** What `WRONG` stands for is a code that AWS refuses. */
const failures: [title: string, words: string, stderr: RegExp][] = [
  ['a wrong code', 'prod WRONG', /error: aws refused the MFA code for prod/],
  ['a profile that does not exist', 'pord', /error: there is no profile pord [^\n]+\nmfa-env: hint: [^\n]*prod/],
  ['an option that does not exist', 'prod --sav', /error: there is no option --sav\nmfa-env: hint: [^\n]*--save/],
  ['a code of five digits', 'prod 12345', /error: the MFA code is not six digits/],
  ['no code and no terminal', 'prod', /error: a code is needed for prod/],
  ['a word too many', 'unset prod', /error: mfa-env unset takes no further word/],
];

suite('a failure stops what hangs on it', inParallel, () => {
  for (const { shell, form, evaluate } of forms) {
    test(`${shell.name}, ${form}`, { skip: unless(shell.command) }, async () => {
      const { user, home } = makeUser(sts, { env: { ...stage, ...misleading } });
      const isFirst = form === Object.keys(shell.evaluate)[0];
      for (const [title, words, message] of isFirst ? failures : failures.slice(-1)) {
        const call = evaluate(`mfa-env ${words.replace('WRONG', sts.wrongCode(user))}`);
        const script = shell.language.attempt(call, goOn, 'read-back');
        const { status, stdout, stderr, variables } = await runScript(shell, script, home.env);
        assert.deepEqual([status, stdout], [0, ''], title);
        assert.match(stderr, message, title);
        assert.match(stderr, /^mfa-env: hint: this shell still has stage$/m, title);
        assert.deepEqual(variables, onlyTouchable(home.env), title);
      }
    });
  }

  for (const shell of posixShells) {
    test(`${shell.name}: set -e stops`, { skip: unless(shell.command) }, async () => {
      const { user, home } = makeUser(sts);
      for (const [title, words, message] of failures.slice(0, 3)) {
        const call = `eval "$(mfa-env ${words.replace('WRONG', sts.wrongCode(user))})"`;
        const { status, stdout, stderr } = await runScript(shell, `set -e; ${call}; echo GOES-ON`, home.env);
        assert.deepEqual([status, stdout], [1, ''], title);
        assert.match(stderr, message, title);
        assert.doesNotMatch(stderr, /still has/, title);
      }
    });
  }

  test('a script that assigns first sees the status of mfa-env itself', async () => {
    const { home } = makeUser(sts);
    for (const [words, expected] of [
      ['prod', 3],
      ['prod 12345', 2],
      ['pord', 1],
    ] as const) {
      const { status, stdout } = await runScript(bash, `s=$(mfa-env ${words}) && eval "$s" && echo GOES-ON`, home.env);
      assert.deepEqual([status, stdout], [expected, ''], words);
    }
  });
});

test('a shell that has the profile asked for is told nothing of another', async () => {
  const { home } = makeUser(sts, { env: { ...stage, MFA_ENV_PROFILE: 'prod' } });
  const { stderr } = await runMfaEnv(['prod'], home.env);
  assert.doesNotMatch(stderr, /still has/);
});

suite('a read-only variable makes the whole fail', inParallel, () => {
  for (const shell of posixShells) {
    for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE', 'MFA_ENV_PROFILE']) {
      test(`${shell.name}: ${name}`, { skip: unless(shell.command) }, async () => {
        const { home } = makeUser(sts, { more: savedLines(savedSession) });
        for (const words of ['prod', ...(name === 'AWS_PROFILE' ? [] : ['unset'])]) {
          const script = `${name}=old; readonly ${name}; eval "$(mfa-env ${words})" && echo GOES-ON`;
          const { status, stdout } = await runScript(shell, script, home.env);
          assert.equal(stdout, '', words);
          assert.notEqual(status, 0, words);
          const { variables } = await runScript(shell, `${script}; read-back`, home.env);
          assert.deepEqual(variables, {}, words);
        }
      });
    }
  }
});

suite('universal variables of fish', { skip: unless('fish') }, () => {
  // Without a configuration fish knows no universal variables.
  const runFish = (script: string, env: Record<string, string>) => runScript({ ...fish, args: ['-c'] }, script, env);

  for (const [name, words] of [
    ['AWS_PROFILE', 'prod'],
    ['AWS_ACCESS_KEY_ID', 'unset'],
  ] as const) {
    test(`${name}: mfa-env ${words} fails with a hint and changes nothing`, async () => {
      const { home } = makeUser(sts, { more: savedLines(savedSession) });
      await runFish(`set -Ux ${name} work`, home.env);
      const { status, stdout, stderr } = await runFish(`mfa-env ${words} | source && echo GOES-ON`, home.env);
      assert.deepEqual([status, stdout], [1, '']);
      assert.match(stderr, new RegExp(`^mfa-env: hint: ${name} [^\\n]+\\n$`));
      assert.equal((await runFish(`echo $${name}`, home.env)).stdout, 'work\n');
    });
  }

  test("the user's own region comes back, and is no failure", async () => {
    const { home } = makeUser(sts, { more: savedLines(savedSession) });
    await runFish('set -Ux AWS_REGION eu-west-2', home.env);
    for (const words of ['unset', 'prod']) {
      const script = `mfa-env prod --region eu-west-1 | source; and mfa-env ${words} | source; and echo $AWS_REGION`;
      const { status, stdout, stderr } = await runFish(script, home.env);
      assert.deepEqual([status, stdout, stderr], [0, 'eu-west-2\n', ''], words);
    }
  });

  test('one that mfa-env sets is covered for this shell alone', async () => {
    const { home } = makeUser(sts, { more: savedLines(savedSession) });
    await runFish('set -Ux AWS_SESSION_TOKEN work', home.env);
    const { status, stderr, variables } = await runFish('mfa-env prod | source && read-back', home.env);
    assert.deepEqual([status, stderr, variables], [0, '', variablesOf(savedSession)]);
    assert.equal((await runFish('echo $AWS_SESSION_TOKEN', home.env)).stdout, 'work\n');
    assert.doesNotMatch(readFileSync(join(home.path, '.config/fish/fish_variables'), 'utf8'), /saved/);
  });
});
