/** What STS and the network refuse, in the user's words, each with what to do. */

import { UserError } from './errors.ts';
import { defaultRegionOf, isOptInRegion, partitionOfRegion, stsHost } from './partition.ts';
import { ofRoleRefusal } from './role-refusals.ts';
import { isClockRefusal, messageOf, nameOf } from './sts-error-kinds.ts';
import { ofNetwork, ofServer } from './sts-failures.ts';
import { type Call, nextCode, outside, shortKeyId, type Words } from './sts-words.ts';
import { asHeader } from './typed.ts';
import { bareUrl, quoteOutside } from './visible.ts';

/** `this machine's clock is 17 minutes behind aws`. @param milliseconds What AWS's clock is ahead; negative where it is behind. */
export function describeOffset(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const howMuch = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return `this machine's clock is ${howMuch} ${milliseconds > 0 ? 'behind' : 'ahead of'} aws`;
}

/**
 * Turns whatever the SDK threw into words; what is already in words stays as it is.
 *
 * @param isConnected Whether a connection came about: only then can the code have been sent.
 */
export function toUserError(error: unknown, call: Call, isConnected: boolean): UserError {
  if (error instanceof UserError) return error;
  const words = ofRefusal(error, call) ?? ofServer(error, call) ?? ofNetwork(error, call, isConnected);
  return new UserError(words.message, { ...words, cause: error });
}

/** STS's refusals by their codes; the texts are AWS's and only told apart where one code has several causes. */
function ofRefusal(error: unknown, call: Call): Words | undefined {
  const text = messageOf(error);
  const ofRole = call.role && ofRoleRefusal(error, { ...call, role: call.role });
  if (ofRole) return ofRole;
  if (isClockRefusal(error)) {
    return {
      message: `aws refused the signature for its time: ${describeClock(text)}`,
      hint: 'set the clock right (timedatectl set-ntp true) and try again',
    };
  }
  const key = `the key ${shortKeyId(call.source.accessKeyId)} of ${quoteOutside(call.source.name)}`;
  switch (nameOf(error)) {
    case 'AccessDenied':
    case 'AccessDeniedException':
      return ofDenial(text, key, call);
    case 'InvalidClientTokenId':
    case 'UnrecognizedClientException':
      if (call.source.accessKeyId.startsWith('ASIA')) return ofSessionKey(key, call);
      return ofUnknownKey(key, call);
    case 'SignatureDoesNotMatch':
    case 'InvalidSignatureException':
      return ofWrongSignature(text, key, call);
    case 'ExpiredToken':
    case 'ExpiredTokenException':
      return {
        message: `${key} has expired`,
        hint: `put the user's long-lived keys into ${asHeader(call.source.name)}`,
      };
    case 'RegionDisabledException':
      return {
        message: `sts is not activated in ${call.region} for this account`,
        hint: `have it activated (IAM, account settings), or ${callElsewhere(call)}`,
      };
    case 'ValidationError':
      return ofValidation(text, call);
    default:
      return undefined;
  }
}

function ofDenial(text: string, key: string, call: Call): Words {
  if (text.includes('must provide both')) {
    return {
      message: 'aws got the MFA device or its code, but not both',
      hint: 'does a proxy stand in between, which changes what is sent?',
    };
  }
  if (text.includes('MultiFactorAuthentication')) {
    const user = /^(arn:[^:]*:iam::\d*:)user\/(.+)$/.exec(call.mfa?.serial ?? '');
    if (user) {
      return {
        message: `${call.mfa?.serial} names a user, not an MFA device`,
        hint: `the device of that user is mostly called ${user[1]}mfa/${user[2]}`,
      };
    }
    // AWS's two texts do not separate a wrong code from a wrong device: name both.
    return {
      message: `aws refused the MFA code for ${quoteOutside(call.profileName)}: wrong, used before, or not of ${call.mfa?.serial}`,
      hint: `${nextCode}; if that fails too, check that this is the user's device, and the time on it`,
      codeRefused: true,
    };
  }
  if (text.includes('session credentials')) return ofSessionKey(key, call);
  return { message: `aws denies it: ${outside(text, call)}`, hint: 'ask whoever manages the account' };
}

function ofUnknownKey(key: string, call: Call): Words {
  const isOptIn = isOptInRegion(call.region);
  const ofRegion = isOptIn ? `${call.region} may not be enabled for this account; or ` : '';
  const again = `make a new access key and put it into [${call.source.name}]`;
  return {
    message: `aws does not know ${key}: ${ofRegion}it was deleted, is inactive, or is of another partition`,
    hint: isOptIn ? `have the region enabled, or ${callElsewhere(call)}; else ${again}` : again,
    keysRefused: true,
  };
}

/** A signature is wrong by the secret alone where AWS has come to compare it. */
function ofWrongSignature(text: string, key: string, call: Call): Words {
  if (text.startsWith('The request signature we calculated does not match')) {
    return {
      message: `the secret of ${key} is wrong`,
      hint: `put aws_secret_access_key into ${asHeader(call.source.name)} again: it is often cut off when it is copied`,
      keysRefused: true,
    };
  }
  if (text.includes('scoped to a valid region')) {
    return {
      message: `the sts at ${bareUrl(call.endpoint)} is of another region than ${call.region}, for which the call was signed`,
      hint: "name that sts's region: --region, or region in the profile",
    };
  }
  return {
    message: `aws refused the signature: ${outside(text, call)}`,
    hint: 'does a proxy stand in between that changes what is sent?',
  };
}

/** The way to the STS that every account has, which leaves the exported region as it is. */
function callElsewhere({ region }: Call): string {
  const other = defaultRegionOf(partitionOfRegion(region));
  return `call another region's: --endpoint-url https://${stsHost(other, { fips: false, dualStack: false })}`;
}

function ofSessionKey(key: string, call: Call): Words {
  return {
    message: `${key} belongs to a session, and aws gives sessions to long-lived keys alone`,
    hint: `put the user's long-lived keys into ${asHeader(call.source.name)}`,
  };
}

// Those that are sent (STS API reference): what else stands in quotes may be a value.
const parameters =
  'durationSeconds externalId roleArn roleSessionName serialNumber sourceIdentity tags tokenCode transitiveTagKeys'.split(
    ' ',
  );

function ofValidation(text: string, call: Call): Words {
  const named = parameters.filter((name) => new RegExp(`at '${name}['.]`).test(text));
  return {
    message: `aws refused a value: ${named.join(', ') || outside(text, call)}`,
    hint: call.mfa ? `check the device ${call.mfa.serial} and the duration` : 'check the role and the duration',
  };
}

/** What AWS's text says of this machine's clock: `Signature expired: OURS is now earlier than … (THEIRS - 15 min.)`. */
function describeClock(text: string): string {
  const [ours, theirs] = [/: (\d{8}T\d{6}Z) is /, /\((\d{8}T\d{6}Z) [-+]/].map((form) =>
    parseBasicTime(form.exec(text)?.[1]),
  );
  return ours && theirs ? describeOffset(theirs - ours) : "this machine's clock is off";
}

/** @returns milliseconds, for a time such as `20261124T160000Z`. */
function parseBasicTime(text = ''): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}
