/**
 * Finds what makes the sections of one profile mean two identities. The rules, each from a file that a tool of AWS's reads otherwise:
 * - a key that decides identity has two values, in one section or in two (the AWS CLI refuses the file, SDKs take the last);
 * - two headers that name the profile in different ways have different keys (the AWS CLI takes the later section alone);
 * - a header is part of a value, a NUL or a lone carriage return is in the section;
 * - the key is indented, has odd characters around it, or `:` after it (each tool reads another key);
 * - `[DEFAULT]` decides identity (the AWS CLI gives its keys to every section).
 */

import {
  type AwsFile,
  allSections,
  lineNumber,
  type Property,
  readProperties,
  type Section,
  splitProperty,
} from './aws-file.ts';
import type { Fault } from './fault.ts';
import { isIdentityKey } from './identity-keys.ts';

/**
 * @param sections The sections of the profile that count, at least one.
 * @param properties Those of all of these sections.
 * @returns undefined if there is one way to read them. No value is part of the message.
 */
export function findConflict(
  file: AwsFile,
  sections: readonly Section[],
  properties: readonly Property[],
  name: string,
): Fault | undefined {
  return (
    sections.map((section) => findDamageIn(file, section, name)).find(Boolean) ??
    findTwoValues(file, properties) ??
    properties.map((property) => findOddKey(property)).find(Boolean) ??
    findTwoHeaders(file, sections, name) ??
    findSharedKey(file, sections, properties)
  );
}

function findDamageIn(file: AwsFile, { start, bodyStart, end }: Section, name: string): Fault | undefined {
  if (file.oddByte) {
    const odd = /\0|\r(?!\n)/.exec(file.text.slice(bodyStart, end));
    if (odd) return { ...file.oddByte, offset: file.text.lastIndexOf('\n', bodyStart + odd.index - 1) + 1 };
  }
  const header = file.text.slice(start, bodyStart);
  if (file.kind === 'credentials' && /^\[[ \t]|[ \t]\][^\]]*$/.test(header)) {
    return { message: `blanks in the header: write it [${name}]`, offset: start };
  }
  return firstIn(file.faults, bodyStart, end);
}

/** The first fault between two offsets; faults are in the order of the file, and may be many. */
function firstIn(faults: readonly Fault[], start: number, end: number): Fault | undefined {
  let [low, high] = [0, faults.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((faults[middle]?.offset ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  const fault = faults[low];
  return fault && fault.offset < end ? fault : undefined;
}

function findTwoValues(file: AwsFile, properties: readonly Property[]): Fault | undefined {
  const values = new Map<string, Property>();
  for (const property of properties) {
    const { key, rawValue, start } = property;
    if (!isIdentityKey(key)) continue;
    const first = values.get(key);
    if (first === undefined) values.set(key, property);
    else if (first.rawValue !== rawValue) {
      const message = `${key} is there a second time, with another value than at line ${lineNumber(file, first.start)}`;
      return { message, offset: start, hint: 'delete the line that is wrong' };
    }
  }
  return undefined;
}

/** A line that one tool reads as a key of identity, and another does not. */
function findOddKey({ key, rawValue, start, continued, isParent }: Property): Fault | undefined {
  const beforeColon = key.includes(':') ? key.slice(0, key.indexOf(':')) : key;
  const meant = isIdentityKey(key) ? key : beforeColon.replace(/[^a-z0-9_]/g, '');
  if (meant !== key && isIdentityKey(meant)) {
    return { message: `odd characters around the key ${meant}`, offset: start, hint: `write it as ${meant} = VALUE` };
  }
  // The JavaScript SDK reads it as a key of its own, unless it is below a key without value.
  const lines = continued && !isParent ? rawValue.split('\n').slice(1) : [];
  const indented = lines.map((line) => splitProperty(line.replace(':', '='))[0].toLowerCase()).find(isIdentityKey);
  if (indented !== undefined) {
    const message = `${indented} is indented, so it belongs to the value of ${key}`;
    return { message, offset: start, hint: `write ${indented} at the start of its line` };
  }
  const mayHoldKeys = rawValue.includes('=') && key !== 'credential_process' && key !== 'mfa_process';
  const [value = ''] = mayHoldKeys ? rawValue.toLowerCase().split('\n', 1) : [];
  const glued = mayHoldKeys ? /(?<![a-z_])([a-z_]{5,})[ \t]*=/.exec(value)?.[1] : undefined;
  const second = glued === undefined ? undefined : suffixesOf(glued).find(isIdentityKey);
  return second === undefined
    ? undefined
    : { message: `${second} follows a value in the same line`, offset: start, hint: 'write each key in its own line' };
}

/** `merole_arn` → `erole_arn`, `role_arn`, …: a key that follows a value without a line end. */
function suffixesOf(text: string): string[] {
  return Array.from(text.slice(0, 80), (_, index) => text.slice(index));
}

/** The AWS CLI takes the last of headers such as `[profile prod]` and `[profile "prod"]`, and nothing of the others. */
function findTwoHeaders(file: AwsFile, sections: readonly Section[], name: string): Fault | undefined {
  const isDefault = file.kind === 'config' && name === 'default' && sections[0]?.prefixed === true;
  if (sections.length < 2 && !isDefault) return undefined;
  const all = isDefault ? allSections(file).filter((section) => section.name === name) : sections;
  const [first, ...others] = all.map((section) => ({ section, identity: identityOf(file, section) }));
  const headerOf = ({ start, bodyStart }: Section) => file.text.slice(start, bodyStart).trim();
  const other = others.find(
    ({ section, identity }) => first && headerOf(section) !== headerOf(first.section) && identity !== first.identity,
  );
  return (
    other && {
      message: `two headers name ${name}, and AWS tools disagree about which counts`,
      offset: other.section.start,
      hint: 'delete the section that is wrong',
    }
  );
}

function identityOf(file: AwsFile, section: Section): string {
  const pairs = readProperties(file, section, () => {}).filter(({ key }) => isIdentityKey(key));
  return JSON.stringify(pairs.map(({ key, rawValue }) => [key, rawValue]).sort());
}

const sharedTitle = 'DEFAULT';

function findSharedKey(
  file: AwsFile,
  sections: readonly Section[],
  properties: readonly Property[],
): Fault | undefined {
  file.shared ??= file.text.includes(`[${sharedTitle}`) ? findShared(file) : [];
  if (file.shared.length === 0 || sections.some(({ title }) => title === sharedTitle)) return undefined;
  const own = new Set(properties.map(({ key }) => key));
  const found = file.shared.find(({ key }) => !own.has(key));
  return (
    found && {
      message: `the AWS CLI gives ${found.key} of [${sharedTitle}] to every profile`,
      offset: found.start,
      hint: `delete that line, or rename [${sharedTitle}]`,
    }
  );
}

function findShared(file: AwsFile): Property[] {
  return allSections(file)
    .filter(({ title }) => title === sharedTitle)
    .flatMap((section) => readProperties(file, section, () => {}))
    .filter(({ key, rawValue }) => isIdentityKey(key) && rawValue !== '');
}
