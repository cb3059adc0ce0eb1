/**
 * Profiles that differ in no more than their names and what some of their lines say: one replacement in the text of the file
 * makes the lines of all of them, which takes a fraction of what reading each one does.
 */

import { describeMissingDevice } from './device.ts';
import { anySuffix } from './name-ends.ts';
import { regionForm } from './partition.ts';
import { type Key, type Model, ownOfLinked, type Plan } from './plain-row.ts';
import { lineEnd, linesPattern, type PlainSection } from './plain-sections.ts';
import { describeMissingSource, standardSuffix } from './profile.ts';
import type { ProfileRow } from './profile-row.ts';
import type { AwsFileKind } from './section-title.ts';
import { deviceKeys } from './settings.ts';
import { isPrintableAscii } from './text-width.ts';

/**
 * What stands before a line that was made, or before the name of a profile whose line is to be made of its own section; and
 * before a header, so that no pattern takes the section for one that is alike.
 */
export const marks = { line: '\x01', notAlone: '\x02', never: '\x03', name: '\x04' } as const;

/** What stands before a profile's name in the config file. */
export const ownHeader = '[profile ';

/** What makes the lines of all profiles that are like one. */
export interface Alike {
  pattern: RegExp;
  replacement: string;
  /** Whether each has a source in a section of its own. */
  isPair: boolean;
  /**
   * Where its own section is in the config file. The other pattern is the source's then, which makes a name of it: the mark, a
   * letter for the kind (one kind's sources may stand with sections that are like those of another one), and the header of the
   * profile's own section, without its end.
   */
  own?: { pattern: RegExp; replacement: string; name: string };
}

// Of longer values the engine can make no pattern.
const mostSaid = 4096;
// Short enough for all that is said of it to be shown whole.
const nameForm = `([A-Za-z0-9_\\-/.%@:+]{1,100})(?<!${anySuffix})`;
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
 * Makes pattern and replacement of a profile that was read.
 *
 * @param letter For the kind of profiles.
 * @param lineOf The line of a row, with its line end, where each value stands as it is or by the part that a table shows.
 * @returns nothing where the profile is not one that others could be like.
 */
export function findAlike(model: Model, letter: string, lineOf: (row: ProfileRow) => string): Alike | undefined {
  const { row, own, source, fileKind } = model;
  const said = JSON.stringify([row, own.values.slice(1), source?.values.slice(1)]);
  // A dollar refers to something in a replacement, and lines are taken to have a column for each character.
  if (said.includes('$') || !isPrintableAscii(said) || said.length > mostSaid) return undefined;
  if (source && row.source !== row.profile + standardSuffix) return undefined;
  const alike = source && fileKind === 'config' ? findAcross(model, source, letter, lineOf) : findWithin(model, lineOf);
  // What makes another line of the profile itself would make wrong ones of the others.
  const { pattern, replacement } = alike?.own ?? alike ?? {};
  const text =
    alike?.own || !source
      ? own.values[0]
      : inOrder(own, source)
          .map(({ values }) => values[0])
          .join('');
  return pattern && text.replace(pattern, replacement ?? '') === marks.line + lineOf(row) ? alike : undefined;
}

/** Of a profile whose sections stand beside each other. */
function findWithin({ row, own, source, fileKind }: Model, lineOf: (row: ProfileRow) => string): Alike | undefined {
  const sections = source ? inOrder(own, source) : [own];
  const [first, second] = sections;
  if (first && second && first.values.index + first.values[0].length !== second.values.index) return undefined;
  const makePattern = patternMaker();
  const patterns = sections.map((section) => makePattern(section));
  const references = [own, source].map((section) => patterns[sections.indexOf(section ?? own)]?.references ?? {});
  const names = sections.map((section) => (section === source ? standardSuffix : ''));
  const pattern = sectionsPattern(fileKind, patterns, names, source !== undefined);
  return {
    pattern,
    replacement: marks.line + lineOf(referringRow(row, own.plan, references)),
    isPair: source !== undefined,
  };
}

/** Of a profile whose own section is in the config file, and its source's in the credentials file. */
function findAcross(
  { row, own }: Model,
  source: PlainSection<Plan>,
  letter: string,
  lineOf: (row: ProfileRow) => string,
): Alike {
  const ofOwn = patternMaker()(own);
  const ofSource = patternMaker(false)(source);
  const name = `${marks.name}${letter}${ownHeader}$1\n`;
  const referring = referringRow(row, own.plan, [ofOwn.references, ofSource.references]);
  return {
    pattern: sectionsPattern('credentials', [ofSource], [standardSuffix], true),
    replacement: name,
    isPair: true,
    own: {
      name,
      pattern: sectionsPattern('config', [ofOwn], [''], true),
      replacement: marks.line + lineOf(referring),
    },
  };
}

function inOrder(...sections: PlainSection<Plan>[]): PlainSection<Plan>[] {
  return sections.sort((a, b) => a.values.index - b.values.index);
}

/** The pattern of sections of one profile. @param ends What stands behind its name in their headers. */
function sectionsPattern(kind: AwsFileKind, patterns: Pattern[], ends: string[], isPair: boolean): RegExp {
  const mark = isPair ? `${marks.notAlone}?` : '';
  const beforeName = kind === 'config' ? `${ownHeader.slice(1)}(?!default\\])` : '';
  const sections = patterns.map(({ lines }, index) => {
    // What is before the first character is looked at last, so that the engine can look for that one alone.
    const [header, name] = index === 0 ? [`\\[(?<=(?:^|\\n)${mark}\\[)`, nameForm] : [`${mark}\\[`, '\\1'];
    return `${header}${beforeName}${name}${ends[index]}\\]${lineEnd}${lines}`;
  });
  return new RegExp(`${sections.join('')}${endOfSection}`, 'g');
}

/**
 * Makes what makes patterns of sections, one after the other; the first group is the name's.
 *
 * @param isFree Whether values may be others than the model's.
 */
function patternMaker(isFree = true): (section: PlainSection<Plan>) => Pattern {
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
      const form = !isFree || (plan.isLinked && !ownOfLinked.includes(key)) ? undefined : freeForms[key];
      const isOther = form !== undefined && new RegExp(`^${form}$`).test(value);
      forms[key] = isOther ? form : value.replace(/[^\w]/g, '\\$&');
      references[key] = isOther ? referTo(form) : value;
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
