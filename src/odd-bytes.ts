/** Bytes that no sound AWS file has. Text is latin1, one character a byte. */

import type { Fault } from './fault.ts';

/** U+FEFF in UTF-8. */
export const byteOrderMark = '\xef\xbb\xbf';

/** Finds a byte that makes the rest of a file uncertain: a byte order mark, a NUL, a carriage return that ends no line. */
export function findOddByte(text: string): Fault | undefined {
  if (text.startsWith(byteOrderMark)) {
    const hint = 'save the file again as UTF-8 without BOM (vim: :set nobomb, then :wq)';
    return { message: 'the file begins with a byte order mark', offset: 0, hint };
  }
  const zero = text.indexOf('\0');
  if (zero !== -1) {
    const isUtf16 = /^(?:\xff\xfe|\xfe\xff)|(?:[\x01-\x7f]\0){4}|(?:\0[\x01-\x7f]){4}/.test(text);
    return isUtf16
      ? {
          message: 'there is UTF-16 text, as PowerShell 5 writes it',
          offset: lineStart(text, zero),
          hint: 'save it again as UTF-8 text',
        }
      : { message: 'there is a NUL byte', offset: lineStart(text, zero), hint: 'save it again as UTF-8 text' };
  }
  const carriageReturn = /\r(?!\n)/.exec(text);
  if (!carriageReturn) return undefined;
  return {
    message: 'there is a carriage return that ends no line',
    offset: lineStart(text, carriageReturn.index),
    hint: 'save the file again with line ends of LF or CRLF',
  };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}
