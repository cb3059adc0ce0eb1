/**
 * The sections of a file that are written as plainly as most are, read in a fraction of the time: each of their lines is
 * blank, a comment or `key = value` with one of a few keys and a value without blanks, of which no two tools think differently.
 */

import type { IndexedFile } from './aws-file.ts';

// No placeholder such as `<your device>`, which is as if it were not there.
const anyValue = '(?!<)[!-~]+';

export interface PlainSections {
  /** Whether there is a section of this name, plain or not. */
  has(name: string): boolean;
  /**
   * Takes what a section says into `values`, each value to the place of its key.
   *
   * @returns whether the section is plain; one that is not there says nothing.
   */
  take(name: string, values: (string | undefined)[]): boolean;
}

/**
 * Finds them.
 *
 * @param keys Those that a plain section may have, each with its place.
 * @param forms What the values of some of them must look like, as patterns.
 */
export function findPlainSections(
  { text, index }: IndexedFile,
  keys: Readonly<Record<string, number>>,
  forms: Readonly<Record<string, string>>,
): PlainSections {
  const { headers } = index;
  const places = placesByCode(keys);
  const odd = findOddLines(
    text,
    Object.keys(keys).map((key) => `${key} = ${forms[key] ?? anyValue}`),
  );
  const hasOdd = odd.size > 0;
  return {
    has: (name) => headers.has(name),
    take(name, values) {
      const header = headers.get(name);
      if (header === undefined) return true;
      // It is there more than once.
      if (typeof header !== 'number') return false;
      for (let at = endOfLine(text, header) + 1; at < text.length; ) {
        const first = text.charCodeAt(at);
        if (first === 0x5b) break;
        if (hasOdd && odd.has(at)) return false;
        const lineEnd = endOfLine(text, at);
        // Else it is a comment, or blank.
        if (first >= 0x61) {
          const equals = text.indexOf('=', at);
          const place = places[codeOf(equals - 1 - at, text.charCodeAt(at + 4))] as number;
          values[place] = text.slice(equals + 2, text.charCodeAt(lineEnd - 1) === 0x0d ? lineEnd - 1 : lineEnd);
        }
        at = lineEnd + 1;
      }
      return true;
    },
  };
}

/** Where the lines start that are not plain: nearly all are, so that a long file is read by what it does not hold. */
function findOddLines(text: string, properties: string[]): Set<number> {
  const plain = ['\\[[^\\]\\n]+\\]', ...properties, ''].join('|');
  const odd = new RegExp(`\\n(?!(?:${plain})\\r?(?:\\n|$)|[#;])`, 'g');
  const starts = new Set<number>();
  for (const { index } of text.matchAll(odd)) starts.add(index + 1);
  return starts;
}

/** To make a string of each key, to look it up, is what would take the longest. */
function placesByCode(keys: Readonly<Record<string, number>>): number[] {
  const places: number[] = [];
  for (const [key, place] of Object.entries(keys)) {
    const code = codeOf(key.length, key.charCodeAt(4));
    if (places[code] !== undefined) throw new Error(`${key} has another key's code`);
    places[code] = place;
  }
  return places;
}

/** What no two of the keys have in common: how long they are, and their fifth character. */
function codeOf(length: number, fifth: number): number {
  return length * 32 + (fifth & 31);
}

function endOfLine(text: string, at: number): number {
  const lineFeed = text.indexOf('\n', at);
  return lineFeed === -1 ? text.length : lineFeed;
}
