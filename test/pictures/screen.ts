/** What the screen of a terminal shows once a text has come: xterm emulates, here is what a picture needs of it. */

import headless from '@xterm/headless';

export interface Cell {
  /** Empty where nothing stands. */
  text: string;
  /** 1 to 15 as terminals number their colours; 0 is the terminal's own. */
  color: number;
  bold: boolean;
  dim: boolean;
}

export interface Screen {
  rows: Cell[][];
  cursor: { column: number; row: number };
}

/**
 * Reads what a screen of this size shows after the text.
 *
 * @throws where the text scrolls or has a look that a picture would not show.
 */
export async function readScreen(text: string, columns: number, rows: number): Promise<Screen> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  if (active.baseY > 0) throw new Error(`${rows} rows are too few for:\n${text}`);
  const cellAt = (row: number, column: number): Cell => {
    const cell = active.getLine(row)?.getCell(column);
    if (!cell) throw new Error(`no cell in row ${row} and column ${column}`);
    const color = cell.isFgPalette() ? cell.getFgColor() : 0;
    const isPlain = cell.isBgDefault() && !cell.isFgRGB() && color < 16 && !cell.isInverse() && !cell.isUnderline();
    if (!isPlain) throw new Error(`row ${row}, column ${column}: a picture does not show this look`);
    return { text: cell.getChars().trim(), color, bold: cell.isBold() > 0, dim: cell.isDim() > 0 };
  };
  const screen = {
    rows: Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => cellAt(row, column))),
    cursor: { column: active.cursorX, row: active.cursorY },
  };
  terminal.dispose();
  return screen;
}

/** The lines of a screen as text, without what is empty at their ends. */
export function textOf({ rows }: Screen): string {
  const lines = rows.map((row) =>
    row
      .map(({ text }) => text || ' ')
      .join('')
      .trimEnd(),
  );
  return lines.join('\n').trimEnd();
}
