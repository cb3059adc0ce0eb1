/** What an MFA code looks like, however it was typed or pasted, and when the device shows the next one. */

import { usage } from './errors.ts';

/** RFC 6238, as AWS's virtual devices do it: steps begin at multiples of 30 s of Unix time. */
const stepMilliseconds = 30_000;

/** Longer texts are not codes. They are not searched for what could be removed. */
const longestText = 1024;

// What terminals put around a paste (xterm, bracketed paste), with or without the beginning that something else has read.
// A marker that a line end cut off is the last thing on its line.
const pasteMarkers = /(?:(?:\x1b?\[|\x9b)?2|^)0[01]~|^[01]?~|\x1b(?:\[(?:20?[01]?)?)?$/g;

// Blanks, and characters that have no width or only say how others look.
const unseen = /[\p{White_Space}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

const digit = /\p{Nd}/u;

/**
 * Reads a code as users paste it: with blanks, invisible characters, paste markers, and the digits of any script.
 *
 * @returns six digits.
 * @throws {UserError} status 2 if it is not a code; the message does not show it.
 */
export function parseCode(text: string): string {
  if (!isCode(text)) throw usage('the MFA code is not six digits', 'type the six digits that the device shows now');
  return cleanCode(text);
}

/** Whether a text is six digits once it has been cleaned. */
export function isCode(text: string): boolean {
  return /^\d{6}$/.test(cleanCode(text));
}

/** Removes blanks, invisible characters and paste markers, and writes the digits of all scripts as 0 to 9. */
export function cleanCode(text: string): string {
  if (text.length > longestText) return text;
  return text
    .replace(pasteMarkers, '')
    .replace(unseen, '')
    .replace(/(?!\d)\p{Nd}/gu, toAsciiDigit);
}

/** Unicode has each script's digits in order, ten in a run that begins with its zero; runs may touch each other. */
function toAsciiDigit(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  let before = 0;
  while (digit.test(String.fromCodePoint(point - before - 1))) before += 1;
  return String(before % 10);
}

/** The time until a device shows its next code: 1 to 30 whole seconds. */
export function secondsToNextStep(now: Date): number {
  return Math.ceil((stepMilliseconds - (now.getTime() % stepMilliseconds)) / 1000);
}
