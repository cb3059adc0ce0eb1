/** Reads a file part by part where its profiles are alike: the lines of most are made by replacement, the others' rows one by one. */

import { type Alike, findAlike, marks } from './alike-profiles.ts';
import { findStops, type Stop } from './alike-stops.ts';
import { type IndexedFile, profileAt } from './aws-file.ts';
import type { Model } from './plain-row.ts';
import type { ProfileRow } from './profile-row.ts';

/** Who takes rows as text, the lines of many at once. */
export interface TakeLines {
  /** The line of a row, with its line end: each value as it is, or the part of it that a table shows. */
  lineOf(row: ProfileRow): string;
  /** @param lines Each with `marks.line` before it. */
  take(lines: string): void;
}

export interface AlikeReader {
  /** Takes a profile that many others may be like. */
  learn(model: Model): void;
  /** Reads what stands behind the section that starts there, as far as it takes at once; nothing where no profiles are alike. */
  readOn(start: number): void;
  /** Up to where. */
  readTo(): number;
}

interface Kind extends Alike {
  /** How many parts of the text had none of it in a row. */
  misses: number;
}

// How much of the text is read at once: of longer parts the lines would be large objects, each with memory of its own.
const partLength = 16_384;

// With more of them the text is searched more often than it is worth.
const mostKinds = 8;
const mostMisses = 2;
const mostTries = 32;

const allMarks = Object.values(marks);
const headerMarks = allMarks.filter((mark) => mark !== marks.line);

/**
 * Makes one.
 *
 * @param visit Reads what is not alike, section by section.
 * @param current The profile that the shell has.
 */
export function makeAlikeReader(
  file: IndexedFile,
  other: IndexedFile,
  visit: (section: string) => void,
  lines: TakeLines,
  current: string | undefined,
): AlikeReader {
  const { text, kind: fileKind } = file;
  let kinds: Kind[] = [];
  let tries = allMarks.some((mark) => text.includes(mark)) ? mostTries : 0;
  let readTo = 0;
  let stops: Stop[] = [];
  let nextStop = 0;
  let isForPairs: boolean | undefined;
  /** A part of the text, with marks. */
  const markedText = (from: number, to: number) => {
    let marked = '';
    let at = from;
    for (; nextStop < stops.length; nextStop += 1) {
      const [start, mark] = stops[nextStop] as Stop;
      if (start >= to) break;
      if (start < from) continue;
      marked += text.slice(at, start) + mark;
      at = start;
    }
    return marked + text.slice(at, to);
  };

  const replaceIn = (part: string) => {
    let replaced = part;
    for (const kind of kinds) {
      const before = replaced;
      replaced = replaced.replace(kind.pattern, kind.replacement);
      kind.misses = replaced.length === before.length ? kind.misses + 1 : 0;
    }
    kinds = kinds.filter(({ misses }) => misses < mostMisses);
    return stops.length > 0 ? replaced.replaceAll(marks.notAlone + marks.line, marks.line) : replaced;
  };

  return {
    learn(model) {
      if (model.fileKind !== fileKind || kinds.length === mostKinds || tries === mostTries) return;
      tries += 1;
      const alike = findAlike(model, lines.lineOf);
      if (!alike || kinds.some(({ pattern }) => pattern.source === alike.pattern.source)) return;
      kinds.push({ ...alike, misses: 0 });
      if (isForPairs === undefined || (isForPairs && !alike.isPair)) {
        isForPairs = alike.isPair;
        stops = findStops(file, other, current, isForPairs);
        nextStop = 0;
      }
    },
    readOn(start) {
      const from = text.indexOf('\n[', start) + 1;
      if (kinds.length === 0 || from === 0) return;
      readTo = text.indexOf('\n[', from + partLength) + 1 || text.length;
      const replaced = replaceIn(markedText(from, readTo));
      for (let at = 0; at < replaced.length; ) {
        const isLine = replaced[at] === marks.line;
        const end = endOf(replaced, at, isLine);
        if (isLine) {
          lines.take(replaced.slice(at, end));
        } else {
          const section = profileAt({ kind: fileKind, text: replaced }, replaced.indexOf('[', at));
          if (section !== undefined) visit(section);
        }
        at = end;
      }
    },
    readTo: () => readTo,
  };
}

/** Where the lines end that start there, at the next section; or the section, at the next one or at lines. */
function endOf(text: string, start: number, isLine: boolean): number {
  let end = text.indexOf('\n[', start) + 1 || text.length;
  for (const mark of isLine ? headerMarks : allMarks) {
    const at = text.indexOf(mark, start + 1);
    if (at !== -1 && at < end) end = at;
  }
  return end;
}
