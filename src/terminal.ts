/** The terminal that the user sits at, whatever the standard streams are: /dev/tty. */

import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { isForeground, isGroupLeader } from './foreground.ts';
import { toLocale } from './locale-text.ts';
import type { World } from './world.ts';

export interface Terminal {
  /** Shows the question and reads a line; nothing where the user ends the input (Ctrl-D), or `isOver` says so first. */
  ask(question: string, isOver: () => boolean): Promise<string | undefined>;
  /** Shows a line. */
  tell(line: string): void;
  close(): void;
}

const pollMilliseconds = 200;
const dropMilliseconds = 20;

/**
 * Opens the terminal, if there is one and this process is in its foreground: who reads it from the background is stopped
 * without a word.
 */
export async function openTerminal(world: World, isForShell = false): Promise<Terminal | undefined> {
  let file: number;
  try {
    file = openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
  if (!(await isForeground(world.runPs))) {
    closeSync(file);
    return undefined;
  }
  // In `$(…)`, and in front of fish's `source`, a shell waits for the end alone: stopped by Ctrl-Z, nobody would go on.
  const mayStop = (await isGroupLeader(world.runPs)) && !(isForShell && fstatSync(1).isFIFO());
  let letStop: (() => void) | undefined;
  return {
    ask(question, isOver) {
      // Up to the end: AWS is waited for too.
      if (!mayStop) letStop ??= world.onSignal('SIGTSTP', () => {});
      writeSync(file, toLocale(question, world.env));
      return readLine(isOver);
    },
    tell: (line) => void writeSync(file, `${toLocale(line, world.env)}\n`),
    close() {
      letStop?.();
      closeSync(file);
    },
  };
}

/** Reads up to the end of a line from a descriptor of its own, which ends with the read. */
function readLine(isOver: () => boolean): Promise<string | undefined> {
  const input = new ReadStream(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY));
  return new Promise((resolve, reject) => {
    let text = '';
    let isDropping = false;
    const timer = setInterval(() => {
      if (isDropping || !isOver()) return;
      isDropping = true;
      // What is half typed would land in the shell's next line. Raw mode hands it over, to be dropped.
      input.setRawMode(true);
      setTimeout(() => {
        input.setRawMode(false);
        end(undefined);
      }, dropMilliseconds);
    }, pollMilliseconds);
    const end = (line: string | undefined) => {
      clearInterval(timer);
      input.destroy();
      resolve(line);
    };
    input.setEncoding('utf8');
    input.on('data', (chunk: string) => {
      text += chunk;
      if (isDropping) return;
      const at = text.search(/[\r\n]/);
      if (at !== -1) end(text.slice(0, at));
    });
    input.on('end', () => end(undefined));
    input.on('error', reject);
  });
}
