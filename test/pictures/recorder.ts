/** A person at a terminal whose screen is kept: after each key, and after each answer. */

import type { Home } from '../harness.ts';
import { sitDown } from '../pty.ts';
import { readScreen } from './screen.ts';
import type { Frame, Pane } from './terminals.ts';

/** A green dollar sign, and how a screen gets it. */
export const prompt = { PS1: '\\[\\e[32m\\]$\\[\\e[m\\] ', pattern: /\x1b\[32m\$\x1b\[m $/ };

export interface RecordedTerminal {
  /** Types a text key by key, as fast as it is shown. */
  type(text: string): Promise<void>;
  /** Presses enter, and waits for what it brings; the next key follows after a moment to read. */
  enter(answer: RegExp | string, readMilliseconds: number): Promise<void>;
  /** Closes it. @param show what to show for what changes from run to run, such as a folder of the tests. */
  close(show: Record<string, string>): Promise<Pane>;
}

/** One clock for several terminals: time passes by typing and reading, so that all machines make the same picture. */
export interface Clock {
  milliseconds: number;
}

const keyMilliseconds = 45;
const answerMilliseconds = 400;

/** Opens a terminal with a bash that has read no file but the one given, and waits for its prompt. */
export async function openTerminal(
  { caption, columns, rows }: Omit<Pane, 'frames'>,
  home: Home,
  clock: Clock,
  file = '/dev/null',
): Promise<RecordedTerminal> {
  const env = { ...home.env, PS1: prompt.PS1 };
  const person = sitDown('bash', ['--noprofile', '--norc', '-i'], env, { columns, rows });
  const marks: { milliseconds: number; length: number }[] = [];
  const mark = (milliseconds: number) => marks.push({ milliseconds, length: person.screen().length });
  await person.see(prompt.pattern);
  person.type(`. ${file}; clear\r`);
  await person.see(prompt.pattern);
  mark(0);
  return {
    async type(text) {
      for (const key of text) {
        person.type(key);
        await person.see(/[\s\S]/);
        clock.milliseconds += keyMilliseconds;
        mark(clock.milliseconds);
      }
    },
    async enter(answer, readMilliseconds) {
      person.type('\r');
      await person.see(answer);
      clock.milliseconds += answerMilliseconds;
      mark(clock.milliseconds);
      clock.milliseconds += readMilliseconds;
    },
    async close(show) {
      // Ctrl-D
      person.type('\x04');
      await person.ended;
      const replace = (text: string, sameLength: boolean) =>
        Object.entries(show)
          .filter(([from, to]) => (from.length === to.length) === sameLength)
          .reduce((all, [from, to]) => all.replaceAll(from, to), text);
      // What is typed key by key is whole in the whole text alone; what changes the length would shift the marks there.
      const text = replace(person.screen(), true);
      const frames = marks.map(async ({ milliseconds, length }): Promise<Frame> => {
        const screen = await readScreen(replace(text.slice(0, length), false), columns, rows);
        return { milliseconds, screen };
      });
      return { caption, columns, rows, frames: await Promise.all(frames) };
    },
  };
}
