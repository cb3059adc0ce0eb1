/** The lines of the two AWS files: what tools refuse, and what they do not agree on. All of them, in time that grows with the file. */

import { type AwsFile, allSections, readProperties, type Section } from '../aws-file.ts';
import { headerLine, misread } from '../aws-splice.ts';
import { findDisagreementsIn, findSharedKeys } from '../disagreements.ts';
import { adviseEncoding } from '../encoding-advice.ts';
import type { Fault } from '../fault.ts';
import { decodeTitle, likeName, nameCharacters } from '../odd-names.ts';
import { isProfileName } from '../section-title.ts';
import { quoteOutside } from '../visible.ts';
import { error, type Finding, warning } from './finding.ts';

const mostFindings = 50;

interface Line extends Fault {
  level: Finding['level'];
}

/** @param names The profiles of which lines that tools merely understand differently are told; nothing means all. */
export function checkLines(file: AwsFile, names: ReadonlySet<string> | undefined): Finding[] {
  // After such a byte each tool sees other lines.
  const lines = file.oddByte
    ? [{ ...refused(file.oddByte), hint: adviseEncoding(file) ?? '' }]
    : findLines(file, names);
  lines.sort((a, b) => a.offset - b.offset);
  const placeOf = makePlaces(file);
  const seen = new Set<number>();
  const findings: Finding[] = [];
  for (const { offset, message, level, hint = 'fix that line: AWS tools read it differently' } of lines) {
    if (level === 'error' && seen.has(offset)) continue;
    seen.add(offset);
    findings.push({ level, what: `${placeOf(offset)}: ${message}`, hint });
  }
  if (findings.length <= mostFindings) return findings;
  const more = `${findings.length - mostFindings} more lines of ${quoteOutside(file.path)} are at fault`;
  const level = findings.some((finding) => finding.level === 'error') ? error : warning;
  return [...findings.slice(0, mostFindings), level(more, 'fix those above first')];
}

function refused(fault: Fault): Line {
  return { ...fault, level: 'error' };
}

function findLines(file: AwsFile, names: ReadonlySet<string> | undefined): Line[] {
  const sections = allSections(file);
  const ofTools = misread.flatMap(([pattern, message]) =>
    Array.from(file.text.matchAll(new RegExp(pattern, 'gm')), ({ index }): Fault => ({ message, offset: index })),
  );
  // Not pushed: 200 000 are too many to be arguments.
  const faults = [...ofTools, ...file.faults];
  for (const section of sections) readProperties(file, section, (fault) => faults.push(fault));
  const told = sections.filter(({ name }) => name !== undefined && (!names || names.has(name)));
  const disagreements = [...findSharedKeys(file), ...told.flatMap((section) => findDisagreementsIn(file, section))];
  return [
    ...faults.map(refused),
    ...findHeaders(file, sections),
    ...disagreements.map((line): Line => ({ ...line, level: line.isRefused ? 'error' : 'warning' })),
  ];
}

function findHeaders(file: AwsFile, sections: Section[]): Line[] {
  const seen = new Set<string>();
  const lines: Line[] = [];
  for (const section of sections) {
    const { name, title, start, prefixed } = section;
    const header = headerLine(file, section);
    const tell = (level: Finding['level'], message: string, hint?: string) =>
      lines.push({ level, message, offset: start, ...(hint && { hint }) });
    const key = `${prefixed} ${name ?? title}`;
    if (title !== undefined && seen.has(key)) {
      tell('error', `[${title}] stands a second time`, 'make one section of the two: the AWS CLI refuses such a file');
    }
    seen.add(key);
    if (/^\[[^\]]*\][#;]/.test(header)) {
      tell('error', 'a blank is missing between the header and its comment');
    } else if (name !== undefined && file.kind === 'credentials' && !header.startsWith(`[${name}]`)) {
      tell('error', `blanks in the header: write it [${name}]`);
    }
    if (title !== undefined && name === undefined) lines.push(...findForeign(file, title, start));
  }
  if (seen.has('true default') && seen.has('false default')) {
    const bare = sections.find(({ name, prefixed }) => name === 'default' && !prefixed);
    const message = '[default] does not count beside [profile default]';
    lines.push({ level: 'warning', message, offset: bare?.start ?? 0, hint: 'make one section of the two' });
  }
  return lines;
}

const otherSections = /^((sso-session|services)[ \t].*|plugins|preview)$/;

/** A header that names no profile, though it looks as if somebody had meant one. */
function findForeign(file: AwsFile, title: string, offset: number): Line[] {
  if (otherSections.test(title)) return [];
  const decoded = decodeTitle(title);
  const message = `[${quoteOutside(decoded)}] is no profile in this file`;
  const prefixed = /^profile[ \t]+(.+)$/i.exec(decoded)?.[1];
  const name = (prefixed ?? decoded).replace(/^(["'])(.*)\1$/, '$2');
  const right = (of: string) => `[${file.kind === 'config' ? 'profile ' : ''}${of}]`;
  if (!isProfileName(name)) {
    const hint = `rename it, for example to ${right(likeName(name))}: some AWS tools only take ${nameCharacters}`;
    return [{ level: 'warning', message, offset, hint }];
  }
  const why = file.kind === 'credentials' ? ': profile belongs into the config file alone' : '';
  return [{ level: 'warning', message, offset, hint: `write ${right(name)}${why}` }];
}

/** `FILE:LINE` of an offset, without counting the lines each time. */
function makePlaces(file: AwsFile): (offset: number) => string {
  const starts = [0, ...Array.from(file.text.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return `${quoteOutside(file.path)}:${low + 1}`;
  };
}
