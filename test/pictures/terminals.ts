/** Draws terminals one below the other. A text that stands still for a while is one element, seen from its first frame to its last. */

import { type Lifetime, type Lifetimes, makeLifetimes } from './lifetimes.ts';
import { type Cell, type Screen, textOf } from './screen.ts';
import { drawPicture, escapeXml, fonts, round } from './svg.ts';

export interface Frame {
  /** After the beginning. */
  milliseconds: number;
  screen: Screen;
}

export interface Pane {
  caption: string;
  columns: number;
  rows: number;
  /** In the order of their times, the first at 0. A still picture has one. */
  frames: Frame[];
}

interface Run extends Lifetime {
  row: number;
  column: number;
  columns: number;
  text: string;
  classes: string;
}

const fontSize = 14;
/** How wide the monospaced fonts of that size are, and how far apart lines stand. */
const cell = { width: 8.43, height: 20 };
const space = { left: 14, bar: 30, bottom: 8, between: 12 };

/** Makes the file. What moves begins again after `milliseconds`. */
export function drawTerminals(title: string, panes: Pane[], milliseconds = 1): string {
  const lifetimes = makeLifetimes(milliseconds);
  const width = Math.ceil(Math.max(...panes.map(({ columns }) => columns)) * cell.width) + 2 * space.left;
  let height = -space.between;
  const parts = panes.map((pane) => {
    const top = height + space.between;
    height = top + space.bar + pane.rows * cell.height + space.bottom;
    return drawPane(pane, top, width, height - top, lifetimes);
  });
  return drawPicture({
    title,
    description: panes.map(({ caption, frames }) => `${caption}:\n${textOf(lastOf(frames).screen)}`).join('\n\n'),
    ...{ width, height, content: parts.join('\n') },
    style: `text{font:${fontSize}px ${fonts.mono}}.caption{font:12px ${fonts.sans}}.b{font-weight:bold}.d{opacity:.65}${lifetimes.style()}`,
  });
}

function drawPane(pane: Pane, top: number, width: number, height: number, lifetimes: Lifetimes): string {
  const runs = findRuns(pane.frames);
  const stay = runs.filter(({ end }) => end === Infinity);
  const go = runs.filter(({ end }) => end !== Infinity);
  return `<g transform="translate(0 ${top})">
<rect class="edge" width="${width}" height="${height}" rx="8"/>
<path class="paper" d="M1 ${space.bar}h${width - 2}v${height - space.bar - 8}a7 7 0 0 1 -7 7h${16 - width}a7 7 0 0 1 -7 -7z"/>
<text class="caption ink" x="${width / 2}" y="20" text-anchor="middle">${escapeXml(pane.caption)}</text>
<g transform="translate(${space.left} ${space.bar + 4})">
${drawCursor(pane.frames, lifetimes)}
${drawRuns(stay, lifetimes)}
<g visibility="hidden">${drawRuns(go, lifetimes)}</g>
</g>
</g>`;
}

function drawCursor(frames: Frame[], lifetimes: Lifetimes): string {
  const places = frames.map(({ milliseconds, screen: { cursor } }) => ({
    milliseconds,
    x: round(cursor.column * cell.width),
    y: round(cursor.row * cell.height),
  }));
  const { x, y } = lastOf(places);
  const moves = places.length > 1 ? ` a" style="animation-name:${lifetimes.move(places)}` : '';
  return `<rect class="faint${moves}" transform="translate(${x} ${y})" y="1" width="8" height="18" opacity=".6"/>`;
}

function drawRuns(runs: Run[], lifetimes: Lifetimes): string {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = `${run.start} ${run.end}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()]
    .map((group) => group[0] && lifetimes.wrap(group[0], group.map(drawRun).join('')))
    .join('\n');
}

function drawRun({ row, column, columns, text, classes }: Run): string {
  const x = round(column * cell.width);
  const y = row * cell.height + 15;
  // Fonts differ a little in width, and what stands behind has its own place.
  const length = columns > 1 ? ` textLength="${round(columns * cell.width)}"` : '';
  return `<text class="${classes}" x="${x}" y="${y}"${length}>${escapeXml(text)}</text>`;
}

/** Finds what stands where from when to when, and joins neighbours that come and go together. */
function findRuns(frames: Frame[]): Run[] {
  const runs: Run[] = [];
  const rows = frames[0]?.screen.rows ?? [];
  for (const [row, cells] of rows.entries()) {
    const open: Run[] = [];
    for (const column of cells.keys())
      for (const piece of findPieces(frames, row, column)) {
        const last = open.find(
          ({ start, end, classes, column: from, columns }) =>
            start === piece.start &&
            end === piece.end &&
            classes === piece.classes &&
            // One blank may stand between words; more of them would not be kept.
            column - (from + columns) <= 1,
        );
        if (last) {
          last.text += (column > last.column + last.columns ? ' ' : '') + piece.text;
          last.columns = column + 1 - last.column;
        } else {
          runs.push(piece);
          open.unshift(piece);
        }
      }
  }
  return runs;
}

/** What one cell shows, one thing after the other. */
function findPieces(frames: Frame[], row: number, column: number): Run[] {
  const pieces: Run[] = [];
  let last: Run | undefined;
  for (const { milliseconds, screen } of frames) {
    const shown = screen.rows[row]?.[column];
    const text = shown?.text ?? '';
    const classes = shown ? classesOf(shown) : '';
    if (last && last.text === text && last.classes === classes) continue;
    if (last) last.end = milliseconds;
    last = text ? { row, column, columns: 1, text, classes, start: milliseconds, end: Infinity } : undefined;
    if (last) pieces.push(last);
  }
  return pieces;
}

const colors = ['ink', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'ink'];

function classesOf({ color, bold, dim }: Cell): string {
  const name = color === 8 ? 'faint' : colors[color % 8];
  return [name, bold && 'b', dim && 'd'].filter(Boolean).join(' ');
}

function lastOf<Item>(items: Item[]): Item {
  const last = items.at(-1);
  if (last === undefined) throw new Error('a picture needs a frame');
  return last;
}
