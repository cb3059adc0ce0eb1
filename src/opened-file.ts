/** A file that is opened once: its text, its owner and its mode belong together, whatever is put in its place meanwhile. */

import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { isNullDevice } from './null-device.ts';
import { type Doubt, findDoubt } from './trust.ts';

export interface OpenedFile {
  /** One character a byte (latin1). */
  text: string;
  /** Who else could have written it. */
  doubt: Doubt | undefined;
}

/** Why a text is not read: a clause that follows the file's name. */
export interface NotRead {
  notRead: string;
  /** Whether it is /dev/null, by which files are switched off. */
  isNullDevice?: boolean;
}

/** 32 MB: the largest AWS file that is read. */
const mostBytes = 33_554_432;

const mostTries = 5;

// Nothing waits for a writer of a pipe or for a line of a modem, and no terminal becomes the controlling one.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Reads a regular file. A file without a size has no text: what the system makes up as it is read, such as /proc/PID/cmdline, may
 * be anybody's words.
 *
 * @throws the system's error if the file is missing or cannot be opened.
 */
export function readOpened(path: string): OpenedFile | NotRead {
  for (let tries = 1; ; tries += 1) {
    const read = readOnce(path);
    if (read !== 'moved') return read;
    if (tries === mostTries) return { notRead: 'is replaced again and again while it is read' };
  }
}

function readOnce(path: string): OpenedFile | NotRead | 'moved' {
  // To open a device can change it.
  const before = statSync(path);
  if (!before.isFile()) return { ...notRegular, isNullDevice: isNullDevice(before) };
  const file = openSync(path, flags);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return notRegular;
    if (stat.size > mostBytes) return { notRead: 'has more than 32 MB' };
    const doubt = findDoubt(path, stat);
    if (doubt === 'moved') return doubt;
    return { text: stat.size === 0 ? '' : readFileSync(file, 'latin1'), doubt };
  } finally {
    closeSync(file);
  }
}

const notRegular: NotRead = { notRead: 'is not a regular file' };
