/** The MFA device: what can be one, which one a user mostly has, and which one a profile has. */

import { UserError, usage } from './errors.ts';
import { partitionOfArn } from './partition.ts';
import { findDevice, type Profile } from './settings.ts';
import { asHeader, asWord } from './typed.ts';
import { quoteOutside } from './visible.ts';

/** The device's ARN or serial number, by the pattern of STS's API reference. */
const form = /^[\w+=/:,.@-]{9,256}$/;
const longest = 256;

interface DeviceFault {
  /** What stands behind the text or `that`. */
  what: string;
  hint: string;
}

const several = /^[^,;\s]+(?:[,;\s]+(?:arn:[^,;\s]+|[A-Z\d]{9,}))+$/;

/** Why a text can be no device that gives codes. */
function findDeviceFault(text: string): DeviceFault | undefined {
  // A comma may be a part of a device's name, but not of a serial number, and nothing in a name looks like an ARN.
  if (text.startsWith('arn:') ? /[,;\s]arn:/.test(text) : several.test(text)) {
    return { what: 'names more than one device', hint: 'name only the device that shows the codes you type' };
  }
  if (text.length > longest) {
    return {
      what: `has ${text.length} characters, and AWS takes at most ${longest}`,
      hint: 'copy the ARN again: aws iam list-mfa-devices shows it',
    };
  }
  if (!form.test(text)) {
    const isArn = text.startsWith('arn:');
    return {
      what: isArn ? 'has characters that no device has' : 'is neither an ARN nor a serial number',
      hint: 'a device is the number on it, or an ARN such as arn:aws:iam::111122223333:mfa/NAME',
    };
  }
  if (!text.startsWith('arn:')) return undefined;
  if (/^arn:[^:]*:iam::[^:]*:[\w-]*mfa\//.test(text)) return findArnFault(text);
  if (/^arn:[^:]*:iam::\d*:u2f\//.test(text)) {
    return {
      what: 'is a security key (FIDO), which gives no codes',
      hint: 'add an authenticator app to the user as a second device, and name that one',
    };
  }
  const user = /^(arn:[^:]*:iam::\d*:)user\/(?:.*\/)?([^/]+)$/.exec(text);
  if (user) {
    return {
      what: 'names a user, not an MFA device',
      hint: `the device of that user is mostly called ${user[1]}mfa/${user[2]}`,
    };
  }
  return { what: 'is the ARN of no MFA device', hint: 'such as arn:aws:iam::111122223333:mfa/NAME' };
}

function findArnFault(arn: string): DeviceFault | undefined {
  const hint = 'copy the ARN again, such as arn:aws:iam::111122223333:mfa/NAME';
  if (!partitionOfArn(arn)) return { what: 'names a partition that mfa-env does not know', hint };
  if (!/^arn:[^:]*:iam::\d{12}:/.test(arn)) return { what: 'has an account ID that is not 12 digits', hint };
  return arn.endsWith('/') ? { what: 'has no device name', hint } : undefined;
}

/**
 * Checks that a text can be a device that gives codes.
 *
 * @throws {UserError} status 2, saying what it is instead.
 */
export function checkDevice(text: string): string {
  const fault = findDeviceFault(text);
  if (fault) throw usage(`that ${fault.what}`, fault.hint);
  return text;
}

/**
 * The ARN or serial number of a profile's device.
 *
 * @param asked `--serial`.
 * @throws {UserError} where there is none, it is malformed, or it is of a kind that gives no codes.
 */
export function requireDevice(profile: Profile, asked?: string): string {
  const found = asked === undefined ? findDevice(profile) : undefined;
  const serial = asked ?? found?.value;
  if (serial === undefined) {
    const name = quoteOutside(profile.name);
    throw new UserError(`${name} has no MFA device`, {
      hint: () =>
        profile.faultyHeader() ??
        `add a line to ${asHeader(profile.name)} in ${asWord(profile.credentialsPath)}: aws_arn_mfa = arn:aws:iam::111122223333:mfa/NAME`,
    });
  }
  const fault = findDeviceFault(serial);
  if (fault)
    throw new UserError(`${found?.place ?? '--serial'}: ${quoteOutside(serial)} ${fault.what}`, { hint: fault.hint });
  return serial;
}

/** Whether keys are those of an account's root user. */
export function isRoot(identity: string): boolean {
  return identity.endsWith(':root');
}

/**
 * The device that a user mostly has: the console proposes the user's name, and names root's devices itself.
 *
 * @param identity The user's ARN, as GetCallerIdentity gives it.
 * @returns nothing where it is no user's.
 */
export function likelyDevice(identity: string): string | undefined {
  const [, account, root, name] = /^(arn:[\w-]+:iam::\d{12}:)(?:(root)|user\/(?:.*\/)?([^/]+))$/.exec(identity) ?? [];
  if (!account) return undefined;
  return `${account}mfa/${root ? 'root-account-mfa-device' : name}`;
}
