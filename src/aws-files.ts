/** The two AWS files: where they are, what they hold, and what both together say of a profile. */

import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import {
  type AwsFile,
  decodeValue,
  hasSectionOf,
  indexFile,
  lineNumber,
  type Property,
  parseAwsFile,
  profileNamesOf,
  readProperties,
  type Section,
  sectionsOf,
  splitProperty,
} from './aws-file.ts';
import { findConflict } from './conflicts.ts';
import { adviseEncoding } from './encoding-advice.ts';
import type { Environment } from './environment.ts';
import { attempt, isUserError, UserError } from './errors.ts';
import type { Fault } from './fault.ts';
import { expandHome, expandPath } from './home.ts';
import { type OpenedFile, readOpened } from './opened-file.ts';
import type { AwsFileKind } from './section-title.ts';
import type { Doubt } from './trust.ts';
import { quoteOutside } from './visible.ts';

export interface AwsFiles {
  credentials: AwsFile;
  config: AwsFile;
  /** What was looked up before, or why it could not be; for who asks for many profiles. */
  known?: Map<string, ProfileValues | UserError>;
}

/** A value and where it stands. */
export interface Found {
  value: string;
  /** `FILE:LINE`, for messages. */
  place: string;
  /** The file. */
  path: string;
  /** Who else could have written the file. */
  doubt?: Doubt | undefined;
  /** Whether the file has no say over endpoints: only a variable names it, and it is outside `~/.aws`. */
  isOutside?: boolean;
}

/** What both files say under one profile's name; the credentials file wins. */
export interface ProfileValues extends SectionValues {
  name: string;
  /** What each of the files says for itself. */
  ofFiles: Record<AwsFileKind, SectionValues>;
}

/** The properties of a section; a key with an empty value is as if it were not there. */
export interface SectionValues {
  exists: boolean;
  /** @throws {UserError} where the value goes on in continuation lines, which AWS's tools read differently. */
  get(key: string): Found | undefined;
  /** A property of its own in the lines below a key, such as `endpoint_url` below `sts =`. */
  getNested(key: string, nestedKey: string): Found | undefined;
}

/** The paths of the files, by AWS's rules: the variables, else below HOME, else below Windows' home. */
export function awsFilePaths(env: Environment): Record<AwsFileKind, string> {
  return { credentials: awsFilePath(env, 'credentials'), config: awsFilePath(env, 'config') };
}

const pathVariables = { credentials: 'AWS_SHARED_CREDENTIALS_FILE', config: 'AWS_CONFIG_FILE' } as const;

function awsFilePath(env: Environment, kind: AwsFileKind): string {
  return expandPath(env, env[pathVariables[kind]] || `~/.aws/${kind}`);
}

/**
 * Reads both files; one that is missing is empty.
 *
 * @throws {UserError} where one is there and cannot be read.
 */
export function readAwsFiles(env: Environment): AwsFiles {
  return { credentials: readAwsFile(env, 'credentials'), config: readAwsFile(env, 'config') };
}

/** The same files, made ready for all their profiles to be looked up. */
export function indexFiles(files: AwsFiles): AwsFiles {
  return { credentials: indexFile(files.credentials), config: indexFile(files.config), known: new Map() };
}

/** Reads one of the files; one that is missing is empty. @throws {UserError} if it is there and cannot be read. */
export function readAwsFile(env: Environment, kind: AwsFileKind): AwsFile {
  const path = awsFilePath(env, kind);
  const { text, doubt } = readText(path);
  return Object.assign(parseAwsFile(path, kind, text), { doubt, isOutside: () => isOutside(env, kind, path) });
}

/** Whether only a variable names a file, and it is outside `~/.aws`: whoever sets variables may have written it. */
function isOutside(env: Environment, kind: AwsFileKind, path: string): boolean {
  if (!env[pathVariables[kind]]) return false;
  const folder = attempt(() => expandHome(env, '~/.aws'));
  if (isUserError(folder)) return true;
  const isBelow = (place: string, around: string) => place.startsWith(around + sep);
  // A link in ~/.aws is the user's own word.
  const isNamedThere = isBelow(path, folder) && !path.split(/[\\/]/).includes('..');
  return !isNamedThere && !isBelow(realPath(path), realPath(folder));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function readText(path: string): OpenedFile {
  try {
    const read = readOpened(path);
    if (!('notRead' in read)) return read;
    if (read.isNullDevice) return { text: '', doubt: undefined };
    throw new UserError(`${quoteOutside(path)} ${read.notRead}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { text: '', doubt: undefined };
    if (code === undefined) throw error;
    throw new UserError(`cannot read ${quoteOutside(path)}: ${code}`, { cause: error });
  }
}

const mostKnown = 32;

/**
 * Looks a profile up in both files.
 *
 * @throws {UserError} where one of its sections has a line that is no property, or a header that is none: `FILE:LINE: what is wrong`.
 */
export function lookUp(files: AwsFiles, name: string): ProfileValues {
  if (!files.known) return readBoth(files, name);
  let found = files.known.get(name);
  if (found === undefined) {
    found = attempt(() => readBoth(files, name));
    // Sections that belong together stand together. To keep ten thousand profiles costs the garbage collector 0.2 s and more.
    if (files.known.size >= mostKnown) files.known = new Map();
    files.known.set(name, found);
  }
  if (isUserError(found)) throw found;
  return found;
}

function readBoth(files: AwsFiles, name: string): ProfileValues {
  refuseHidden(files, name);
  const credentials = readFrom(files.credentials, sectionsOf(files.credentials, name), name);
  const config = readFrom(files.config, sectionsOf(files.config, name), name);
  return {
    name,
    ofFiles: { credentials, config },
    exists: credentials.exists || config.exists,
    get: (key) => credentials.get(key) ?? config.get(key),
    getNested: (key, nestedKey) => credentials.getNested(key, nestedKey) ?? config.getNested(key, nestedKey),
  };
}

/**
 * Makes sure that no damage hides a section of this name: without it the profile would be another one, without its role perhaps.
 *
 * @throws {UserError} if a fault hides it in either file, or might do so in a file that has no such section.
 */
export function refuseHidden({ credentials, config }: AwsFiles, name: string): void {
  for (const file of [credentials, config]) {
    const fault = file.hidden.get(name) ?? (file.hidesAny && !hasSectionOf(file, name) ? file.hidesAny : undefined);
    if (fault) throwFault(file, fault);
  }
}

/** Whether either file has a section of this name, whatever is in it; one that damage hides counts. */
export function hasSection({ credentials, config }: AwsFiles, name: string): boolean {
  return [credentials, config].some((file) => hasSectionOf(file, name) || file.hidden.has(name));
}

/** Looks a profile up in the one file. */
export function lookUpIn(file: AwsFile, name: string): SectionValues {
  return readFrom(file, sectionsOf(file, name), name);
}

/** What one section of the file says, whatever its header is. */
export function readSection(file: AwsFile, section: Section): SectionValues {
  return readFrom(file, [section], undefined);
}

/** Looks `[services NAME]` up, which stands in the config file alone; quotes around the name count for nothing, as with profiles. */
export function lookUpServices(files: AwsFiles, name: string): SectionValues {
  const named = name.replace(/[^A-Za-z0-9_]/g, '\\$&');
  const title = new RegExp(`^services[ \\t]+(?:(["'])${named}\\1|(?!["'])${named})$`);
  return readFrom(
    files.config,
    // No header of services is a plain one of a profile.
    files.config.oddSections.filter((section) => section.title !== undefined && title.test(section.title)),
    undefined,
  );
}

const nothing: SectionValues = { exists: false, get: () => undefined, getNested: () => undefined };

/** @param name The profile; undefined for sections of another kind. */
function readFrom(file: AwsFile, sections: Section[], name: string | undefined): SectionValues {
  const [first, second] = sections;
  if (!first) return nothing;
  const onFault = (fault: Fault) => throwFault(file, fault);
  const properties: Asked[] = second
    ? sections.flatMap((section) => readProperties(file, section, onFault))
    : readProperties(file, first, onFault);
  const continued = properties.filter((property) => property.continued);
  // For the AWS CLI it begins a section, for others it goes on with a value: what follows would be another account's keys.
  const indented = continued.find(({ rawValue }) => rawValue.includes('\n['));
  if (indented) throwFault(file, { message: 'an indented profile definition follows', offset: indented.start });
  const conflict = name === undefined ? undefined : findConflict(file, sections, properties, name);
  if (conflict) throwFault(file, conflict);
  return {
    exists: true,
    get(key) {
      const property = lastOf(properties, key);
      if (!property || property.rawValue === '') return undefined;
      const goesOn = continued.find((other) => other.key === key);
      if (goesOn) throwFault(file, { message: `${key} goes on in the next line`, offset: goesOn.start });
      property.found ??= makeFound(file, property, decodeValue(property));
      if (file.doubt && decidingKeys.has(key)) throwDoubt(key, property.found, file.doubt);
      return property.found;
    },
    getNested(key, nestedKey) {
      const property = lastOf(properties, key);
      const lines = property ? decodeValue(property).split('\n') : [];
      const nested = lines.map(splitProperty).findLast(([name]) => name.toLowerCase() === nestedKey);
      if (!property || !nested?.[1]) return undefined;
      const found = makeFound(file, property, nested[1]);
      if (file.doubt && decidingKeys.has(nestedKey)) throwDoubt(nestedKey, found, file.doubt);
      return found;
    },
  };
}

const commandKeys = new Set(['credential_process', 'mfa_process']);

/** What decides where a code goes, what is run, or who the user is. A saved session is judged where it is read. */
const decidingKeys = new Set([...commandKeys, 'endpoint_url', 'services', 'ca_bundle', 'role_arn', 'source_profile']);

/** @throws {UserError} always: the line may be somebody else's. */
function throwDoubt(key: string, { place }: Found, doubt: Doubt): never {
  const consequence = commandKeys.has(key) ? 'is not run' : 'does not count';
  throw new UserError(`${place}: ${key} ${consequence}: ${doubt.why}`, { hint: adviseDoubt(doubt), isAmbiguous: true });
}

/** What to do about an AWS file that somebody else could have written. */
export function adviseDoubt({ hint }: Doubt): string {
  return hint ?? 'point AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE at files of yours';
}

/** A property with what was made of it at the first question. */
interface Asked extends Property {
  found?: Found;
}

// A loop: of the many keys that are asked for, most profiles have few.
function lastOf(properties: Asked[], key: string): Asked | undefined {
  for (let index = properties.length - 1; index >= 0; index -= 1)
    if (properties[index]?.key === key) return properties[index];
  return undefined;
}

interface Placed extends Found {
  file: AwsFile;
  offset: number;
}

// On a prototype: with an accessor in each object ten thousand profiles take 0.1 to 0.2 s longer.
const withPlace = {
  get doubt() {
    return (this as unknown as Placed).file.doubt;
  },
  get isOutside() {
    return (this as unknown as Placed).file.isOutside?.() ?? false;
  },
  get place() {
    // Counting lines takes longer than all the rest in a long file, and only messages want them.
    const { file, offset } = this as unknown as Placed;
    return describePlace(file, offset);
  },
};

function makeFound(file: AwsFile, { start }: Property, value: string): Found {
  const found: Placed = Object.create(withPlace);
  found.value = value;
  found.path = file.path;
  found.file = file;
  found.offset = start;
  return found;
}

/** After an odd byte each tool sees other lines, so it has to go first. */
export function adviseBytes(file: AwsFile, { offset }: Fault): string | undefined {
  return file.oddByte && offset >= file.oddByte.offset ? adviseEncoding(file) : undefined;
}

/** @throws {UserError} always: `FILE:LINE: what is wrong`. */
function throwFault(file: AwsFile, fault: Fault): never {
  throw new UserError(describeFault(file, fault), {
    hint: () => adviseBytes(file, fault) ?? fault.hint ?? 'fix that line: AWS tools read it differently',
    isAmbiguous: true,
  });
}

/** `FILE:LINE: what is wrong`. */
export function describeFault(file: AwsFile, fault: Fault): string {
  return `${describePlace(file, fault.offset)}: ${fault.message}`;
}

/** The first header with a fault, `FILE:LINE: what is wrong`: what is missing elsewhere may stand below it. */
export function describeFaultyHeader({ credentials, config }: AwsFiles): string | undefined {
  for (const file of [credentials, config]) {
    const indented = /^[ \t]+\[/m.exec(file.text);
    const inBody = indented && { message: 'a profile definition is indented', offset: indented.index };
    const fault = file.faults[0] ?? inBody;
    if (fault) return describeFault(file, fault);
  }
  return undefined;
}

/** `FILE:LINE`. */
export function describePlace(file: AwsFile, offset: number): string {
  return `${quoteOutside(file.path)}:${lineNumber(file, offset)}`;
}

/** The names of all profiles of both files, each once. */
export function* allProfileNames({ credentials, config }: AwsFiles): Iterable<string> {
  const first = profileNamesOf(credentials);
  yield* first.keys();
  for (const name of profileNamesOf(config).keys()) if (!first.has(name)) yield name;
}
