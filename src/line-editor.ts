/**
 * Lines that the user types at the terminal, of which some are not shown: not even how long they are.
 *
 * Node's own line editor does the editing. From its opening to its end nothing is shown but what is typed while a question wants
 * it shown, so that a secret that is pasted together with what stands before it, or typed too early, is not to be seen either.
 */

import { constants, openSync, writeSync } from 'node:fs';
import { kill } from 'node:process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ReadStream, WriteStream } from 'node:tty';
import { toLocale } from './locale-text.ts';
import type { World } from './world.ts';

export interface LineEditor {
  /** Shows the question and reads a line; nothing where the user ends the input (Ctrl-D). */
  ask(question: string, isShown: boolean): Promise<string | undefined>;
  /** Forgets the lines that were typed before their question. */
  forgetEarly(): void;
  close(): void;
}

/** What a terminal in raw mode leaves to the program, though it means a signal for all of its foreground. */
const quitKey = '\x1c';

/** What ends the program by itself, and may come from elsewhere. */
const furtherSignals = ['SIGQUIT', 'SIGALRM'] as const;

const unstoppedMilliseconds = 20;

/** Takes the terminal over; it is as it was after `close`, a signal, and as long as the program is stopped. */
export function openLineEditor(world: World): LineEditor {
  const file = openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY);
  const input = new ReadStream(file);
  const screen = new WriteStream(openSync('/dev/tty', constants.O_WRONLY | constants.O_NOCTTY));
  const early: string[] = [];
  let question = '';
  let isShown = false;
  let answer: ((line: string | undefined) => void) | undefined;
  let isEnded = false;
  const output = Object.defineProperty(
    new Writable({
      write(chunk, _encoding, done) {
        if (isShown) writeSync(file, chunk);
        done();
      },
    }),
    'columns',
    { get: () => screen.getWindowSize()[0] },
  );
  const lines = createInterface({ input, output, terminal: true, historySize: 0, prompt: '' });
  const giveBack = () => void input.setRawMode(false);
  const signal = (name: NodeJS.Signals) => {
    giveBack();
    writeSync(file, '\n');
    kill(0, name);
    // Where no shell could put it back into the foreground, the system stops nobody.
    if (name === 'SIGTSTP') setTimeout(() => !input.destroyed && input.setRawMode(true), unstoppedMilliseconds);
  };
  const give = (line: string | undefined) => {
    if (!isShown) writeSync(file, '\n');
    isShown = false;
    const take = answer;
    answer = undefined;
    take?.(line);
  };
  lines.on('SIGINT', () => signal('SIGINT'));
  lines.on('SIGTSTP', () => signal('SIGTSTP'));
  input.on('keypress', (key) => key === quitKey && signal('SIGQUIT'));
  lines.on('line', (line) => (answer ? give(line) : void early.push(line)));
  lines.on('close', () => {
    isEnded = true;
    if (answer) give(undefined);
  });
  const forgetInterrupt = world.onInterrupt(giveBack);
  const forgetFurther = furtherSignals.map((name) =>
    world.onSignal(name, () => {
      giveBack();
      world.dieOf(name);
    }),
  );
  // The shell that put it back into the foreground may have set the terminal its own way.
  const forgetContinue = world.onSignal('SIGCONT', () => {
    giveBack();
    input.setRawMode(true);
    // Nobody knows by heart what was typed unseen.
    if (answer && !isShown) forgetTyped();
    if (answer) show();
  });
  const forgetTyped = () => {
    // By the length of the question before, the next one would be written over the lines in between.
    lines.setPrompt('');
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
  };
  const show = () => {
    lines.setPrompt(question);
    if (isShown) lines.prompt(true);
    else writeSync(file, question);
  };
  return {
    ask(text, shown) {
      question = toLocale(text, world.env);
      if (isEnded || early.length > 0) {
        writeSync(file, `${question}\n`);
        return Promise.resolve(early.shift());
      }
      // What was typed too early may be a part of the secret.
      if (shown) forgetTyped();
      isShown = shown;
      show();
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
    forgetEarly() {
      early.length = 0;
    },
    close() {
      forgetInterrupt();
      for (const forget of [...forgetFurther, forgetContinue]) forget();
      lines.removeAllListeners();
      lines.close();
      giveBack();
      input.destroy();
      screen.destroy();
    },
  };
}
