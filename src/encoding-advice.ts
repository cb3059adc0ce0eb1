/** What to type against a byte order mark, UTF-16, NUL bytes and lone carriage returns in an AWS file. */

import { getuid } from 'node:process';
import { quotePath } from './doctor/quoted.ts';
import { byteOrderMark } from './odd-bytes.ts';

interface EncodedFile {
  path: string;
  /** One character a byte. */
  text: string;
}

/**
 * The command that makes UTF-8 with line ends of LF or CRLF out of a file. The file's mode stays.
 *
 * @returns a hint; `undefined` if no such byte is in the file.
 */
export function adviseEncoding({ path, text }: EncodedFile): string | undefined {
  const found = findRemedy(text);
  if (!found) return undefined;
  const [what, filter] = found;
  const file = quotePath(path);
  // There is no tr, and PowerShell 5 writes a byte order mark of its own with -Encoding utf8.
  if (getuid === undefined) return `${what}, in PowerShell: [IO.File]::WriteAllLines(${file}, (Get-Content ${file}))`;
  const draft = quotePath(`${path}.new`);
  return `${what}: cp -p ${file} ${draft} && ${filter(file)} > ${draft} && mv ${draft} ${file}`;
}

type Remedy = [what: string, filter: (file: string) => string];

function findRemedy(text: string): Remedy | undefined {
  if (text.includes('\0')) {
    // UTF-8 has no bytes 376 and 377, with which UTF-16 begins.
    const isAscii = /^[\0-\x7f\xfe\xff]*$/.test(text);
    if (!isAscii && /^(?:\xff\xfe|\xfe\xff)/.test(text)) {
      return ['convert it to UTF-8', (file) => `iconv -f UTF-16 -t UTF-8 ${file}`];
    }
    return ['convert it to UTF-8', (file) => `env LC_ALL=C tr -d '\\000\\376\\377' < ${file}`];
  }
  if (text.startsWith(byteOrderMark)) return ['save it as UTF-8 without BOM', (file) => `tail -c +4 ${file}`];
  return /\r(?!\n)/.test(text) ? ['convert its line ends', (file) => `tr '\\r' '\\n' < ${file}`] : undefined;
}
