/** The commands in a message, with the quotes of the shell in which they are typed. */

import type { Environment } from './environment.ts';
import { toLocale } from './locale-text.ts';
import { quoteValue } from './render.ts';
import type { ShellName } from './shells.ts';
import { isBare, longestWord, type Part, replaceCommands } from './typed.ts';
import { quoteOutside, toVisible } from './visible.ts';

interface Reader {
  env: Environment;
  /** The folder of the shells' templates. */
  shellFolder: string;
  /** The shell that called; it is asked for only if a word needs quotes. */
  shell: () => ShellName;
}

// In place of a command with a word that this shell or locale cannot show: a part of it, or \xNN, would be another name.
const byHand = 'a command by hand, since a name in it cannot be typed here';

/** A message as people read it. Control characters outside of commands are left to `toVisible`. */
export function showTyped(text: string, { env, shellFolder, shell }: Reader): string {
  return replaceCommands(text, ({ parts, shell: fixed }) => {
    const name = fixed ?? shell();
    const [only, ...others] = parts.filter((part) => part !== '');
    if (typeof only === 'object' && others.length === 0) {
      // A name in a sentence, which is not typed as it is.
      const word =
        quoteWord(only.word, name, shellFolder, env) ?? quoteWord(quoteOutside(only.word), name, shellFolder, env);
      return word ?? quoteOutside(only.word);
    }
    // The backticks of eval are in double quotes, and what is in both of them is read twice.
    const isInBackticks = name === 'tcsh' && parts.some((part) => typeof part === 'string' && part.includes('`'));
    if (isInBackticks && parts.some((part) => typeof part === 'object' && /["`$]/.test(part.word))) return byHand;
    const words = joinSuffixes(parts, name).map((part) =>
      typeof part === 'string' ? part : quoteWord(part.word, name, shellFolder, env),
    );
    return words.includes(undefined) ? byHand : words.join('');
  });
}

/** `'a b'.new` is one word in some shells only. */
function joinSuffixes(parts: readonly Part[], shell: ShellName): Part[] {
  if (['bash', 'zsh', 'sh', 'fish', 'tcsh', 'elvish'].includes(shell)) return [...parts];
  return parts.map((part, at) => {
    const [before, after] = [parts[at - 1], parts[at + 1]];
    if (typeof part === 'string') return typeof before === 'object' ? part.replace(/^\.[a-z]+/, '') : part;
    return { word: part.word + (typeof after === 'string' ? (/^\.[a-z]+/.exec(after)?.[0] ?? '') : '') };
  });
}

/** @returns `undefined` if the word cannot be shown so that typing it gives that word. */
function quoteWord(word: string, shell: ShellName, shellFolder: string, env: Environment): string | undefined {
  if (isBare(word)) return word;
  // What is not UTF-8 was lost when it was read.
  if (word.length > longestWord || /[\ufffd\p{Cs}]/u.test(word)) return undefined;
  if (toLocale(toVisible(word), env) !== word) return shell === 'bash' || shell === 'zsh' ? inBytes(word) : undefined;
  switch (shell) {
    case 'bash':
    case 'zsh':
      // In the double quotes of eval "$(…)" the single ones do not keep ! from being history.
      return quoteValue(shellFolder, shell, word).replaceAll('!', "'\\!'");
    case 'xonsh':
      // It takes even quoted words for redirections.
      if (/^[\w&]*[<>]|^&$/.test(word)) return undefined;
      // Its strings are expanded, unless Python evaluates them.
      return `@(${quoteValue(shellFolder, shell, word)})`;
    case 'nu':
      // Its template has the escapes of JSON.
      return JSON.stringify(word);
    default:
      return quoteValue(shellFolder, shell, word);
  }
}

function inBytes(word: string): string {
  const text = [...new TextEncoder().encode(word)].map((byte) => {
    const character = String.fromCharCode(byte);
    // Octal numbers have three digits at most, so that what follows is no part of them.
    return /[\w ./:;,=+@%~-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `$'${text.join('')}'`;
}
