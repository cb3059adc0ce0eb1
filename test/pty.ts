/** A pseudo-terminal with a program on it, as a user in front of a keyboard. */

import { type IPty, spawn } from '@lydell/node-pty';

export interface Typist {
  /** All that the screen has shown. */
  screen(): string;
  /** Waits until the screen shows something new that matches, or holds the text; from then on, later text is new. */
  see(pattern: RegExp | string): Promise<string>;
  type(text: string): void;
  /** Ends with the program's status. */
  ended: Promise<{ exitCode: number; signal: number | undefined }>;
  pid: number;
  kill(signal: NodeJS.Signals): void;
}

const patienceMilliseconds = 10_000;
const lifetimeMilliseconds = 40_000;

/** Starts a program as the leader of a session with a terminal of its own. */
export function sitDown(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  { columns = 200, rows = 50 } = {},
): Typist {
  const pty: IPty = spawn(command, [...args], { env, cwd: env.HOME ?? '/', cols: columns, rows });
  // A test that fails half-way leaves its program running, which would keep the tests from ending.
  const end = setTimeout(() => pty.kill('SIGKILL'), lifetimeMilliseconds).unref();
  pty.onExit(() => clearTimeout(end));
  let screen = '';
  let seen = 0;
  let wake = () => {};
  pty.onData((text) => {
    screen += text;
    wake();
  });
  return {
    screen: () => screen,
    async see(pattern) {
      const giveUpAt = Date.now() + patienceMilliseconds;
      for (;;) {
        const found = find(screen.slice(seen), pattern);
        if (found) {
          seen += found.end;
          return found.text;
        }
        if (Date.now() > giveUpAt) throw new Error(`${pattern} was not seen in:\n${screen.slice(seen)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, 100);
        });
      }
    },
    type: (text) => pty.write(text),
    ended: new Promise((resolve) => {
      pty.onExit(({ exitCode, signal }) => resolve({ exitCode, signal: signal || undefined }));
    }),
    pid: pty.pid,
    kill: (signal) => pty.kill(signal),
  };
}

function find(text: string, pattern: RegExp | string): { text: string; end: number } | undefined {
  const match = typeof pattern === 'string' ? pattern : pattern.exec(text)?.[0];
  const at = match === undefined ? -1 : text.indexOf(match);
  return match === undefined || at === -1 ? undefined : { text: match, end: at + match.length };
}
