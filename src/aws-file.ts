/**
 * The dialect of `~/.aws/credentials` and `~/.aws/config`, by the cases that AWS's own SDKs are tested with.
 *
 * The text is held one character a byte (latin1), so that whatever a file holds can be written back as it was; values are
 * decoded as UTF-8 when they are asked for. Only headers are looked at until a section is wanted.
 */

import { parse } from 'ini';
import type { Fault } from './fault.ts';
import { findDamagedHeader, findHiddenHeaders } from './hidden-headers.ts';
import { holdIdentity } from './identity-keys.ts';
import { byteOrderMark, findOddByte } from './odd-bytes.ts';
import { type AwsFileKind, isProfileName, readTitle } from './section-title.ts';
import type { Doubt } from './trust.ts';

/** A header and what stands below it, up to the next header; offsets are bytes from the start of the file. */
export interface Section {
  /** The profile's name; nothing where the section is no profile's (`[sso-session x]`, a malformed or foreign header). */
  name: string | undefined;
  /** For config: whether the name stood behind `profile`, which beats a bare `[default]`. */
  prefixed: boolean;
  /** What stood between the brackets, for sections that are no profiles. */
  title: string | undefined;
  start: number;
  bodyStart: number;
  end: number;
}

export interface AwsFile {
  path: string;
  kind: AwsFileKind;
  text: string;
  /** The sections whose headers have any but the plain form; `sectionsOf` and `allSections` find the others. */
  oddSections: Section[];
  /** The faults of headers and of the lines before the first one, by their lines; `readProperties` finds those of bodies. */
  faults: Fault[];
  /** The first fault that hides the section of each profile. */
  hidden: Map<string, Fault>;
  /** The first fault that may hide any section. */
  hidesAny: Fault | undefined;
  /** The first byte that makes the rest of the file uncertain. */
  oddByte: Fault | undefined;
  /** Who else could have written it; undefined for a text that was not read from a file. */
  doubt?: Doubt | undefined;
  /** Whether only a variable names it, and it is outside `~/.aws`: then it has no say over endpoints. */
  isOutside?: () => boolean;
  /** The keys of `[DEFAULT]` that decide identity, once somebody has asked for them. */
  shared?: Property[];
  /** What `indexFile` adds, for who asks for many sections of the file. */
  index?: FileIndex;
}

interface FileIndex {
  /** Where the headers of each profile are that count, in the order of the file. */
  headers: Map<string, number | number[]>;
  lineStarts: number[];
}

/** A property and its lines; offsets are bytes from the start of the file. */
export interface Property {
  /** Lower case, as AWS compares them. */
  key: string;
  /** One character a byte, without comment; continuation lines are joined by line feeds. */
  rawValue: string;
  start: number;
  /** Behind the line end of the last continuation line. */
  end: number;
  continued: boolean;
  /** Whether its value is empty: each line below it is a property of its own then (`s3 =`, `  max_queue_size = 5`). */
  isParent: boolean;
}

// Headers in any but the plain form: nearly every one is plain, so that a long file is read by what it does not hold.
const oddHeaders = {
  credentials: /(?<![^\n])\[(?![A-Za-z0-9_\-/.%@:+]+\]\r?(?:\n|$))/g,
  config: /(?<![^\n])\[(?!(?:default|profile [A-Za-z0-9_\-/.%@:+]+)\]\r?(?:\n|$))/g,
};

const plainHeaders = {
  credentials: /\[[A-Za-z0-9_\-/.%@:+]+\]\r?(?:\n|$)/y,
  config: /\[(?:default|profile [A-Za-z0-9_\-/.%@:+]+)\]\r?(?:\n|$)/y,
};

/** Looks at what is odd in a file; its sections are found when they are asked for. `text` is one character a byte. */
export function parseAwsFile(path: string, kind: AwsFileKind, text: string): AwsFile {
  const oddByte = findOddByte(text);
  const isUncertain = oddByte !== undefined && text.includes('\0');
  const file: AwsFile = {
    ...{ path, kind, text, oddSections: [], hidden: new Map(), hidesAny: undefined, oddByte },
    faults: findHiddenHeaders(kind, text),
  };
  readPreamble(file, firstHeader(text));
  for (const { index } of text.matchAll(oddHeaders[kind])) file.oddSections.push(readHeader(file, index, file.faults));
  if (oddByte) file.faults.push({ ...oddByte, hidesAny: isUncertain });
  file.faults.sort((a, b) => a.offset - b.offset);
  for (const fault of file.faults) {
    if (fault.profile !== undefined && !file.hidden.has(fault.profile)) file.hidden.set(fault.profile, fault);
    if (fault.hidesAny) file.hidesAny ??= fault;
  }
  return file;
}

/** The sections of one profile that count: `[profile default]` replaces `[default]` wherever it stands. */
export function sectionsOf(file: AwsFile, name: string): Section[] {
  if (file.index) return headersIn(file.index, name).map((start) => readHeader(file, start));
  const sections = file.oddSections.filter((section) => section.name === name);
  const odd = new Set(sections.map(({ start }) => start));
  for (const header of headersOf(file.kind, name)) {
    for (let at = file.text.indexOf(header); at !== -1; at = file.text.indexOf(header, at + 1)) {
      const section = isLineStart(file.text, at) && !odd.has(at) ? readHeader(file, at) : undefined;
      if (section?.name === name) sections.push(section);
    }
  }
  sections.sort((a, b) => a.start - b.start);
  return thoseThatCount(sections);
}

function thoseThatCount(sections: Section[]): Section[] {
  return sections.some((section) => section.prefixed) ? sections.filter((section) => section.prefixed) : sections;
}

/** The same file with an index of its sections. */
export function indexFile(file: AwsFile): AwsFile & { index: FileIndex } {
  const { text } = file;
  const headers: FileIndex['headers'] = new Map();
  const odd = new Map(file.oddSections.map(({ start, name }) => [start, name]));
  const hasOdd = odd.size > 0;
  const beforeName = file.kind === 'config' ? '[profile '.length : '['.length;
  let count = 0;
  for (let start = firstHeader(text); start < text.length; start = nextHeader(text, start)) {
    const isOdd = hasOdd && odd.has(start);
    // Nothing stands behind that place in `[default]`.
    const plain = isOdd ? undefined : text.slice(start + beforeName, text.indexOf(']', start)) || 'default';
    const name = plain ?? odd.get(start);
    if (name === undefined) continue;
    headers.set(name, start);
    count += 1;
  }
  if (headers.size < count) keepRepeated(file, headers);
  return { ...file, index: { headers, lineStarts: [] } };
}

/** Keeps all headers of the profiles that have more than one. */
function keepRepeated(file: AwsFile, headers: FileIndex['headers']): void {
  const all = new Map<string, Section[]>();
  for (const section of allSections(file)) {
    if (section.name === undefined) continue;
    const sections = all.get(section.name);
    if (sections) sections.push(section);
    else all.set(section.name, [section]);
  }
  for (const [name, sections] of all) {
    if (sections.length === 1) continue;
    headers.set(
      name,
      thoseThatCount(sections).map(({ start }) => start),
    );
  }
}

/** Where the sections of a profile start that count. */
function headersIn({ headers }: FileIndex, name: string): number[] {
  const found = headers.get(name);
  if (found === undefined) return [];
  return typeof found === 'number' ? [found] : found;
}

/** Whether there is a section of this name. */
export function hasSectionOf(file: AwsFile, name: string): boolean {
  return file.index ? file.index.headers.has(name) : sectionsOf(file, name).length > 0;
}

/** The names of all profiles of the file, in its order. */
export function profileNamesOf(file: AwsFile): Pick<Map<string, unknown>, 'keys' | 'has'> {
  return (file.index ?? indexFile(file).index).headers;
}

function headersOf(kind: AwsFileKind, name: string): string[] {
  if (kind === 'credentials') return [`[${name}]`];
  return name === 'default' ? ['[default]', '[profile default]'] : [`[profile ${name}]`];
}

function isLineStart(text: string, offset: number): boolean {
  return offset === 0 || text[offset - 1] === '\n';
}

/** Every section, in the order of the file. */
export function allSections(file: AwsFile): Section[] {
  const sections: Section[] = [];
  for (let start = firstHeader(file.text); start < file.text.length; start = nextHeader(file.text, start))
    sections.push(readHeader(file, start));
  return sections;
}

function firstHeader(text: string): number {
  return text.startsWith('[') ? 0 : nextHeader(text, 0);
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

/** Where the next line that begins with `[` starts; the end of the text where there is none. */
function nextHeader(text: string, from: number): number {
  const at = text.indexOf('\n[', from);
  return at === -1 ? text.length : at + 1;
}

/** Reads the lines before the first header: what is a section's is the section of a header that is hidden or lost. */
function readPreamble(file: AwsFile, end: number): void {
  let hidesAny: boolean | undefined;
  const hidden = new Set(file.faults.filter(({ profile }) => profile !== undefined).map(({ offset }) => offset));
  for (let start = 0; start < end; ) {
    const lineEnd = endOfLine(file.text, start);
    const line = file.text.slice(start, lineEnd);
    const text = line.replace(start === 0 ? byteOrderMark : '', '');
    if (hidden.has(start) || text.startsWith('[')) return;
    if (trimBlanks(text.replace(/\r$/, '')) !== '' && !isComment(text.charCodeAt(0))) {
      const message = 'expected a profile definition before any property';
      hidesAny ??= holdIdentity(file.text.slice(0, end));
      file.faults.push({ message, offset: start, hidesAny, hint: 'write the header of its section above it' });
    }
    start = lineEnd + 1;
  }
}

function isComment(code: number): boolean {
  return code === 0x23 || code === 0x3b;
}

/** Reads the header at `start`; a fault of its own is added to `faults`. */
function readHeader(file: Pick<AwsFile, 'kind' | 'text'>, start: number, faults: Fault[] = []): Section {
  const plain = plainHeaders[file.kind];
  plain.lastIndex = start;
  if (plain.test(file.text)) {
    const title = file.text.slice(start + 1, file.text.indexOf(']', start));
    const prefixed = file.kind === 'config' && title !== 'default';
    const name = prefixed ? title.slice('profile '.length) : title;
    const bodyStart = plain.lastIndex;
    return { name, prefixed, title, start, bodyStart, end: nextHeader(file.text, bodyStart - 1) };
  }
  const lineEnd = endOfLine(file.text, start);
  const place = { start, bodyStart: Math.min(lineEnd + 1, file.text.length), end: nextHeader(file.text, start) };
  const line = trimBlanks(
    file.text
      .slice(start, lineEnd)
      .replace(/\r$/, '')
      .replace(/[#;].*/s, ''),
  );
  const isClosed = line.endsWith(']');
  const title = isClosed ? trimBlanks(line.slice(1, -1)) : undefined;
  const names = title === undefined ? { name: undefined, prefixed: false } : readTitle(file.kind, title);
  const fault = names.name === undefined ? findDamagedHeader(file.kind, line, title, start) : undefined;
  if (fault)
    faults.push({ ...fault, hidesAny: fault.hidesAny === true && holdIdentity(file.text.slice(start, place.end)) });
  return { ...place, ...names, title };
}

/** Reads the lines of one section's body. Faults are handed to `onFault`; their lines count as not there. */
export function readProperties(file: AwsFile, section: Section, onFault: (fault: Fault) => void): Property[] {
  const properties: Property[] = [];
  let current: Property | undefined;
  for (let start = section.bodyStart; start < section.end; ) {
    const lineEnd = endOfLine(file.text, start);
    const end = Math.min(lineEnd + 1, file.text.length);
    const textEnd = lineEnd > start && file.text.charCodeAt(lineEnd - 1) === 0x0d ? lineEnd - 1 : lineEnd;
    const isContinuation = isBlank(file.text.charCodeAt(start));
    // Neither a blank line nor a comment ends a property: a continuation line may follow it.
    if (textEnd > start && !isComment(file.text.charCodeAt(start))) {
      const line = file.text.slice(start, textEnd);
      if (!isContinuation) {
        current = readProperty(line, start, end, onFault);
        if (current) properties.push(current);
      } else if (trimBlanks(line) !== '') {
        const fault = (message: string) => onFault({ message, offset: start });
        if (current) continueProperty(current, line, end, fault);
        else fault('expected a property definition, found continuation');
      }
    }
    start = lineEnd + 1;
  }
  return properties;
}

function readProperty(
  line: string,
  offset: number,
  end: number,
  onFault: (fault: Fault) => void,
): Property | undefined {
  const [key, value] = splitProperty(line);
  if (value === undefined) onFault({ message: "expected an '=' sign defining a property", offset });
  else if (key === '') onFault({ message: 'property did not have a name', offset });
  else return { key: key.toLowerCase(), rawValue: value, start: offset, end, continued: false, isParent: value === '' };
  return undefined;
}

function continueProperty(property: Property, line: string, end: number, fault: (message: string) => void): void {
  const text = trimBlanks(line);
  // To ask the value itself would put it together anew for each line.
  if (property.isParent) {
    const [key, value] = splitProperty(text);
    if (value === undefined) fault("expected an '=' sign defining a sub-property");
    else if (key === '') fault('sub-property did not have a name');
  }
  property.rawValue += `\n${text}`;
  property.end = end;
  property.continued = true;
}

/** Splits `key = value ; comment` at its first `=`: a comment begins with `#` or `;` behind a blank. */
export function splitProperty(line: string): [key: string, value: string | undefined] {
  const text = line.includes('#') || line.includes(';') ? line.replace(/[ \t][#;].*/s, '') : line;
  const at = text.indexOf('=');
  if (at === -1) return [trimBlanks(text), undefined];
  return [trimBlanks(text.slice(0, at)), trimBlanks(text.slice(at + 1))];
}

/** Takes blanks and tabs off both ends, and nothing else that `trim` would; a pattern would take quadratic time on long runs. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The values of properties as strings, the last one of a key winning; what can be no key is left out. */
export function decodeValues(properties: Property[]): Map<string, string> {
  const known = properties.filter(({ key }) => isProfileName(key) && key !== '__proto__');
  return new Map(known.map((property) => [property.key, decodeValue(property)]));
}

/**
 * The value of a property as a string.
 *
 * `ini` sees one value, quoted as JSON: what else it would make of brackets, dots, comments, quotes and the words true,
 * false and null cannot happen then. Printable ASCII comes back as it went, and does not go: thirty thousand sections took
 * it 0.2 s.
 */
export function decodeValue({ rawValue }: Property): string {
  return isPrintableAscii(rawValue) ? rawValue : String(parse(`value = ${quoteForIni(toUtf8(rawValue))}`).value);
}

function isPrintableAscii(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function toUtf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function quoteForIni(value: string): string {
  // ini's line pattern stops at the two separators of Unicode, which JSON leaves as they are.
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** The number, from 1, of the line that begins at `offset`. */
export function lineNumber(file: AwsFile, offset: number): number {
  if (file.index) return lineNumberIn(file.index.lineStarts, file.text, offset);
  let line = 1;
  for (let at = file.text.indexOf('\n'); at !== -1 && at < offset; at = file.text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** @param starts Where the lines start; filled at the first question. */
function lineNumberIn(starts: number[], text: string, offset: number): number {
  if (starts.length === 0) {
    starts.push(0);
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  }
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
