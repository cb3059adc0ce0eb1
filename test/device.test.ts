import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDevice, likelyDevice, requireDevice } from '../src/device.ts';
import { readProfile } from '../src/profile.ts';
import { filesOf } from './temp-folder.ts';

const likely: [identity: string, device: string | undefined][] = [
  ['arn:aws:iam::111122223333:user/ana', 'arn:aws:iam::111122223333:mfa/ana'],
  ['arn:aws:iam::111122223333:user/teams/eu/ana', 'arn:aws:iam::111122223333:mfa/ana'],
  ['arn:aws-cn:iam::111122223333:user/ana@example.com', 'arn:aws-cn:iam::111122223333:mfa/ana@example.com'],
  ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:mfa/root-account-mfa-device'],
  ['arn:aws:sts::111122223333:assumed-role/deploy/ana', undefined],
];

for (const [identity, device] of likely)
  test(`the device of ${identity} is mostly ${device}`, () => assert.equal(likelyDevice(identity), device));

const devices = [
  'arn:aws:iam::111122223333:mfa/ana',
  'arn:aws:iam::111122223333:mfa/teams/ana',
  'arn:aws-cn:iam::111122223333:mfa/a,b',
  'GAHT12345678',
];

for (const device of devices) test(`${device} is a device`, () => assert.equal(checkDevice(device), device));

const others: [text: string, message: RegExp, hint?: RegExp][] = [
  ['', /neither an ARN nor a serial number/],
  ['123456', /neither an ARN nor a serial number/],
  ['a device with blanks', /neither an ARN nor a serial number/],
  ['arn:aws:iam::111122223333:u2f/user/ana/key', /security key \(FIDO\)/],
  ['arn:aws:iam::111122223333:user/ana', /names a user/, /called arn:aws:iam::111122223333:mfa\/ana$/],
  ['arn:aws:iam::111122223333:user/teams/ana', /names a user/, /called arn:aws:iam::111122223333:mfa\/ana$/],
  ['arn:aws:iam::111122223333:role/admin', /of no MFA device/],
  ['arn:aws:iam::111122223333:root', /of no MFA device/],
  ['arn:aws:iam::111122223333:group/ana', /of no MFA device/],
  ['arn:aws:sts::111122223333:assumed-role/deploy/ana', /of no MFA device/],
  ['arn:aws:iam::111122223333:mfa/a,arn:aws:iam::111122223333:mfa/b', /more than one device/],
  ['arn:aws:iam::111122223333:mfa/a, arn:aws:iam::111122223333:mfa/b', /more than one device/],
  ['arn:aws:iam::111122223333:mfa/a arn:aws:iam::111122223333:mfa/b', /more than one device/],
  ['GAHT12345678,arn:aws:iam::111122223333:mfa/b', /more than one device/],
  ['GAHT12345678;GAHT12345679', /more than one device/],
  [`arn:aws:iam::111122223333:mfa/${'a'.repeat(300)}`, /has 330 characters, and AWS takes at most 256/],
  ['arn:aws:iam::111122223333:mfa/jürgen', /characters that no device has/],
  ['arn:aws-xx:iam::111122223333:mfa/ana', /partition that mfa-env does not know/],
  ['arn:aws:iam::1111:mfa/ana', /account ID that is not 12 digits/],
  ['arn:aws:iam::111122223333:mfa/', /no device name/],
];

for (const [text, message, hint = /./] of others)
  test(`"${text}" is no device`, () => assert.throws(() => checkDevice(text), { message, hint, exitStatus: 2 }));

const missing: [title: string, credentials: string, config: string, hint: RegExp][] = [
  ['the line to add', '[prod]\n', '', /^add a line to \[prod\] in credentials: aws_arn_mfa = arn:/],
  ['a faulty header, below which it may stand', '[prod]\n', '\n[profile prdo\n', /^config:2: .* must end with '\]'$/],
  ['an indented header', '[prod]\n[stage]\n\t[prdo]\n', '', /^credentials:3: the header \[prdo\] is indented$/],
];

for (const [title, credentials, config, hint] of missing)
  test(`the hint for a profile without a device is ${title}`, () => {
    const profile = readProfile(filesOf(credentials, config), 'prod');
    assert.throws(() => requireDevice(profile), { message: 'prod has no MFA device', hint, exitStatus: 1 });
  });
