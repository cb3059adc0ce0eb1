/** Reads a file part by part where its profiles are alike: the lines of most are made by replacement, the others' rows one by one. */

import { type Alike, findAlike, marks, ownHeader } from './alike-profiles.ts';
import { findStops, type Stop } from './alike-stops.ts';
import { type IndexedFile, profileAt } from './aws-file.ts';
import type { NameEnds } from './name-ends.ts';
import type { Model } from './plain-row.ts';
import { standardSuffix } from './profile.ts';
import type { ProfileRow } from './profile-row.ts';

/** Who takes rows as text, the lines of many at once. */
export interface TakeLines {
  /** The line of a row, with its line end: each value as it is, or the part of it that a table shows. */
  lineOf(row: ProfileRow): string;
  /** @param lines Each with `marks.line` before it. */
  take(lines: string): void;
  /**
   * Takes a row that is still to come in its turn, of a profile with one of the longest names: columns can be wide enough from the
   * start.
   */
  expect?(row: ProfileRow): void;
}

export interface AlikeReader {
  /** Takes a profile that many others may be like. */
  learn(model: Model): void;
  /** Reads what stands behind the section that starts there, as far as it takes at once; nothing where no profiles are alike. */
  readOn(start: number): void;
  /** Whether the section that starts there was read so; it is asked of one after the other. */
  isRead(start: number): boolean;
}

/** A stretch of a file: from one header to another one. */
export type Stretch = [from: number, to: number];

interface Kind extends Alike {
  /** How many parts of the text had none of it in a row. */
  misses: number;
}

// How much of the text is read at once: of longer parts the lines would be large objects, each with memory of its own.
const partLength = 16_384;

// With more of them the text is searched more often than it is worth.
const mostKinds = 8;
const mostMisses = 2;
const mostTries = 24;

const firstLetter = 'A'.charCodeAt(0);
const beforeName = marks.name.length + 1 + ownHeader.length;
// What is no line's start is a comment's or a value's.
const ownHeaders = new RegExp(`\\[(?<=(?:^|\\n)${marks.notAlone}?\\[)${ownHeader.slice(1)}[^\\]\\n]+`, 'g');

// How far apart in the other file the sections of profiles may be that stand beside each other in this one.
const mostAcross = 4 * partLength;
// In smaller pieces the lines of profiles are not worth it.
const leastPiece = 4;

const allMarks = Object.values(marks);
// Lines and names that stand together are taken at once.
const madeMarks: string[] = [marks.line, marks.name];

/**
 * Makes the reader of one file.
 *
 * @param visit Reads what is not alike, section by section.
 * @param ends What the names in both files end in.
 * @param current The profile that the shell has.
 * @param read What of the file was read already, with the other one; in any order.
 * @param readOther Is added to.
 */
export function makeAlikeReader(
  [file, other]: [IndexedFile, IndexedFile],
  ends: NameEnds,
  [read, readOther]: [Stretch[], Stretch[]],
  visit: (section: string) => void,
  lines: TakeLines,
  current: string | undefined,
): AlikeReader {
  const { text, kind: fileKind } = file;
  let kinds: Kind[] = [];
  let tries: number | undefined;
  let readTo = 0;
  let acrossMisses = 0;
  // How many, in a row, of which a third or more was read one by one after all: that takes longer than without the replacement.
  let poorParts = 0;
  let isForPairs: boolean | undefined;
  let stops: Stop[] = [];
  let otherStops: Stop[] = [];
  read.sort(([a], [b]) => a - b);

  const replaceIn = (part: string) => {
    let replaced = part;
    for (const kind of kinds) {
      const before = replaced;
      replaced = replaced.replace(kind.pattern, kind.replacement);
      kind.misses = replaced === before ? kind.misses + 1 : 0;
    }
    if (stops.length === 0) return replaced;
    // It stays before what was made of a pair.
    const { notAlone, line, name } = marks;
    return replaced.replaceAll(notAlone + line, line).replaceAll(notAlone + name, name);
  };

  /** What of a part was not read yet. */
  const restOf = (from: number, to: number) => {
    let rest = '';
    let at = from;
    for (const [start, end] of read) {
      if (end <= at || start >= to) continue;
      rest += markedText(text, at, Math.max(at, start), stops);
      at = end;
    }
    return rest + markedText(text, at, Math.max(at, to), stops);
  };

  /** The lines of a stretch of the other file; nothing where they are not those of these profiles, in that order. */
  const linesAcross = (names: string, from: number, to: number): string | undefined => {
    const own = kinds.flatMap((kind) => (kind.own ? [kind.own] : []));
    const part = markedText(other.text, from, to, otherStops);
    const replaceAll = (replacementOf: (kind: { replacement: string; name: string }) => string) =>
      own
        .reduce((replaced, kind) => replaced.replace(kind.pattern, replacementOf(kind)), part)
        .replaceAll(marks.notAlone, '');
    const made = replaceAll(({ replacement }) => replacement);
    // Where all sections are of one kind, to look at their headers takes a fraction of what replacing once more does.
    if (own.length === 1 && !made.includes('[')) {
      const before = names.slice(0, marks.name.length + 1);
      return `${before}${part.match(ownHeaders)?.join(`\n${before}`)}\n` === names ? made : undefined;
    }
    return replaceAll(({ name }) => name) === names ? made : undefined;
  };

  /**
   * Takes the lines of profiles whose own sections are in the other file.
   *
   * @param names Each with its mark, the letter of its kind and a line end.
   * @returns in how many pieces that had to be done.
   */
  const takeAcross = (names: string): number => {
    const first = names.slice(beforeName, names.indexOf('\n'));
    const lastAt = names.lastIndexOf(marks.name) + beforeName;
    const [from, last] = [first, names.slice(lastAt, -1)].map((name) => other.index.headers.get(name));
    const to = typeof last === 'number' ? other.text.indexOf('\n[', last) + 1 || other.text.length : 0;
    if (typeof from === 'number' && from < to && to - from < mostAcross) {
      const made = linesAcross(names, from, to);
      if (made !== undefined) {
        lines.take(made);
        readOther.push([from, to]);
        return 1;
      }
    }
    if (lastAt === beforeName) {
      visit(first + standardSuffix);
      return 1;
    }
    // Where one of them is not alike, the others may be.
    const half = names.indexOf(marks.name, names.length / 2);
    const middle = half === -1 ? names.lastIndexOf(marks.name) : half;
    return takeAcross(names.slice(0, middle)) + takeAcross(names.slice(middle));
  };

  const readAcross = (names: string) => {
    const pieces = takeAcross(names);
    const isMiss = !hasLines(names, pieces * leastPiece);
    if (acrossMisses < mostMisses) acrossMisses = isMiss ? acrossMisses + 1 : 0;
    if (acrossMisses >= mostMisses) kinds = kinds.filter(({ own }) => !own);
  };

  return {
    learn(model) {
      const visited = model.source ? 'credentials' : model.fileKind;
      if (visited !== fileKind || kinds.length === mostKinds) return;
      tries ??= allMarks.some((mark) => text.includes(mark) || other.text.includes(mark)) ? mostTries : 0;
      if (tries === mostTries) return;
      tries += 1;
      const alike = findAlike(model, String.fromCharCode(firstLetter + tries), lines.lineOf);
      if (!alike || (alike.own && acrossMisses >= mostMisses) || kinds.some((kind) => isLike(kind, alike))) return;
      kinds.push({ ...alike, misses: 0 });
      if (isForPairs === undefined || (isForPairs && !alike.isPair)) {
        isForPairs = alike.isPair;
        [stops, otherStops] = findStops([file, other], ends, current, isForPairs);
      }
    },
    readOn(start) {
      const from = text.indexOf('\n[', start) + 1;
      if (kinds.length === 0 || from === 0) return;
      const isLast = from + partLength >= text.length;
      const to = isLast ? text.length : text.lastIndexOf('\n[', from + partLength) + 1;
      // A section as long as that is read by itself: to look for ends in it again and again takes long.
      if (to === from) return;
      readTo = to;
      const replaced = replaceIn(restOf(from, to));
      let visited = 0;
      for (let at = 0; at < replaced.length; ) {
        const mark = replaced[at];
        const end = endOf(
          replaced,
          at,
          allMarks.filter((candidate) => mark !== candidate || !madeMarks.includes(candidate)),
        );
        if (mark === marks.line) lines.take(replaced.slice(at, end));
        else if (mark === marks.name) readAcross(replaced.slice(at, end));
        else {
          const section = profileAt({ kind: fileKind, text: replaced }, replaced.indexOf('[', at));
          visited += end - at;
          if (section !== undefined) visit(section);
        }
        at = end;
      }
      poorParts = visited > (to - from) / 3 ? poorParts + 1 : 0;
      kinds = poorParts >= mostMisses ? [] : kinds.filter(({ misses }) => misses < mostMisses);
    },
    isRead(start) {
      while (read[0] && read[0][1] <= start) read.shift();
      return start < readTo || (read[0] !== undefined && read[0][0] <= start);
    },
  };
}

/** Whether one of two kinds would be taken for the other. */
function isLike(one: Alike, other: Alike): boolean {
  return one.own && other.own
    ? one.own.pattern.source === other.own.pattern.source
    : one.pattern.source === other.pattern.source;
}

/** A part of a text, with marks before headers. */
function markedText(text: string, from: number, to: number, stops: readonly Stop[]): string {
  let marked = '';
  let at = from;
  for (let index = firstFrom(stops, from); index < stops.length; index += 1) {
    const [start, mark] = stops[index] as Stop;
    if (start >= to) break;
    marked += text.slice(at, start) + mark;
    at = start;
  }
  return marked + text.slice(at, to);
}

/** The index of the first one that is there or behind it. */
function firstFrom(stops: readonly Stop[], from: number): number {
  let [low, high] = [0, stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stops[middle] as Stop)[0] < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a text has so many lines, or more. */
function hasLines(text: string, count: number): boolean {
  let at = 0;
  for (let found = 0; found < count; found += 1) {
    at = text.indexOf('\n', at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** Where what starts there ends: at the next section, or at one of these marks. */
function endOf(text: string, start: number, ends: readonly string[]): number {
  let end = text.indexOf('\n[', start) + 1 || text.length;
  for (const mark of ends) {
    const at = text.indexOf(mark, start + 1);
    if (at !== -1 && at < end) end = at;
  }
  return end;
}
