/** The words of a command in the AWS files. */

/**
 * Splits a command into words by the quoting of POSIX shells, without any of their expansions.
 *
 * @returns the words; nothing where a quote is not closed or there is no word.
 */
export function splitCommand(command: string): string[] | undefined {
  const words: string[] = [];
  let rest = command.replace(/^[ \t\n]+/, '');
  while (rest !== '') {
    const word = /^(?:[^ \t\n'"\\]|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+/.exec(rest)?.[0];
    if (!word || !/^(?:[ \t\n]|$)/.test(rest.slice(word.length))) return undefined;
    words.push(unquote(word));
    rest = rest.slice(word.length).replace(/^[ \t\n]+/, '');
  }
  return words.length > 0 ? words : undefined;
}

function unquote(word: string): string {
  return word.replace(/\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"/g, (_, escaped, single, double) => {
    // Inside of double quotes a backslash is one, but before these four and a line end.
    return escaped ?? single ?? double.replace(/\\([$`"\\\n])/g, '$1');
  });
}
