/** The list of profiles for people: as wide as their terminal, with colours and bars; whole and plain where it is piped. */

import { formatDuration } from './duration.ts';
import type { ProfileRow } from './profile-row.ts';
import { rememberLast } from './remember-last.ts';
import { cutToWidth, padToWidth, widthOf } from './text-width.ts';
import { quoteOutside } from './visible.ts';

export interface TableForm {
  /** The width of the terminal; nothing where the table is for no terminal. */
  columns: number | undefined;
  hasColour: boolean;
  hasBars: boolean;
}

interface Column {
  title: string;
  /** Its cell; empty where nothing is known. */
  cell(row: ProfileRow): string;
  /** What it is cut down to before a column goes. */
  least: number;
}

const profileColumn: Column = { title: 'PROFILE', cell: ({ profile }) => profile, least: 16 };

const columns: Column[] = [
  { title: 'ACCOUNT', cell: ({ account }) => account ?? '', least: 12 },
  // A hardware device goes by its serial number.
  { title: 'DEVICE', cell: ({ device }) => nameIn(device, ':mfa/'), least: 8 },
  { title: 'SOURCE', cell: ({ source }) => source ?? '', least: 8 },
  { title: 'REGION', cell: ({ region }) => region ?? '', least: 14 },
  { title: 'ROLE', cell: ({ role }) => nameIn(role, ':role/'), least: 8 },
];

// Which ones a narrow terminal goes without, the first one first.
const dispensable = ['SOURCE', 'DEVICE', 'REGION', 'ROLE', 'ACCOUNT'] as const;

const otherLogins = {
  sso: 'no MFA (SSO)',
  web_identity: 'no MFA (web)',
  credential_source: 'no MFA (host)',
  mfa_env: "for AWS's tools",
} as const;

const gap = '  ';
const barCells = 10;

// Shorter than that the saved session is not used (`--min-ttl`), and less than an hour is news to its user.
const lateSeconds = 300;
const soonSeconds = 3600;

const styles = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** The lines, each with its line end: a header, then a line for each profile. */
export function formatTable(rows: ProfileRow[], form: TableForm): string {
  return form.columns === undefined ? formatPlain(rows) : formatForTerminal(rows, form.columns, form);
}

/** Columns that two blanks or more stand between, `-` where a cell is empty; the last one may hold blanks itself. */
function formatPlain(rows: ProfileRow[]): string {
  const shown = [profileColumn, ...columns];
  // Each cell is made twice and none is kept: the garbage of ten thousand rows takes longer.
  const widths = shown.map((column) => widestOf(rows, (row) => cellOf(column, row), column.title));
  let text = `${shown.map(({ title }, index) => padToWidth(title, widths[index] ?? 0) + gap).join('')}SESSION\n`;
  const cells = shown.map((column, index) => {
    const pad = rememberLast((cell) => padToWidth(quoteOutside(cell) || '-', widths[index] ?? 0) + gap);
    return (row: ProfileRow) => pad(column.cell(row));
  });
  for (const row of rows) {
    for (const cell of cells) text += cell(row);
    text += `${plainEnd(row)}\n`;
  }
  return text;
}

function plainEnd(row: ProfileRow): string {
  const session = lacksDevice(row) && !row.session ? '' : sessionText(row);
  const parts = [session, row.problem && quoteOutside(row.problem), row.current ? 'in this shell' : ''];
  return parts.filter(Boolean).join('; ') || '-';
}

function formatForTerminal(rows: ProfileRow[], width: number, form: TableForm): string {
  const paint = (text: string, style: keyof typeof styles | undefined) =>
    form.hasColour && style && text ? `\x1b[${styles[style]}m${text}\x1b[0m` : text;
  const gutter = rows.some(({ current }) => current) ? 2 : 0;
  const inner = Math.max(width - gutter, 8);
  const texts = widestOf(rows, sessionText, 'SESSION');
  const times = widestOf(rows, (row) => (isAlive(row) ? sessionText(row) : ''), '');
  const barred = form.hasBars && times > 0 ? Math.max(texts, times + 1 + barCells) : texts;
  const layout = fit(rows, inner, barred) ?? fit(rows, inner, texts) ?? narrowest(inner, texts);
  const hasBars = barred > texts && layout.last === barred;
  const nameWidth = layout.shown[0]?.width ?? 0;
  const put = (text: string, columns: number) => padToWidth(cutToWidth(text, columns), columns);

  const header = layout.shown.map(({ title, width }) => put(title, width));
  const lines = rows.map((row) => {
    const mark = gutter === 0 ? '' : row.current ? '* ' : gap;
    const name = paint(put(row.profile, nameWidth), row.current ? 'bold' : undefined);
    if (row.problem && !isAlive(row) && !lacksDevice(row)) {
      const text = cutToWidth(quoteOutside(row.problem), inner - nameWidth - gap.length);
      return mark + name + gap + paint(text, 'red');
    }
    const cells = layout.shown.slice(1).map((column) => {
      const text = put(cellOf(column, row), column.width);
      return column.cell(row) === '' ? paint(text, 'dim') : text;
    });
    const text = cutToWidth(sessionText(row) || '-', layout.last);
    const bar = hasBars && isAlive(row) ? ' '.repeat(times - widthOf(text) + 1) + barOf(row) : '';
    return mark + [name, ...cells, paint(text + bar, styleOf(row))].join(gap);
  });
  const title = ' '.repeat(gutter) + [...header, cutToWidth('SESSION', layout.last)].join(gap);
  return [paint(title, 'bold'), ...lines].map((line) => `${line}\n`).join('');
}

type Fitted = { shown: (Column & { width: number })[]; last: number };

/**
 * The columns that there is room for. Those in which nothing stands are left out; then long cells are cut, and then columns go.
 *
 * @param last How wide the column of the sessions is.
 */
function fit(rows: ProfileRow[], width: number, last: number): Fitted | undefined {
  const filled = columns.filter((column) => rows.some((row) => column.cell(row) !== ''));
  const shown = [profileColumn, ...filled].map((column) => {
    const natural = widestOf(rows, (row) => cellOf(column, row), column.title);
    return { ...column, width: natural, least: Math.min(natural, column.least) };
  });
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

/** The profile and its session, both cut. */
function narrowest(width: number, natural: number): Fitted {
  const last = Math.min(natural, width - gap.length - 1);
  return { shown: [{ ...profileColumn, width: Math.max(1, width - gap.length - last) }], last };
}

function cellOf(column: Column, row: ProfileRow): string {
  return quoteOutside(column.cell(row)) || '-';
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

/** `ana` of `arn:aws:iam::111122223333:mfa/ana`; the whole where the mark is not in it. */
function nameIn(arn: string | null, mark: string): string {
  return arn?.slice(arn.includes(mark) ? arn.indexOf(mark) + mark.length : 0) ?? '';
}

function widestOf(rows: ProfileRow[], textOf: (row: ProfileRow) => string, title: string): number {
  const width = rememberLast(widthOf);
  let widest = widthOf(title);
  for (const row of rows) widest = Math.max(widest, width(textOf(row)));
  return widest;
}
