/** The two AWS files as files: whether they are there, whose they are, who can read and write them, what lies beside them. */

import { lstatSync, readdirSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { getuid } from 'node:process';
import { type AwsFile, parseAwsFile } from '../aws-file.ts';
import { readAwsFile } from '../aws-files.ts';
import { adviseEncoding } from '../encoding-advice.ts';
import type { Environment } from '../environment.ts';
import { isAbandoned } from '../lock.ts';
import { adviseMode } from '../mode-advice.ts';
import { beside, findSaveTarget, type SaveTarget, wouldNotCount } from '../save-target.ts';
import type { AwsFileKind } from '../section-title.ts';
import { pathWord, typed } from '../typed.ts';
import { quoteOutside } from '../visible.ts';
import { attempt, error, type Finding, warning } from './finding.ts';
import { realPath } from './programs.ts';
import type { Typing } from './typing.ts';
import { checkWay } from './ways.ts';

const variables = { credentials: 'AWS_SHARED_CREDENTIALS_FILE', config: 'AWS_CONFIG_FILE' } as const;

/** U+FEFF in UTF-8, one character a byte. */
const byteOrderMark = '\xef\xbb\xbf';

type Paths = Record<AwsFileKind, string>;
type Texts = Record<AwsFileKind, AwsFile | undefined>;

/** What is wrong with the files, and what they hold; nothing for one that cannot be read. */
export function checkFiles(paths: Paths, env: Environment, { unset }: Typing): { findings: Finding[]; files: Texts } {
  const findings: Finding[] = [];
  const { credentials, config } = paths;
  if (!isThere(credentials) && !isThere(config)) {
    const hint = 'type mfa-env setup, which asks for an access key and writes what is wanted';
    findings.push(error(`there is neither ${quoteOutside(credentials)} nor ${quoteOutside(config)}`, hint));
  }
  const files = {
    credentials: attempt(findings, () => readAwsFile(env, 'credentials'), wayToRead(credentials)),
    config: attempt(findings, () => readAwsFile(env, 'config'), wayToRead(config)),
  };
  for (const kind of ['credentials', 'config'] as const) {
    const path = paths[kind];
    findings.push(...checkPath(path, variables[kind], env, !look(credentials) && !look(config), unset));
    const stat = look(path);
    if (stat?.isFile() && getuid !== undefined) findings.push(...checkMode(path, variables[kind], stat, files[kind]));
    if (stat?.isFile() || (!stat && isThere(path))) findings.push(...checkWay(path));
    files[kind] = withoutMark(findings, files[kind]);
  }
  if (look(credentials)?.isFile() || leadsNowhere(credentials)) {
    const refused: Finding[] = [];
    const target = attempt(refused, () => findSaveTarget(credentials));
    // Open folders are named already.
    const isSaid = checkWay(credentials).length > 0;
    findings.push(...refused.filter(({ what }) => !isSaid || !what.endsWith(wouldNotCount)));
    if (target) findings.push(...checkRests(target));
  }
  return { findings, files };
}

/** Whether there is nothing, or a link to nothing. */
function leadsNowhere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'ENOTDIR';
  }
}

/** What to do where a file is there and cannot be read. */
function wayToRead(path: string): string {
  const word = pathWord(path);
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !stat.isFile()) return `move it out of the way: ${typed`mv ${word} ${word}.old`}`;
    return stat && stat.uid !== getuid?.() ? typed`sudo chown "$(id -u)" ${word}` : typed`chmod u+rw ${word}`;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ELOOP') return `it is a link to itself: ${typed`rm ${word}`}`;
    return wayIntoFolder(dirname(path));
  }
}

function wayIntoFolder(folder: string): string {
  const word = pathWord(folder);
  const isOwn = (look(folder)?.uid ?? getuid?.()) === getuid?.();
  return isOwn
    ? `let yourself into its folder: ${typed`chmod u+rwx ${word}`}`
    : `see whose its folder is: ${typed`ls -ld ${word}`}`;
}

/** The file as if it had no byte order mark, so that no other finding follows from that one. */
function withoutMark(findings: Finding[], file: AwsFile | undefined): AwsFile | undefined {
  if (!file?.text.startsWith(byteOrderMark)) return file;
  const what = `${quoteOutside(file.path)}:1: the file begins with a byte order mark, so its first section is lost`;
  findings.push(error(what, adviseEncoding(file) ?? ''));
  return parseAwsFile(file.path, file.kind, file.text.slice(byteOrderMark.length));
}

/** `FILE`, and where it leads if it is a link. */
export function describeFile(path: string): string {
  const real = realPath(path);
  const isMissing = look(path) === undefined;
  return quoteOutside(path) + (isMissing ? ' (missing)' : real === path ? '' : ` (${quoteOutside(real)})`);
}

/** @param hasNone Whether neither of the two files can be reached. */
function checkPath(
  path: string,
  variable: string,
  env: Environment,
  hasNone: boolean,
  unset: Typing['unset'],
): Finding[] {
  const isDangling = isThere(path) && leadsNowhere(path);
  if (isDangling) {
    const level = hasNone ? error : warning;
    const what = `${quoteOutside(path)} is a link to what does not exist: ${quoteOutside(readlinkSync(path))}`;
    return [level(what, `let it lead to a file, or take it away: ${typed`rm ${pathWord(path)}`}`)];
  }
  if (!env[variable]) return [];
  if (!isAbsolute(path)) {
    return [warning(`${variable} is another file in each folder: ${quoteOutside(path)}`, 'write the whole path')];
  }
  return leadsNowhere(path)
    ? [warning(`${variable} names ${quoteOutside(path)}, which does not exist`, `make it, or ${unset(variable)}`)]
    : [];
}

/** Keys that others can read are theirs; commands and addresses that others can write are, too. */
function checkMode(path: string, variable: string, stat: Stats, file: AwsFile | undefined): Finding[] {
  const shown = quoteOutside(path);
  const word = pathWord(path);
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  const isSecret =
    file?.kind === 'credentials' || /^\s*aws_(secret_access_key|session_token)\s*=/im.test(file?.text ?? '');
  const findings: Finding[] = [];
  if (stat.uid !== getuid?.() && stat.uid !== 0 && getuid?.() !== 0) {
    findings.push(error(`${shown} belongs to another user`, `point ${variable} at a file of yours`));
  }
  if (isSecret && stat.mode & 0o044) {
    findings.push(error(`others can read ${shown} (mode ${mode})`, adviseMode(path, typed`chmod 600 ${word}`)));
  } else if (stat.mode & 0o022) {
    // A group may be the user's own, as Red Hat makes them.
    const level = isSecret || stat.mode & 0o002 ? error : warning;
    findings.push(level(`others can write ${shown} (mode ${mode})`, adviseMode(path, typed`chmod go-w ${word}`)));
  }
  return findings;
}

/** What an mfa-env that was killed has left beside the credentials file. */
function checkRests(target: SaveTarget): Finding[] {
  const findings: Finding[] = [];
  const prefix = beside(target, '');
  const paths = namesIn(target.folder)
    .map((name) => join(target.folder, name))
    .filter((path) => path.startsWith(prefix));
  const locks = paths.filter((path) => /^(lock|turn-[0-9a-f]{16})$/.test(path.slice(prefix.length)));
  const abandoned = locks.filter((path) => attempt(findings, () => isAbandoned(path)));
  // While another mfa-env works, what lies there may be its own.
  const isAtWork = locks.length > abandoned.length;
  for (const path of isAtWork ? abandoned : paths) {
    const hint = 'the next save removes it';
    findings.push(warning(`${quoteOutside(path)} is left from an mfa-env that was killed`, hint));
  }
  return findings;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Whether anything has this name, even a link that leads nowhere or what cannot be looked at. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'ENOTDIR';
  }
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
