/** `mfa-env init SHELL --hook`: a session that one terminal renews is taken over by the others, before a prompt. */

import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type FunctionShell, functionShells, runWithFunction, writeFunction } from './function-shells.ts';
import { formatTime, type Home, makeHome, run, savedLines, unless } from './harness.ts';
import { sitDown } from './pty.ts';

const inParallel = { concurrency: 2 };
const posixShells = functionShells.filter(({ name }) => name !== 'fish');

const dollar = (text: string) => `$${text}`;

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

/** The environment of a shell that has a session of prod. */
function sessionUntil(expiresAt: Date | string): Record<string, string> {
  const expiry = typeof expiresAt === 'string' ? expiresAt : formatTime(expiresAt);
  return {
    ...{
      AWS_ACCESS_KEY_ID: 'ASIAOLD',
      AWS_SECRET_ACCESS_KEY: 'old',
      AWS_SESSION_TOKEN: 'old',
      MFA_ENV_PROFILE: 'prod',
    },
    ...{ AWS_CREDENTIAL_EXPIRATION: expiry, AWS_SESSION_EXPIRATION: expiry },
  };
}

const regionOf = (region: string) => ({ AWS_REGION: region, AWS_DEFAULT_REGION: region, MFA_ENV_REGION: region });

const prompt = (shell: FunctionShell) => (shell.name === 'fish' ? 'emit fish_prompt' : '__mfa_env_hook');
const threePrompts = (shell: FunctionShell) => Array(3).fill(prompt(shell)).join('\n');

const renewed = savedLines({ sessionToken: 'renewed' });
const profileIsBack =
  'mfa-env: AWS_PROFILE is set next to the session of prod, and some tools use it instead: UNSET AWS_PROFILE\n';
const expired = 'mfa-env: the session of prod has expired: type mfa-env prod\n';

interface Row {
  env: () => Record<string, string>;
  saved: () => string;
  /** Whether the shell has the renewed session afterwards. */
  follows: boolean;
  /** The region that it has then; the profile's where nothing is said. */
  region?: string;
  says?: string;
}

const rows: Record<string, Row> = {
  'the session lives for an hour: no file is read': {
    env: () => sessionUntil(inSeconds(3600)),
    saved: () => renewed,
    follows: false,
  },
  'six minutes are left': { env: () => sessionUntil(inSeconds(360)), saved: () => renewed, follows: false },
  'two minutes are left, and it was renewed': {
    env: () => sessionUntil(inSeconds(120)),
    saved: () => renewed,
    follows: true,
  },
  "it was got with another region than the profile's": {
    env: () => ({ ...sessionUntil(inSeconds(120)), ...regionOf('us-east-2') }),
    saved: () => renewed,
    follows: true,
    region: 'us-east-2',
  },
  'the user has another region': {
    env: () => ({ ...sessionUntil(inSeconds(120)), ...regionOf('us-east-2'), AWS_REGION: 'eu-west-3' }),
    saved: () => renewed,
    follows: true,
    region: 'eu-west-3',
  },
  'the profile has settings, which go on': {
    env: () => ({
      ...sessionUntil(inSeconds(120)),
      AWS_USE_FIPS_ENDPOINT: 'true',
      MFA_ENV_SETTINGS: 'AWS_USE_FIPS_ENDPOINT',
    }),
    saved: () => `use_fips_endpoint = true\n${renewed}`,
    follows: true,
  },
  'it has expired, and was renewed': { env: () => sessionUntil(inSeconds(-60)), saved: () => renewed, follows: true },
  'two minutes are left, and it was not renewed': {
    env: () => sessionUntil(inSeconds(120)),
    saved: () => savedLines({ expiresAt: inSeconds(120) }),
    follows: false,
  },
  'it has expired, and was not renewed': {
    env: () => sessionUntil(inSeconds(-60)),
    saved: () => savedLines({ expiresAt: inSeconds(-60) }),
    follows: false,
    says: expired,
  },
  'it has expired, and none is saved': {
    env: () => sessionUntil(inSeconds(-60)),
    saved: () => '',
    follows: false,
    says: expired,
  },
  "the session is another tool's": {
    env: () => ({ ...sessionUntil(inSeconds(-60)), AWS_VAULT: 'prod' }),
    saved: () => renewed,
    follows: false,
  },
  'the user has turned to another profile': {
    env: () => ({ ...sessionUntil(inSeconds(-60)), AWS_PROFILE: 'dev' }),
    saved: () => renewed,
    follows: false,
    says: profileIsBack,
  },
  'AWS_PROFILE is back, long before the end': {
    env: () => ({ ...sessionUntil(inSeconds(3600)), AWS_PROFILE: 'prod' }),
    saved: () => renewed,
    follows: false,
    says: profileIsBack,
  },
  "the keys are the user's own": {
    env: () => ({ ...sessionUntil(inSeconds(-60)), AWS_SESSION_TOKEN: '' }),
    saved: () => renewed,
    follows: false,
  },
  'no profile is named': {
    env: () => ({ ...sessionUntil(inSeconds(-60)), MFA_ENV_PROFILE: '' }),
    saved: () => renewed,
    follows: false,
  },
  'the profile is no name': {
    env: () => ({ ...sessionUntil(inSeconds(-60)), MFA_ENV_PROFILE: '$(touch hurt)*' }),
    saved: () => renewed,
    follows: false,
  },
  'the expiry has another form': {
    env: () => sessionUntil('2020-01-01T00:00:00+00:00'),
    saved: () => renewed,
    follows: false,
  },
  'the expiry is an expression': {
    env: () => sessionUntil('a[$(touch hurt)]'),
    saved: () => renewed,
    follows: false,
  },
  'the expiry ends a quotation': {
    env: () => sessionUntil("2020-01-01T00:00:00Z'; touch hurt; '"),
    saved: () => renewed,
    follows: false,
  },
};

for (const shell of functionShells)
  suite(`${shell.name}: before three prompts`, inParallel, () => {
    for (const [title, { env, saved, follows, region = 'eu-west-1', says = '' }] of Object.entries(rows))
      test(title, { skip: unless(shell.name) }, async () => {
        const home = makeHome({ credentials: `[prod]\nregion = eu-west-1\n${saved()}` }, env());
        const file = await writeFunction(shell, home, '--hook');
        const script = `cd\n${threePrompts(shell)}\nREAD-BACK`;
        const { status, stdout, stderr, variables, calls } = await runWithFunction(shell, home, script, file);
        const said = says.replace('UNSET', shell.name === 'fish' ? 'set -e' : 'unset');
        assert.deepEqual([status, stdout, stderr, calls], [0, '', said, 0]);
        assert.equal(variables.AWS_SESSION_TOKEN, follows ? 'renewed' : home.env.AWS_SESSION_TOKEN);
        assert.equal(variables.AWS_REGION, follows ? region : undefined);
        assert.throws(() => readFileSync(join(home.path, 'hurt')), /ENOENT/);
      });

    for (const [title, file, expiresInSeconds, says] of [
      ['the prod of other files is not loaded', 'other', 120, ''],
      ['the prod of other files is not loaded once this one has expired', 'other', -60, expired],
      ['the prod of the same files is', '', 120, ''],
    ] as const)
      test(title, { skip: unless(shell.name) }, async () => {
        const home = makeHome({ credentials: `[prod]\n${renewed}` }, sessionUntil(inSeconds(expiresInSeconds)));
        writeFileSync(join(home.path, 'other'), `[prod]\n${savedLines({ sessionToken: 'of-others' })}`, {
          mode: 0o600,
        });
        const set =
          shell.name === 'fish' ? 'set -gx AWS_SHARED_CREDENTIALS_FILE ' : 'export AWS_SHARED_CREDENTIALS_FILE=';
        const script = `cd\n${file && `${set}~/other`}\n${threePrompts(shell)}\nREAD-BACK`;
        const after = await runWithFunction(shell, home, script, await writeFunction(shell, home, '--hook'));
        assert.deepEqual([after.status, after.stdout, after.stderr], [0, '', says]);
        assert.equal(after.variables.AWS_SESSION_TOKEN, file ? 'old' : 'renewed');
      });

    test('the prod of other files is not loaded after one that this shell loaded', {
      skip: unless(shell.name),
    }, async () => {
      const home = makeHome({ credentials: `[prod]\n${savedLines({ sessionToken: 'mine' })}` });
      writeFileSync(join(home.path, 'other'), `[prod]\n${renewed}`, { mode: 0o600 });
      const isFish = shell.name === 'fish';
      const set = (name: string, value: string) => (isFish ? `set -gx ${name} ${value}` : `export ${name}=${value}`);
      const near = formatTime(inSeconds(120));
      const lines = ['cd', 'mfa-env prod', prompt(shell), set('AWS_SHARED_CREDENTIALS_FILE', '~/other')];
      const later = [set('AWS_CREDENTIAL_EXPIRATION', near), threePrompts(shell), 'READ-BACK'];
      const script = [...lines, ...later].join('\n');
      const after = await runWithFunction(shell, home, script, await writeFunction(shell, home, '--hook'));
      assert.deepEqual([after.status, after.stdout, after.stderr], [0, '', '']);
      assert.equal(after.variables.AWS_SESSION_TOKEN, 'mine');
    });

    for (const [title, id, token, profile] of [
      ['keys that were put in by hand are not replaced', 'ASIAPASTED', 'old', 'prod'],
      ['the same keys are', 'ASIAOLD', 'renewed', 'prod'],
      ["another profile's are, whose session ends in the same second", 'ASIAREAD', 'renewed', 'reader'],
    ])
      test(`${title} when the session comes near its end`, { skip: unless(shell.name) }, async () => {
        const home = makeHome({ credentials: `[${profile}]\n${renewed}` }, sessionUntil(inSeconds(305)));
        const file = await writeFunction(shell, home, '--hook');
        const paste =
          shell.name === 'fish'
            ? `set -gx AWS_ACCESS_KEY_ID ${id}; set -gx MFA_ENV_PROFILE ${profile}`
            : `export AWS_ACCESS_KEY_ID=${id} MFA_ENV_PROFILE=${profile}`;
        const script = [
          threePrompts(shell),
          paste,
          threePrompts(shell),
          'sleep 6',
          threePrompts(shell),
          'echo "$AWS_SESSION_TOKEN"',
        ];
        const { stdout, stderr } = await runWithFunction(shell, home, script.join('\n'), file);
        assert.deepEqual([stdout, stderr], [`${token}\n`, '']);
      });

    test('it is renewed again and again', { skip: unless(shell.name) }, async () => {
      const home = makeHome({ credentials: `[prod]\n${renewed}` }, sessionUntil(inSeconds(-60)));
      const file = await writeFunction(shell, home, '--hook');
      const near = formatTime(inSeconds(60));
      const expire = shell.name === 'fish' ? 'set -gx AWS_CREDENTIAL_EXPIRATION' : 'export AWS_CREDENTIAL_EXPIRATION=';
      const script = [
        ...[threePrompts(shell), `${expire} ${near}`.replace('= ', '='), 'echo "$AWS_SESSION_TOKEN"'],
        ...["sed -i 's/= renewed/= again/' .aws/credentials", threePrompts(shell), 'echo "$AWS_SESSION_TOKEN"'],
      ].join('\n');
      const { stdout, stderr } = await runWithFunction(shell, home, `cd\n${script}`, file);
      assert.deepEqual([stdout, stderr], ['renewed\nagain\n', '']);
    });

    test('the hook leaves nothing behind, and shows no secret in a trace', { skip: unless(shell.name) }, async () => {
      const home = makeHome({ credentials: `[prod]\n${renewed}` }, sessionUntil(inSeconds(60)));
      const file = await writeFunction(shell, home, '--hook');
      const trace = shell.name === 'fish' ? ['set -g fish_trace 1', 'set -e fish_trace'] : ['set -x', 'set +x'];
      const names = { bash: 'compgen -v', zsh: 'set', fish: 'set -n' }[shell.name];
      const script = [trace[0], threePrompts(shell), trace[1], `${names} | grep -a '^mfa_'`, 'READ-BACK'].join('\n');
      const { stdout, stderr, variables } = await runWithFunction(shell, home, script, file);
      assert.deepEqual([stdout, variables.AWS_SESSION_TOKEN], ['', 'renewed']);
      assert.doesNotMatch(stderr, /renewed|secret\/of/);
    });
  });

for (const shell of posixShells)
  suite(`${shell.name}: the hook`, inParallel, () => {
    test('has a word, once, on a variable that is read-only', { skip: unless(shell.name) }, async () => {
      const home = makeHome({ credentials: `[prod]\n${renewed}` }, sessionUntil(inSeconds(60)));
      const file = await writeFunction(shell, home, '--hook');
      const script = `readonly AWS_SECRET_ACCESS_KEY\n${threePrompts(shell)}\necho "$AWS_SESSION_TOKEN"`;
      const { stdout, stderr } = await runWithFunction(shell, home, script, file);
      const inPart =
        'mfa-env: the renewed session of prod is in this shell in part only: one of its variables is read-only';
      // zsh knows it before it sets any, and leaves all as it is.
      assert.deepEqual([stdout, stderr], shell.name === 'zsh' ? ['old\n', ''] : ['renewed\n', `${inPart}\n`]);
    });

    test('reads the same twice', { skip: unless(shell.name) }, async () => {
      const home = makeHome({});
      const file = await writeFunction(shell, home, '--hook');
      const show = shell.name === 'bash' ? 'echo "$PROMPT_COMMAND"' : 'echo "$precmd_functions"';
      const { stdout } = await runWithFunction(shell, home, `. ${file}\n. ${file}\n${show}`, file);
      assert.equal(stdout.match(/__mfa_env_hook/g)?.length, 1, stdout);
    });
  });

/** The function as a bash reads it that has no clock (before 4.2), with a `date` that says how often it was called. */
async function writeClockless(home: Home): Promise<string> {
  const bash = functionShells.find(({ name }) => name === 'bash') ?? assert.fail();
  const file = await writeFunction(bash, home, '--hook');
  const text = readFileSync(file, 'utf8');
  const older = text.replaceAll('>= 402', '>= 999').replaceAll('< 402', '< 999');
  assert.notEqual(older, text);
  writeFileSync(file, older);
  const stub = join(home.path, 'bin/date');
  writeFileSync(stub, `#!/bin/sh\necho >>${home.path}/dates\nexec /bin/date "$@"\n`);
  chmodSync(stub, 0o755);
  writeFileSync(join(home.path, 'dates'), '');
  return file;
}

const clockless: [title: string, script: string, dates: number, token: string, seconds: number][] = [
  ['one date for many prompts', 'for i in 1 2 3 4 5 6; do __mfa_env_hook; done', 1, 'old', 3600],
  ['SECONDS that went back', 'SECONDS=100; __mfa_env_hook; SECONDS=0; __mfa_env_hook; __mfa_env_hook', 2, 'old', 3600],
  ['ten minutes later', '__mfa_env_hook; SECONDS=700; __mfa_env_hook; __mfa_env_hook', 2, 'old', 3600],
  [
    'SECONDS that is no number',
    'unset SECONDS; SECONDS="a[$(touch hurt)]"; __mfa_env_hook; __mfa_env_hook',
    2,
    'old',
    3600,
  ],
  ['near its end', '__mfa_env_hook; __mfa_env_hook; __mfa_env_hook', 3, 'renewed', 60],
];

suite('bash without a clock', inParallel, () => {
  for (const [title, script, dates, token, seconds] of clockless)
    test(title, { skip: unless('bash') }, async () => {
      const home = makeHome({ credentials: `[prod]\n${renewed}` }, sessionUntil(inSeconds(seconds)));
      const file = await writeClockless(home);
      const bash = functionShells.find(({ name }) => name === 'bash') ?? assert.fail();
      const { status, stderr, variables } = await runWithFunction(bash, home, `cd; ${script}; READ-BACK`, file);
      assert.deepEqual([status, stderr], [0, '']);
      assert.equal(readFileSync(join(home.path, 'dates'), 'utf8').length, dates);
      assert.equal(variables.AWS_SESSION_TOKEN, token);
    });
});

/** What stands before the function in the user's startup file. */
const startups: [shell: FunctionShell['name'], title: string, before: string][] = [
  ['bash', 'no PROMPT_COMMAND', 'unset PROMPT_COMMAND'],
  ['bash', 'a PROMPT_COMMAND that looks at the status', `PROMPT_COMMAND='seen=$?'`],
  ['bash', 'an array', `PROMPT_COMMAND=('seen=$?' :)`],
  ['bash', 'set -u', 'set -u'],
  ['zsh', 'another precmd', 'precmd() { seen=$? }'],
  ['zsh', 'ksh_arrays', 'setopt ksh_arrays sh_word_split'],
  ['fish', 'a prompt', 'function fish_prompt; set -g seen $status; echo "# "; end'],
];

suite('at a terminal', inParallel, () => {
  test('bash: no trap on ERR goes off for it, and the others have PIPESTATUS', { skip: unless('bash') }, async () => {
    const shell = functionShells.find((other) => other.name === 'bash') ?? assert.fail();
    const home = makeHome({ credentials: '[prod]\n' }, sessionUntil(inSeconds(3600)));
    const file = await writeFunction(shell, home, '--hook');
    const person = sitDown('bash', shell.interactive, home.env);
    person.type(`PROMPT_COMMAND='pipes="$? \${PIPESTATUS[*]}"'; ${shell.load(file)}; echo rea""dy\r`);
    await person.see(/ready\r?\n/);
    person.type('false | true | (exit 3)\r');
    person.type('echo "had $pipes"\r');
    await person.see(/had 3 1 0 3\r?\n/);
    person.type(`trap 'echo tr""ap' ERR\r`);
    person.type('false\r');
    await person.see(/trap\r?\n/);
    person.type('\r');
    person.type('echo the""n\r');
    await person.see(/then\r?\n/);
    assert.equal(person.screen().match(/trap\r?\n/g)?.length, 1);
    person.type('exit\r');
    await person.ended;
  });

  for (const [name, title, before] of startups)
    test(`${name}, ${title}: the status stays, and the session is followed`, { skip: unless(name) }, async () => {
      const shell = functionShells.find((other) => other.name === name) ?? assert.fail();
      const home = makeHome({ credentials: '[prod]\n' }, sessionUntil(inSeconds(-60)));
      const file = await writeFunction(shell, home, '--hook');
      const person = sitDown(name, shell.interactive, home.env);
      const status = name === 'fish' ? '$status' : '$?';
      person.type(`${before}; ${shell.load(file)}\r`);
      await person.see(expired.trim());
      person.type('false\r');
      person.type(`echo "was ${status} and ${name === 'fish' ? '$seen' : dollar('{seen-1}')}" "$AWS_SESSION_TOKEN"\r`);
      await person.see(/was 1 and 1 old\r?\n/);
      appendFileSync(join(home.path, '.aws/credentials'), renewed);
      person.type('\r');
      person.type('echo "now $AWS_SESSION_TOKEN"\r');
      await person.see(/now renewed\r?\n/);
      assert.equal(person.screen().match(/has expired/g)?.length, 1);
      person.type('exit\r');
      await person.ended;
    });
});

test('a read-only PROMPT_COMMAND is said, and the function works', { skip: unless('bash') }, async () => {
  const [bash = assert.fail()] = functionShells;
  const home = makeHome({ credentials: `[prod]\n${renewed}` });
  const file = await writeFunction(bash, home, '--hook');
  const { status, stderr, stdout } = await run(
    'bash',
    [
      ...bash.args,
      `readonly PROMPT_COMMAND=mine; . ${file}; mfa-env prod && echo "$AWS_SESSION_TOKEN $PROMPT_COMMAND"`,
    ],
    home.env,
  );
  const said = 'PROMPT_COMMAND is read-only, so this shell takes over no renewed session';
  const hint = 'remove the line that makes it read-only, or --hook';
  assert.deepEqual([status, stdout], [0, 'renewed mine\n']);
  assert.equal(stderr, `mfa-env: error: ${said}\nmfa-env: hint: ${hint}\n`);
});
