/**
 * Commands in messages, for people to type or paste.
 *
 * - Names and paths in them are words: whatever they hold, the shell takes each as one word.
 * - Which shell that is, is not known yet when the message is made. So words that need quotes stay apart until `showTyped`
 *   (show-typed.ts) writes the message.
 * - Words that mean the same in every shell are text at once.
 */

import type { ShellName } from './shells.ts';

/** Text of ours, or a word. */
export type Part = string | { word: string };

interface Command {
  parts: Part[];
  /** The shell that it is written for; the default is the calling one. */
  shell?: ShellName | undefined;
}

// No argument, variable or path holds a NUL, and JSON writes it as \u0000.
const marked = /\0([^\0]*)\0/;

// `~` is a home only at the start of a word, `%`, `@` and `+` have their meanings only there too.
const bare = /^(?:--[a-z-]+=[\w./+:@%~-]+|[\w./+-][\w./+:@%~-]*)$/;

/** A command with words in it: typed`chmod go-w ${path}`. */
export function typed(texts: TemplateStringsArray, ...words: (string | string[])[]): string {
  const parts = texts.flatMap((text, at): Part[] => {
    const [first, ...others] = [words[at] ?? []].flat();
    return first === undefined ? [text] : [text, { word: first }, ...others.flatMap((word): Part[] => [' ', { word }])];
  });
  return encode({ parts });
}

/** A name or path in the text of a hint: as it is if a shell takes it as one word, else in quotes. */
export function asWord(word: string): string {
  return typed`${word}`;
}

/** The header of a section in the text of a hint. @param title `prod`, `profile prod` */
export function asHeader(title: string): string {
  return isBare(title.replace(/^(?:profile|services) /i, '')) ? `[${title}]` : asWord(`[${title}]`);
}

/** A text that holds typed words, as one command. @param shell The shell that it is written for; the default is the calling one. */
export function asCommand(text: string, shell?: ShellName): string {
  // Each second part of a text that is split by marks is what was marked.
  const parts = text.split(marked).flatMap((part, at) => (at % 2 === 0 ? [part] : (decode(part)?.parts ?? [])));
  return encode({ parts, shell });
}

/** An option with its value: words for `typed`, in which the value cannot be taken for another option. */
export function optionWith(option: string, value: string): string[] {
  return /^(?:-|$)/.test(value) ? [`${option}=${value}`] : [option, value];
}

/** A path as an argument: one that begins with a dash would be an option. */
export function pathWord(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

/** Puts what `write` makes of each command in its place. */
export function replaceCommands(text: string, write: (command: Command) => string): string {
  if (!text.includes('\0')) return text;
  return text
    .split(marked)
    .map((part, at) => {
      const command = at % 2 === 0 ? undefined : decode(part);
      return command ? write(command) : part;
    })
    .join('');
}

/** Whether a text holds words whose quotes depend on the shell. */
export function needsShell(text: string | undefined): boolean {
  return text?.includes('\0') === true;
}

function encode({ parts, shell }: Command): string {
  const isPlain = parts.every((part) => typeof part === 'string' || isBare(part.word));
  if (!isPlain) return `\0${JSON.stringify({ parts, shell })}\0`;
  return parts.map((part) => (typeof part === 'string' ? part : part.word)).join('');
}

function decode(json: string): Command | undefined {
  try {
    const command = JSON.parse(json);
    return Array.isArray(command.parts) ? command : undefined;
  } catch {
    return undefined;
  }
}

/** Whether every shell takes a word as it is. */
export function isBare(word: string): boolean {
  return word.length <= longestWord && bare.test(word);
}

/** How many characters a word has at most: a longer one would fill the screen, and a part of it is another word. */
export const longestWord = 200;
