/** A change of the environment → text for one shell, by that shell's file in `shell/`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EnvironmentChange, mayBeUsers } from './environment.ts';
import type { ShellName } from './shells.ts';

/** How a shell is told things. */
interface ShellTemplate {
  /**
   * The whole text. A `line` is printed, with the `{names}` of the variables, and those that `{must_go}`; `lines` are the statements
   * that `set` or `unset` variables, one for each.
   */
  layout: [kind: 'line' | 'lines', text: string][];
  /** Sets `{name}` to `{value}`, which is quoted. */
  set: string;
  /** Unsets `{name}`. */
  unset: string;
  /** Gives the status of a failure. */
  fail: string;
  quote: string;
  /** What stands for a character inside of the quotes. */
  escapes: Map<string, string>;
}

const templates = new Map<string, ShellTemplate>();

/** Reads the shell's file, unless it was read before: until a code is typed the package may be put in place anew, or taken away. */
export function readTemplate(shellFolder: string, shell: ShellName): ShellTemplate {
  const path = join(shellFolder, `${shell}.template`);
  const known = templates.get(path) ?? parseTemplate(path, shell);
  templates.set(path, known);
  return known;
}

/** Reads a template: lines of a word, blanks and what it stands for; `#` begins a comment. */
function parseTemplate(path: string, shell: ShellName): ShellTemplate {
  const lines = readFileSync(path, 'utf8').split('\n');
  const layout: ShellTemplate['layout'] = [];
  const entries = new Map<string, string>();
  const escapes = new Map<string, string>();
  for (const line of lines) {
    const [, word = '', text = ''] = /^(\w+) +(.+)$/.exec(line) ?? [];
    if (word === 'line' || word === 'lines') layout.push([word, text]);
    else if (word === 'escape') escapes.set(text[0] ?? '', text.slice(2));
    else if (word) entries.set(word, text);
  }
  const entry = (word: string) => {
    const text = entries.get(word);
    if (text === undefined) throw new Error(`${shell}.template says nothing of ${word}`);
    return text;
  };
  return { layout, set: entry('set'), unset: entry('unset'), fail: entry('fail'), quote: entry('quote'), escapes };
}

/** The statements that make the change, a line each. They fail if one of them does, and as a whole in other families of shells. */
export function renderChange(shellFolder: string, shell: ShellName, change: EnvironmentChange): string {
  const template = readTemplate(shellFolder, shell);
  const statements: Record<string, string[]> = {
    unset: change.unset.map((name) => fill(template.unset, { name })),
    set: change.set.map(([name, value]) => fill(template.set, { name, value: quote(template, value) })),
  };
  const names = [...change.unset, ...change.set.map(([name]) => name)].join(' ');
  // A region or setting of the user's own may stay in force.
  const mustGo = change.unset.filter((name) => !mayBeUsers(name)).join(' ');
  return template.layout
    .flatMap(([kind, text]) => (kind === 'line' ? fill(text, { names, must_go: mustGo }) : (statements[text] ?? [])))
    .map((line) => `${line}\n`)
    .join('');
}

/** The statement whose status is a failure's. */
export function renderFailure(shellFolder: string, shell: ShellName): string {
  return `${readTemplate(shellFolder, shell).fail}\n`;
}

/** A value in the shell's quotes. */
export function quoteValue(shellFolder: string, shell: ShellName, value: string): string {
  return quote(readTemplate(shellFolder, shell), value);
}

function quote(template: ShellTemplate, value: string): string {
  if (/[\0\r\n]/.test(value)) throw new Error('a value with a line end cannot be a statement of one line');
  const text = [...value].map((character) => template.escapes.get(character) ?? character).join('');
  return fill(template.quote, { text });
}

/** One pass over the template, so that what was filled in is never taken for a place to fill. */
function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
