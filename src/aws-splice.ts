/** Changes sections of an AWS file's text and nothing else; refuses what tools read differently. */

import {
  type AwsFile,
  allSections,
  type Property,
  parseAwsFile,
  readProperties,
  type Section,
  sectionsOf,
} from './aws-file.ts';
import type { Fault } from './fault.ts';

/** What is to stand in a section afterwards. Keys are lower case, values without line ends. */
export interface SectionEdit {
  section: string;
  set: [key: string, value: string][];
  remove: readonly string[];
  /** Whether the header goes too, where nothing but blank lines would be left below it. */
  dropIfEmpty?: boolean;
  /** Whether a section that is made has a blank line before it. */
  isApart?: boolean;
}

/** Lines that are to stand in another section, as they are: keys in lower case. */
export interface LineMove {
  from: string;
  to: string;
  keys: readonly string[];
}

/**
 * What in a file makes changing it unsafe: AWS's tools would refuse the whole file, or read it differently from each other.
 *
 * @returns the first fault and what to do about it; nothing where the section can be changed.
 */
export function findObstacle(file: AwsFile, sectionName: string): Fault | undefined {
  return file.oddByte ?? findFault(file) ?? findMisread(file.text) ?? findAmbiguity(file, sectionName);
}

// A line that is no header, comment, blank or plain property: only where there is one, every line has to be read.
const oddLine = /^(?!\[|[#;]|[ \t]*\r?$|[^\s=#;][^=#;\n]*=)/m;

function findFault(file: AwsFile): Fault | undefined {
  if (!oddLine.test(file.text)) return file.faults[0];
  const faults = [...file.faults];
  for (const section of allSections(file)) readProperties(file, section, (fault) => faults.push(fault));
  return faults.sort((a, b) => a.offset - b.offset)[0];
}

/** Lines by which the AWS CLI's parser (Python's configparser) comes to other sections or keys than the SDKs. */
export const misread: [pattern: RegExp, message: string][] = [
  [/^[ \t]+\[/m, 'a profile definition is indented'],
  [/^\[[^\]\n]*\][^\n]*\]/m, 'the comment behind a profile definition has a bracket'],
  [/^[^\s[#;=:][^=:\n]*:[^=\n]*=/m, 'a key has a colon'],
];

function findMisread(text: string): Fault | undefined {
  for (const [pattern, message] of misread) {
    const found = pattern.exec(text);
    if (found) return { message, offset: found.index };
  }
  return undefined;
}

// What Python takes for a blank beside space and tab, in bytes of UTF-8: with one of them a line goes on with the value before
// it for the AWS CLI, and is a property for others.
const oddBlank =
  /^(?:[\x0b\x0c\x1c-\x1f]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)/m;

function findAmbiguity(file: AwsFile, sectionName: string): Fault | undefined {
  const [target, second] = sectionsOf(file, sectionName);
  if (second) return { message: `[${sectionName}] stands a second time`, offset: second.start };
  if (!target) return undefined;
  const indented = oddBlank.exec(file.text.slice(target.bodyStart, target.end));
  if (indented) {
    return {
      message: 'the line begins with a blank that is neither a space nor a tab',
      offset: target.bodyStart + indented.index,
    };
  }
  const header = /^\[[^\]]*\](.*)$/.exec(headerLine(file, target));
  if (!headerLine(file, target).startsWith(`[${sectionName}]`)) {
    return { message: `blanks in the header: write it [${sectionName}]`, offset: target.start };
  }
  const behind = header?.[1] ?? '';
  const isAdjacent = (text: string) => /^[#;]/.test(text);
  // The JavaScript SDK takes `[x]; comment` for no header at all and gives its keys to the section before it.
  if (isAdjacent(behind))
    return { message: 'a blank is missing between the header and its comment', offset: target.start };
  const next = file.oddSections.find(({ start }) => start === target.end);
  if (next && isAdjacent(/^\[[^\]]*\](.*)$/.exec(headerLine(file, next))?.[1] ?? '')) {
    return { message: 'a blank is missing between the header and its comment', offset: next.start };
  }
  return undefined;
}

/** A section's header as it stands in the file, without its line end. */
export function headerLine(file: AwsFile, section: Section): string {
  return file.text.slice(section.start, section.bodyStart).replace(/\r?\n$/, '');
}

/**
 * The file with the section changed: replaced keys keep their place, new ones stand behind the last property,
 * a missing section at the end.
 *
 * @throws {Error} a bug, where the new text does not read as it should: nothing of it may be written then.
 */
export function spliceSection(file: AwsFile, edit: SectionEdit): AwsFile {
  const [section] = sectionsOf(file, edit.section);
  if (!section && edit.set.length === 0) return file;
  const text = section ? changeSection(file, section, edit) : appendSection(file, edit);
  return checkResult(file, text, edit);
}

function changeSection(file: AwsFile, section: Section, edit: SectionEdit): string {
  const properties = propertiesOf(file, section);
  const lineEnd = lineEndOf(file.text.slice(section.start, section.end)) ?? lineEndOf(file.text) ?? '\n';
  const values = new Map(edit.set);
  const written = new Set<string>();
  let text = file.text.slice(0, section.bodyStart);
  let copied = section.bodyStart;
  const put = (line: string) => {
    if (!text.endsWith('\n')) text += lineEnd;
    text += line + lineEnd;
  };
  for (const property of properties) {
    const value = values.get(property.key);
    if (value === undefined && !edit.remove.includes(property.key)) continue;
    text += file.text.slice(copied, property.start);
    if (value !== undefined && !written.has(property.key)) put(`${property.key} = ${value}`);
    text += commentsIn(file.text.slice(property.start, property.end));
    written.add(property.key);
    copied = property.end;
  }
  const insertAt = Math.max(copied, properties.at(-1)?.end ?? section.bodyStart);
  text += file.text.slice(copied, insertAt);
  for (const [key, value] of edit.set) if (!written.has(key)) put(`${key} = ${value}`);
  const end = file.text.slice(insertAt, section.end);
  const isEmpty = `${text.slice(section.bodyStart)}${end}`.trim() === '';
  const kept = edit.dropIfEmpty && isEmpty ? text.slice(0, section.start) + text.slice(section.bodyStart) : text;
  return kept + file.text.slice(insertAt);
}

/** The comment lines that stand between a property's first line and those in which it goes on. */
function commentsIn(text: string): string {
  return (text.match(/^[#;][^\n]*\n/gm) ?? []).join('');
}

function appendSection(file: AwsFile, edit: SectionEdit): string {
  const lineEnd = lineEndOf(file.text) ?? '\n';
  const begin = beginSection(file.text, edit.section, lineEnd, edit.isApart);
  return begin + edit.set.map(([key, value]) => `${key} = ${value}${lineEnd}`).join('');
}

/** The text with a header behind it. */
function beginSection(text: string, name: string, lineEnd: string, isApart = false): string {
  const begin = text === '' || text.endsWith('\n') ? text : text + lineEnd;
  const blank = isApart && begin !== '' && !/\n\r?\n$/.test(begin) ? lineEnd : '';
  return `${begin}${blank}[${name}]${lineEnd}`;
}

function lineEndOf(text: string): string | undefined {
  return /\r?\n/.exec(text)?.[0];
}

function propertiesOf(file: AwsFile, section: Section): Property[] {
  return readProperties(file, section, () => {});
}

/** Reads the new text as any tool would: the section as intended, every byte before and behind it as it was. */
function checkResult(before: AwsFile, text: string, edit: SectionEdit): AwsFile {
  const after = parseAwsFile(before.path, before.kind, text);
  const [changed] = sectionsOf(before, edit.section);
  const [head, tail] = [
    before.text.slice(0, changed?.start),
    before.text.slice(changed?.end ?? Number.POSITIVE_INFINITY),
  ];
  const [target, second] = sectionsOf(after, edit.section);
  const properties = target ? propertiesOf(after, target) : [];
  const kept = sectionsOf(before, edit.section)
    .flatMap((section) => propertiesOf(before, section))
    .filter(({ key }) => !edit.remove.includes(key) && !edit.set.some(([name]) => name === key));
  const expected = [
    ...kept.map(({ key, rawValue }) => `${key}=${rawValue}`),
    ...edit.set.map((pair) => pair.join('=')),
  ];
  const found = properties.map(({ key, rawValue }) => `${key}=${rawValue}`);
  const isAsIntended =
    (target !== undefined || (edit.dropIfEmpty && expected.length === 0)) &&
    !second &&
    !findObstacle(after, edit.section) &&
    text.startsWith(head) &&
    text.endsWith(tail) &&
    (!target || !changed || (target.start === changed.start && text.length - target.end === tail.length)) &&
    expected.sort().join('\n') === found.sort().join('\n');
  if (!isAsIntended) throw new Error(`the changed text of ${before.path} would not read as intended`);
  return after;
}

/**
 * The file with the lines of some keys moved from one section to another, comments behind their values too: there they stand
 * behind the last property; a missing section is made at the end.
 *
 * @throws {Error} a bug, where the new text does not read as it should: nothing of it may be written then.
 */
export function moveLines(file: AwsFile, move: LineMove): AwsFile {
  const moved = sectionsOf(file, move.from).flatMap((section) => linesOf(file, section, move.keys));
  if (moved.length === 0) return file;
  const lineEnd = lineEndOf(file.text) ?? '\n';
  const lines = moved.map(({ start, end }) => withEnd(file.text.slice(start, end), lineEnd)).join('');
  let left = '';
  let copied = 0;
  for (const { start, end } of moved) {
    left += file.text.slice(copied, start);
    copied = end;
  }
  left += file.text.slice(copied);
  const rest = parseAwsFile(file.path, file.kind, left);
  const [target] = sectionsOf(rest, move.to);
  const insertAt = target ? (propertiesOf(rest, target).at(-1)?.end ?? target.bodyStart) : left.length;
  const before = left.slice(0, insertAt);
  const begin = target ? before && withEnd(before, lineEnd) : beginSection(before, move.to, lineEnd, true);
  return checkMove(file, rest, begin + lines + left.slice(insertAt), move);
}

function linesOf(file: AwsFile, section: Section, keys: readonly string[]): Property[] {
  return propertiesOf(file, section).filter(({ key }) => keys.includes(key));
}

function withEnd(text: string, lineEnd: string): string {
  return text.endsWith('\n') ? text : text + lineEnd;
}

/** Reads the new text as any tool would: what was moved is there and only there, every other section as it was. */
function checkMove(before: AwsFile, rest: AwsFile, text: string, { from, to, keys }: LineMove): AwsFile {
  const after = parseAwsFile(before.path, before.kind, text);
  const pairs = (file: AwsFile, name: string) =>
    sectionsOf(file, name)
      .flatMap((section) => propertiesOf(file, section))
      .map(({ key, rawValue }) => [key, rawValue]);
  const isMoved = ([key = '']: string[]) => keys.includes(key);
  const expectedThere = [...pairs(before, to), ...pairs(before, from).filter(isMoved)];
  const expectedHere = pairs(before, from).filter((pair) => !isMoved(pair));
  const others = (file: AwsFile) =>
    allSections(file)
      .filter(({ name }) => name !== from && name !== to)
      .map(({ start, end }) => file.text.slice(start, end).trimEnd());
  const isAsIntended =
    isSameList(pairs(after, to), expectedThere) &&
    isSameList(pairs(after, from), expectedHere) &&
    isSameList(others(after), others(before)) &&
    isSameList(others(rest), others(before)) &&
    [from, to].every((name) => sectionsOf(after, name).length === 1 && !findObstacle(after, name));
  if (!isAsIntended) throw new Error(`the changed text of ${before.path} would not read as intended`);
  return after;
}

function isSameList(one: unknown[], other: unknown[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
