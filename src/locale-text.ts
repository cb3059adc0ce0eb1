/** Text for people as the user's locale can show it: ASCII unless the locale is UTF-8. This runs under an old Node too. */

import type { Environment } from './environment.ts';

const replacements: Record<string, string> = {
  '…': '...',
  '█': '#',
  '░': '-',
  '→': '->',
  '·': '-',
  '–': '-',
  '—': '-',
  '×': 'x',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '\u00a0': ' ',
};

/** Whether the locale is UTF-8, by POSIX's rules for LC_CTYPE. Windows has no such variables, and shows all. */
export function isUtf8(env: Environment): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return locale ? /utf-?8/i.test(locale) : env.OS === 'Windows_NT';
}

/** A message as the locale can show it. */
export function toLocale(text: string, env: Environment): string {
  return /^[\x00-\x7f]*$/.test(text) || isUtf8(env) ? text : toAscii(text);
}

/** `...` for `…`, `#` for `█`, `\xNN` for the bytes of characters that have nothing like them in ASCII. */
export function toAscii(text: string): string {
  // A table keeps its columns if there is room for the two more dots.
  const aligned = text.replace(
    /…([^\s…]*)( {3,})/g,
    (_, rest: string, blanks: string) => `...${rest}${blanks.slice(2)}`,
  );
  return aligned.replace(/[^\x00-\x7f]/gu, (character) => replacements[character] ?? toBytes(character));
}

/** JSON that means the same, with `\uNNNN` for what is not ASCII. */
export function toAsciiJson(json: string): string {
  return json.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function toBytes(character: string): string {
  return [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
