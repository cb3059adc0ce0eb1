/** The loaders of the functions beside the program's own stages, on generated files: the same environment, or none. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { readAwsFiles } from '../src/aws-files.ts';
import { type Environment, sessionChange } from '../src/environment.ts';
import { isUserError } from '../src/errors.ts';
import { partitionOfArn } from '../src/partition.ts';
import { readProfile } from '../src/profile.ts';
import { regionToExport } from '../src/region.ts';
import { timeLeft } from '../src/session.ts';
import { findDevice, findRegion, findRoleArn } from '../src/settings.ts';
import { type FunctionShell, functionShells, writeFunction } from './function-shells.ts';
import { makeHome, run, savedLines, unless } from './harness.ts';

const runs = Number(process.env.MFA_ENV_TEST_RUNS ?? 400);
const seed = Number(process.env.MFA_ENV_TEST_SEED ?? 20261124);

interface Case {
  credentials: string;
  config: string;
  name: string;
  env: Record<string, string>;
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const living = savedLines({ expiresAt: inMinutes(90) });

const names = [
  'prod',
  'prod-default',
  'prod-mfa',
  'prod-long-term',
  'my.prod',
  'prod2',
  'keys',
  'corp-default',
  'default',
];
const name = fc.constantFrom('prod', 'prod', 'prod', 'my.prod', 'prod2', 'default');

const regionName = fc.constantFrom('eu-west-1', 'us-east-2', 'cn-north-1', 'us-gov-west-1');
const region = fc.oneof(
  { weight: 8, arbitrary: regionName.map((value) => `region = ${value}\n`) },
  fc.constantFrom(
    'region=\n',
    'region\t=  eu-west-3 \t\n',
    'region = eu west\n',
    'region = $(id)\n',
    'REGION = eu-west-1\n',
  ),
  fc.constantFrom(
    'region = eu-west-1 # here\n',
    'region = eu-west-1;here\n',
    'region = <region>\n',
    'region : eu-west-1\n',
  ),
);
const device = fc.constantFrom(
  ...[
    'arn:aws:iam::111122223333:mfa/ana',
    'arn:aws-cn:iam::1:mfa/a',
    'GAHT12345678',
    'arn:aws-us-gov:iam::1:mfa/b',
    '',
  ].flatMap((value) => ['aws_arn_mfa', 'mfa_serial', 'aws_mfa_device'].map((key) => `${key} = ${value}\n`)),
);
const session = fc.constantFrom(
  ...Array<string>(20).fill(living),
  ...[living.replaceAll(' = ', '='), living.split('\n').reverse().join('\n')],
  ...[
    savedLines({ expiresAt: inMinutes(-1) }),
    savedLines({ expiresAt: inMinutes(4) }),
    living.replace('ASIA', 'AKIA'),
  ],
  ...[
    living.replace('Z\n', '+00:00\n'),
    living.replace(/aws_session_token.*\n/, ''),
    `${living}aws_security_token = old\n`,
  ],
  ...[
    living.replace('saved', 'sa ved'),
    living.replace('saved', "s'$(id)`\\[*"),
    living.replace('session_token', 'SESSION_token'),
  ],
  ...[
    living.replace(/\n(?=aws_session)/, '\n\n# between\n'),
    living.replace(/(token = \S+)/, '$1 ; mine'),
    `${living}  more\n`,
  ],
);
const keys = fc.constantFrom(
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret/of+the/user\n',
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n',
  'aws_access_key_id = <your id>\naws_secret_access_key = <your secret>\n',
);
const other = fc.constantFrom(
  ...[
    '\n',
    '# a comment\n',
    '; [prod]\n',
    '#[prod]\n',
    'output = json\n',
    'note = a [b] c\n',
    'note = a\n  b\n',
    '  \t\n',
    's3 =\n  a = b\n',
  ],
  ...[
    'cli_pager =\n',
    'bare\n',
    ' = x\n',
    'ключ = x\n',
    'a.b/c = d\n',
    'in valid = x\n',
    'note = x #y\n',
    'aws_session_token = tok[',
    'note = [',
    '[\n',
  ],
  ...['mfa_env_save = true\n', 'mfa_env_save = no\n', 'mfa_process = touch hurt\n', 'duration_seconds = 3600\n'],
  ...[
    'sso_session = corp\n',
    'sso_account_id =\n',
    'web_identity_token_file = x\n',
    'role_arn = arn:aws:iam::1:role/x\n',
  ],
  ...[
    'credential_process = touch hurt\n',
    'source_profile = keys\n',
    'source_profile = prod\n',
    'source_profile = corp\n',
    'source_profile = corp\n',
    'source_profile = my.prod\n',
  ],
  ...[
    'mfa_env_source = AKIAIOSFODNN7EXAMPLE\n',
    'mfa_env_source = AKIAANOTHERKEY000001\n',
    'mfa_env_role = arn:aws:iam::1:role/x\n',
    'login_session = arn:aws:iam::1:user/x\n',
    'use_fips_endpoint = true\n',
    'output = jsonrole_arn = x\n',
    'role_arn : x=y\n',
    'note = x[prod]\n',
    '# note[profile prod]\n',
    '[DEFAULT]\nrole_arn = x\n',
    '[DEFAULT]\nregion = eu-west-1\n',
    '[]\n',
    '[profile\n',
    '[profile ]\n',
    '\ufeff[profile prod]\n',
    '[profilex prod]\n',
  ],
);
const plain = fc.constantFrom('\n', '# a comment\n', 'output = json\n', 'note = a [b] c\n');
const some = (weight: number, arbitrary: fc.Arbitrary<string>) =>
  fc.oneof({ weight, arbitrary }, { weight: 10 - weight, arbitrary: fc.constant('') });
/** What is odd is rare: of the files with some of it most are left to the program. */
const body = fc
  .tuple(some(6, session), some(5, device), some(5, region), some(2, keys), some(5, plain), some(1, other))
  .chain((parts) => fc.shuffledSubarray(parts, { minLength: parts.length }))
  .map((parts) => parts.join(''));

const header = (of: string, kind: 'credentials' | 'config') => {
  const inside = kind === 'config' && of !== 'default' ? `profile ${of}` : of;
  return fc.oneof(
    { weight: 80, arbitrary: fc.constant(`[${inside}]\n`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...[
          `[ ${inside} ]\n`,
          `[${inside}] # c\n`,
          `[${inside}];c\n`,
          ` [${inside}]\n`,
          `[${inside}\n`,
          `[profile "${of}"]\n`,
        ],
        ...[
          `[profile\t${of}]\n`,
          `[profile  ${of}]\n`,
          `[${of}]\n`,
          `[profile ${of}]\n`,
          `[services ${of}]\n`,
          `[${inside}x]\n`,
        ],
      ),
    },
  );
};
const file = (kind: 'credentials' | 'config') =>
  fc
    .oneof(
      { weight: 19, arbitrary: fc.shuffledSubarray(names, { maxLength: kind === 'config' ? 3 : 6 }) },
      { weight: 1, arbitrary: fc.constant(['prod', 'prod-default', 'prod']) },
    )
    .chain((some) => fc.tuple(...some.map((of) => fc.tuple(header(of, kind), body).map((parts) => parts.join('')))))
    .chain((sections) =>
      fc.oneof(
        { weight: 40, arbitrary: fc.constant(sections.join('')) },
        { weight: 1, arbitrary: fc.constant(sections.join('').replaceAll('\n', '\r\n')) },
        { weight: 1, arbitrary: fc.constant(sections.join('').trimEnd()) },
        { weight: 1, arbitrary: fc.constant(sections.join('').replace('\n[', '[')) },
        { weight: 1, arbitrary: fc.constant(`region = eu-west-1\n${sections.join('')}`) },
        { weight: 1, arbitrary: fc.constant(`\ufeff${sections.join('')}`) },
        { weight: 1, arbitrary: fc.constant(`${sections.join('')}\0`) },
        { weight: 1, arbitrary: fc.constant(sections.join('').replace('\n', '\r')) },
        { weight: 1, arbitrary: fc.constant(`junk\n${sections.join('\n')}`) },
      ),
    );
const env = fc.constantFrom<Record<string, string>>(
  ...[{}, {}, {}, { AWS_REGION: 'eu-west-2' }, { AWS_DEFAULT_REGION: 'cn-north-1' }, { AWS_REGION: '' }],
  ...[
    { AWS_REGION: 'eu-west-2', AWS_DEFAULT_REGION: 'eu-west-2', MFA_ENV_REGION: 'eu-west-2' },
    { AWS_REGION: 'us-gov-east-1', MFA_ENV_REGION: 'eu-west-2' },
    { AWS_PROFILE: 'x', AWS_VAULT: 'x', AWS_SECURITY_TOKEN: 'x', AWS_ACCESS_KEY_ID: 'x', MFA_ENV_PROFILE: 'x' },
  ],
);
// A plain file is the one that users have: that it is loaded without the program is tested with it.
const plainCase: fc.Arbitrary<Case> = fc.record({
  credentials: fc
    .tuple(keys, device, fc.option(regionName), plain)
    .map(
      ([, line, at, more]) =>
        `[prod-default]\nregion = us-west-2\n\n[prod]\n${line}${at ? `region = ${at}\n` : ''}${more}${living}`,
    ),
  config: fc.constantFrom('', '[profile prod]\noutput = json\n', '[profile prod]\nregion = us-east-1\n'),
  name: fc.constant('prod'),
  env,
});
const anyCase: fc.Arbitrary<Case> = fc.record({ credentials: file('credentials'), config: file('config'), name, env });

const ours = (variables: Environment) =>
  Object.fromEntries(Object.entries(variables).filter(([key]) => /^(AWS|MFA_ENV)_/.test(key)));

/** What the program would leave in the environment; nothing where it has no saved session to give. */
function expectedOf(variables: Environment, profileName: string): Environment | undefined {
  try {
    const profile = readProfile(readAwsFiles(variables), profileName, undefined);
    const savedSession = profile.saved().session;
    if (!savedSession || timeLeft(savedSession, new Date()) < 300_000) return undefined;
    const partition = partitionOfArn(findDevice(profile)?.value) ?? partitionOfArn(findRoleArn(profile));
    const exported = regionToExport({ asked: undefined, ofProfile: findRegion(profile), partition }, variables);
    const { unset, set } = sessionChange(profile.name, savedSession, exported, variables);
    const after: Record<string, string | undefined> = { ...variables, ...Object.fromEntries(set) };
    for (const key of unset) delete after[key];
    return after;
  } catch (error) {
    if (isUserError(error)) return undefined;
    throw error;
  }
}

const quoted = (text: string) => `'${text}'`;

/** A script that loads every case, and writes what a child gets; in fish, which has no subshells, one after the other. */
function scriptOf(
  shell: FunctionShell,
  cases: { folder: string; profile: string; variables: Record<string, string> }[],
) {
  const clear = 'for each in (set -nx | string match -r "^(?:AWS|MFA_ENV)_.*"); set -eg $each; end';
  const blocks = cases.map(({ folder, profile, variables }) => {
    const finish = `echo "$loaded" >${folder}/loaded; env -0 >${folder}/env`;
    const entries = Object.entries(variables).filter(([key]) => key !== 'HOME');
    if (shell.name === 'fish') {
      const set = entries.map(([key, value]) => `set -gx ${key} ${quoted(value)}`).join('; ');
      return `${clear}; ${set}; __mfa_env_load ${profile} 2>>errors; set loaded $status; ${finish}`;
    }
    const set = entries.map(([key, value]) => `export ${key}=${quoted(value)}`).join('; ');
    return `( ${set}; load ${profile} 2>>errors; loaded=$?; ${finish} )`;
  });
  const load =
    shell.name === 'zsh' ? 'load() { emulate -L zsh; __mfa_env_load "$@"; }' : 'load() { __mfa_env_load "$@"; }';
  return [shell.name === 'fish' ? '' : load, 'cd', ...blocks].join('\n');
}

async function loadAll(shell: FunctionShell, cases: readonly Case[]) {
  const home = makeHome({});
  const made = cases.map(({ credentials, config, name: profile, env: more }, index) => {
    const folder = join(home.path, String(index));
    mkdirSync(folder);
    const paths = { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'), AWS_CONFIG_FILE: join(folder, 'config') };
    writeFileSync(paths.AWS_SHARED_CREDENTIALS_FILE, credentials, { mode: 0o600 });
    writeFileSync(paths.AWS_CONFIG_FILE, config);
    return { folder, profile, variables: { HOME: home.path, ...paths, ...more } };
  });
  const file = await writeFunction(shell, home);
  const script = join(home.path, 'script');
  writeFileSync(script, `${shell.load(file)}\n${scriptOf(shell, made)}\n`);
  writeFileSync(join(home.path, 'errors'), '');
  const shellArgs = shell.args.filter((arg) => arg !== '-c');
  const { status, stderr } = await run(shell.name, [...shellArgs, script], {
    PATH: home.env.PATH ?? '',
    HOME: home.path,
  });
  assert.deepEqual([status, stderr, readFileSync(join(home.path, 'errors'), 'utf8')], [0, '', '']);
  return made.map(({ folder, profile, variables }, index) => {
    const got = readFileSync(join(folder, 'env'), 'latin1').split('\0').filter(Boolean);
    return {
      title: `case ${index} of seed ${seed}: ${JSON.stringify(cases[index])}`,
      loaded: readFileSync(join(folder, 'loaded'), 'utf8') === '0\n',
      environment: ours(
        Object.fromEntries(
          got.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
        ),
      ),
      before: ours(variables),
      expected: expectedOf(variables, profile),
    };
  });
}

suite('the functions on generated files', { concurrency: 2 }, () => {
  for (const shell of functionShells) {
    test(`${shell.name} loads what the program would, or nothing`, { skip: unless(shell.name) }, async () => {
      let loaded = 0;
      for (const result of await loadAll(shell, fc.sample(anyCase, { seed, numRuns: runs }))) {
        if (result.loaded) assert.ok(result.expected, `${result.title} must not be loaded`);
        const wanted = result.loaded && result.expected ? ours(result.expected) : result.before;
        assert.deepEqual(result.environment, wanted, result.title);
        loaded += Number(result.loaded);
      }
      assert.ok(loaded > runs / 40, `only ${loaded} of ${runs} were loaded`);
    });

    test(`${shell.name} needs no program for plain files`, { skip: unless(shell.name) }, async () => {
      for (const result of await loadAll(shell, fc.sample(plainCase, { seed, numRuns: runs / 4 }))) {
        assert.ok(result.loaded, result.title);
        assert.deepEqual(result.environment, ours(result.expected ?? {}), result.title);
      }
    });
  }
});
