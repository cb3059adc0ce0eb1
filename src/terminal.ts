/**
 * The terminal that the user sits at, whatever the standard streams are: /dev/tty.
 *
 * - Lines that were typed before their question answer one question each.
 * - Text that arrives at once is one answer: its first line that is not empty. The rest is dropped, so that a paste with
 *   line ends answers neither the next question nor the shell.
 */

import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { setTimeout as setTimer } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import { cleanCode } from './code.ts';
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

/** What arrives within it belongs together: people are slower, and terminals are faster. */
const pasteMilliseconds = 20;

/** What is in the terminal already is read within it. */
const pendingMilliseconds = 2;

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
  let endDrop = () => {};
  return {
    async ask(question, isOver) {
      // Up to the end: AWS is waited for too.
      if (!mayStop) letStop ??= world.onSignal('SIGTSTP', () => {});
      endDrop();
      const input = new ReadStream(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY));
      const { line, hasRest } = await readAnswer(
        input,
        () => void writeSync(file, toLocale(question, world.env)),
        isOver,
      );
      if (hasRest) {
        endDrop = dropInput(input, world, () => line === undefined || writeSync(file, '\n'));
        // What is there already must be gone before the shell reads; the rest of a slow paste goes while AWS is called.
        await setTimeout(line === undefined ? pasteMilliseconds : pendingMilliseconds);
      } else {
        input.destroy();
      }
      return line;
    },
    tell: (line) => void writeSync(file, `${toLocale(world.showTyped(line), world.env)}\n`),
    close() {
      endDrop();
      letStop?.();
      closeSync(file);
    },
  };
}

interface Answer {
  line: string | undefined;
  /** Whether the terminal may hold more that was typed or pasted with it. */
  hasRest: boolean;
}

/** Reads a line that is there already, else shows the question and reads one. */
function readAnswer(input: ReadStream, show: () => void, isOver: () => boolean): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = '';
    let isShown = false;
    let ofEmptyLine: NodeJS.Timeout | undefined;
    const showNow = () => {
      clearTimeout(ofEarlyLines);
      if (!isShown) show();
      isShown = true;
    };
    const end = (line: string | undefined, hasRest: boolean) => {
      clearInterval(poll);
      clearTimeout(ofEmptyLine);
      input.removeAllListeners('data');
      showNow();
      resolve({ line, hasRest });
    };
    // The poll phase is in between: what was typed before has been read.
    const ofEarlyLines = setTimer(() => setImmediate(showNow), pendingMilliseconds);
    const poll = setInterval(() => isOver() && end(undefined, true), pollMilliseconds);
    input.setEncoding('utf8');
    input.on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split(/[\r\n]/);
      const rest = lines.pop() ?? '';
      const line = lines.find((one) => cleanCode(one) !== '');
      if (line !== undefined) return end(line, isShown);
      text = rest;
      // An empty line is an answer only if nobody typed it before, and no other follows in the same paste.
      if (lines.length > 0 && isShown) ofEmptyLine ??= setTimer(() => end('', true), pasteMilliseconds);
    });
    input.on('end', () => end(undefined, false));
    input.on('error', reject);
  });
}

/**
 * Drops what arrives for as long as a paste takes. Raw mode hands over a last line without an end too.
 *
 * @returns what ends it, and gives the terminal back.
 */
function dropInput(input: ReadStream, world: World, endLine: () => unknown): () => void {
  input.setRawMode(true);
  // What has no end of its own was shown as it arrived.
  input.once('data', (text: string) => /[\r\n]$/.test(text) || endLine());
  input.resume();
  const end = () => {
    clearTimeout(timer);
    forget();
    if (input.destroyed) return;
    input.setRawMode(false);
    input.destroy();
  };
  const forget = world.onInterrupt(end);
  const timer = setTimer(end, pasteMilliseconds);
  return end;
}
