import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProfile } from '../src/profile.ts';
import { findDevice, findDuration, findRegion, findSetting } from '../src/settings.ts';
import { filesOf } from './temp-folder.ts';

const pair = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';

/** A profile by the lines below `[profile prod]` in the config file, and those below its source in the other. */
const prodWith = (lines: string, ofSource = '') =>
  readProfile(filesOf(`[prod-default]\n${pair}${ofSource}\n`, `[profile prod]\n${lines}\n`), 'prod');

const devices: [title: string, prod: string, source: string, device: string | undefined][] = [
  ['aws_arn_mfa first', 'aws_mfa_device = c\nmfa_serial = b\naws_arn_mfa = a', '', 'a'],
  ['mfa_serial next', 'aws_mfa_device = c\nmfa_serial = b', '', 'b'],
  ['aws_mfa_device last', 'aws_mfa_device = c', '', 'c'],
  ["the profile's before the source's", 'aws_mfa_device = c', 'aws_arn_mfa = a', 'c'],
  ["the source's", '', 'mfa_serial = b', 'b'],
  ["the source's where the profile's is empty", 'aws_arn_mfa =', 'mfa_serial = b', 'b'],
  ['none', '', '', undefined],
];

for (const [title, prod, source, device] of devices)
  test(`the device is ${title}`, () => assert.equal(findDevice(prodWith(prod, source))?.value, device));

test('the device that was saved with a session is known', () => {
  const files = filesOf(`[prod]\n${pair}\n[prod-mfa]\naws_arn_mfa = a\n`);
  assert.equal(findDevice(readProfile(files, 'prod'))?.value, 'a');
});

test('a setting between the profile and its source counts', () => {
  const files = filesOf(
    `[team-default]\n${pair}k = c\n`,
    '[profile prod]\nsource_profile = team\n[profile team]\nk = b',
  );
  const found = findSetting(readProfile(files, 'prod'), 'nosuch', 'k');
  assert.deepEqual([found?.value, found?.place], ['b', 'config:4']);
});

const readings: [title: string, read: () => unknown, value: unknown][] = [
  ['the region of the profile', () => findRegion(prodWith('region = eu-west-1', 'region = eu-west-2')), 'eu-west-1'],
  ['the region of the source', () => findRegion(prodWith('', 'region = eu-west-2')), 'eu-west-2'],
  ['no region', () => findRegion(prodWith('')), undefined],
  ['a duration in seconds', () => findDuration(prodWith('duration_seconds = 3600')), 3600],
  ['a duration in hours', () => findDuration(prodWith('duration_seconds = 12h')), 43_200],
  ['no duration', () => findDuration(prodWith('')), undefined],
  ['mfa_env_save = true', () => prodWith('mfa_env_save = true').save, true],
  ['mfa_env_save = false', () => prodWith('mfa_env_save = false').save, false],
  ['no mfa_env_save', () => prodWith('').save, undefined],
];

for (const [title, read, value] of readings) test(`reads ${title}`, () => assert.equal(read(), value));

const wrong: [title: string, read: () => unknown, message: RegExp][] = [
  [
    'a region that is no name',
    () => findRegion(prodWith('region = eu.example.com')),
    /eu\.example\.com is not a region/,
  ],
  ['a duration that STS refuses', () => findDuration(prodWith('duration_seconds = 899')), /899/],
  ['another mfa_env_save', () => prodWith('mfa_env_save = yes'), /mfa_env_save is true or false, not yes/],
];

for (const [title, read, message] of wrong)
  test(`refuses ${title}, with file and line`, () =>
    assert.throws(read, { message: new RegExp(`^config:2: .*${message.source}`), exitStatus: 1 }));
