/** Fresh identifiers and secrets in the shapes that AWS gives them. */
import { randomBytes, randomInt } from 'node:crypto';

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const digits = '0123456789';

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** Draws 12 digits; the first may be 0, as in real accounts. */
export function randomAccount(): string {
  return randomText(12, digits);
}

/** Draws six digits, no one's code in particular. */
export function randomCode(): string {
  return randomText(6, digits);
}

/**
 * Draws a unique id of 20 characters.
 *
 * @param prefix what it names: AKIA a long-lived key, ASIA a session's key, AIDA a user, AROA a role
 *   (IAM user guide, "Unique identifiers").
 */
export function randomId(prefix: 'AKIA' | 'ASIA' | 'AIDA' | 'AROA'): string {
  return prefix + randomText(16, `${capitals}234567`);
}

/** Draws a secret access key: 40 characters of `A-Za-z0-9/+`. */
export function randomSecret(): string {
  return randomText(40, `${capitals}${capitals.toLowerCase()}${digits}/+`);
}

/** Draws a session token: 308 or 312 characters of base64 with a `+` and a `/`, and padding at its end. */
export function randomToken(): string {
  // Neither 230 nor 232 is a multiple of three: the one leaves `=`, the other `==`.
  const token = randomBytes(230 + 2 * randomInt(2)).toString('base64');
  return token.includes('+') && token.includes('/') ? token : randomToken();
}
