/** What to type against a byte order mark, UTF-16, NUL bytes and lone carriage returns in an AWS file. */

import { getuid } from 'node:process';
import { byteOrderMark } from './odd-bytes.ts';
import { asCommand, pathWord, typed } from './typed.ts';

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
  const file = pathWord(path);
  // There is no tr, and PowerShell 5 writes a byte order mark of its own with -Encoding utf8.
  if (getuid === undefined)
    return `${what}, in PowerShell: ${asCommand(typed`[IO.File]::WriteAllLines(${file}, (Get-Content ${file}))`, 'pwsh')}`;
  const draft = `${file}.new`;
  const steps = [typed`cp -p ${file} ${draft}`, `${filter}${typed`${file} > ${draft}`}`, typed`mv ${draft} ${file}`];
  return `${what}: ${asCommand(steps.join(' && '))}`;
}

/** The filter stands before the name of the file. */
type Remedy = [what: string, filter: string];

function findRemedy(text: string): Remedy | undefined {
  if (text.includes('\0')) {
    // UTF-8 has no bytes 376 and 377, with which UTF-16 begins.
    const isAscii = /^[\0-\x7f\xfe\xff]*$/.test(text);
    if (!isAscii && /^(?:\xff\xfe|\xfe\xff)/.test(text)) {
      return ['convert it to UTF-8', 'iconv -f UTF-16 -t UTF-8 '];
    }
    return ['convert it to UTF-8', "env LC_ALL=C tr -d '\\000\\376\\377' < "];
  }
  if (text.startsWith(byteOrderMark)) return ['save it as UTF-8 without BOM', 'tail -c +4 '];
  return /\r(?!\n)/.test(text) ? ['convert its line ends', "tr '\\r' '\\n' < "] : undefined;
}
