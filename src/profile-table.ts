/** The list of profiles for people: as wide as their terminal, with colours and bars; whole and plain where it is piped. */

import { formatDuration } from './duration.ts';
import type { ProfileRow } from './profile-row.ts';
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

/** The table's lines: a header, then one for each profile. @param rows At least one. */
export function formatTable(rows: readonly ProfileRow[], form: TableForm): string {
  const lines = form.columns === undefined ? plainLines(rows) : terminalLines(rows, form, form.columns);
  return lines.map((line) => `${line}\n`).join('');
}

/** A column and how wide its widest cell is, at least as wide as its title. */
interface Measured extends Column {
  width: number;
}

/** Columns with two blanks or more between them, `-` for an empty cell. Only the last column may hold blanks itself. */
function plainLines(rows: readonly ProfileRow[]): string[] {
  const measured = measure(rows, columns);
  const header = measured.map(({ title, width }) => padToWidth(title, width));
  const lines = rows.map((row) => {
    const cells = measured.map((column) => padToWidth(cellOf(column, row[column.key]), column.width));
    return [...cells, plainEnd(row)].join(gap);
  });
  return [[...header, 'SESSION'].join(gap), ...lines];
}

function plainEnd(row: ProfileRow): string {
  const session = lacksDevice(row) && !row.session && !row.notUsed ? '' : sessionText(row);
  const reasons = [row.notUsed, row.problem].map((reason) => quoteOutside(reason ?? ''));
  return [session, ...reasons, row.current ? 'in this shell' : ''].filter(Boolean).join('; ') || '-';
}

function terminalLines(rows: readonly ProfileRow[], form: TableForm, width: number): string[] {
  const paint = (text: string, style: keyof typeof styles | undefined) =>
    form.hasColour && style && text ? `\x1b[${styles[style]}m${text}\x1b[0m` : text;
  const gutter = rows.some(({ current }) => current) ? 2 : 0;
  const inner = Math.max(width - gutter, 8);
  const texts = widestOf(rows, sessionText, 'SESSION');
  const times = widestOf(rows, (row) => (isAlive(row) ? sessionText(row) : ''), '');
  const barred = form.hasBars && times > 0 ? Math.max(texts, times + 1 + barCells) : texts;
  const filled = columns.filter(({ key }) => rows.some((row) => row[key] !== null));
  const measured = measure(rows, filled);
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
  return [paint(title, 'bold'), ...lines];
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
  const { session, notUsed, login } = row;
  if (notUsed) return 'not used';
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

function measure(rows: readonly ProfileRow[], shown: readonly Column[]): Measured[] {
  return shown.map((column) => ({
    ...column,
    width: widestOf(rows, (row) => cellOf(column, row[column.key]), column.title),
  }));
}

function widestOf(rows: readonly ProfileRow[], textOf: (row: ProfileRow) => string, title: string): number {
  return rows.reduce((widest, row) => Math.max(widest, widthOf(textOf(row))), widthOf(title));
}
