/** What AWS asks of a signed request beside the signature: its scope, its date, and the headers that it covers. */
import { refuse } from './answers.ts';
import type { Authorization, HttpRequest } from './signature.ts';

const windowMilliseconds = 15 * 60_000;

/** How the regions outside `aws` begin (botocore, partitions.json). */
const partitions: [start: string, partition: string][] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** Refuses a scope of another service or day or of no region, and headers left unsigned that have to be signed. */
export function checkScope({ headers }: HttpRequest, { signedHeaders, service, region, date }: Authorization): void {
  const amzDate = String(headers['x-amz-date'] ?? '');
  const token = headers['x-amz-security-token'] === undefined ? [] : ['x-amz-security-token'];
  const unsigned = ['host', 'x-amz-date', ...token].find((name) => !signedHeaders.includes(name));
  if (unsigned) throw mismatch(`'${unsigned}' must be a 'SignedHeader' in the AWS Authorization.`);
  if (service !== 'sts') throw mismatch("Credential should be scoped to correct service: 'sts'. ");
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d$/.test(region)) {
    throw mismatch(`Credential should be scoped to a valid region, not '${region}'. `);
  }
  if (date === amzDate.slice(0, 8)) return;
  const difference = `'${date}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`;
  throw mismatch(
    `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ${difference}`,
  );
}

/** Refuses an X-Amz-Date that is malformed, or more than 15 minutes from the server's clock. */
export function checkDate(amzDate: string, now: Date): void {
  const signedAt = Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(signedAt)) {
    throw refuse('IncompleteSignature', `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`, 400);
  }
  const earliest = new Date(now.getTime() - windowMilliseconds);
  const latest = new Date(now.getTime() + windowMilliseconds);
  if (signedAt < earliest.getTime()) {
    const window = `${basicFormat(earliest)} (${basicFormat(now)} - 15 min.)`;
    throw mismatch(`Signature expired: ${amzDate} is now earlier than ${window}`);
  }
  if (signedAt > latest.getTime()) {
    const window = `${basicFormat(latest)} (${basicFormat(now)} + 15 min.)`;
    throw mismatch(`Signature not yet current: ${amzDate} is still later than ${window}`);
  }
}

/** Names the partition that a region belongs to. */
export function partitionOf(region: string): string {
  return partitions.find(([start]) => region.startsWith(start))?.[1] ?? 'aws';
}

function mismatch(message: string): Error {
  return refuse('SignatureDoesNotMatch', message);
}

function basicFormat(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, '');
}
