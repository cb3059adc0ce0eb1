/** A picture of one terminal after a few lines. */

import type { Home } from '../harness.ts';
import { openTerminal, prompt } from './recorder.ts';
import { drawTerminals, type Pane } from './terminals.ts';

/**
 * Types the lines into a bash at home, and draws what its terminal shows then, `show` as in a recording.
 *
 * @param columns how wide it is; it is as high as what it shows.
 */
export async function takeStill(
  caption: string,
  home: Home,
  lines: string[],
  show: Record<string, string> = {},
  columns = 82,
): Promise<{ pane: Pane; svg: string }> {
  const terminal = await openTerminal({ caption, columns, rows: 100 }, home, { milliseconds: 0 });
  for (const line of lines) {
    await terminal.type(line);
    await terminal.enter(prompt.pattern, 0);
  }
  const { frames } = await terminal.close({ [home.path]: '/home/ana', ...show });
  const { screen } = frames.at(-1) ?? {};
  if (!screen) throw new Error(`nothing was shown for ${lines.join(' ')}`);
  const rows = screen.cursor.row + 1;
  const pane: Pane = { caption, columns, rows, frames: [{ milliseconds: 0, screen }] };
  return { pane, svg: drawTerminals(caption, [pane]) };
}
