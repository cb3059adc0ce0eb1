/** What STS and the network refuse, in the user's words, each with what to do. */

import type { STSServiceException } from '@aws-sdk/client-sts';
import { formatDuration } from './duration.ts';
import { isUserError, UserError } from './errors.ts';
import {
  answerTooLongCode,
  certificateAdvice,
  codeOf,
  isCertificateError,
  isTlsError,
  neverConnected,
  noTls,
  tlsAdvice,
} from './network-errors.ts';
import { defaultRegionOf, isOptInRegion, partitionOfRegion, stsHost } from './partition.ts';
import type { SessionCall } from './sts.ts';
import { bareUrl, quoteOutside } from './visible.ts';

type Call = Pick<
  SessionCall,
  'profileName' | 'source' | 'mfa' | 'role' | 'durationSeconds' | 'region' | 'endpoint' | 'route'
>;

interface Words {
  message: string;
  hint: string;
  codeRefused?: boolean;
  keysRefused?: boolean;
}

const nextCode = 'each code works once: wait for the next one';

// The codes that AWS's SDKs share (@smithy/core, service-error-classification).
const ofThrottling =
  'BandwidthLimitExceeded EC2ThrottledException LimitExceededException PriorRequestNotComplete ' +
  'ProvisionedThroughputExceededException RequestLimitExceeded RequestThrottled RequestThrottledException SlowDown ' +
  'ThrottledException Throttling ThrottlingException TooManyRequestsException TransactionInProgressException';
const ofClock = 'RequestExpired RequestInTheFuture RequestTimeTooSkewed';
const ofSignature = 'InvalidSignatureException SignatureDoesNotMatch';

function isOneOf(codes: string, error: unknown): boolean {
  return codes.split(' ').includes(nameOf(error));
}

/** Whether AWS refused the signature for its time. */
export function isClockRefusal(error: unknown): boolean {
  const isForTime = /^Signature (expired|not yet current)/.test(messageOf(error));
  return isOneOf(ofClock, error) || (isOneOf(ofSignature, error) && isForTime);
}

/** `this machine's clock is 17 minutes behind aws`. @param milliseconds What AWS's clock is ahead; negative where it is behind. */
export function describeOffset(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  const howMuch = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return `this machine's clock is ${howMuch} ${milliseconds > 0 ? 'behind' : 'ahead of'} aws`;
}

/** Whether AWS asks to be called later. */
export function isThrottled(error: unknown): boolean {
  return isOneOf(ofThrottling, error) || statusOf(error) === 429;
}

/** Whether the server failed: a status of 500 and more. */
export function serverFault(error: unknown): boolean {
  return statusOf(error) >= 500;
}

/** Whether the connection was lost before there was an answer. */
export function isUnanswered(error: unknown): boolean {
  return !isUserError(error) && statusOf(error) === 0;
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
      return { message: `${key} has expired`, hint: `put the user's long-lived keys into [${call.source.name}]` };
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

/** The beginning of AWS's text, of which our own words tell. */
const whoMayNot = /^User: \S+ is not authorized to perform: sts:AssumeRole on resource: \S+/;

/** What AWS says of a role, or of the session that wants to assume it. */
function ofRoleRefusal(error: unknown, call: Call & { role: NonNullable<Call['role']> }): Words | undefined {
  const text = messageOf(error);
  const shown = quoteOutside(call.profileName);
  if (/^AccessDenied/.test(nameOf(error)) && !(call.mfa && /^MultiFactorAuthentication failed/.test(text))) {
    const message = `aws does not let the user of ${quoteOutside(call.source.name)} assume ${call.role.arn}`;
    if (text.startsWith('Roles may not be assumed by root')) {
      return {
        message: `${message}: the account's root user can assume no role`,
        hint: 'make a user in IAM who may, and take its keys',
      };
    }
    const reason = outside(text.replace(whoMayNot, ''), call);
    return {
      message: message + (reason && `: ${reason}`),
      hint: reason.includes('explicit deny')
        ? 'ask whoever manages the account: nothing else can allow what is denied so'
        : `the role's trust policy must name the user, and the user's policy the role: check role_arn and external_id of ${shown} too`,
    };
  }
  if (nameOf(error) === 'ValidationError' && text.includes('DurationSeconds exceeds')) {
    const length = formatDuration(call.durationSeconds * 1000);
    return {
      message: text.includes('role chaining')
        ? `aws gives a role one hour at most where a session asks for it, not ${length}`
        : `${call.role.arn} gives no session of ${length}`,
      hint: `ask for less: --duration 1h, or duration_seconds in the profile ${shown}; or raise the role's maximum session duration`,
    };
  }
  const isOfSession = call.source.sessionToken !== undefined;
  if (isOfSession && /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient)/.test(nameOf(error))) {
    return {
      message: `aws does not take the session of ${quoteOutside(call.source.name)} any more`,
      hint: `get another: mfa-env ${shown} CODE`,
    };
  }
  return undefined;
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
      hint: `put aws_secret_access_key into [${call.source.name}] again: it is often cut off when it is copied`,
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
    hint: `put the user's long-lived keys into [${quoteOutside(call.source.name)}]`,
  };
}

// Those that are sent (STS API reference): what else stands in quotes may be a value.
const parameters = 'durationSeconds externalId roleArn roleSessionName serialNumber tokenCode'.split(' ');

function ofValidation(text: string, call: Call): Words {
  const named = parameters.filter((name) => text.includes(`at '${name}'`));
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

function ofServer(error: unknown, call: Call): Words | undefined {
  const status = statusOf(error);
  if (isThrottled(error)) return { message: 'aws sts is asked too often (throttled)', hint: 'try again in a minute' };
  if (status >= 500) {
    return {
      message: `${bareUrl(call.endpoint)} failed with status ${status}`,
      hint: call.mfa ? `try again; ${nextCode}` : 'try again',
    };
  }
  if (status >= 300 && status < 400) {
    const message = `${bareUrl(call.endpoint)} sends elsewhere (status ${status}), which aws sts never does`;
    return { ...ofAnother('', call), message };
  }
  // What is AWS's has the id of the request and a code; gateways and other servers answer with 403 and 404 too.
  const { $metadata, $fault } = error as Partial<STSServiceException>;
  if (status >= 400 && $metadata?.requestId && $fault && nameOf(error) !== 'Unknown') {
    return {
      message: `aws refused: ${outside(`${nameOf(error)}: ${messageOf(error)}`, call)}`,
      hint: 'ask whoever manages the account',
    };
  }
  return status >= 200 ? ofAnother(` (status ${status})`, call) : undefined;
}

/** An answer of somebody else's. */
function ofAnother(what: string, call: Call): Words {
  return {
    message: `what answered at ${bareUrl(call.endpoint)} is not aws sts${what}`,
    hint: `does a hotel, a proxy or a VPN stand in between?${call.mfa ? ` the code may be spent: ${nextCode}` : ''}`,
  };
}

function ofNetwork(error: unknown, call: Call, isConnected: boolean): Words {
  const { proxy, caBundle } = call.route;
  const host = bareUrl(call.endpoint) + (proxy ? `, through the proxy ${bareUrl(proxy.url)},` : '');
  const code = codeOf(error);
  const ofCode = isConnected ? `the code may be spent: ${nextCode}` : 'the code was not sent';
  const fate = call.mfa ? ofCode : 'try again';
  if (isCertificateError(code)) {
    const hint = `${certificateAdvice(caBundle, code)} ${fate}`;
    return { message: `the certificate of ${host} is not to be trusted: ${code}`, hint };
  }
  if (isTlsError(code)) return { message: `${host} ${noTls} (${code})`, hint: `${tlsAdvice} ${fate}` };
  if (code === answerTooLongCode) return ofAnother(': its answer is too long', call);
  if (/^HPE_/.test(code)) return ofAnother(`: its answer is no http (${code})`, call);
  const how = neverConnected[code];
  if (how || !isConnected) {
    const unreached = how ?? `cannot be reached${code ? ` (${code})` : ''}`;
    return { message: `${host} ${unreached}`, hint: `check the network; ${fate}` };
  }
  const isSilent = ['AbortError', 'TimeoutError'].includes(nameOf(error));
  const lost = isSilent ? 'did not answer within 30 s' : `broke the connection${code ? ` (${code})` : ''}`;
  return { message: `${host} ${lost}`, hint: fate };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

function statusOf(error: unknown): number {
  const { $metadata, $response } = error as Partial<STSServiceException>;
  return $metadata?.httpStatusCode ?? $response?.statusCode ?? 0;
}

/** A text of AWS's without the code, whole key ids and the full stop at its end. */
function outside(text: string, call: Call): string {
  const { accessKeyId, secretAccessKey, sessionToken } = call.source;
  const clean = [secretAccessKey, sessionToken, call.mfa?.code]
    .reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, '******') : rest), text)
    .replaceAll(accessKeyId, shortKeyId(accessKeyId))
    .replace(/\b(?:AKIA|ASIA)\w+(\w{4})\b/g, '…$1');
  return quoteOutside(clean.trim().replace(/\.$/, ''));
}

/** The last four characters, where that is not all of it. */
function shortKeyId(accessKeyId: string): string {
  return accessKeyId.length > 8 ? `…${accessKeyId.slice(-4)}` : '…';
}
