/** The list of profiles for people: as wide as their terminal, with colours and bars; whole and plain where it is piped. */

import { marks } from './alike-profiles.ts';
import { formatDuration } from './duration.ts';
import type { ProfileRow } from './profile-row.ts';
import type { ForEachRow } from './profile-rows.ts';
import { rememberLast } from './remember-last.ts';
import { cutToWidth, isPrintableAscii, padToWidth, widthOf } from './text-width.ts';
import { quoteOutside } from './visible.ts';

export interface TableForm {
  /** The width of the terminal; nothing where the table is for no terminal. */
  columns: number | undefined;
  hasColour: boolean;
  hasBars: boolean;
}

interface Column {
  title: string;
  key: 'profile' | 'account' | 'device' | 'source' | 'region' | 'role';
  /** What stands before what is shown of it; all of it is shown where the mark is not in it. */
  mark?: string;
  /** What it is cut down to before a column goes. */
  least: number;
}

const columns: readonly [Column, ...Column[]] = [
  { title: 'PROFILE', key: 'profile', least: 16 },
  { title: 'ACCOUNT', key: 'account', least: 12 },
  // A hardware device goes by its serial number.
  { title: 'DEVICE', key: 'device', mark: ':mfa/', least: 8 },
  { title: 'SOURCE', key: 'source', least: 8 },
  { title: 'REGION', key: 'region', least: 14 },
  { title: 'ROLE', key: 'role', mark: ':role/', least: 8 },
];

// Which ones a narrow terminal goes without, the first one first.
const dispensable = ['SOURCE', 'DEVICE', 'REGION', 'ROLE', 'ACCOUNT'] as const;

const otherLogins = {
  sso: 'no MFA (SSO)',
  login: 'no MFA (login)',
  web_identity: 'no MFA (web)',
  credential_source: 'no MFA (host)',
  command: 'no MFA (command)',
  mfa_env: "for AWS's tools",
} as const;

const gap = '  ';
const barCells = 10;
const leastName = 8;

// Shorter than that the saved session is not used (`--min-ttl`), and less than an hour is news to its user.
const lateSeconds = 300;
const soonSeconds = 3600;

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/**
 * Writes a header, then a line for each profile; nothing where there is none.
 *
 * @param write Takes whole lines, with their line ends.
 * @returns whether there is any.
 */
export function writeTable(forEachRow: ForEachRow, form: TableForm, write: (lines: string | Buffer) => void): boolean {
  return form.columns === undefined
    ? writePlain(forEachRow, write)
    : writeForTerminal(forEachRow, form, form.columns, write);
}

/** A column and how wide its widest cell is, at least as wide as its title. */
interface Measured extends Column {
  width: number;
}

/** What of a column was met last: most cells are like the one above. */
interface Followed extends Column {
  value: string | null | undefined;
  /** With `filling` and a tab behind it. */
  cell: string;
  /** Whether each of its characters takes a column. */
  isAscii: boolean;
}

/** Lines, and how wide the columns were when they were made; or the cells of one odd line. */
type KeptPart = { bytes: Buffer; widths: readonly number[] } | string[];

// Longer texts of a moment are garbage that takes long to collect; for shorter ones a replacement is not worth its start.
const heldLength = 8192;

// What most cells lack at most of their column's width, with the gap behind it. Where they lack more they are filled up first.
const filling = ' '.repeat(14);

/**
 * Columns that two blanks or more stand between, `-` where a cell is empty; the last one may hold blanks itself.
 *
 * How wide the columns are is known when the last row has been read. The lines are made at once all the same, their cells
 * filled up with too much: one replacement cuts those of many lines to the widest cell so far, and another one widens them
 * in the end where wider ones came.
 */
function writePlain(forEachRow: ForEachRow, write: (lines: string | Buffer) => void): boolean {
  const shown = columns.map((column): Followed => ({ ...column, value: undefined, cell: '', isAscii: true }));
  const widths = shown.map(({ title }) => widthOf(title));
  const kept: KeptPart[] = [];
  const fitCells = makeFitter(widths);
  let held = '';
  const keep = () => {
    if (held === '') return;
    // Outside the heap, whose garbage takes the longest of all.
    const bytes = Buffer.from(fitCells(held));
    kept.push({ bytes, widths: [...widths] });
    held = '';
  };
  const lineOf = (row: ProfileRow) => {
    let line = '';
    for (let index = 0; index < shown.length; index += 1) {
      const column = shown[index] as Followed;
      const value = row[column.key];
      if (value !== column.value) follow(column, value);
      line += column.cell;
    }
    return `${line}${plainEnd(row)}\n`;
  };
  const take = (lines: string) => {
    held += lines;
    if (held.length >= heldLength) keep();
  };
  const takeRow = (row: ProfileRow) => {
    const line = lineOf(row);
    if (shown.every(({ isAscii }) => isAscii)) return take(marks.line + line);
    keep();
    const cells = shown.map((column) => cellOf(column, row[column.key]));
    widen(widths, cells.map(widthOf));
    kept.push([...cells, plainEnd(row)]);
  };
  const expect = (row: ProfileRow) => {
    widen(
      widths,
      shown.map((column) => widthOf(cellOf(column, row[column.key]))),
    );
  };
  forEachRow(takeRow, { lineOf, take, expect });
  keep();
  if (kept.length === 0) return false;
  const writeCells = (cells: string[]) => {
    write(`${cells.map((cell, index) => padToWidth(cell, widths[index] ?? 0)).join(gap)}\n`);
  };
  writeCells([...shown.map(({ title }) => title), 'SESSION']);
  for (const part of kept) {
    if (Array.isArray(part)) writeCells(part);
    else write(widenLines(part.bytes, part.widths, widths));
  }
  return true;
}

function follow(column: Followed, value: string | null): void {
  const cell = cellOf(column, value);
  column.value = value;
  column.cell = `${cell}${filling}\t`;
  column.isAscii = isPrintableAscii(cell);
}

/**
 * Makes what brings the cells of lines to the widths of their columns.
 *
 * @param widths Becomes wider where a cell is.
 */
function makeFitter(widths: number[]): (lines: string) => string {
  const cells = widths.map((_, index) => `$${index + 1}`).join('');
  const anyCells = new RegExp(`^${marks.line}${'([^\\t\\n]*)\\t'.repeat(widths.length)}`, 'gm');
  let pattern: { widths: string; cells: RegExp } | undefined;
  const cut = (lines: string) => {
    if (pattern?.widths !== widths.join())
      pattern = {
        widths: widths.join(),
        cells: new RegExp(`^${marks.line}${widths.map((width) => `([^\\t\\n]{${width}}${gap}) *\\t`).join('')}`, 'gm'),
      };
    return lines.replace(pattern.cells, cells);
  };
  return (lines) => {
    const fitted = cut(lines);
    if (!fitted.includes('\t')) return fitted;
    for (const line of fitted.split('\n').filter((line) => line.includes('\t')))
      widen(
        widths,
        line
          .slice(marks.line.length)
          .split('\t')
          .slice(0, -1)
          .map((cell) => cell.length - filling.length),
      );
    const longer = marks.line + widths.map((width, index) => `$${index + 1}${' '.repeat(width)}${gap}\t`).join('');
    return cut(lines.replace(anyCells, longer));
  };
}

/** Lines as they would be with wider columns. */
function widenLines(lines: Buffer, before: readonly number[], widths: readonly number[]): string | Buffer {
  const cells = before.map((width, index) => {
    const blanks = (widths[index] ?? width) - width;
    return { length: width + gap.length, blanks: ' '.repeat(blanks) };
  });
  // From one column that became wider to the next.
  const stretches: { length: number; blanks: string }[] = [];
  let length = 0;
  for (const cell of cells) {
    length += cell.length;
    if (cell.blanks === '') continue;
    stretches.push({ length, blanks: cell.blanks });
    length = 0;
  }
  if (stretches.length === 0) return lines;
  const pattern = new RegExp(`^${stretches.map((stretch) => `(.{${stretch.length}})`).join('')}`, 'gm');
  return lines.toString().replace(pattern, stretches.map(({ blanks }, index) => `$${index + 1}${blanks}`).join(''));
}

function widen(widths: number[], ofCells: readonly number[]): void {
  for (const [index, width] of ofCells.entries()) widths[index] = Math.max(widths[index] ?? 0, width);
}

function plainEnd(row: ProfileRow): string {
  let end = lacksDevice(row) && !row.session ? '' : sessionText(row);
  if (row.problem) end += (end && '; ') + quoteOutside(row.problem);
  if (row.current) end += `${end && '; '}in this shell`;
  return end || '-';
}

function writeForTerminal(
  forEachRow: ForEachRow,
  form: TableForm,
  width: number,
  write: (lines: string | Buffer) => void,
): boolean {
  const rows: ProfileRow[] = [];
  forEachRow((row) => void rows.push(row));
  if (rows.length === 0) return false;
  const paint = (text: string, style: keyof typeof styles | undefined) =>
    form.hasColour && style && text ? `\x1b[${styles[style]}m${text}\x1b[0m` : text;
  const gutter = rows.some(({ current }) => current) ? 2 : 0;
  const inner = Math.max(width - gutter, 8);
  const texts = widestOf(rows, sessionText, 'SESSION');
  const times = widestOf(rows, (row) => (isAlive(row) ? sessionText(row) : ''), '');
  const barred = form.hasBars && times > 0 ? Math.max(texts, times + 1 + barCells) : texts;
  const measured = measure(rows);
  const layout = fit(measured, inner, barred) ?? fit(measured, inner, texts) ?? narrowest(measured, inner, texts);
  const hasBars = barred > texts && layout.last === barred;
  const nameWidth = layout.shown[0]?.width ?? 0;
  const put = (text: string, columns: number) => padToWidth(cutToWidth(text, columns), columns);

  const header = layout.shown.map(({ title, width }) => put(title, width));
  const lines = rows.map((row) => {
    const mark = gutter === 0 ? '' : row.current ? '* ' : gap;
    const name = paint(put(row.profile, nameWidth), row.current ? 'bold' : undefined);
    if (row.problem && !isAlive(row) && !lacksDevice(row)) {
      const text = cutProblem(quoteOutside(row.problem), inner - nameWidth - gap.length);
      return mark + name + gap + paint(text, 'red');
    }
    const cells = layout.shown.slice(1).map((column) => {
      const value = row[column.key];
      const text = put(cellOf(column, value), column.width);
      return value === null ? paint(text, 'dim') : text;
    });
    const text = cutToWidth(sessionText(row) || '-', layout.last);
    const bar = hasBars && isAlive(row) ? ' '.repeat(times - widthOf(text) + 1) + barOf(row) : '';
    return mark + [name, ...cells, paint(text + bar, styleOf(row))].join(gap);
  });
  const title = ' '.repeat(gutter) + [...header, cutToWidth('SESSION', layout.last)].join(gap);
  for (const line of [paint(title, 'bold'), ...lines]) write(`${line}\n`);
  return true;
}

// Before `credentials:38: ` and the like.
const folderOfPlace = /^(?:[^:]|:(?!\d+: ))*[/\\](?=[^/\\:]+:\d+: )/;

/** What is wrong, cut to a width: where it happened to be is missed the least, and stands first. */
function cutProblem(text: string, width: number): string {
  return cutToWidth(widthOf(text) > width ? text.replace(folderOfPlace, '') : text, width);
}

type Fitted = { shown: Measured[]; last: number };

/**
 * The columns that there is room for: first long cells are cut, then columns go.
 *
 * @param last How wide the column of the sessions is.
 */
function fit(measured: Measured[], width: number, last: number): Fitted | undefined {
  const shown = measured.map((column) => ({ ...column, least: Math.min(column.width, column.least) }));
  const room = () => width - last - shown.length * gap.length;
  const sum = (key: 'width' | 'least') => shown.reduce((total, column) => total + column[key], 0);
  for (const title of dispensable) {
    if (sum('least') <= room()) break;
    const at = shown.findIndex((column) => column.title === title);
    if (at !== -1) shown.splice(at, 1);
  }
  if (sum('least') > room()) return undefined;
  while (sum('width') > room()) {
    const [widest] = shown.filter((column) => column.width > column.least).sort((a, b) => b.width - a.width);
    if (widest) widest.width -= 1;
  }
  return { shown, last };
}

/** The profile and its session, both cut: without a name the rest says nothing. */
function narrowest([profiles]: Measured[], width: number, natural: number): Fitted {
  const name = Math.min(profiles?.width ?? 0, leastName);
  const last = Math.min(natural, Math.max(1, width - gap.length - name));
  return { shown: profiles ? [{ ...profiles, width: Math.max(1, width - gap.length - last) }] : [], last };
}

function cellOf(column: Column, value: string | null): string {
  return quoteOutside(textOf(column, value));
}

/** `ana` of `arn:aws:iam::111122223333:mfa/ana`; the whole where the mark is not in it. */
function textOf({ mark }: Column, value: string | null): string {
  if (!value) return '-';
  const markAt = mark === undefined ? -1 : value.indexOf(mark);
  return mark === undefined || markAt === -1 ? value : value.slice(markAt + mark.length) || '-';
}

/** Keys without an MFA device are nothing wrong: they are of no use here. */
function lacksDevice({ login, source, device }: ProfileRow): boolean {
  return login === 'mfa' && source !== null && device === null;
}

function sessionText(row: ProfileRow): string {
  const { session, login } = row;
  if (session) return session.secondsLeft > 0 ? formatDuration(session.secondsLeft * 1000) : 'expired';
  if (login && login !== 'mfa') return otherLogins[login];
  return lacksDevice(row) ? 'no device' : '';
}

function isAlive({ session }: ProfileRow): boolean {
  return session !== null && session.secondsLeft > 0;
}

/** How much is left of what a new session would live. A living one has a cell at least. */
function barOf({ session, durationSeconds }: ProfileRow): string {
  const part = (session?.secondsLeft ?? 0) / (durationSeconds ?? soonSeconds);
  const full = Math.min(barCells, Math.ceil(part * barCells));
  return '█'.repeat(full) + '░'.repeat(barCells - full);
}

function styleOf({ session }: ProfileRow): keyof typeof styles {
  const left = session?.secondsLeft ?? 0;
  if (left === 0) return 'dim';
  if (left < lateSeconds) return 'red';
  return left < soonSeconds ? 'yellow' : 'green';
}

/** Those in which anything stands. */
function measure(rows: ProfileRow[]): Measured[] {
  return columns
    .filter(({ key }) => rows.some((row) => row[key] !== null))
    .map((column) => ({ ...column, width: widestOf(rows, (row) => cellOf(column, row[column.key]), column.title) }));
}

function widestOf(rows: ProfileRow[], textOf: (row: ProfileRow) => string, title: string): number {
  const width = rememberLast(widthOf);
  let widest = widthOf(title);
  for (const row of rows) widest = Math.max(widest, width(textOf(row)));
  return widest;
}
