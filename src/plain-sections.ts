/**
 * The sections of a file that are written as plainly as most are: each of their lines is blank, a comment or `key = value`, and
 * no value that matters has blanks in it.
 *
 * The sections of many profiles have the same keys in the same order. Each such shape becomes a pattern, once, that reads a
 * section as a whole: for ten thousand of them that takes a fraction of what a look at each line does.
 */

import type { IndexedFile } from './aws-file.ts';

/** A plain section. */
export interface PlainSection<Plan> {
  /** What was made of its shape. */
  plan: Plan;
  /** All its keys as they are written, in its order. */
  keys: readonly string[];
  /** What the groups in the patterns of its values matched, in the order of the section, from place 1 on. */
  values: RegExpExecArray;
}

export interface PlainSections<Plan> {
  /** Whether there is a section of this name, plain or not. */
  has(name: string): boolean;
  /** @returns null where there is no such section, and nothing where it is not plain or stands there twice. */
  read(name: string): PlainSection<Plan> | null | undefined;
}

/** What a shape is taken for. */
export interface ShapePlan<Key extends string, Plan> {
  plan: Plan;
  /** What the values must look like. */
  forms: Readonly<Record<Key, string>>;
}

interface Shape<Plan> {
  pattern: RegExp;
  keys: readonly string[];
  plan: Plan;
  /** The shape that was met behind it the last time. */
  next: Shape<Plan> | undefined;
}

// More shapes than that are no shapes: to try them one by one takes longer than to look at the lines.
const mostShapes = 64;

// The pattern of a longer section, or of longer keys, is too large for the engine, or takes longer to compile than it saves.
const mostKeys = 100;

// A longer one may have more lines than the engine's stack holds.
const longestSection = 1_000_000;

export const lineEnd = '\\r?(?:\\n|$)';
const betweenProperties = '(?:[ \\t]*\\r?\\n|[#;][^\\n]*(?:\\n|$))*';
const behindValue = `(?:[ \\t]+[#;][^\\n]*|[ \\t]*)${lineEnd}`;

/**
 * Finds the plain sections of a file.
 *
 * @param keys Those that matter. All others are passed over, whatever their value is.
 * @param planShape Is asked once for each shape what is to be made of it: which of these keys it has, in the order of the
 * section, none twice. It answers nothing where sections of that shape are not plain.
 */
export function findPlainSections<Key extends string, Plan>(
  { text, index }: IndexedFile,
  keys: ReadonlySet<string>,
  planShape: (keys: readonly Key[]) => ShapePlan<Key, Plan> | undefined,
): PlainSections<Plan> {
  // By the keys of their sections.
  const shapes = new Map<string, Shape<Plan> | undefined>();
  let last: Shape<Plan> | undefined;

  const match = (shape: Shape<Plan>, header: number): PlainSection<Plan> | undefined => {
    const { pattern, keys, plan } = shape;
    pattern.lastIndex = header;
    const values = pattern.exec(text);
    if (values === null) return undefined;
    if (last) last.next = shape;
    last = shape;
    return { plan, keys, values };
  };

  const matchAny = (header: number): PlainSection<Plan> | undefined => {
    for (const shape of shapes.values()) {
      const section = shape && match(shape, header);
      if (section) return section;
    }
    const shape = shapes.size < mostShapes ? learn(header) : undefined;
    return shape && match(shape, header);
  };

  const learn = (header: number): Shape<Plan> | undefined => {
    const all = keysBelow(text, header);
    const title = all?.join();
    if (!all || title === undefined || shapes.has(title)) return undefined;
    const known = all.map((key) => key.toLowerCase()).filter((key) => keys.has(key)) as Key[];
    // The last one would count.
    const planned = new Set(known).size < known.length ? undefined : planShape(known);
    const shape = planned && { pattern: patternOf(all, planned.forms), keys: all, plan: planned.plan, next: undefined };
    shapes.set(title, shape);
    return shape;
  };

  const isLong = (header: number) =>
    text.length > longestSection && (text.indexOf('\n[', header) + 1 || text.length) - header > longestSection;

  return {
    has: (name) => index.headers.has(name),
    read(name) {
      const header = index.headers.get(name);
      if (header === undefined) return null;
      if (typeof header !== 'number' || isLong(header)) return undefined;
      const likely = last?.next;
      return (likely && match(likely, header)) ?? matchAny(header);
    },
  };
}

/** The keys of a section; nothing where a line of it is not plain. */
function keysBelow(text: string, header: number): string[] | undefined {
  const keys: string[] = [];
  const endOf = (at: number) => (text.indexOf('\n', at) + 1 || text.length + 1) - 1;
  for (let at = endOf(header) + 1; at < text.length && text[at] !== '['; at = endOf(at) + 1) {
    const line = text.slice(at, endOf(at));
    if (/^(?:[#;]|[ \t]*\r?$)/.test(line)) continue;
    const [, key] = /^(\w{1,100})[ \t]*=/.exec(line) ?? [];
    if (key === undefined) return undefined;
    if (keys.push(key) > mostKeys) return undefined;
  }
  return keys;
}

/** What reads a section as a whole, from its header to the next one. */
function patternOf(keys: readonly string[], forms: Readonly<Record<string, string>>): RegExp {
  return new RegExp(`\\[[^\\n]*(?:\\n|$)${linesPattern(keys, forms)}(?=\\[|$)`, 'y');
}

/**
 * The pattern of all lines below a header.
 *
 * @param keys As they are written.
 * @param forms What the values of keys must look like, which hold no blanks; those of others may be anything.
 */
export function linesPattern(keys: readonly string[], forms: Readonly<Record<string, string>>): string {
  const properties = keys.map((key) => {
    const form = Object.hasOwn(forms, key.toLowerCase()) ? forms[key.toLowerCase()] : undefined;
    const value = form === undefined ? `[^\\n]*${lineEnd}` : `[ \\t]*${form}${behindValue}`;
    return `${key}[ \\t]*=${value}${betweenProperties}`;
  });
  return betweenProperties + properties.join('');
}
