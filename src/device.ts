/** What can be an MFA device, and which one a user mostly has. */

import { usage } from './errors.ts';

/** The device's ARN or serial number, by the pattern of STS's API reference. */
const form = /^[\w+=/:,.@-]{9,256}$/;

/**
 * Checks that a text can be a device that gives codes.
 *
 * @throws {UserError} status 2, saying what it is instead.
 */
export function checkDevice(text: string): string {
  if (!form.test(text)) {
    throw usage('that is neither an ARN nor a serial number', 'such as arn:aws:iam::111122223333:mfa/NAME');
  }
  if (/^arn:[^:]*:iam::\d*:u2f\//.test(text)) {
    throw usage(
      'that is a security key (FIDO), which gives no codes',
      'add an authenticator app to the user as a second device, and name that one',
    );
  }
  const user = /^(arn:[^:]*:iam::\d*:)user\/(?:.*\/)?([^/]+)$/.exec(text);
  if (user) {
    throw usage(
      'that names a user, not an MFA device',
      `the device of that user is mostly called ${user[1]}mfa/${user[2]}`,
    );
  }
  if (text.startsWith('arn:') && !/^arn:[^:]*:iam::\d*:mfa\//.test(text)) {
    throw usage('that ARN is of no MFA device', 'such as arn:aws:iam::111122223333:mfa/NAME');
  }
  return text;
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
