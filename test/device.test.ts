import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDevice, likelyDevice } from '../src/device.ts';

const likely: [identity: string, device: string | undefined][] = [
  ['arn:aws:iam::111122223333:user/ana', 'arn:aws:iam::111122223333:mfa/ana'],
  ['arn:aws:iam::111122223333:user/teams/eu/ana', 'arn:aws:iam::111122223333:mfa/ana'],
  ['arn:aws-cn:iam::111122223333:user/ana@example.com', 'arn:aws-cn:iam::111122223333:mfa/ana@example.com'],
  ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:mfa/root-account-mfa-device'],
  ['arn:aws:sts::111122223333:assumed-role/deploy/ana', undefined],
];

for (const [identity, device] of likely)
  test(`the device of ${identity} is mostly ${device}`, () => assert.equal(likelyDevice(identity), device));

const devices = ['arn:aws:iam::111122223333:mfa/ana', 'arn:aws:iam::111122223333:mfa/teams/ana', 'GAHT12345678'];

for (const device of devices) test(`${device} is a device`, () => assert.equal(checkDevice(device), device));

const others: [text: string, message: RegExp, hint?: RegExp][] = [
  ['', /neither an ARN nor a serial number/],
  ['123456', /neither an ARN nor a serial number/],
  ['a device with blanks', /neither an ARN nor a serial number/],
  ['arn:aws:iam::111122223333:u2f/user/ana/key', /security key \(FIDO\)/],
  ['arn:aws:iam::111122223333:user/ana', /names a user/, /called arn:aws:iam::111122223333:mfa\/ana$/],
  ['arn:aws:iam::111122223333:user/teams/ana', /names a user/, /called arn:aws:iam::111122223333:mfa\/ana$/],
  ['arn:aws:iam::111122223333:role/admin', /of no MFA device/],
];

for (const [text, message, hint = /./] of others)
  test(`"${text}" is no device`, () => assert.throws(() => checkDevice(text), { message, hint, exitStatus: 2 }));
