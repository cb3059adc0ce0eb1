/** The two AWS files as files: whether they are there, whose they are, who can read and write them, what lies beside them. */

import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { getuid } from 'node:process';
import type { AwsFile, AwsFileKind } from '../aws-file.ts';
import { readAwsFile } from '../aws-files.ts';
import type { Environment } from '../environment.ts';
import { isAbandoned } from '../lock.ts';
import { beside, findSaveTarget, type SaveTarget } from '../save-target.ts';
import { quoteOutside } from '../visible.ts';
import { attempt, error, type Finding, warning } from './finding.ts';
import { realPath } from './programs.ts';

const variables = { credentials: 'AWS_SHARED_CREDENTIALS_FILE', config: 'AWS_CONFIG_FILE' } as const;

type Paths = Record<AwsFileKind, string>;
type Texts = Record<AwsFileKind, AwsFile | undefined>;

/** What is wrong with the files, and what they hold; nothing for one that cannot be read. */
export function checkFiles(paths: Paths, env: Environment): { findings: Finding[]; files: Texts } {
  const findings: Finding[] = [];
  const { credentials, config } = paths;
  const shown = quoteOutside(credentials);
  if (!look(credentials) && !look(config)) {
    const hint = `write [NAME-default] with the long-lived keys, and [NAME] with the MFA device, into ${shown}`;
    findings.push(error(`there is neither ${shown} nor ${quoteOutside(config)}`, hint));
  }
  const files = {
    credentials: attempt(findings, () => readAwsFile(credentials, 'credentials'), `see what it is: ls -l ${shown}`),
    config: attempt(findings, () => readAwsFile(config, 'config'), `see what it is: ls -l ${quoteOutside(config)}`),
  };
  for (const kind of ['credentials', 'config'] as const) {
    findings.push(...checkPath(paths[kind], variables[kind], env));
    const stat = look(paths[kind]);
    if (stat?.isFile() && getuid !== undefined) findings.push(...checkMode(paths[kind], stat, files[kind]));
  }
  if (!look(credentials) || look(credentials)?.isFile()) {
    const target = attempt(findings, () => findSaveTarget(credentials));
    if (target) findings.push(...checkRests(target));
  }
  return { findings, files };
}

/** `FILE`, and where it leads if it is a link. */
export function describeFile(path: string): string {
  const real = realPath(path);
  const isMissing = look(path) === undefined;
  return quoteOutside(path) + (isMissing ? ' (missing)' : real === path ? '' : ` (${quoteOutside(real)})`);
}

function checkPath(path: string, variable: string, env: Environment): Finding[] {
  if (isLink(path) && !look(path)) {
    return [warning(`${quoteOutside(path)} is a link to what does not exist`, 'let it lead to a file, or remove it')];
  }
  if (!env[variable]) return [];
  if (!isAbsolute(path)) {
    return [warning(`${variable} is another file in each folder: ${quoteOutside(path)}`, 'write the whole path')];
  }
  const isMissing = look(path) === undefined;
  return isMissing
    ? [warning(`${variable} names ${quoteOutside(path)}, which does not exist`, `make it, or unset ${variable}`)]
    : [];
}

/** Keys that others can read are theirs; commands and addresses that others can write are, too. */
function checkMode(path: string, stat: Stats, file: AwsFile | undefined): Finding[] {
  const shown = quoteOutside(path);
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0');
  const isSecret =
    file?.kind === 'credentials' || /^\s*aws_(secret_access_key|session_token)\s*=/im.test(file?.text ?? '');
  const findings: Finding[] = [];
  if (stat.uid !== getuid?.() && stat.uid !== 0 && getuid?.() !== 0) {
    findings.push(error(`${shown} belongs to another user`, 'point AWS_SHARED_CREDENTIALS_FILE at a file of yours'));
  }
  if (isSecret && stat.mode & 0o044) {
    findings.push(error(`others can read ${shown} (mode ${mode})`, `chmod 600 ${shown}`));
  } else if (stat.mode & 0o022) {
    // A group may be the user's own, as Red Hat makes them.
    const level = isSecret || stat.mode & 0o002 ? error : warning;
    findings.push(level(`others can write ${shown} (mode ${mode})`, `chmod go-w ${shown}`));
  }
  const folder = dirname(realPath(path));
  if (look(folder) && (look(folder)?.mode ?? 0) & 0o022) findings.push(...checkFolder(folder));
  return findings;
}

function checkFolder(folder: string): Finding[] {
  const shown = quoteOutside(folder);
  const mode = look(folder)?.mode ?? 0;
  const hint = `chmod go-w ${shown}`;
  if (mode & 0o002) return [error(`everyone can write into the folder ${shown}`, hint)];
  return [warning(`the group of the folder ${shown} can write into it`, hint)];
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

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
