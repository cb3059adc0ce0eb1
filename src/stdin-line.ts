/** A line of standard input. */

import { read } from 'node:fs';
import { isatty } from 'node:tty';
import { UserError } from './errors.ts';

const longestLine = 1024;
const lineFeed = 0x0a;
const pauseMilliseconds = 10;

/** Reads up to the end of a line, and not a byte more: the rest is for whoever reads next, be it a command. */
export async function readStdinLine(): Promise<string> {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  while (bytes.length < longestLine && (await readInto(byte)) > 0 && byte[0] !== lineFeed) bytes.push(byte[0] ?? 0);
  return Buffer.from(bytes).toString('utf8');
}

/** Whether a terminal is what is read from: it shows what is typed. */
export function isStdinTerminal(): boolean {
  return isatty(0);
}

function readInto(buffer: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    read(0, buffer, 0, buffer.length, null, (error, count) => {
      if (!error) resolve(count);
      // Whoever started this may have made the stream one that does not wait.
      else if (error.code === 'EAGAIN') setTimeout(() => resolve(readInto(buffer)), pauseMilliseconds);
      else reject(new UserError(`cannot read standard input: ${error.code}`, { cause: error }));
    });
  });
}
