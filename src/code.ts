/** What an MFA code looks like. */

import { usage } from './errors.ts';

/**
 * Reads a code as users paste it, with blanks inside.
 *
 * @returns six digits.
 * @throws {UserError} status 2, where it is no code; the message does not show it.
 */
export function parseCode(text: string): string {
  if (!isCode(text)) throw usage('the MFA code is not six digits', 'type the six digits that the device shows now');
  return compactCode(text);
}

/** Whether a text is six digits, with or without blanks. */
export function isCode(text: string): boolean {
  return /^\d{6}$/.test(compactCode(text));
}

/** Drops the blanks. */
export function compactCode(text: string): string {
  return text.replace(/\s+/g, '');
}
