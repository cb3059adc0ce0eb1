/** The function of `mfa-env init`, in real shells: the environment is the program's, and where it can be, without the program. */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type FunctionShell, runWithFunction, functionShells as shells, writeFunction } from './function-shells.ts';
import {
  findProgram,
  formatTime,
  type Home,
  makeHome,
  makeUser,
  program,
  run,
  runMfaEnv,
  savedLines,
  unless,
} from './harness.ts';
import { sitDown } from './pty.ts';
import { runTraced, unlessStrace } from './strace.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };

const posixShells = shells.filter(({ name }) => name !== 'fish');

const statementsOf: Record<FunctionShell['name'], string> = {
  bash: 'eval "$(command mfa-env --shell bash WORDS)"',
  zsh: 'eval "$(command mfa-env --shell zsh WORDS)"',
  fish: 'command mfa-env --shell fish WORDS | source',
};

const live = savedLines();
const otherKeys = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret/of+the/user\n';
const device = 'aws_arn_mfa = arn:aws:iam::111122223333:mfa/ana\n';

const printable = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 0x21 + index));

interface Row {
  credentials: string;
  config?: string;
  env?: Record<string, string>;
  /** `mfa-env prod` where nothing is said. */
  words?: string;
  /** Whether the function can do it without the program; or the shells where it can. */
  fast: boolean | string[];
}

const rows: Record<string, Row> = {
  'the plain case': {
    credentials: `[prod-default]\n${otherKeys}\n[prod]\n${device}region = eu-west-1\n${live}`,
    fast: true,
  },
  'no region, no device': { credentials: `[prod]\n${live}`, fast: true },
  'a region in the config file': {
    credentials: `[prod]\n${device}${live}`,
    config: '[profile prod]\nregion = eu-west-2\n',
    fast: true,
  },
  'the region of the credentials file wins': {
    credentials: `[prod]\n${device}region = eu-west-1\n${live}`,
    config: '[profile prod]\nregion = eu-west-2\noutput = json\n',
    fast: true,
  },
  'an empty region is none': {
    credentials: `[prod]\n${device}region =\n${live}`,
    config: '[profile prod]\nregion = eu-west-2\n',
    fast: true,
  },
  "the source's region": {
    credentials: `[prod-default]\n${otherKeys}region = eu-west-3\n[prod]\n${device}${live}`,
    fast: true,
  },
  "the region of the source's config": {
    credentials: `[prod-long-term]\n${otherKeys}[prod]\n${device}${live}`,
    config: '[profile prod-long-term]\nregion = eu-west-3\n',
    fast: true,
  },
  'a source that is named': {
    credentials: `[keys]\n${otherKeys}region = eu-west-3\n[prod]\nsource_profile = keys\n${device}${live}`,
    fast: true,
  },
  'a chain of sources': {
    credentials: `[keys]\n${otherKeys}region = eu-west-3\n[mid]\nsource_profile=keys\n[prod]\nsource_profile = mid\n${device}${live}`,
    fast: true,
  },
  'long-lived keys in the profile': {
    credentials: `[prod]\n${otherKeys}${device}region = eu-west-1\n[prod-mfa]\n${live}`,
    fast: true,
  },
  'long-lived keys in its config': {
    credentials: `[prod-mfa]\n${live}[prod]\n${device}`,
    config: `[profile prod]\n${otherKeys}`,
    fast: true,
  },
  'sso in the config file': {
    credentials: `[prod]\n${device}\n[prod-mfa]\n${live}`,
    config:
      '[profile prod]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = dev\n[sso-session corp]\nsso_region = eu-west-1\n',
    fast: true,
  },
  "a role's session": {
    credentials: `[keys]\n${otherKeys}[prod-mfa]\n${live}`,
    config: `[profile prod]\nrole_arn = arn:aws:iam::444455556666:role/x\nsource_profile = keys\nregion = eu-west-1\n`,
    fast: true,
  },
  "a role's session, and the user's region of another partition": {
    credentials: `[prod-mfa]\n${live}`,
    config: `[profile prod]\nrole_arn = arn:aws-cn:iam::444455556666:role/x\nmfa_serial = GAHT12345678\nregion = cn-north-1\nsource_profile = keys\n`,
    env: { AWS_REGION: 'eu-west-1' },
    fast: false,
  },
  "a role's session, and the region of its source": {
    credentials: `[keys]\n${otherKeys}region = eu-west-1\n[prod-mfa]\n${live}`,
    config: `[profile prod]\nrole_arn = arn:aws:iam::444455556666:role/x\nsource_profile = keys\n`,
    fast: false,
  },
  'a device of no partition, and a role': {
    credentials: `[prod-mfa]\n${live}`,
    config: `[profile prod]\nrole_arn = arn:aws-iso-b:iam::111122223333:role/x\naws_arn_mfa = arn:foo\nregion = eu-west-1\n`,
    env: { AWS_REGION: 'us-west-2' },
    fast: true,
  },
  'a command for the keys': {
    credentials: `[prod-mfa]\n${live}`,
    config: `[profile prod]\ncredential_process = get-keys\nregion = eu-west-1\n`,
    fast: true,
  },
  'a command for the keys of the source': {
    credentials: `[prod]\n${live}`,
    config: `[profile prod-default]\ncredential_process = get-keys\nregion = eu-west-1\n`,
    fast: true,
  },
  CRLF: { credentials: `[prod]\n${device}region = eu-west-1\n${live}`.replaceAll('\n', '\r\n'), fast: true },
  'no line end at the end': { credentials: `[prod]\n${device}region = eu-west-1\n${live}`.trimEnd(), fast: true },
  'comments and blank lines': {
    credentials: `# [prod]\n; x = [1]\n\n[prod]\n# aws_session_token = no\n  \n;region = us-east-1\n${device}\nregion = eu-west-1\n${live}`,
    fast: true,
  },
  'blanks and tabs around': {
    credentials: `[prod]\nregion\t=  eu-west-1 \t\n${live.replaceAll(' = ', '=')}`,
    fast: true,
  },
  'other sections with faults': {
    credentials: `junk\n[stage\nno = [x]\n  more\n[ other ]\n[prod]\n${device}region = eu-west-1\n${live}[x]\nbare\n`,
    fast: false,
  },
  'other kinds of sections in the config file': {
    credentials: `[prod]\n${device}${live}`,
    config:
      '[services prod]\nsts =\n  endpoint_url = x\n[sso-session prod]\nregion = us-east-1\n[profile prod]\nregion = eu-west-1\n[prod]\nregion = no\n',
    fast: true,
  },
  'names that are parts of one another': {
    credentials: `[prod2]\nregion = us-east-1\n${live}[my.prod]\nregion = us-east-1\n[prod]\n${device}region = eu-west-1\n${live}[prod+x]\n`,
    fast: true,
  },
  'a name with all that names have': {
    credentials: `[a.b-c_d/e%f@g:h+i]\n${device}region = eu-west-1\n${live}`,
    words: 'a.b-c_d/e%f@g:h+i',
    fast: true,
  },
  'hostile values': {
    credentials: `[prod]\n${device}${savedLines({ secretAccessKey: printable, sessionToken: "$(id)`id`';id;'\"*{a,b}~\\x=[a]z" })}`,
    fast: true,
  },
  'a `[` in a value': { credentials: `[prod]\n${device}description = a [b\n${live}region = eu-west-1\n`, fast: true },
  "the user's region": {
    credentials: `[prod]\n${device}region = eu-west-1\n${live}`,
    env: { AWS_REGION: 'sa-east-1' },
    fast: true,
  },
  "the user's region, of another partition": {
    credentials: `[prod]\n${device}region = eu-west-1\n${live}`,
    env: { AWS_DEFAULT_REGION: 'cn-north-1' },
    fast: true,
  },
  "the user's region, and a hardware device": {
    credentials: `[prod]\nmfa_serial = GAHT12345678\nregion = us-gov-west-1\n${live}`,
    env: { AWS_REGION: 'us-gov-east-1' },
    fast: true,
  },
  "mfa-env's own region of before": {
    credentials: `[prod]\n${device}${live}`,
    env: { AWS_REGION: 'sa-east-1', AWS_DEFAULT_REGION: 'sa-east-1', MFA_ENV_REGION: 'sa-east-1' },
    fast: true,
  },
  "the user's region beside mfa-env's mark": {
    credentials: `[prod]\n${device}region = eu-west-1\n${live}`,
    env: { AWS_REGION: 'us-east-2', AWS_DEFAULT_REGION: 'sa-east-1', MFA_ENV_REGION: 'sa-east-1' },
    fast: true,
  },
  'all that is to be unset': {
    credentials: `[prod]\n${device}region = eu-west-1\n${live}`,
    env: {
      ...{ AWS_PROFILE: 'work', AWS_DEFAULT_PROFILE: 'work', AWS_SECURITY_TOKEN: 'x', AWS_ACCOUNT_ID: '1' },
      ...{ AWS_VAULT: 'x', AWSUME_PROFILE: 'x', AWSUME_EXPIRATION: 'x', AWS_SESSION_TOKEN: 'old' },
    },
    fast: true,
  },
  'the profile of the environment': {
    credentials: `[prod]\n${device}region = eu-west-1\n${live}`,
    env: { AWS_PROFILE: 'prod' },
    words: '',
    fast: true,
  },
  'a config file that is switched off': {
    credentials: `[prod]\n${device}${live}`,
    env: { AWS_CONFIG_FILE: '/dev/null' },
    fast: true,
  },
  'a section twice': { credentials: `[prod]\n${device}${live}[prod]\nregion = eu-west-1\n`, fast: false },
  'a header with blanks': {
    credentials: `[prod]\n${device}${live}`,
    config: '[profile  prod]\nregion = eu-west-1\n',
    fast: false,
  },
  'a header in quotes': {
    credentials: `[prod]\n${device}${live}`,
    config: '[profile "prod"]\nregion = eu-west-1\n',
    fast: false,
  },
  'a header with a comment': { credentials: `[prod] ; mine\n${device}${live}`, fast: false },
  'a comment behind a value': { credentials: `[prod]\n${device}region = eu-west-1 # here\n${live}`, fast: false },
  'a placeholder': { credentials: `[prod]\naws_arn_mfa = <your device>\n${live}`, fast: false },
  'capitals in a key': { credentials: `[prod]\n${device}Region = eu-west-1\n${live}`, fast: false },
  'another form of the expiry': { credentials: `[prod]\n${device}${live.replace('Z\n', '+00:00\n')}`, fast: false },
  'an option': { credentials: `[prod]\n${device}${live}`, words: 'prod --region us-east-2', fast: false },
  unset: { credentials: `[prod]\n${device}${live}`, env: { AWS_SESSION_TOKEN: 'x' }, words: 'unset', fast: false },
  'a key twice': { credentials: `[prod]\n${device}region = eu-west-1\nregion = eu-west-2\n${live}`, fast: false },
  'a source that only stands in another one': {
    credentials: `[corp-default]\n${otherKeys}region = cn-north-1\n[prod]\nsource_profile = corp\n${live}`,
    env: { AWS_REGION: 'us-east-1' },
    fast: false,
  },
  'a source whose keys the other file takes apart': {
    credentials: `[prod]\nsource_profile = base\n${device}${live}[base]\n${live}`,
    config: `[profile base]\n${otherKeys}source_profile = root\n[profile root]\n${otherKeys}region = eu-west-1\n`,
    fast: true,
  },
  'a bracket at the very end': {
    credentials: `[prod]\n${device}region = eu-west-1\n${live}note = [`,
    fast: ['zsh', 'fish'],
  },
  'a token that ends in a bracket': {
    credentials: `[prod]\n${device}region = eu-west-1\n${live.replace(/aws_session_token.*\n/, '')}aws_session_token = token[`,
    fast: ['zsh', 'fish'],
  },
  'a folder that is not there': {
    credentials: `[prod]\n${device}${live}`,
    env: { AWS_CONFIG_FILE: '/nowhere/at/all/config' },
    fast: true,
  },
};

for (const shell of shells)
  suite(`${shell.name}: the environment is the program's`, inParallel, () => {
    for (const [title, { credentials, config, env = {}, words = 'prod', fast }] of Object.entries(rows))
      test(title, { skip: unless(shell.name) }, async () => {
        const home = makeHome({ credentials, ...(config === undefined ? {} : { config }) }, env);
        const file = await writeFunction(shell, home);
        const own = await runWithFunction(shell, home, `mfa-env ${words} && READ-BACK`, file);
        const statements = statementsOf[shell.name].replace('WORDS', words);
        const expected = await runWithFunction(shell, home, `${statements}; READ-BACK`, file);
        assert.deepEqual([own.status, own.stdout, own.stderr], [0, '', '']);
        assert.deepEqual(own.variables, expected.variables);
        assert.equal(own.calls, (Array.isArray(fast) ? fast.includes(shell.name) : fast) ? 0 : 1);
      });
  });

/** What a user may have said before; the function is read and called below it. */
const surroundings: Record<'bash' | 'zsh', string[]> = {
  bash: [
    'set -eu -o pipefail',
    'set -o posix',
    'set -f',
    'set -C',
    'set -k',
    'shopt -s extglob nullglob failglob dotglob',
    'IFS=a/1_',
    'shopt -s expand_aliases; alias cat=no date=no export=no builtin=no local=no printf=no unset=no',
    "shopt -s expand_aliases; alias mfa-env='mfa-env --quiet'",
    'cat() { no; }; date() { no; }; printf() { no; }; read() { no; }',
    'readonly name=1 status=2 region=3 line=4 profile=5',
    'export GREP_OPTIONS=-v',
    'enable -n mapfile readarray; unset EPOCHSECONDS; printf() { case $* in *%\\(*) return 1;; esac; builtin printf "$@"; }',
    'cd locked',
    'trap "echo trapped >&2" ERR; set -E',
  ],
  zsh: [
    'set -eu -o pipefail',
    'emulate sh',
    'emulate ksh',
    'emulate csh',
    'setopt ksh_arrays sh_word_split glob_subst',
    'setopt no_clobber no_nomatch null_glob extended_glob',
    'setopt ignore_braces rc_quotes csh_junkie_loops sh_glob ksh_glob',
    'IFS=a/1_',
    'alias cat=no date=no export=no builtin=no local=no printf=no unset=no',
    "alias mfa-env='mfa-env --quiet'",
    'cat() { no; }; date() { no; }; printf() { no; }',
    'readonly name=1 region=3 line=4 profile=5',
    'cd locked',
  ],
};

for (const shell of posixShells)
  suite(`${shell.name}: whatever the user said before`, inParallel, () => {
    for (const before of surroundings[shell.name as 'bash' | 'zsh'])
      test(before, { skip: unless(shell.name) }, async () => {
        const { home } = makeUser(sts, { more: `region = eu-west-1\n${live}` });
        mkdirSync(join(home.path, 'locked'), { mode: 0 });
        const file = await writeFunction(shell, home, '--hook');
        const script = `${before}\neval "$(/bin/cat ${file})"\nmfa-env prod; READ-BACK; mfa-env unset; mfa-env pord || [ "$?" = 1 ] && /bin/echo GOES-ON`;
        const { status, stdout, stderr, variables, calls } = await runWithFunction(
          { ...shell, load: () => '' },
          home,
          script,
          file,
        );
        assert.deepEqual([status, stdout], [0, 'GOES-ON\n'], stderr);
        assert.match(stderr, /^mfa-env: error: there is no profile pord [^\n]+\nmfa-env: hint: [^\n]+\n$/);
        assert.equal(variables.AWS_SESSION_TOKEN, 'token//of+the+saved+session==');
        assert.equal(variables.AWS_REGION, 'eu-west-1');
        assert.equal(calls, 2);
      });
  });

for (const shell of posixShells)
  suite(`${shell.name}: a trace`, inParallel, () => {
    for (const flag of ['-x', '-v', '-xv'])
      test(`set ${flag} shows no secret, and stays`, { skip: unless(shell.name) }, async () => {
        const { user, home } = makeUser(sts, { more: live });
        const file = await writeFunction(shell, home);
        const script = `set ${flag}\nmfa-env prod\nmfa-env prod --region eu-west-1\nmfa-env prod ${sts.code(user)}\nset +xv\nREAD-BACK`;
        const { status, stderr, variables } = await runWithFunction(shell, home, script, file);
        assert.equal(status, 0);
        for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
          assert.equal(stderr.includes(variables[name] ?? assert.fail()), false, name);
        assert.doesNotMatch(stderr, /secret\/of|token\/\/of/);
        if (flag !== '-v') assert.match(stderr, /^\+.*mfa-env prod --region/m);
      });

    test('leaves nothing behind', { skip: unless(shell.name) }, async () => {
      const { home } = makeUser(sts, { more: `region = eu-west-1\n${live}` });
      const file = await writeFunction(shell, home);
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is zsh's.
      const names = shell.name === 'bash' ? 'compgen -v' : 'print -l ${(ok)parameters}';
      const state = `{ ${names}; set +o; trap; } | grep -vE '^(AWS_|MFA_ENV_|BASH_|PIPESTATUS|FUNCNAME|_$|LINENO|RANDOM|SECONDS|EPOCH|SRANDOM|COLUMNS|LINES|[?!0]$|status)'`;
      const script = `zmodload zsh/parameter 2>/dev/null; ${state} >before; mfa-env prod; mfa-env prod --region eu-west-2; mfa-env pord 2>/dev/null; mfa-env unset; ${state} >behind; cmp before behind`;
      const { status, stdout, stderr } = await runWithFunction(shell, home, script, file);
      assert.deepEqual([status, stdout, stderr], [0, '', '']);
    });
  });

test('fish: a trace shows no secret, and stays', { skip: unless('fish') }, async () => {
  const fish = shells.find(({ name }) => name === 'fish') ?? assert.fail();
  const { user, home } = makeUser(sts, { more: live });
  const file = await writeFunction(fish, home);
  const script = `set -g fish_trace 1\nmfa-env prod\nmfa-env prod --region eu-west-1\nmfa-env prod ${sts.code(user)}\nset -e fish_trace\nREAD-BACK`;
  const { status, stderr, variables } = await runWithFunction(fish, home, script, file);
  assert.equal(status, 0);
  assert.equal(stderr.includes(variables.AWS_SECRET_ACCESS_KEY ?? assert.fail()), false);
  assert.doesNotMatch(stderr, /secret\/of|token\/\/of/);
  assert.match(stderr, /mfa-env prod --region[\s\S]*set -e fish_trace/);
});

suite('at a terminal', inParallel, () => {
  for (const shell of shells)
    test(`${shell.name}: the function asks, gives up at Ctrl-C, and says how long a session lives`, {
      skip: unless(shell.name),
    }, async () => {
      const { user, home } = makeUser(sts);
      const file = await writeFunction(shell, home);
      const person = sitDown(shell.name, shell.interactive, home.env);
      person.type(`${shell.load(file)}; mfa-env prod --save\r`);
      await person.see('MFA code for prod');
      person.type('\x03');
      await person.see('#');
      person.type(`echo "status ${shell.name === 'fish' ? '$status' : '$?'}"\r`);
      // zsh ends what it was doing at the signal, with a status of its own.
      await person.see(/status (130|1)\r?\n/);
      person.type('mfa-env prod --save --duration 15m\r');
      await person.see('MFA code for prod');
      person.type(`${sts.code(user)}\r`);
      await person.see('a new session for 15m');
      person.type('mfa-env unset; mfa-env prod; echo "has $MFA_ENV_PROFILE"\r');
      await person.see(/mfa-env: prod in \d+: the saved session lives 1[45]m more/);
      await person.see(/has prod\r?\n/);
      assert.equal(readFileSync(join(home.path, 'calls'), 'utf8').length / 7, 3);
      if (shell.name !== 'fish') {
        person.type('eval "$(mfa-env prod)" && echo GOES""-ON; echo "then $?"\r');
        await person.see(/hint: type mfa-env alone/);
        await person.see(/then 1\r?\n/);
        assert.doesNotMatch(person.screen(), /GOES-ON/);
      }
      person.type('exit\r');
      await person.ended;
    });

  test('bash: a code in a pipe is not spent where the session would end with the pipe', {
    skip: unless('bash'),
  }, async () => {
    const bash = shells.find(({ name }) => name === 'bash') ?? assert.fail();
    const { user, home } = makeUser(sts);
    const file = await writeFunction(bash, home);
    const person = sitDown('bash', bash.interactive, home.env);
    person.type(`${bash.load(file)}; code=${sts.code(user)}\r`);
    for (const words of ['prod -', '--profile prod --code -', 'prod --code=-']) {
      person.type(`echo $code | mfa-env ${words} && echo GOES""-ON; echo "then $?"\r`);
      await person.see('hint: type eval "$(… | command mfa-env PROFILE -)"');
      await person.see(/then 1\r?\n/);
    }
    assert.doesNotMatch(person.screen(), /GOES-ON/);
    person.type('shopt -s lastpipe; set +m; echo $code | mfa-env prod - && echo "has $MFA_ENV_PROFILE"\r');
    await person.see(/has prod\r?\n/);
    person.type('exit\r');
    await person.ended;
  });

  test('zsh: a variable before the call, which zsh brings back, is a failure', { skip: unless('zsh') }, async () => {
    const zsh = shells.find(({ name }) => name === 'zsh') ?? assert.fail();
    const { home } = makeUser(sts, { more: live });
    const person = sitDown('zsh', zsh.interactive, home.env);
    person.type(`${zsh.load(await writeFunction(zsh, home))}\r`);
    for (const call of [
      'AWS_PROFILE=prod mfa-env',
      'X=1 MFA_ENV_PROFILE= Y=2 mfa-env prod',
      ' AWS_REGION= mfa-env prod',
    ]) {
      person.type(`${call} && echo GOES""-ON; echo "then $?"\r`);
      await person.see('hint: type mfa-env PROFILE, with nothing before it');
      await person.see(/then 1\r?\n/);
    }
    assert.doesNotMatch(person.screen(), /GOES-ON/);
    for (const call of [
      'X=AWS_PROFILE=x mfa-env prod',
      'AWS_PROFILE=x; mfa-env prod',
      'AWS_REGION=x mfa-env-x; mfa-env prod',
    ]) {
      person.type(`${call} && echo "has $MFA_ENV_PROFILE"; mfa-env unset\r`);
      await person.see(/has prod\r?\n/);
    }
    person.type('exit\r');
    await person.ended;
  });
});

const profilesOfTheirOwn: [title: string, credentials: string, config: string][] = [
  ['by its source', `[prod]\n${otherKeys}[prod-mfa]\nsource_profile = other\n${live}[other]\n${otherKeys}`, ''],
  ['by a source of its name', `[prod]\n${otherKeys}[prod-mfa]\n${live}[prod-mfa-default]\n${otherKeys}`, ''],
  ['by its keys', `[prod]\n${otherKeys}[prod-mfa]\n${live}`, `[profile prod-mfa]\n${otherKeys}`],
  ['by its role', `[prod]\n${otherKeys}[prod-mfa]\n${live}`, '[profile prod-mfa]\nrole_arn = x\n'],
];

for (const shell of shells)
  test(`${shell.name}: a session in [prod-mfa] is not prod's where that is a profile of its own`, {
    skip: unless(shell.name),
  }, async () => {
    for (const [title, credentials, config] of profilesOfTheirOwn) {
      const home = makeHome({ credentials, config });
      const file = await writeFunction(shell, home);
      const { status, variables, calls } = await runWithFunction(
        shell,
        home,
        'mfa-env prod; READ-BACK; mfa-env prod',
        file,
      );
      assert.deepEqual([status, variables.MFA_ENV_PROFILE, calls], [1, undefined, 2], title);
    }
  });

const processes = 'fork,vfork,clone,clone3,execve';

for (const shell of shells)
  test(`${shell.name}: a saved session is loaded, and followed, without any process`, {
    skip: unless(shell.name) || unlessStrace(),
  }, async () => {
    const home = makeHome({ credentials: `[prod]\n${live}` });
    const file = await writeFunction(shell, home, '--hook');
    const isFish = shell.name === 'fish';
    const near = isFish ? 'set -gx AWS_CREDENTIAL_EXPIRATION' : 'export AWS_CREDENTIAL_EXPIRATION=';
    const expiry = formatTime(new Date(Date.now() + 60_000));
    const hook = isFish ? 'emit fish_prompt' : '__mfa_env_hook';
    const work = `mfa-env prod; ${hook}; ${near}${isFish ? ' ' : ''}${expiry}; ${hook}; ${hook}`;
    const count = async (script: string) => {
      const traced = await runTraced(home.path, processes, [shell.name, ...shell.args, script], home.env);
      assert.deepEqual([traced.status, traced.stderr], [0, '']);
      return { stdout: traced.stdout, calls: traced.calls.length };
    };
    const show = 'echo "$AWS_CREDENTIAL_EXPIRATION"';
    const idle = await count(`${shell.load(file)}; ${show}`);
    const busy = await count(`${shell.load(file)}; ${work}; ${show}`);
    assert.match(busy.stdout, /^\d{4}/);
    assert.notEqual(busy.stdout.trim(), expiry);
    // fish starts threads of its own as it goes along, which strace does not tell from processes by their names.
    if (!isFish) assert.equal(busy.calls, idle.calls);
    else
      assert.equal((await count(`${shell.load(file)}; set -gx PATH /nowhere; ${work}; ${show}`)).stdout, busy.stdout);
  });

const unreadable: [title: string, env: (folder: string) => Record<string, string>][] = [
  ['a name that is too long', () => ({ AWS_CONFIG_FILE: 'x'.repeat(300) })],
  ['a link to itself', (folder) => ({ AWS_CONFIG_FILE: `${folder}/loop/config` })],
  ['a folder', (folder) => ({ AWS_CONFIG_FILE: folder })],
];

for (const shell of shells)
  test(`${shell.name}: what cannot be looked at is not taken for missing`, { skip: unless(shell.name) }, async () => {
    for (const [title, env] of unreadable) {
      const home = makeHome({ credentials: `[prod]\n${live}` });
      symlinkSync('loop', join(home.path, 'loop'));
      Object.assign(home.env, env(home.path));
      const file = await writeFunction(shell, home);
      const { status, stderr, calls } = await runWithFunction(shell, home, 'mfa-env prod', file);
      assert.deepEqual([status, calls], [1, 1], title);
      assert.match(stderr, /^mfa-env: error: /, title);
    }
  });

for (const shell of posixShells)
  test(`${shell.name}: a read-only variable is a failure, and the script goes on`, {
    skip: unless(shell.name),
  }, async () => {
    const home = makeHome({ credentials: `[prod]\n${live}` });
    const file = await writeFunction(shell, home);
    for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_VAULT', 'AWS_CREDENTIAL_EXPIRATION']) {
      const script = `readonly ${name}=x\nmfa-env prod || echo "failed with $?"`;
      const { stdout, stderr } = await runWithFunction(shell, home, script, file);
      assert.equal(stdout, 'failed with 1\n', name);
      assert.match(stderr, /read-?only/, name);
    }
  });

test('zsh: a DEBUG trap sees no secret, and its words are not taken for statements', {
  skip: unless('zsh'),
}, async () => {
  const zsh = shells.find(({ name }) => name === 'zsh') ?? assert.fail();
  const home = makeHome({ credentials: `[prod]\n${live}` });
  const file = await writeFunction(zsh, home);
  for (const trap of [
    `trap 'echo "$ZSH_DEBUG_CMD"' DEBUG`,
    `trap 'echo "$ZSH_DEBUG_CMD $_"' DEBUG`,
    'TRAPDEBUG() { echo "$ZSH_DEBUG_CMD"; echo "$ZSH_DEBUG_CMD" >&2 }',
  ]) {
    const script = `${trap}\nmfa-env prod\nmfa-env prod --region eu-west-1\ntrue stays\ntrap - DEBUG\nREAD-BACK`;
    const { stdout, stderr, variables } = await runWithFunction(zsh, home, script, file);
    assert.equal(variables.AWS_REGION, 'eu-west-1', stderr);
    assert.match(stdout, /mfa-env prod --region[\s\S]*true stays/);
    assert.doesNotMatch(stdout + stderr, /secret\/of|token\/\/of|parse error/);
  }
});

test('bash: a DEBUG trap sees no secret', { skip: unless('bash') }, async () => {
  const bash = shells.find(({ name }) => name === 'bash') ?? assert.fail();
  const home = makeHome({ credentials: `[prod]\n${live}` });
  const file = await writeFunction(bash, home);
  const script = `set -TE\ntrap 'echo "$BASH_COMMAND"' DEBUG\nmfa-env prod\nmfa-env prod --region eu-west-1\ntrap - DEBUG\ncase $- in *E*T*) echo stays;; esac`;
  const { stdout } = await runWithFunction(bash, home, script, file);
  assert.match(stdout, /mfa-env prod --region[\s\S]*stays/);
  assert.doesNotMatch(stdout, /secret\/of|token\/\/of/);
});

suite('bash: with set -k nothing is printed, and it stays', inParallel, () => {
  const bash = shells.find(({ name }) => name === 'bash') ?? assert.fail();
  const entries: Record<string, string> = {
    'a saved session': 'mfa-env prod',
    'statements of the program': 'mfa-env prod --region eu-west-1',
    'before a prompt':
      'export AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z MFA_ENV_PROFILE=prod\nset -k\n__mfa_env_hook',
    'at a tab': 'COMP_WORDS=(mfa-env pr) COMP_CWORD=1\n__mfa_env_complete; [[ $COMPREPLY == prod ]] && mfa-env prod',
  };
  for (const [title, entry] of Object.entries(entries))
    for (const version of ['this bash', 'a bash before 4.4'])
      test(`${title}, ${version}`, { skip: unless('bash') }, async () => {
        const home = makeHome({ credentials: `[prod]\n${live}` });
        const file = await writeFunction(bash, home, '--hook');
        if (version !== 'this bash')
          writeFileSync(file, readFileSync(file, 'utf8').replace('\\builtin local -', '\\builtin false'));
        const script = `${entry.includes('set -k') ? '' : 'set -k\n'}${entry}; case $- in *k*) READ-BACK ;; esac`;
        const { stdout, stderr, variables } = await runWithFunction(bash, home, script, file);
        assert.deepEqual([stdout, stderr, variables.AWS_SESSION_TOKEN], ['', '', 'token//of+the+saved+session==']);
      });
});

test('bash: a locale that is not installed is not complained of again', { skip: unless('bash') }, async () => {
  const bash = shells.find(({ name }) => name === 'bash') ?? assert.fail();
  const home = makeHome({ credentials: `[prod]\n${live}` }, { LC_ALL: 'xx_XX.UTF-8' });
  const file = await writeFunction(bash, home, '--hook');
  const script = `echo START >&2\nmfa-env prod\nAWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z\n__mfa_env_hook\n__mfa_env_complete\necho END >&2`;
  const { stderr } = await runWithFunction(bash, home, script, file);
  assert.match(stderr, /START\nEND\n$/);
});

test('a profile that is not exported is not the one that is loaded', async () => {
  for (const shell of shells.filter(({ name }) => !unless(name))) {
    const home = makeHome({ credentials: `[prod]\n${live}` });
    const file = await writeFunction(shell, home);
    const assign = shell.name === 'fish' ? 'set -g AWS_PROFILE prod' : 'AWS_PROFILE=prod';
    const { status, stderr, calls } = await runWithFunction(shell, home, `${assign}; mfa-env`, file);
    assert.deepEqual([status, calls], [2, 1], shell.name);
    assert.match(stderr, /no profile was named/);
  }
});

/** The token could be taken for arithmetic, and then do harm. */
const sessionToken = 'a[$(touch$IFS./hurt)]';

suite('zsh: variables whose type would change what they are to hold', inParallel, () => {
  const zsh = shells.find(({ name }) => name === 'zsh') ?? assert.fail();
  for (const before of [
    'typeset -a AWS_SECRET_ACCESS_KEY',
    'typeset -A AWS_ACCESS_KEY_ID; AWS_ACCESS_KEY_ID=(x y)',
    'set -u; typeset -l AWS_ACCESS_KEY_ID',
    'typeset -xu AWS_SECRET_ACCESS_KEY=old',
    'typeset -i AWS_SESSION_TOKEN',
    'typeset -L3 AWS_SESSION_TOKEN',
    'typeset -Z40 AWS_REGION',
    'emulate ksh; typeset -i MFA_ENV_PROFILE',
  ])
    test(before, { skip: unless('zsh') }, async () => {
      const home = makeHome({ credentials: `[prod]\nregion = eu-west-1\n${savedLines({ sessionToken })}` });
      const file = await writeFunction(zsh, home);
      const expected = await runWithFunction(zsh, home, 'mfa-env prod && READ-BACK', file);
      const script = `cd; ${before}\nmfa-env prod && READ-BACK`;
      const { status, stdout, stderr, variables, calls } = await runWithFunction(zsh, home, script, file);
      assert.deepEqual([status, stdout, stderr, calls], [0, '', '', 1]);
      assert.deepEqual(variables, expected.variables);
      assert.equal(existsSync(join(home.path, 'hurt')), false);
    });

  test('in a function of the caller, whose own they stay', { skip: unless('zsh') }, async () => {
    const home = makeHome({ credentials: `[prod]\n${savedLines({ sessionToken })}` }, { AWS_SESSION_TOKEN: 'outer' });
    const file = await writeFunction(zsh, home);
    const script = 'f() { local -i AWS_SESSION_TOKEN; mfa-env prod && READ-BACK; }; f; echo "$AWS_SESSION_TOKEN"';
    const { stdout, stderr, variables } = await runWithFunction(zsh, home, script, file);
    assert.deepEqual([stdout, stderr, variables.AWS_SESSION_TOKEN], ['outer\n', '', sessionToken]);
  });
});

suite('bash: variables whose type would change what they are to hold', inParallel, () => {
  const bash = shells.find(({ name }) => name === 'bash') ?? assert.fail();
  for (const before of [
    'declare -a AWS_SECRET_ACCESS_KEY',
    'declare -A AWS_ACCESS_KEY_ID=([x]=y)',
    'set -u; declare -l AWS_ACCESS_KEY_ID',
    'export AWS_SECRET_ACCESS_KEY; declare -u AWS_SECRET_ACCESS_KEY=old',
    'declare -i AWS_SESSION_TOKEN',
    'declare -u AWS_REGION',
    'declare -ai MFA_ENV_PROFILE',
    'shopt -s localvar_unset; declare -i AWS_SESSION_TOKEN',
  ])
    test(before, { skip: unless('bash') }, async () => {
      const home = makeHome({ credentials: `[prod]\nregion = eu-west-1\n${savedLines({ sessionToken })}` });
      const file = await writeFunction(bash, home);
      const expected = await runWithFunction(bash, home, 'mfa-env prod && READ-BACK', file);
      const script = `cd; ${before}\nshopt localvar_unset >before; mfa-env prod && READ-BACK; shopt localvar_unset | cmp - before`;
      const { status, stdout, stderr, variables, calls } = await runWithFunction(bash, home, script, file);
      assert.deepEqual([status, stdout, stderr, calls], [0, '', '', 1]);
      assert.deepEqual(variables, expected.variables);
      assert.equal(existsSync(join(home.path, 'hurt')), false);
    });

  test('in a function of the caller, whose own they stay', { skip: unless('bash') }, async () => {
    const home = makeHome({ credentials: `[prod]\n${savedLines({ sessionToken })}` }, { AWS_SESSION_TOKEN: 'outer' });
    const file = await writeFunction(bash, home);
    const script = 'f() { local -i AWS_SESSION_TOKEN; mfa-env prod && READ-BACK; }; f; echo "$AWS_SESSION_TOKEN"';
    const { stdout, stderr, variables } = await runWithFunction(bash, home, script, file);
    assert.deepEqual([stdout, stderr, variables.AWS_SESSION_TOKEN], ['outer\n', '', sessionToken]);
  });
});

/** Calls below an exported `AWS_PROFILE=stage`. */
const covering: Record<'bash' | 'fish', string[]> = {
  bash: [
    'AWS_PROFILE=prod mfa-env',
    'AWS_PROFILE=prod mfa-env --region eu-west-1',
    'MFA_ENV_PROFILE=stage mfa-env prod',
    'AWS_REGION= mfa-env prod',
    'f() { local AWS_PROFILE=prod; mfa-env; }; f',
    'f() { local AWS_PROFILE=prod; g; }; g() { AWS_PROFILE=x mfa-env prod --region eu-west-1; }; f',
  ],
  fish: [
    'AWS_PROFILE=prod mfa-env',
    'AWS_PROFILE=prod mfa-env --region eu-west-1',
    'MFA_ENV_PROFILE=stage mfa-env prod',
    'AWS_REGION= mfa-env prod',
    'function f; set -lx AWS_PROFILE prod; mfa-env; end; f',
    'set -gx AWS_VAULT x; begin; set -lx AWS_VAULT y; begin; set -lx AWS_VAULT z; mfa-env prod; and not set -q AWS_VAULT; end; end',
  ],
};

for (const name of ['bash', 'fish'] as const)
  suite(`${name}: behind a variable that is unset no other comes to light`, inParallel, () => {
    const shell = shells.find((other) => other.name === name) ?? assert.fail();
    for (const call of covering[name])
      test(call, { skip: unless(name) }, async () => {
        const { home } = makeUser(sts, { more: `region = eu-west-1\n${live}`, env: { AWS_PROFILE: 'stage' } });
        const file = await writeFunction(shell, home);
        const { stdout, stderr, variables } = await runWithFunction(shell, home, `${call} && READ-BACK`, file);
        assert.deepEqual([stdout, stderr], ['', '']);
        const { AWS_PROFILE, AWS_VAULT, AWS_REGION, MFA_ENV_REGION, MFA_ENV_PROFILE } = variables;
        assert.deepEqual([AWS_PROFILE, AWS_VAULT], [undefined, undefined]);
        assert.deepEqual([AWS_REGION, MFA_ENV_REGION, MFA_ENV_PROFILE], ['eu-west-1', 'eu-west-1', 'prod']);
      });
  });

const noSession: Record<string, { more: string; env?: Record<string, string> }> = {
  'none is saved': { more: '' },
  'it has expired': { more: savedLines({ expiresAt: new Date(Date.now() - 1000) }) },
  'it ends in four minutes': { more: savedLines({ expiresAt: new Date(Date.now() + 240_000) }) },
  'its day is none': { more: live.replace(/= \d{4}-\d\d-\d\dT/, '= 2035-02-29T') },
  'its hour is none': { more: live.replace(/= \d{4}-\d\d-\d\dT\d\d/, '= 2035-02-28T24') },
  'a part is missing': { more: live.replace(/aws_session_token.*\n/, '') },
  'its id is of long-lived keys': { more: live.replace('ASIA', 'AKIA') },
  'its secret has a blank': { more: live.replace('of+the', 'of the') },
  'the region is none': { more: `region = $(id)\n${live}` },
  'a role': { more: `role_arn = arn:aws:iam::1:role/x\n${live}` },
  'a line is no property': { more: `${live}bare\n` },
  'a value goes on': { more: `${live}region = a\n  b\n` },
  'below a command of mfa-env': { more: live, env: { MFA_ENV_COMMAND: 'mfa_process' } },
};

for (const shell of shells)
  suite(`${shell.name}: the program is asked where`, inParallel, () => {
    for (const [title, { more, env = {} }] of Object.entries(noSession))
      test(title, { skip: unless(shell.name) }, async () => {
        const { home } = makeUser(sts, { more, env });
        const file = await writeFunction(shell, home);
        const { status, variables, calls } = await runWithFunction(
          shell,
          home,
          'mfa-env prod; READ-BACK; mfa-env prod',
          file,
        );
        assert.ok(status && status > 0, `status ${status}`);
        assert.equal(variables.AWS_ACCESS_KEY_ID, undefined);
        assert.equal(calls, 2);
      });
  });

for (const shell of shells)
  suite(`${shell.name}: the function`, inParallel, () => {
    test('gets a session for a code', { skip: unless(shell.name) }, async () => {
      const { user, home } = makeUser(sts);
      const file = await writeFunction(shell, home);
      const ended = await runWithFunction(shell, home, `mfa-env prod ${sts.code(user)} && READ-BACK`, file);
      const session = sts.sessions.find(({ principal }) => principal === user);
      assert.equal(ended.status, 0, ended.stderr);
      assert.equal(ended.variables.AWS_SESSION_TOKEN, session?.sessionToken);
      assert.equal(ended.variables.MFA_ENV_FUNCTION, undefined);
    });

    test('has the status of the program', { skip: unless(shell.name) }, async () => {
      const { home } = makeUser(sts);
      const file = await writeFunction(shell, home);
      for (const [words, expected] of [
        ['prod', 3],
        ['prod 12345', 2],
        ['pord', 1],
        ['unset prod', 2],
        ['forget', 2],
      ] as const) {
        const { status, stdout } = await runWithFunction(shell, home, `mfa-env ${words}`, file);
        assert.deepEqual([status, stdout], [expected, ''], words);
      }
    });

    test('passes the other commands through', { skip: unless(shell.name) }, async () => {
      const { home } = makeUser(sts, { more: live });
      const file = await writeFunction(shell, home);
      for (const words of [
        '--version',
        'help',
        'prod --help',
        '-qh',
        '-hq',
        'prod --format env',
        'prod --shell fish',
      ]) {
        const direct = await runMfaEnv(words.split(' '), home.env);
        const { status, stdout, stderr, calls } = await runWithFunction(shell, home, `mfa-env ${words}`, file);
        assert.deepEqual([status, stdout, stderr, calls], [0, direct.stdout, '', 1], words);
        assert.notEqual(stdout, '', words);
      }
    });

    for (const [title, called] of [
      ['Node', (home: Home) => join(home.path, 'bin/called')],
      ['the program', () => program],
    ] as const)
      test(`goes by another name, and by PATH if ${title} is gone`, { skip: unless(shell.name) }, async () => {
        const { home } = makeUser(sts, { more: live });
        const file = await writeFunction(shell, home, '--cmd', 'mfa');
        const text = readFileSync(file, 'utf8');
        const gone = join(home.path, "it's gone").replace("'", "'\\''");
        writeFileSync(file, text.replaceAll(`'${called(home)}'`, `'${gone}'`));
        const { status, variables, calls } = await runWithFunction(
          shell,
          home,
          'mfa prod --region us-east-2 && READ-BACK',
          file,
        );
        assert.deepEqual([status, variables.AWS_REGION, calls], [0, 'us-east-2', 0]);
      });

    test('needs no Node on the PATH', { skip: unless(shell.name) }, async () => {
      const { home } = makeUser(sts, { more: live });
      const file = await writeFunction(shell, home);
      home.env.PATH = '/nonexistent';
      const script = 'mfa-env prod --region us-east-2 && echo "$AWS_REGION"';
      const { status, stdout, stderr } = await run(
        findProgram(shell.name) ?? '',
        [...shell.args, `${shell.load(file)}\n${script}`],
        home.env,
      );
      assert.deepEqual([status, stdout, stderr], [0, 'us-east-2\n', '']);
    });
  });

test('the text depends only on the request and the paths', async () => {
  const home = makeHome({});
  const first = await runMfaEnv(['init', 'bash'], home.env);
  const second = await runMfaEnv(['init', 'bash'], {
    ...makeHome({ credentials: '[x]\n' }).env,
    AWS_PROFILE: 'x',
    MFA_ENV_SAVE: '1',
  });
  assert.equal(first.stdout, second.stdout);
});

const usageErrors: [words: string, message: RegExp][] = [
  ['init', /takes one shell/],
  ['init bash zsh', /takes one shell/],
  ['init bsh', /no function for the shell bsh\n.*did you mean bash/],
  ['init bash --cmd', /--cmd lacks its value/],
  ['init bash --cmd a;b', /--cmd is no name/],
  ['init bash --cmd if', /--cmd is no name/],
  ['init fish --cmd string', /--cmd is no name/],
  ['init bash --cmd __mfa_env_load', /--cmd is no name/],
  ['init zsh --cmd repeat', /--cmd is no name/],
  ['init zsh --cmd TRAPINT', /--cmd is no name/],
  ['init fish --cmd _', /--cmd is no name/],
];

test('what is wrong with the words is said, and fails the shell', async () => {
  for (const [words, message] of usageErrors) {
    const { status, stdout, stderr } = await runMfaEnv(words.split(' '), makeHome({}).env);
    assert.deepEqual([status, stdout], [2, 'false;\n'], words);
    assert.match(stderr, message, words);
  }
});
