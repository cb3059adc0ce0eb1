/** Names and paths in commands that somebody is to type: pasted, they are one word, and nothing in them is run. */

import { toVisible } from './visible.ts';

const tame = /^[A-Za-z0-9_./@:,+-][A-Za-z0-9_./@:%,+=~-]*$/;

/** Longer texts are not shown whole in a message. */
const longestWord = 200;

/**
 * A word for bash, zsh, fish and the other shells alike: bare if no shell knows a character in it. Outside of the quotes stand what
 * fish reads differently within them, the backslash, and what tcsh does, the exclamation mark.
 *
 * @param placeholder What to show for a text that cannot be typed as a message shows it.
 */
export function quoteWord(text: string, placeholder: string): string {
  if (tame.test(text)) return text;
  if (text.length > longestWord || toVisible(text) !== text) return placeholder;
  return `'${text.replace(/['\\!]/g, (character) => `'\\${character}'`)}'`;
}
