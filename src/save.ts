/** A session, or a newcomer's sections → credentials file, whole or not at all: lock, read again, splice, check, write beside, rename. */

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  futimesSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { geteuid, getuid } from 'node:process';
import { asOwner } from './acting-user.ts';
import { type AwsFile, allSections, parseAwsFile, readProperties, sectionsOf } from './aws-file.ts';
import { adviseBytes, describeFault, describePlace, lookUpIn } from './aws-files.ts';
import { findObstacle, type LineMove, moveLines, type SectionEdit, spliceSection } from './aws-splice.ts';
import { findDisagreements } from './disagreements.ts';
import { UserError } from './errors.ts';
import { fileErrorInWords } from './file-errors.ts';
import { holdsLongLivedKeys } from './keys.ts';
import { acquireLock, checkLockPlace, type Lock, removeIfGone } from './lock.ts';
import { sessionSuffix } from './profile.ts';
import { beside, findSaveTarget, hasModes, makeFolder, type SaveTarget } from './save-target.ts';
import { isProfileName } from './section-title.ts';
import { formatExpiry, isLongLivedId, type Session, sessionKeys } from './session.ts';
import { sessionMarks } from './session-marks.ts';
import { asHeader } from './typed.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

/** What a change of the credentials file needs. */
interface Change {
  /** The credentials file, as the user knows it. */
  path: string;
  /** The file as it was when the long-lived keys were read from it: those that it had must still be there. */
  before: AwsFile | undefined;
  /** Gets what the user should know though the change goes on. */
  say(line: string): void;
  /** Registers what frees the lock when the program is interrupted; its return value takes that back. */
  onInterrupt: World['onInterrupt'];
}

export interface Saving extends Change {
  section: string;
  session: Session;
  /** Whose it is: the access key ID of its source, and the ARN of its role. */
  marks: { source: string | undefined; role: string | undefined };
  /** The profile's region, if the section is the session's own. */
  region: string | undefined;
  /** The device to write down, where the user named one and no file does. */
  serial: string | undefined;
  /** The sections that the session comes from: where tools read one of their lines differently, the user is told. */
  related: string[];
}

/** One step of a change. */
export type Edit = SectionEdit | LineMove;

/** Several steps in one change, decided by what the file held when it was read. */
export interface Rewriting extends Change {
  before: AwsFile;
  edits: Edit[];
  /** The sections that must still be what they were: what the user has agreed to was about these. */
  sections: readonly string[];
}

/** What other tools leave beside a session and would be read in place of it. */
const stale = ['aws_security_token', 'expiration'] as const;

// Together 5 s, for programs that write the file in place one after the other.
const mostTries = 100;
const pauseMilliseconds = 50;

/** How long a file that is written in place must be left alone before it counts as whole. */
const quietMilliseconds = 200;
/** The same where long-lived keys are missing. */
const stalledMilliseconds = 5000;
const datedBackMilliseconds = 10;

/**
 * Checks, before a code is spent, that the session can be saved.
 *
 * @throws {UserError} what would refuse it.
 */
export function checkSave(path: string, section: string): void {
  checkContents(checkPlace(path, [section]), section);
}

/**
 * Checks, before the user is asked for anything, that sections of the file can be changed.
 *
 * @returns the file.
 * @throws {UserError} what would refuse it.
 */
export function checkPlace(path: string, sections: readonly string[]): AwsFile {
  const target = findSaveTarget(path);
  checkLockPlace(beside(target, 'lock'));
  const file = parse(path, asOwner(target.file, () => read(target)).text);
  for (const section of sections) checkReadable(file, section);
  return file;
}

/**
 * The file as it is now, right before its keys must no longer go missing.
 *
 * @returns nothing where a program may still be in the middle of rewriting it in place: what it lacks may come back.
 * @throws {UserError} where it is no longer there to be changed.
 */
export function readWholeFile(path: string): AwsFile | undefined {
  const target = findSaveTarget(path);
  if (!target.stat || isBeingWritten(target.stat, stalledMilliseconds)) return undefined;
  return parse(path, asOwner(target.file, () => read(target)).text);
}

let lastParsed: AwsFile | undefined;

/** The sections of the file; what the check before the code read is not read again, if it still stands there. */
function parse(path: string, text: string): AwsFile {
  if (lastParsed?.path !== path || lastParsed.text !== text) lastParsed = parseAwsFile(path, 'credentials', text);
  return lastParsed;
}

/**
 * Saves the session into its section; every byte outside the session's keys stays.
 *
 * @throws {UserError} where it could not be saved: the file is then as it was.
 */
export async function saveSession(saving: Saving): Promise<void> {
  if (isLongLivedId(saving.session.accessKeyId)) {
    throw new UserError('sts answered with the id of a long-lived key, which is not saved as a session');
  }
  if ([saving.session.secretAccessKey, saving.session.sessionToken].some((value) => /^[#;]/.test(value))) {
    throw new UserError('the session begins with # or ;, which no AWS file can hold');
  }
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = saving.session;
  const values = [accessKeyId, secretAccessKey, sessionToken, formatExpiry(expiresAt)];
  const set = sessionKeys.map((key, index): [string, string] => [key, values[index] ?? '']);
  const { marks, region, serial } = saving;
  if (marks.source !== undefined) set.push([sessionMarks.source, marks.source]);
  if (marks.role !== undefined) set.push([sessionMarks.role, marks.role]);
  if (region !== undefined) set.push(['region', region]);
  if (serial !== undefined) set.push(['aws_arn_mfa', serial]);
  const edit = { section: saving.section, set, remove: [...stale, ...Object.values(sessionMarks)] };
  const file = await changeFile(saving, (now) => {
    checkContents(now, edit.section);
    return spliceSection(now, edit);
  });
  warn([saving.section, ...saving.related], file, saving.say);
}

/**
 * Makes several changes as one: all of them, or none.
 *
 * @throws {UserError} where it could not be done, or one of the sections is not what it was: the file is then as it was.
 */
export async function rewriteSections({ edits, sections, before, ...change }: Rewriting): Promise<void> {
  const file = await changeFile({ ...change, before }, (now) => {
    for (const name of sections) {
      checkReadable(now, name);
      if (textOf(now, name) !== textOf(before, name)) throw changedMeanwhile(now, name);
    }
    return applyEdits(now, edits);
  });
  warn(sections, file, change.say);
}

/** The file with all of the changes. */
export function applyEdits(file: AwsFile, edits: readonly Edit[]): AwsFile {
  return edits.reduce((now, edit) => ('from' in edit ? moveLines(now, edit) : spliceSection(now, edit)), file);
}

function textOf(file: AwsFile, section: string): string {
  return sectionsOf(file, section)
    .map(({ start, end }) => file.text.slice(start, end))
    .join('');
}

function changedMeanwhile(file: AwsFile, section: string): UserError {
  return new UserError(`[${section}] in ${quoteOutside(file.path)} was changed meanwhile, so nothing is written`, {
    hint: 'look at it, and start again',
  });
}

/** Tells of lines in the profile's sections that the tools that will read them do not agree on. */
function warn(sections: readonly string[], file: AwsFile, say: Change['say']): void {
  const faults = sections.flatMap((name) => findDisagreements(file, name));
  for (const line of new Set(faults.map((fault) => `warning: ${describeFault(file, fault)}`))) say(line);
}

/**
 * Takes a saved session out of its section, and the header too where nothing else stands below it.
 *
 * @throws {UserError} where it could not be taken out: the file is then as it was.
 */
export async function removeSession({ section, ...change }: Change & { section: string }): Promise<void> {
  const remove: string[] = [...sessionKeys, ...stale, ...Object.values(sessionMarks)];
  await changeFile(change, (now) => {
    checkContents(now, section);
    const left = keysOf(now, section).filter((key) => !remove.includes(key));
    // A region alone came with the session.
    const isOwn = section.endsWith(sessionSuffix) && left.every((key) => key === 'region');
    return spliceSection(now, { section, set: [], remove: isOwn ? [...remove, 'region'] : remove, dropIfEmpty: true });
  });
}

function keysOf(file: AwsFile, section: string): string[] {
  return sectionsOf(file, section).flatMap((found) => readProperties(file, found, () => {}).map(({ key }) => key));
}

/**
 * @param rewrite Makes the new file of what is there now; throws what refuses it.
 * @returns the file as it is now.
 */
async function changeFile(saving: Change, rewrite: (now: AwsFile) => AwsFile): Promise<AwsFile> {
  try {
    makeFolder(findSaveTarget(saving.path).folder);
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const lock = await acquireLock(beside(findSaveTarget(saving.path), 'lock'));
      const forget = saving.onInterrupt(() => lock.release());
      try {
        const file = asOwner(findSaveTarget(saving.path).file, () => tryChange(saving, rewrite, lock));
        if (file) return file;
      } finally {
        forget();
        lock.release();
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
    }
    throw new UserError(
      `another program is changing ${quoteOutside(saving.path)}, or has taken long-lived keys out of it`,
      {
        hint: 'look into the file, and try again',
      },
    );
  } catch (error) {
    throw fileErrorInWords(error, `cannot save to ${quoteOutside(saving.path)}`);
  }
}

/** One try: the new file; nothing where the lock was lost or the file was changed by another program meanwhile. */
function tryChange(saving: Change, rewrite: (now: AwsFile) => AwsFile, lock: Lock): AwsFile | undefined {
  const target = findSaveTarget(saving.path);
  sweep(target);
  if (target.stat && isBeingWritten(target.stat)) return undefined;
  const { text, stat } = read(target);
  const file = parse(saving.path, text);
  if (saving.before && lacksKeys(saving.before, file)) return undefined;
  const changed = rewrite(file);
  if (changed === file) return file;
  const mode = (stat?.mode ?? 0o600) & 0o600;
  const draft = beside(target, randomBytes(8).toString('hex'));
  try {
    writeDraft(draft, changed.text, mode, stat ?? statSync(target.folder));
    if (!lock.isOurs() || !isSame(stat, lstatSync(target.file, { throwIfNoEntry: false }))) return undefined;
    renameSync(draft, target.file);
  } finally {
    removeQuietly(draft);
  }
  flush(target.folder);
  if (hasModes && stat && (stat.mode & 0o777) !== mode) {
    const [before, after] = [stat.mode & 0o777, mode].map((bits) => bits.toString(8).padStart(4, '0'));
    saving.say(`tightened the mode of ${quoteOutside(saving.path)} from ${before} to ${after}`);
  }
  return changed;
}

/** @throws {UserError} where the file cannot be changed safely. */
function checkReadable(file: AwsFile, section: string): void {
  const obstacle = findObstacle(file, section);
  if (obstacle) {
    throw new UserError(`${describePlace(file, obstacle.offset)}: ${obstacle.message}, so nothing is changed there`, {
      hint: adviseBytes(file, obstacle) ?? obstacle.hint ?? 'fix that line: AWS tools read such files differently',
    });
  }
}

/** @throws {UserError} where the section holds long-lived keys, or the file cannot be changed safely. */
function checkContents(file: AwsFile, section: string): void {
  if (!isProfileName(section)) {
    throw new UserError(
      `no section can be called [${quoteOutside(section)}] for all tools, so no session is saved in it`,
      {
        hint: 'name a profile with letters, digits and . _ - / + @ : %, such as prod',
      },
    );
  }
  if (section === 'DEFAULT') {
    throw new UserError('the AWS CLI gives the keys of [DEFAULT] to every profile, so no session is saved in it', {
      hint: 'name another profile',
    });
  }
  checkReadable(file, section);
  if (holdsLongLivedKeys(lookUpIn(file, section))) {
    throw new UserError(
      `[${section}] in ${quoteOutside(file.path)} holds long-lived keys, which are never overwritten`,
      {
        hint: `rename that section: a session is saved in ${asHeader(section)}`,
      },
    );
  }
}

function read(target: SaveTarget): { text: string; stat: Stats | undefined } {
  if (!target.stat) return { text: '', stat: undefined };
  const file = openSync(target.file, 'r');
  try {
    return { text: readFileSync(file, 'latin1'), stat: target.stat };
  } finally {
    closeSync(file);
  }
}

/**
 * Whether another program may be in the middle of rewriting the file in place, as the AWS CLI does: it empties the file
 * first. What was put in place as a whole has been renamed since its last change; mfa-env's drafts are dated back for that.
 * What was made a moment ago, in one go, is whole as well.
 */
function isBeingWritten(stat: Stats, quiet = quietMilliseconds): boolean {
  const age = Date.now() - stat.mtimeMs;
  const isRenamed = stat.ctimeMs - stat.mtimeMs > datedBackMilliseconds / 2;
  const isNew = stat.mtimeMs - stat.birthtimeMs < datedBackMilliseconds / 2 && stat.size > 0;
  // The clock of a file server may be ahead.
  return !isRenamed && !isNew && age > -10 * quiet && age < quiet;
}

const pairKeys = ['aws_access_key_id', 'aws_secret_access_key'] as const;

/**
 * Whether a section that held long-lived keys has lost one of them. A program that rewrites the file in place may have
 * stalled in the middle of it: what is missing then would be missing for ever.
 */
function lacksKeys(before: AwsFile, now: AwsFile): boolean {
  if (before.text === now.text) return false;
  const texts = new Map(allSections(now).map(({ name, start, end }) => [name, now.text.slice(start, end)]));
  return allSections(before).some(
    ({ name, start, end }) =>
      name !== undefined &&
      texts.get(name) !== before.text.slice(start, end) &&
      holdsLongLivedKeys(lookUpIn(before, name)) &&
      pairKeys.some((key) => lookUpIn(before, name).get(key) && !lookUpIn(now, name).get(key)),
  );
}

/** Whether the file is the one that was read, unchanged since then. */
function isSame(before: Stats | undefined, now: Stats | undefined): boolean {
  if (!before || !now) return before === now;
  return (
    before.ino === now.ino &&
    before.size === now.size &&
    before.mtimeMs === now.mtimeMs &&
    before.ctimeMs === now.ctimeMs
  );
}

/** Writes a file that only its owner can read from its first byte on. */
function writeDraft(draft: string, text: string, mode: number, owner: Stats): void {
  const file = openSync(draft, 'wx', 0o600);
  try {
    const bytes = Buffer.from(text, 'latin1');
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    keepOwner(file, owner);
    fchmodSync(file, mode);
    const date = (Date.now() - datedBackMilliseconds) / 1000;
    futimesSync(file, date, date);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** By root, the new file belongs to the owner of the one before; in the place of a user, at least the group is kept, if that works. */
function keepOwner(file: number, { uid, gid }: Stats): void {
  if (getuid?.() !== 0) return;
  try {
    fchownSync(file, uid, gid);
  } catch (error) {
    if (geteuid?.() === 0) throw error;
  }
}

/** Makes sure that the rename outlives a power cut; folders cannot be flushed everywhere. */
function flush(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // The new file is in place all the same.
  }
}

const token = '[0-9a-f]{16}';
// Named after the token of the lock that it is to remove; one that says nothing has none.
const right = `(\\.(${token}|unknown))`;
const turnForm = new RegExp(`^turn-${token}${right}*$`);
const restForm = new RegExp(`^(${token}|lock${right}+|(lock|turn-${token})${right}+\\.new)$`);

/**
 * Removes the rests of what was killed. Only the holder of the lock can have a draft that lives; a lock named after another
 * one's token is for the removal of one that is not there any more; a turn belongs to its process.
 */
function sweep(target: SaveTarget): void {
  const prefix = basename(beside(target, ''));
  for (const name of readdirSync(target.folder)) {
    if (!name.startsWith(prefix)) continue;
    const suffix = name.slice(prefix.length);
    const path = join(target.folder, name);
    if (turnForm.test(suffix)) removeTurn(path);
    else if (restForm.test(suffix)) removeOwn(path);
  }
}

function removeTurn(path: string): void {
  try {
    removeIfGone(path);
  } catch {
    // Whatever it is, it is in nobody's way here.
  }
}

function removeOwn(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() && (stat.uid === getuid?.() || getuid?.() === 0)) removeQuietly(path);
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was renamed, or is gone: what matters is that it is not there.
  }
}
