/** `mfa-env init direnv`: `use mfa_env prod` in an .envrc, with the real direnv, in the real shells at a terminal. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';

import { noSession } from '../src/direnv.ts';
import { type FunctionShell, functionShells, readDump, recordCalls, writeFunction } from './function-shells.ts';

import { type Home, makeUser, run, runMfaEnv, savedLines, unless } from './harness.ts';
import { sitDown } from './pty.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };

const hooks: Record<FunctionShell['name'], string> = {
  bash: 'eval "$(direnv hook bash)"',
  zsh: 'eval "$(direnv hook zsh)"',
  fish: 'direnv hook fish | source',
};

/** A home with direnv's lib, and a folder that is allowed to use a profile. */
async function makeProject(more: string, envrc = 'use mfa_env prod\n', env: Record<string, string> = {}) {
  const { user, home } = makeUser(sts, { more, env });
  const lib = join(home.path, '.config/direnv/lib');
  mkdirSync(lib, { recursive: true });
  const { status, stdout, stderr } = await runMfaEnv(['init', 'direnv'], home.env);
  assert.deepEqual([status, stderr], [0, '']);
  writeFileSync(join(home.path, 'calls'), '');
  writeFileSync(join(lib, 'mfa-env.sh'), recordCalls(stdout, home));
  mkdirSync(join(home.path, 'project'));
  writeFileSync(join(home.path, 'project/.envrc'), envrc);
  await run('direnv', ['allow', join(home.path, 'project')], home.env);
  return { user, home, calls: () => readFileSync(join(home.path, 'calls'), 'utf8').length / 7 };
}

/** What a command gets in the project, with direnv's own words. */
async function inProject(home: Home, env: Record<string, string> = {}) {
  const ended = await run('direnv', ['exec', join(home.path, 'project'), 'env'], { ...home.env, ...env });
  const entries = ended.stdout.split('\n').map((line): [string, string] => {
    const at = line.indexOf('=');
    return [line.slice(0, at), line.slice(at + 1)];
  });
  return { ...ended, variables: Object.fromEntries(entries) as Record<string, string | undefined> };
}

const skip = unless('direnv');

/** What a folder without a session has more than others. */
const blocking = [
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'],
  ...['AWS_EC2_METADATA_DISABLED', 'MFA_ENV_DIRENV'],
];

suite('use mfa_env prod', inParallel, () => {
  test('loads what the program would', { skip }, async () => {
    const { home, calls } = await makeProject(`region = eu-west-1\n${savedLines()}`);
    const { variables, stderr } = await inProject(home, {
      AWS_PROFILE: 'other',
      AWS_VAULT: 'x',
      AWS_SECURITY_TOKEN: 'x',
    });
    const direct = await runMfaEnv(['prod', '--format', 'env'], home.env);
    for (const line of direct.stdout.trim().split('\n')) {
      const [name = '', ...value] = line.split('=');
      assert.equal(variables[name], value.join('='), name);
    }
    for (const name of ['AWS_PROFILE', 'AWS_VAULT', 'AWS_SECURITY_TOKEN'])
      assert.equal(variables[name], undefined, name);
    assert.equal(calls(), 0);
    assert.doesNotMatch(stderr, /mfa-env:/);
  });

  for (const [title, more] of [
    ['with a session', savedLines()],
    ['without one', ''],
  ])
    test(`takes no settings of another profile along, ${title}`, { skip }, async () => {
      const { home } = await makeProject(`region = eu-west-1\n${more}`);
      const { variables } = await inProject(home, {
        ...{ AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_CA_BUNDLE: '/mine' },
        MFA_ENV_SETTINGS: 'AWS_USE_FIPS_ENDPOINT AWS_CA_BUNDLE',
      });
      const { AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT, AWS_CA_BUNDLE, MFA_ENV_SETTINGS } = variables;
      assert.deepEqual(
        [AWS_USE_FIPS_ENDPOINT, AWS_CA_BUNDLE, MFA_ENV_SETTINGS, AWS_USE_DUALSTACK_ENDPOINT],
        [undefined, undefined, undefined, 'true'],
      );
    });

  test('loads by the program what only that can read', { skip }, async () => {
    const { home, calls } = await makeProject(`region = eu-west-1 # here\n${savedLines()}`);
    const { variables } = await inProject(home);
    assert.deepEqual([variables.AWS_REGION, variables.MFA_ENV_PROFILE, calls()], ['eu-west-1', 'prod', 1]);
  });

  const none: Record<string, string> = {
    'no session is saved': '',
    'the session has expired': savedLines({ expiresAt: new Date(Date.now() - 1000) }),
    'the session ends in four minutes': savedLines({ expiresAt: new Date(Date.now() + 240_000) }),
    'a command would get a code': 'mfa_process = touch hurt',
  };
  for (const [title, more] of Object.entries(none))
    test(`makes tools fail where ${title}`, { skip }, async () => {
      const { home } = await makeProject(more, 'use mfa_env prod; echo "status $?" >&2\n');
      const { variables, stderr } = await inProject(home, {
        ...{
          AWS_ACCESS_KEY_ID: 'ASIAOTHER',
          AWS_SECRET_ACCESS_KEY: 'x',
          AWS_SESSION_TOKEN: 'x',
          AWS_SECURITY_TOKEN: 'x',
        },
        ...{ AWS_CREDENTIAL_EXPIRATION: 'x', AWS_SESSION_EXPIRATION: 'x', MFA_ENV_PROFILE: 'stage', AWS_VAULT: 'x' },
        ...{ AWS_REGION: 'eu-west-3', AWS_DEFAULT_REGION: 'eu-west-3', MFA_ENV_REGION: 'eu-west-3' },
      });
      const left = Object.keys(variables).filter((name) => /^(AWS|MFA_ENV)_/.test(name));
      assert.deepEqual(
        left.sort(),
        Object.keys(home.env)
          .filter((name) => /^AWS_/.test(name))
          .concat(blocking)
          .sort(),
      );
      assert.deepEqual([variables.AWS_PROFILE, variables.MFA_ENV_DIRENV], [noSession, 'prod']);
      assert.match(stderr, /mfa-env: error: no saved session of prod lives\nmfa-env: hint: type mfa-env prod --save\n/);
      assert.match(stderr, /^status 1$/m);
      assert.throws(() => readFileSync(join(home.path, 'project/hurt')), /ENOENT/);
      assert.equal(sts.requests.length, 0);
    });

  test("leaves the user's own region", { skip }, async () => {
    const { home } = await makeProject('');
    const { variables } = await inProject(home, { AWS_REGION: 'eu-west-3' });
    assert.equal(variables.AWS_REGION, 'eu-west-3');
  });

  const noProfile = 'use mfa_env PROFILE';
  const wrong: [envrc: string, says: RegExp, profile: string][] = [
    ['use mfa_env', /error: use mfa_env takes a profile\n.*hint: use mfa_env PROFILE \[--prompt\]/, noProfile],
    ["use mfa_env ''", /error: use mfa_env takes a profile/, noProfile],
    ['use mfa_env --promt', /error: use mfa_env takes a profile/, noProfile],
    ['use mfa_env prod stage', /error: use mfa_env takes a profile/, 'prod'],
    ['use mfa_env prod --promt', /error: use mfa_env takes a profile/, 'prod'],
    ['use mfa_env -- prod', /error: use mfa_env takes a profile/, 'prod'],
    ['use mfa_env pord', /error: there is no profile pord .*\n.*hint: did you mean prod/, 'pord'],
    ["use mfa_env 'a[$(touch hurt)]'", /error: there is no profile/, 'a[$(touch hurt)]'],
  ];
  for (const [envrc, says, profile] of wrong)
    test(`${envrc}: says what is wrong, and leaves no identity, the default one neither`, { skip }, async () => {
      const { home } = await makeProject(savedLines(), `set -euo pipefail\n${envrc} || echo "status $?" >&2\n`);
      const { variables, stderr } = await inProject(home, {
        AWS_ACCESS_KEY_ID: 'ASIAOTHER',
        AWS_SECRET_ACCESS_KEY: 'secret',
      });
      assert.match(stderr, says);
      assert.match(stderr, /^status 1$/m);
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE, MFA_ENV_DIRENV } = variables;
      const blocked = [noSession, noSession, noSession, profile];
      assert.deepEqual([AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE, MFA_ENV_DIRENV], blocked);
      assert.throws(() => readFileSync(join(home.path, 'project/hurt')), /ENOENT/);
    });

  test('shows no secret in a trace', { skip }, async () => {
    const { home } = await makeProject(savedLines(), 'set -x\nuse mfa_env prod\n');
    const { variables, stderr } = await inProject(home);
    assert.equal(variables.MFA_ENV_PROFILE, 'prod');
    assert.match(stderr, /\+ use mfa_env prod/);
    assert.doesNotMatch(stderr, /secret\/of|token\/\/of/);
  });

  test('takes neither a name nor a hook', async () => {
    for (const option of ['--hook', '--cmd=x']) {
      const { status, stderr } = await runMfaEnv(['init', 'direnv', option], {});
      assert.equal(status, 2);
      assert.match(stderr, /error: --cmd and --hook are not for direnv/);
    }
  });
});

suite('at a terminal', inParallel, () => {
  for (const shell of functionShells)
    test(`${shell.name}: load, leave, renew, expire`, { skip: skip || unless(shell.name) }, async () => {
      const expiresSoon = savedLines({ sessionToken: 'first', expiresAt: new Date(Date.now() + 3_600_000) });
      const { home } = await makeProject(`region = eu-west-1\n${expiresSoon}`);
      const credentials = join(home.path, '.aws/credentials');
      const person = sitDown(shell.name, shell.interactive, {
        ...home.env,
        AWS_PROFILE: 'mine',
        AWS_REGION: 'us-east-2',
      });
      const show = async (command: string, pattern: RegExp) => {
        person.type(`${command}\r`);
        person.type('echo "has <$AWS_SESSION_TOKEN> <$AWS_PROFILE> <$AWS_REGION> <$MFA_ENV_PROFILE>"\r');
        await person.see(pattern);
      };
      let changes = 0;
      const change = (from: string | RegExp, to: string) => {
        const text = readFileSync(credentials, 'utf8');
        const changed = text.replace(from, to);
        assert.notEqual(changed, text);
        // direnv looks at whole seconds.
        changes += 1;
        writeFileSync(credentials, changed);
        const later = Date.now() / 1000 + 5 * changes;
        utimesSync(credentials, later, later);
      };
      await show(hooks[shell.name], /has <> <mine> <us-east-2> <>\r?\n/);
      await show('cd project', /has <first> <> <us-east-2> <prod>\r?\n/);
      await show('cd ..', /has <> <mine> <us-east-2> <>\r?\n/);
      await show('cd project', /has <first> <> <us-east-2> <prod>\r?\n/);
      change('= first', '= renewed');
      await show('', /has <renewed> <> <us-east-2> <prod>\r?\n/);
      change(/expires = \S+/, 'expires = 2020-01-01T00:00:00Z');
      await show('', /hint: type mfa-env prod --save[\s\S]*has <no MFA[\s\S]*> <no MFA [^>]*> <us-east-2> <>\r?\n/);
      await show('cd', /has <> <mine> <us-east-2> <>\r?\n/);
      person.type('exit\r');
      await person.ended;
    });

  test('--prompt lets it ask', { skip }, async () => {
    const { user, home } = await makeProject('mfa_env_save = true\n', 'use mfa_env prod --prompt\n');
    const person = sitDown('bash', ['--noprofile', '--norc', '-i'], home.env);
    person.type(`${hooks.bash}\r`);
    person.type('cd project\r');
    await person.see('MFA code for prod');
    person.type(`${sts.code(user)}\r`);
    await person.see('a new session for 12h');
    person.type('echo "has $MFA_ENV_PROFILE"\r');
    await person.see(/has prod\r?\n/);
    person.type('exit\r');
    await person.ended;
    const { variables } = await inProject(home);
    assert.equal(variables.MFA_ENV_PROFILE, 'prod');
  });
});

/** A second profile, of which everything is another: what is typed for it must not get out of the folder. */
const other = `
[other-default]
aws_access_key_id = AKIAOTHER00000000001
aws_secret_access_key = secret

[other]
region = us-west-2
use_fips_endpoint = true
${savedLines({ accessKeyId: 'ASIAOTHER00000000001', sessionToken: 'others' })}`;

/** The profile whose session the shell has after a line was typed in a folder of prod; [prod] has a session where it is undefined. */
const typed: [line: string, has: string, inFish?: string][] = [
  ['mfa-env other', 'other'],
  ['mfa-env other --region eu-west-3', 'other'],
  ['eval "$(command mfa-env other --region eu-west-3)"', 'other', 'command mfa-env other --region eu-west-3 | source'],
  ['mfa-env other && mfa-env unset', ''],
  ['eval "$(command mfa-env unset)"', '', 'command mfa-env unset | source'],
  ['mfa-env unset', ''],
];

suite('on leaving the folder all is as it was', inParallel, () => {
  const outside: [title: string, env: Record<string, string>, before: string][] = [
    ['nothing of AWS', {}, ''],
    [
      'a profile and a region',
      { AWS_PROFILE: 'mine', AWS_REGION: 'us-east-2', AWS_VAULT: 'x', AWS_ACCOUNT_ID: '1' },
      '',
    ],
    ['the session of the folder', {}, 'mfa-env prod'],
    ['a session of another profile', {}, 'mfa-env other'],
  ];
  for (const shell of functionShells)
    for (const [title, env, before] of outside)
      for (const more of ['', savedLines()]) {
        const skipped = skip || unless(shell.name) || (before === 'mfa-env prod' && !more && 'it has none');
        test(`${shell.name}: ${title} outside, ${more ? 'a' : 'no'} session inside`, { skip: skipped }, async () => {
          const { home } = await makeProject(`region = eu-west-1\n${more}${other}`, undefined, env);
          const file = await writeFunction(shell, home);
          const person = sitDown(shell.name, shell.interactive, home.env);
          const type = (line: string) => person.type(`${line}\r`);
          let dumps = 0;
          /** The variables of the shell at a prompt. */
          const look = async () => {
            dumps += 1;
            // Two prompts: direnv looks before each.
            type('');
            type(`env -0 >~/dump; echo d'${dumps}'umped`);
            await person.see(new RegExp(`d${dumps}umped\r?\n`));
            return readDump(join(home.path, 'dump'));
          };
          type(hooks[shell.name]);
          type(shell.load(file));
          type(before);
          const first = await look();
          assert.equal(first.MFA_ENV_PROFILE ?? '', before.replace('mfa-env ', ''));
          for (const [line, has, inFish = line] of typed) {
            type('cd project');
            type(shell.name === 'fish' ? inFish : line);
            const inside = await look();
            assert.deepEqual([inside.MFA_ENV_PROFILE ?? '', inside.MFA_ENV_DIRENV], [has, 'prod'], line);
            if (line.includes('eu-west-3') && !env.AWS_REGION) assert.equal(inside.AWS_REGION, 'eu-west-3');
            type('cd ..');
            assert.deepEqual(await look(), first, line);
          }
          type('exit');
          await person.ended;
        });
      }

  for (const shell of functionShells)
    for (const [title, line, inFish = line] of [
      ['the function', 'mfa-env prod CODE'],
      ['the function without a profile', 'mfa-env'],
      ['the function with --save', 'mfa-env prod CODE --save'],
      ['the program', 'eval "$(command mfa-env prod CODE)"', 'command mfa-env prod CODE | source'],
      ['the program with --save', 'command mfa-env prod CODE --save'],
    ] as [string, string, string?][])
      test(`${shell.name}: what the hint says works there by ${title}`, {
        skip: skip || unless(shell.name),
      }, async () => {
        const { user, home } = await makeProject('region = eu-west-1\n', undefined, { AWS_PROFILE: 'mine' });
        // direnv looks at whole seconds.
        utimesSync(home.credentialsFile, 1e9, 1e9);
        const file = await writeFunction(shell, home);
        const person = sitDown(shell.name, shell.interactive, home.env);
        const type = (text: string) => person.type(`${text}\r`);
        type(hooks[shell.name]);
        type(shell.load(file));
        type('cd project');
        await person.see('hint: type mfa-env prod --save');
        type((shell.name === 'fish' ? inFish : line).replace('CODE', sts.code(user)));
        if (line === 'mfa-env') {
          await person.see('MFA code for prod');
          type(sts.code(user));
        }
        await person.see('a new session for 12h');
        type('');
        type('echo "in <$MFA_ENV_PROFILE> <$AWS_PROFILE> <$AWS_REGION>"');
        await person.see(/in <prod> <> <eu-west-1>\r?\n/);
        type('cd ..');
        type(
          'echo "out <$MFA_ENV_PROFILE> <$AWS_PROFILE> <$AWS_REGION> <$AWS_SESSION_TOKEN> <$AWS_EC2_METADATA_DISABLED>"',
        );
        await person.see(/out <> <mine> <> <> <>\r?\n/);
        type('exit');
        await person.ended;
      });
});

suite('an .envrc that fails after use mfa_env', inParallel, () => {
  const envrcs: [envrc: string, title?: string][] = [
    ['set -euo pipefail\nuse mfa_env prod\n'],
    ['strict_env\nuse mfa_env prod || true\nfalse\n'],
    ['strict_env use mfa_env prod\n'],
    ['use mfa_env prod || exit 7\n'],
    ['use mfa_env prod || use mfa_env\nexit 1\n'],
  ];
  for (const [envrc] of envrcs)
    test(`leaves no identity from outside: ${envrc.trim().replaceAll('\n', '; ')}`, { skip }, async () => {
      const { home } = await makeProject('', envrc);
      const { variables, stderr } = await inProject(home, {
        AWS_ACCESS_KEY_ID: 'ASIAOTHER',
        AWS_SECRET_ACCESS_KEY: 'x',
        AWS_SESSION_TOKEN: 'x',
      });
      assert.equal(variables.AWS_PROFILE, noSession);
      assert.equal(variables.AWS_ACCESS_KEY_ID, noSession);
      assert.match(stderr, /^mfa-env: the \.envrc failed, and direnv loads what makes AWS tools fail$/m);
    });

  test('is a failure as ever with a session', { skip }, async () => {
    const { home } = await makeProject(savedLines(), 'use mfa_env prod\nexit 7\n');
    const { variables, stderr } = await inProject(home);
    assert.equal(variables.MFA_ENV_PROFILE, undefined);
    assert.match(stderr, /exit status 7/);
  });
});
