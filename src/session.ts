/** What a session is, when values can be one, and how long it lives. */

/** What STS gives. */
export interface Session {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAt: Date;
}

/**
 * Longer secrets and tokens are refused: with them in its environment a shell could start nothing any more (on Linux a
 * variable has 128 KB at most). AWS's tokens have less than 4 KB.
 */
export const longestValue = 16_384;

/** How each part must look before it is used, saved or printed. */
const forms = {
  // AWS's own pattern, its length left wider.
  accessKeyId: /^\w{4,128}$/,
  secretAccessKey: /^[\x21-\x7e]+$/,
  sessionToken: /^[\x21-\x7e]+$/,
} as const;

/** The keys that hold a session in a section of the credentials file. */
export const sessionKeys = [
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'x_security_token_expires',
] as const;

/** Whether a value may be what it is said to be. */
export function isWellFormed(part: keyof typeof forms, value: string): boolean {
  return value.length <= longestValue && forms[part].test(value);
}

const isoDate = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?([Zz]|[+-]\d\d:?\d\d)$/;

/** Reads an ISO 8601 time with a zone, whole seconds; nothing for another form or a day that no month has. */
export function parseExpiry(text: string): Date | undefined {
  const [, day, time, zone] = isoDate.exec(text) ?? [];
  if (!day || !time || !zone) return undefined;
  const utc = new Date(`${day}T${time}Z`);
  // 30 February is taken for 2 March.
  if (utc.getUTCDate() !== Number(day.slice(-2))) return undefined;
  if (zone === 'Z') return utc;
  const date = new Date(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** `2026-11-24T16:00:00Z`: UTC, no fraction. `toISOString` would cost a start-up 0.7 ms more. */
export function formatExpiry(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [String(date.getUTCFullYear()).padStart(4, '0'), two(date.getUTCMonth() + 1), two(date.getUTCDate())];
  const time = [two(date.getUTCHours()), two(date.getUTCMinutes()), two(date.getUTCSeconds())];
  return `${day.join('-')}T${time.join(':')}Z`;
}

/** Whether an ID belongs to a long-term key: users' IDs begin with AKIA, sessions' with ASIA (IAM's table of unique ID prefixes). */
export function isLongLivedId(accessKeyId: string): boolean {
  return accessKeyId.startsWith('AKIA');
}

/** The session that a section holds; nothing where a part is missing, malformed or a long-lived key's. */
export function readSavedSession(values: { get(key: string): { value: string } | undefined }): Session | undefined {
  const accessKeyId = values.get('aws_access_key_id')?.value;
  const secretAccessKey = values.get('aws_secret_access_key')?.value;
  const sessionToken = values.get('aws_session_token')?.value;
  const expiresAt = parseExpiry(values.get('x_security_token_expires')?.value ?? '');
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiresAt || isLongLivedId(accessKeyId)) return undefined;
  const session = { accessKeyId, secretAccessKey, sessionToken, expiresAt };
  const parts = Object.keys(forms) as (keyof typeof forms)[];
  return parts.every((part) => isWellFormed(part, session[part])) ? session : undefined;
}

/** The time that a session has left, in milliseconds; negative once it has expired. */
export function timeLeft(session: Session, now: Date): number {
  return session.expiresAt.getTime() - now.getTime();
}
