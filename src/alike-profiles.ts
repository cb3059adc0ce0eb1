/**
 * Profiles that differ in no more than their names and what some of their lines say: one replacement in the text of the file
 * makes the lines of all of them, which takes a fraction of what reading each one does.
 */

import { describeMissingDevice } from './device.ts';
import { regionForm } from './partition.ts';
import { type Key, type Model, own as ownOfLinked, type Plan } from './plain-row.ts';
import { lineEnd, linesPattern, type PlainSection } from './plain-sections.ts';
import { describeMissingSource, sessionSuffix, sourceSuffixes } from './profile.ts';
import type { ProfileRow } from './profile-row.ts';
import { deviceKeys } from './settings.ts';

/** What stands before a line that was made, or before a header, so that no pattern takes the section for one that is alike. */
export const marks = { line: '\x01', notAlone: '\x02', never: '\x03' } as const;

/** What makes the lines of all profiles that are like one. */
export interface Alike {
  pattern: RegExp;
  replacement: string;
  /** Whether each has a source in a section beside its own. */
  isPair: boolean;
}

const [standardSuffix] = sourceSuffixes;
const suffixes = [...sourceSuffixes, sessionSuffix].join('|');
// Short enough for all that is said of it to be shown whole.
const nameForm = `([A-Za-z0-9_\\-/.%@:+]{1,100})(?<!${suffixes})`;
const endOfSection = `(?=[${Object.values(marks).join('')}[]|$)`;

const deviceArn = 'arn:aws:iam::(\\d{12}):mfa/([\\w+=,.@/-]{1,100})';

/** What a value may be in place of the model's, of those that differ mostly. */
const freeForms: Partial<Record<Key, string>> = {
  region: `(${regionForm})`,
  role_arn: 'arn:aws:iam::(\\d{12}):role/([\\w+=,.@/-]{1,100})',
  sso_account_id: '(\\d{12})',
  sso_role_name: '([\\w+=,.@-]{1,64})',
  ...Object.fromEntries(deviceKeys.map((key) => [key, deviceArn])),
};

/** A section as a pattern, and what refers to its values in a replacement. */
interface Pattern {
  lines: string;
  references: Partial<Record<Key, string>>;
}

/**
 * Makes it of a profile that was read.
 *
 * @param lineOf The line of a row, with its line end, where each value stands as it is or by the part that a table shows.
 * @returns nothing where the profile is not one that others could be like.
 */
export function findAlike(
  { row, fileKind, own, source }: Model,
  lineOf: (row: ProfileRow) => string,
): Alike | undefined {
  // In a replacement it refers to something.
  if (JSON.stringify(row).includes('$')) return undefined;
  const [first, second] = source && source.values.index < own.values.index ? [source, own] : [own, source];
  if (second && first.values.index + first.values[0].length !== second.values.index) return undefined;
  const isPair = source !== undefined;
  if (isPair && row.source !== row.profile + standardSuffix) return undefined;
  const makePattern = patternMaker();
  const sections = [first, ...(second ? [second] : [])].map((section) => ({ section, ...makePattern(section) }));
  const references = [own, source].map(
    (wanted) => sections.find(({ section }) => section === wanted)?.references ?? {},
  );
  // What is before the first character is looked at last, so that the engine can look for that one alone.
  const mark = isPair ? `${marks.notAlone}?` : '';
  const [firstHeader, nextHeader] = [`\\[(?<=(?:^|\\n)${mark}\\[)`, `${mark}\\[`];
  const beforeName = fileKind === 'config' ? 'profile (?!default\\])' : '';
  const text = sections.map(({ section, lines }, index) => {
    const [header, name] = index === 0 ? [firstHeader + beforeName, nameForm] : [nextHeader, '\\1'];
    return `${header}${name}${section === source ? standardSuffix : ''}\\]${lineEnd}${lines}`;
  });
  const pattern = new RegExp(`${text.join('')}${endOfSection}`, 'g');
  const replacement = marks.line + lineOf(referringRow(row, own.plan, references));
  const sectionsText = first.values[0] + (second?.values[0] ?? '');
  // What makes another line of the profile itself would make wrong ones of the others.
  if (sectionsText.replace(pattern, replacement) !== marks.line + lineOf(row)) return undefined;
  return { pattern, replacement, isPair };
}

/** Makes what makes patterns of sections, one after the other; the first group is the name's. */
function patternMaker(): (section: PlainSection<Plan>) => Pattern {
  let groups = 1;
  const referTo = (form: string) =>
    form.replace(/\([^)]*\)/g, () => {
      groups += 1;
      return `$${groups}`;
    });
  return ({ keys, plan, values }) => {
    const forms: Record<Key, string> = { ...plan.forms };
    const references: Pattern['references'] = {};
    for (const [index, key] of plan.read.entries()) {
      const value = values[index + 1] as string;
      const form = plan.isLinked && !ownOfLinked.includes(key) ? undefined : freeForms[key];
      const isFree = form !== undefined && new RegExp(`^${form}$`).test(value);
      forms[key] = isFree ? form : value.replace(/[^\w]/g, '\\$&');
      references[key] = isFree ? referTo(form) : value;
    }
    return { lines: linesPattern(keys, forms), references };
  };
}

/** A row that says what refers to the values in place of them. @param all For its own section, then for its source's. */
function referringRow(row: ProfileRow, plan: Plan, all: Pattern['references'][]): ProfileRow {
  const profile = '$1';
  const find = (...keys: Key[]) => all.flatMap((references) => keys.map((key) => references[key])).find(Boolean);
  const named = (value: string | null) => value && profile + value.slice(row.profile.length);
  const device = plan.isLinked ? undefined : find(...deviceKeys);
  const role = find('role_arn') ?? (plan.isSso ? find('sso_role_name') : undefined);
  const withAccount = [find('role_arn'), find('sso_account_id'), device];
  const account = withAccount.map((reference) => /\$\d+/.exec(reference ?? '')?.[0]).find(Boolean);
  const missing = plan.isLinked || row.source !== null ? describeMissingDevice : describeMissingSource;
  return {
    ...row,
    profile,
    current: false,
    account: row.account && (account ?? row.account),
    device: row.device && (device ?? row.device),
    source: plan.isLinked ? row.source : named(row.source),
    region: row.region && (find('region') ?? row.region),
    role: row.role && (role ?? row.role),
    section: named(row.section),
    problem: row.problem && missing(profile),
  };
}
