import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Environment, sessionChange, unsetChange, userEnvironment } from '../src/environment.ts';

const session = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'token==',
  expiresAt: new Date('2026-11-24T16:00:00.999Z'),
};

const always: [string, string][] = [
  ['AWS_ACCESS_KEY_ID', 'ASIAIOSFODNN7EXAMPLE'],
  ['AWS_SECRET_ACCESS_KEY', 'secret'],
  ['AWS_SESSION_TOKEN', 'token=='],
  ['AWS_CREDENTIAL_EXPIRATION', '2026-11-24T16:00:00Z'],
  ['AWS_SESSION_EXPIRATION', '2026-11-24T16:00:00Z'],
  ['MFA_ENV_PROFILE', 'prod'],
];

const misleading = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SECURITY_TOKEN',
  'AWS_ACCOUNT_ID',
  'AWS_VAULT',
  'AWSUME_PROFILE',
  'AWSUME_EXPIRATION',
];

const regionVariables = ['AWS_DEFAULT_REGION', 'AWS_REGION', 'MFA_ENV_REGION'];
const own = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1', MFA_ENV_REGION: 'eu-west-1' };

const sessions: [title: string, region: string | undefined, env: Environment, unset: string[]][] = [
  ['a region, set in three variables', 'eu-west-2', own, []],
  ['no region: only the mark goes', undefined, {}, ['MFA_ENV_REGION']],
  [
    "no region: the user's stays",
    undefined,
    { AWS_REGION: 'eu-west-2', MFA_ENV_REGION: 'eu-west-1' },
    ['MFA_ENV_REGION'],
  ],
  ["no region: mfa-env's goes", undefined, own, regionVariables],
];

const settings: [
  title: string,
  settings: [string, string][],
  env: Environment,
  set: [string, string][],
  unset: string[],
][] = [
  [
    "are set, and noted as mfa-env's",
    [
      ['AWS_USE_FIPS_ENDPOINT', 'false'],
      ['AWS_CA_BUNDLE', '/certs'],
    ],
    {},
    [
      ['AWS_USE_FIPS_ENDPOINT', 'false'],
      ['AWS_CA_BUNDLE', '/certs'],
      ['MFA_ENV_SETTINGS', 'AWS_USE_FIPS_ENDPOINT AWS_CA_BUNDLE'],
    ],
    [],
  ],
  [
    "leave the user's own",
    [
      ['AWS_CA_BUNDLE', '/certs'],
      ['AWS_USE_FIPS_ENDPOINT', 'true'],
    ],
    { AWS_CA_BUNDLE: '/of/user' },
    [
      ['AWS_USE_FIPS_ENDPOINT', 'true'],
      ['MFA_ENV_SETTINGS', 'AWS_USE_FIPS_ENDPOINT'],
    ],
    [],
  ],
  ["are not noted where all are the user's", [['AWS_CA_BUNDLE', '/certs']], { AWS_CA_BUNDLE: '/of/user' }, [], []],
  [
    'take the place of empty variables',
    [['AWS_CA_BUNDLE', '/certs']],
    { AWS_CA_BUNDLE: '' },
    [
      ['AWS_CA_BUNDLE', '/certs'],
      ['MFA_ENV_SETTINGS', 'AWS_CA_BUNDLE'],
    ],
    [],
  ],
  [
    'take the place of those of another profile',
    [['AWS_CA_BUNDLE', '/certs']],
    { AWS_CA_BUNDLE: '/of/stage', AWS_ENDPOINT_URL: 'u', MFA_ENV_SETTINGS: 'AWS_CA_BUNDLE AWS_ENDPOINT_URL' },
    [
      ['AWS_CA_BUNDLE', '/certs'],
      ['MFA_ENV_SETTINGS', 'AWS_CA_BUNDLE'],
    ],
    ['AWS_ENDPOINT_URL'],
  ],
  [
    'of another profile go',
    [],
    { AWS_CA_BUNDLE: '/of/stage', AWS_ENDPOINT_URL: 'u', MFA_ENV_SETTINGS: 'AWS_CA_BUNDLE' },
    [],
    ['AWS_CA_BUNDLE', 'MFA_ENV_SETTINGS'],
  ],
  ['are no other variables', [], { PATH: '/bin', MFA_ENV_SETTINGS: 'PATH AWS_REGION' }, [], ['MFA_ENV_SETTINGS']],
];

for (const [title, given, env, set, unset] of settings)
  test(`settings ${title}`, () => {
    const change = sessionChange('prod', session, 'eu-west-1', env, given);
    const regions = regionVariables.map((name): [string, string] => [name, 'eu-west-1']);
    assert.deepEqual(change.set.toSorted(), [...always, ...regions, ...set].toSorted());
    assert.deepEqual(change.unset.toSorted(), [...misleading, ...unset].toSorted());
  });

const leftovers = { AWS_CA_BUNDLE: '/of/stage', AWS_ENDPOINT_URL: 'u', MFA_ENV_SETTINGS: 'AWS_CA_BUNDLE' };

test("unset takes out mfa-env's settings, and leaves the user's", () => {
  const { unset } = unsetChange(leftovers);
  const names = [...always.map(([name]) => name), 'MFA_ENV_REGION', 'AWS_SECURITY_TOKEN'];
  assert.deepEqual(unset.toSorted(), [...names, 'AWS_CA_BUNDLE', 'MFA_ENV_SETTINGS'].toSorted());
});

test("the user's environment lacks mfa-env's settings", () =>
  assert.deepEqual(Object.keys(userEnvironment(leftovers)), ['AWS_ENDPOINT_URL', 'MFA_ENV_SETTINGS']));

for (const [title, region, env, unset] of sessions)
  test(`a session with ${title}`, () => {
    const change = sessionChange('prod', session, region, env);
    const regions: [string, string][] = region ? regionVariables.map((name) => [name, region]) : [];
    assert.deepEqual(change.set.toSorted(), [...always, ...regions].toSorted());
    assert.deepEqual(change.unset.toSorted(), [...misleading, ...unset].toSorted());
  });

const unsets: [title: string, env: Environment, regions: string[]][] = [
  ["mfa-env's region", own, ['AWS_DEFAULT_REGION', 'AWS_REGION']],
  ['no region of the user', { AWS_REGION: 'eu-west-2', MFA_ENV_REGION: 'eu-west-1' }, []],
  ['no region without a mark', { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' }, []],
  ["the one that is mfa-env's", { ...own, AWS_REGION: 'eu-west-2' }, ['AWS_DEFAULT_REGION']],
];

for (const [title, env, regions] of unsets)
  test(`unset takes out ${title}, and leaves AWS_PROFILE`, () => {
    const names = [...always.map(([name]) => name), 'MFA_ENV_REGION', 'AWS_SECURITY_TOKEN', ...regions];
    const { set, unset } = unsetChange({ ...env, AWS_PROFILE: 'prod' });
    assert.deepEqual([set, unset.toSorted()], [[], names.toSorted()]);
  });
