/** The program itself: its version of Node, and whether another mfa-env would be called by that name. */

import { basename, dirname, join } from 'node:path';
import { version as nodeVersion, platform } from 'node:process';
import type { Environment } from '../environment.ts';
import { asWord, typed } from '../typed.ts';
import { quoteOutside } from '../visible.ts';
import { type Finding, warning } from './finding.ts';
import { findProgram, realPath } from './programs.ts';
import { readSmallFile } from './small-file.ts';

/** The last day of each long-lived version, by the schedule of nodejs/Release. */
const lastDays: Readonly<Record<number, string>> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30' };

export function checkProgram(env: Environment, version: string, programPath: string, now: Date): Finding[] {
  return [...checkNodeVersion(nodeVersion, now), ...checkPath(env, version, programPath)];
}

/** @param text `v20.20.2` */
export function checkNodeVersion(text: string, now: Date): Finding[] {
  const lastDay = lastDays[Number(/^v(\d+)/.exec(text)?.[1])];
  if (!lastDay || now <= new Date(`${lastDay}T23:59:59Z`)) return [];
  const hint = 'install a newer one from https://nodejs.org';
  return [warning(`Node ${text} gets no security updates since ${lastDay}`, hint)];
}

function checkPath(env: Environment, version: string, programPath: string): Finding[] {
  if (platform === 'win32') return [];
  const found = findProgram('mfa-env', env);
  const shown = quoteOutside(programPath);
  if (!found) return [warning('mfa-env is not on the PATH', wayOntoPath(programPath))];
  if (realPath(found) === realPath(programPath)) return [];
  const other = versionOf(found);
  const what = `the mfa-env on the PATH is ${quoteOutside(found)}${other ? ` (${quoteOutside(other)})` : ''}`;
  return [
    warning(`${what}, and this is ${shown} (${version})`, 'remove one of the two, or change their order on the PATH'),
  ];
}

/** The package's own file has another name: its folder on the PATH would not do. */
function wayOntoPath(programPath: string): string {
  if (basename(programPath) === 'mfa-env') return `add the folder ${asWord(dirname(programPath))} to it`;
  return `npm install -g mfa-env, or into a folder of the PATH: ${typed`ln -s ${programPath} mfa-env`}`;
}

/** The version in the package that a program belongs to. */
function versionOf(program: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readSmallFile(join(realPath(program), '../../package.json')) ?? '{}');
    return name === 'mfa-env' ? String(version) : undefined;
  } catch {
    return undefined;
  }
}
