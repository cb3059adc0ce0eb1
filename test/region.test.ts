import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../src/environment.ts';
import { regionToCall, regionToExport } from '../src/region.ts';

type Choice = Parameters<typeof regionToCall>[0];
const nothing: Choice = { asked: undefined, ofProfile: undefined, partition: undefined };
type Rows = [title: string, choice: Partial<Choice>, env: Environment, region: string | undefined][];

const exported: Rows = [
  ['--region before all', { asked: 'eu-west-1', ofProfile: 'eu-west-2' }, { AWS_REGION: 'eu-west-3' }, 'eu-west-1'],
  ["the profile's", { ofProfile: 'eu-west-1' }, {}, 'eu-west-1'],
  ['none where none is known', {}, {}, undefined],
  ['none where the user set AWS_REGION', { ofProfile: 'eu-west-1' }, { AWS_REGION: 'eu-west-2' }, undefined],
  [
    'none where the user set AWS_DEFAULT_REGION',
    { ofProfile: 'eu-west-1' },
    { AWS_DEFAULT_REGION: 'eu-west-2' },
    undefined,
  ],
  [
    "the profile's where the variables are empty",
    { ofProfile: 'eu-west-1' },
    { AWS_REGION: '', AWS_DEFAULT_REGION: '' },
    'eu-west-1',
  ],
  [
    "the profile's where the variables are mfa-env's",
    { ofProfile: 'eu-west-1' },
    { AWS_REGION: 'eu-west-2', AWS_DEFAULT_REGION: 'eu-west-2', MFA_ENV_REGION: 'eu-west-2' },
    'eu-west-1',
  ],
  [
    'none where the user changed AWS_REGION since',
    { ofProfile: 'eu-west-1' },
    { AWS_REGION: 'eu-west-3', AWS_DEFAULT_REGION: 'eu-west-2', MFA_ENV_REGION: 'eu-west-2' },
    undefined,
  ],
  [
    "the profile's where the user's is of another partition than the device",
    { ofProfile: 'cn-north-1', partition: 'aws-cn' },
    { AWS_REGION: 'eu-west-1' },
    'cn-north-1',
  ],
  [
    "the profile's where the user's is of another partition than it",
    { ofProfile: 'us-gov-east-1' },
    { AWS_REGION: 'eu-west-1' },
    'us-gov-east-1',
  ],
  [
    "none where the user's is foreign and no other is known",
    { partition: 'aws-cn' },
    { AWS_REGION: 'eu-west-1' },
    undefined,
  ],
];

for (const [title, choice, env, region] of exported)
  test(`the region to export is ${title}`, () => assert.equal(regionToExport({ ...nothing, ...choice }, env), region));

const called: Rows = [
  ['--region before all', { asked: 'eu-west-1', ofProfile: 'eu-west-2' }, { AWS_REGION: 'eu-west-3' }, 'eu-west-1'],
  ["the profile's before the user's", { ofProfile: 'eu-west-2' }, { AWS_REGION: 'eu-west-3' }, 'eu-west-2'],
  ['AWS_REGION', {}, { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-1'],
  ['AWS_DEFAULT_REGION', {}, { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-2'],
  ['us-east-1 where nothing is known', {}, {}, 'us-east-1'],
  ["that of the device's partition", { partition: 'aws-us-gov' }, {}, 'us-gov-west-1'],
  ["not mfa-env's leftover", {}, { AWS_REGION: 'eu-west-1', MFA_ENV_REGION: 'eu-west-1' }, 'us-east-1'],
  [
    'AWS_DEFAULT_REGION behind a leftover in AWS_REGION',
    {},
    { AWS_REGION: 'eu-west-1', MFA_ENV_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' },
    'eu-west-2',
  ],
  ['not one of another partition', { partition: 'aws-cn' }, { AWS_REGION: 'eu-west-1' }, 'cn-northwest-1'],
  [
    'AWS_DEFAULT_REGION behind a foreign AWS_REGION',
    { partition: 'aws-cn' },
    { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'cn-north-1' },
    'cn-north-1',
  ],
];

for (const [title, choice, env, region] of called)
  test(`the region to call is ${title}`, () => assert.equal(regionToCall({ ...nothing, ...choice }, env), region));

test('a variable that holds no region is refused where it is needed', () => {
  const env = { AWS_REGION: 'evil.example/' };
  assert.throws(() => regionToCall(nothing, env), { message: /^AWS_REGION is not a region/, exitStatus: 2 });
  assert.equal(regionToCall({ ...nothing, ofProfile: 'eu-west-1' }, env), 'eu-west-1');
});
