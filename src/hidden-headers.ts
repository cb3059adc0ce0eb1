/**
 * Finds the section headers that damage in an AWS file hides, so that a profile is never read without its section.
 *
 * Such files come from a missing line end before `cat >>`, from PowerShell's UTF-16, from editors that write a byte order mark:
 * - a header after a value, a comment or another header in the same line (`source_profile = me[profile prod]`);
 * - a header after blanks, a byte order mark, NUL bytes or a carriage return that ends no line;
 * - a header with odd characters around its name (`[profile prod]]`, a no-break space after `profile`).
 *
 * Text is latin1, one character a byte. Headers inside comments do not count, unless lines of a section follow one.
 */

import type { Fault } from './fault.ts';
import { isIdentityKey } from './identity-keys.ts';
import { byteOrderMark } from './odd-bytes.ts';
import { type AwsFileKind, isProfileName, readTitle } from './section-title.ts';

// The last brackets of a line. A title of over 256 bytes names no profile that anyone has.
const lastBrackets = /\[([^[\]\n]{1,256})\][ \t]*(?:[#;][^\n]*)?[ \t\r\0]*(?=\n|$)/y;

/** Finds headers that are not at the start of their line, in linear time. */
export function findHiddenHeaders(kind: AwsFileKind, text: string): Fault[] {
  const faults: Fault[] = [];
  for (let at = text.indexOf('['); at !== -1; at = text.indexOf('[', at)) {
    const isLineStart = at === 0 || text.charCodeAt(at - 1) === 0x0a;
    lastBrackets.lastIndex = at;
    const [whole, title] = (isLineStart ? null : lastBrackets.exec(text)) ?? [];
    if (title !== undefined) faults.push(...readHiddenHeader(kind, text, at, title));
    at += whole?.length ?? 1;
  }
  return faults;
}

/** @param at Where the header's bracket is; it is not the first character of its line. */
function readHiddenHeader(kind: AwsFileKind, text: string, at: number, titleBytes: string): Fault[] {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const ofLine = text.slice(lineStart, at);
  // For some tools a carriage return ends a line.
  const before = ofLine.slice(ofLine.lastIndexOf('\r') + 1);
  const title = titleBytes.replaceAll('\0', '').trim();
  const { name } = readTitle(kind, title);
  const fault = (message: string, hint: string): Fault => ({ message, hint, offset: lineStart, profile: name });
  if (isUnseen(before)) {
    if (name === undefined) return [];
    const [message, hint] = describeBefore(ofLine, title);
    return [fault(message, hint)];
  }
  const ownLine = `write [${title}] in a line of its own`;
  if (/(^|[ \t\]])[#;]/.test(before)) {
    const isGlued = !/[ \t#;]$/.test(before) && name !== undefined && isFollowedBySection(kind, text, at);
    return isGlued ? [fault(`the header [${title}] follows a comment in the same line`, ownLine)] : [];
  }
  const isHeader = /^(?:default|(?:profile|sso-session|services)[ \t]+.+)$/.test(title);
  const isGluedName = kind === 'credentials' && name !== undefined && !/[ \t]$/.test(before);
  if (!isHeader && !isGluedName) return [];
  const faults = [fault(`the header [${title}] follows other text in the same line`, ownLine)];
  const first = /^\[([^\]]*)\]/.exec(before)?.[1];
  const firstName = first === undefined ? undefined : readTitle(kind, first.trim()).name;
  return firstName === undefined ? faults : [...faults, { ...faults[0], profile: firstName } as Fault];
}

function describeBefore(bytes: string, title: string): [message: string, hint: string] {
  if (bytes.includes(byteOrderMark))
    return [`a byte order mark hides the header [${title}]`, 'save the file again as UTF-8 without BOM'];
  if (bytes.includes('\0') || bytes.includes('\xff\xfe'))
    return [`UTF-16 hides the header [${title}]`, 'save the file again as UTF-8'];
  if (bytes.includes('\r'))
    return [`a carriage return alone hides the header [${title}]`, 'save the file again with line ends of LF or CRLF'];
  return [`the header [${title}] is indented`, 'remove the blanks before it'];
}

/** Whether nothing of a text can be seen: blanks of any alphabet, controls, marks, halves of UTF-16. */
function isUnseen(bytes: string): boolean {
  return bytes.length < 64 && /^[\s\p{C}\p{Z}\ufffd]*$/u.test(Buffer.from(bytes, 'latin1').toString('utf8'));
}

/** Whether the next line is a property, so that the header was meant to be one. In the credentials file comments may end in `[1]`. */
function isFollowedBySection(kind: AwsFileKind, text: string, at: number): boolean {
  const next = text.indexOf('\n', at) + 1;
  const key = /^\s*([a-z_]+)[ \t]*=/i.exec(next === 0 ? '' : text.slice(next, next + 128))?.[1]?.toLowerCase();
  return key !== undefined && (kind === 'config' || isIdentityKey(key));
}

/**
 * The fault of a header at the start of its line that names no profile, if it was meant to.
 *
 * @param title The text between the brackets; undefined if the line does not end with `]`.
 * @param line The whole line.
 */
export function findDamagedHeader(
  kind: AwsFileKind,
  line: string,
  title: string | undefined,
  offset: number,
): Fault | undefined {
  const decoded = Buffer.from(title ?? line.slice(1).replace(/\].*/s, ''), 'latin1').toString('utf8');
  const [first = '', ...rest] = decoded
    .replaceAll('\0', '')
    .split(/[\s\p{C}\p{Z}\ufffd[\]"'`“”‘’«»#;,=<>(){}|!?*^~&$\\]+/u)
    .filter(Boolean);
  // The AWS CLI takes any first word that begins so.
  const isPrefixed = kind === 'config' && first.startsWith('profile');
  const words = isPrefixed ? rest : [first, ...rest].filter(Boolean);
  const [name = ''] = words;
  const hint = 'fix the header: AWS tools disagree about it';
  if (title === undefined) {
    const message = "a profile definition must end with ']'";
    if (words.length === 1 && isProfileName(name)) return { message, hint, offset, profile: name };
    return { message, hint, offset, hidesAny: words.length === 0 };
  }
  if (words.length === 0 && (first === '' || first === 'profile'))
    return { message: 'a section header has no name', hint, offset, hidesAny: true };
  return words.length === 1 && isProfileName(name) && (kind === 'credentials' || isPrefixed)
    ? { message: `odd characters in the header of ${name}`, hint, offset, profile: name }
    : undefined;
}
