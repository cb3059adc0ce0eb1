/** The rows of all profiles, in the order in which the files have them, the credentials file first. */

import { type AlikeReader, makeAlikeReader, type Stretch, type TakeLines } from './alike-reader.ts';
import type { IndexedFile } from './aws-file.ts';
import type { IndexedFiles } from './aws-files.ts';
import { findNameEnds, isSuffixed } from './name-ends.ts';
import { type Model, makePlainReader } from './plain-row.ts';
import { sourceSuffixes, standardSuffix } from './profile.ts';
import { readAllProfiles } from './profile-names.ts';
import { type ProfileRow, readRow } from './profile-row.ts';
import type { AwsFileKind } from './section-title.ts';

/** Who takes the rows: one after the other, since to keep ten thousand at once takes longer than to read them. */
export type TakeRow = (row: ProfileRow) => void;

export type ForEachRow = (take: TakeRow, lines?: TakeLines) => void;

/** Whether a source is the profile's by its name, and so mostly no profile itself. */
function isSourceOf(source: string | null, name: string): boolean {
  return source?.startsWith(name) === true && (sourceSuffixes as readonly string[]).includes(source.slice(name.length));
}

/**
 * Reads them, the plain ones fast.
 *
 * @param current The profile that the shell has.
 * @param lines Takes rows of profiles that are alike, in their turn; without it `take` gets all.
 */
export function readRows(
  files: IndexedFiles,
  now: Date,
  current: string | undefined,
  take: TakeRow,
  lines?: TakeLines,
): void {
  const credentials = files.credentials.index.headers;
  const ends = findNameEnds([files.credentials, files.config]);
  // A faulty header is part of the profile that it was to be, which a plain row does not know of.
  const isFaulty = [files.credentials, files.config].some(({ faults }) => faults.some(({ profile }) => profile));
  const plainReader = isFaulty ? undefined : makePlainReader(files, ends, now, current);
  // Sections that are part of a row already, though it was not their turn. Mostly that comes next.
  const passed = new Set<string>();
  let next: string | null | undefined;
  // The profiles of plain rows, which only the others' reading has to know of.
  const plain: string[] = [];

  const readPlainIn = (section: string): ProfileRow | undefined => {
    if (!isSuffixed(section)) {
      const row = plainReader?.read(section);
      if (row && isSourceOf(row.source, section)) next = row.source;
      return row;
    }
    const suffix = sourceSuffixes.find((candidate) => section.endsWith(candidate));
    const name = suffix && section.slice(0, -suffix.length);
    if (!name || isSuffixed(name) || (passed.size > 0 && passed.has(name))) return undefined;
    // The first suffix goes before the others.
    const row = plainReader?.read(name, suffix === standardSuffix ? section : undefined);
    if (row?.source !== section) return undefined;
    next = name;
    return row;
  };

  const visit = (section: string) => {
    const isNext = section === next;
    if (next && !isNext) passed.add(next);
    next = undefined;
    if (isNext || (passed.size > 0 && passed.has(section))) return;
    const row = readPlainIn(section);
    if (row) {
      plain.push(row.profile);
      take(row);
      return;
    }
    for (const name of plain.splice(0)) passed.add(name);
    for (const [name, profile] of readAllProfiles(files, [section], passed)) {
      const row = readRow(name, profile, now, current);
      take(row);
      plainReader?.learn(row);
    }
  };

  // A profile's place is that of its first section.
  const repeated = new Set<string>();
  let isExpected = false;
  const learn = (alike: AlikeReader, model: Model) => {
    if (!isExpected && lines?.expect)
      for (const name of ends.longest) {
        const row = plainReader?.read(name);
        if (row) lines.expect(row);
      }
    isExpected = true;
    alike.learn(model);
  };

  const both = [files.credentials, files.config] as const;
  const read: Record<AwsFileKind, Stretch[]> = { credentials: [], config: [] };
  for (const [file, other] of [both, both.toReversed()] as [IndexedFile, IndexedFile][]) {
    const { headers } = file.index;
    const visitOnce = (section: string) => {
      if ((file === files.config && credentials.has(section)) || repeated.has(section)) return;
      if (file.index.repeated.length > 0 && typeof headers.get(section) !== 'number') repeated.add(section);
      visit(section);
      const model = plainReader?.takeModel();
      if (model && alike) learn(alike, model);
    };
    const alike =
      lines &&
      plainReader &&
      makeAlikeReader([file, other], ends, [read[file.kind], read[other.kind]], visitOnce, lines, current);
    headers.forEach((place, section) => {
      const isOne = typeof place === 'number';
      if (isOne && alike?.isRead(place)) return;
      visitOnce(section);
      if (isOne) alike?.readOn(place);
    });
  }
}
