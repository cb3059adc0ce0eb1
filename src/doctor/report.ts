/** What the doctor says: lines for people, or an object for programs. */

import type { Environment } from '../environment.ts';
import { toVisible, toVisibleJson } from '../visible.ts';
import type { Finding } from './finding.ts';

/** The parts of the examination, in their order. */
export const parts = ['files', 'profiles', 'environment', 'shells', 'network', 'program'] as const;

export type Part = (typeof parts)[number];

export interface ProfileFacts {
  name: string;
  source: string | undefined;
  device: string | undefined;
  region: string | undefined;
  endpoint: string | undefined;
}

export interface Examination {
  version: string;
  /** The parts that were looked at: no network where no profile has an endpoint. */
  checked: Part[];
  /** The two files, where links lead to. */
  files: string[];
  /** Which endpoints were called, and how. */
  called: string[];
  /** How many endpoints there are besides. */
  endpointsLeftOut: number;
  profiles: ProfileFacts[];
  /** How many profiles there are besides. */
  profilesLeftOut: number;
  findings: (Finding & { about: Part })[];
}

/** One line a finding, the facts of a profile that was asked for, and a line that counts. */
export function toLines(examination: Examination, hasProfile: boolean, isColoured: boolean): string {
  const { findings, profiles } = examination;
  const lines = findings.map(
    ({ level, what, hint }) => `${paint(level, isColoured)}: ${toVisible(`${what}: ${hint}`)}`,
  );
  const facts = hasProfile ? profiles.map((profile) => toVisible(describeProfile(profile))) : [];
  return `${[...lines, ...facts, toVisible(summary(examination))].join('\n')}\n`;
}

function describeProfile({ name, source, device, region, endpoint }: ProfileFacts): string {
  const known = { source, device, region, sts: endpoint };
  const words = Object.entries(known).flatMap(([what, value]) => (value ? [`${what} ${value}`] : []));
  return `${name}: ${words.join(', ') || 'nothing is known'}`;
}

function summary(examination: Examination): string {
  const { findings, checked, files, called, endpointsLeftOut, profiles, profilesLeftOut, version } = examination;
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const [errors, warnings] = [count('error'), count('warning')];
  const found = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  const of = profilesLeftOut > 0 ? ` of ${profiles.length + profilesLeftOut} (mfa-env doctor NAME checks one)` : '';
  const looked = checked.flatMap((part) => {
    if (part === 'files') return files;
    if (part === 'profiles') return [plural(profiles.length, 'profile') + of];
    if (part === 'network')
      return endpointsLeftOut > 0 ? [...called, `not ${endpointsLeftOut} more endpoints`] : called;
    return [part === 'program' ? `mfa-env ${version}` : part];
  });
  return `${found.join(', ') || 'all is well'}; checked: ${looked.join(', ')}`;
}

/** Keys that stay: what programs read. */
export function toJson(examination: Examination): string {
  const { version, checked, profiles, profilesLeftOut, endpointsLeftOut, findings } = examination;
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const object = {
    version,
    errors: count('error'),
    warnings: count('warning'),
    checked,
    profiles: profiles.map(({ name, source = null, device = null, region = null, endpoint = null }) => ({
      name,
      source,
      device,
      region,
      endpoint,
    })),
    profilesLeftOut,
    endpointsLeftOut,
    findings: findings.map(({ level, about, profile = null, what, hint }) => ({
      level,
      about,
      profile,
      what: toVisible(what),
      hint: toVisible(hint),
    })),
  };
  return `${toVisibleJson(JSON.stringify(object, undefined, 2))}\n`;
}

function paint(level: Finding['level'], isColoured: boolean): string {
  return isColoured ? `\x1b[1;${level === 'error' ? 31 : 33}m${level}\x1b[m` : level;
}

/** Whether standard output, a terminal, is to be coloured (no-color.org). */
export function wantsColour({ NO_COLOR: forbidden, TERM: terminal }: Environment): boolean {
  return !forbidden && terminal !== 'dumb';
}
