/** What kind of error the SDK threw: whether the call may be made again, and what AWS calls it. */

import type { STSServiceException } from '@aws-sdk/client-sts';
import { isUserError } from './errors.ts';

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

/** Whether it is AWS's: it has the id of the request and a code. Gateways and other servers answer with 403 and 404 too. */
export function isOfAws(error: unknown): boolean {
  const { $metadata, $fault } = error as Partial<STSServiceException>;
  return $metadata?.requestId !== undefined && $fault !== undefined && nameOf(error) !== 'Unknown';
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

export function statusOf(error: unknown): number {
  const { $metadata, $response } = error as Partial<STSServiceException>;
  return $metadata?.httpStatusCode ?? $response?.statusCode ?? 0;
}
