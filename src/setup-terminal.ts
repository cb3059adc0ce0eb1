/** The terminal while setup asks: from the first question to the last one it shows nothing by itself of what is typed. */

import { openLineEditor } from './line-editor.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

export interface SetupTerminal extends Terminal {
  /** Shows the question and reads a line that is not shown; nothing where the user ends the input. */
  askUnseen(question: string): Promise<string | undefined>;
  /** Forgets the lines that were typed before their question. */
  forgetEarly(): void;
  /** Leaves the terminal to a program, as it was, until that has ended. */
  lend<Result>(use: () => Promise<Result>): Promise<Result>;
}

/** Opens it, if there is one and this process is in its foreground. */
export async function openSetupTerminal(world: World): Promise<SetupTerminal | undefined> {
  const { openTerminal } = await import('./terminal.ts');
  const terminal = await openTerminal(world);
  if (!terminal) return undefined;
  let editor = openLineEditor(world);
  return {
    ask: (question) => editor.ask(question, true),
    askUnseen: (question) => editor.ask(question, false),
    forgetEarly: () => editor.forgetEarly(),
    async lend(use) {
      editor.close();
      try {
        return await use();
      } finally {
        editor = openLineEditor(world);
      }
    },
    tell: terminal.tell,
    close() {
      editor.close();
      terminal.close();
    },
  };
}
