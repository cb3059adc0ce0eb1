/** What in a command of the AWS files only a shell understands: mfa-env and the AWS CLI run such commands without one. */

const quoted = /\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"/g;
// Single ones inside a word belong to URLs (`?a=1&b=$`).
const special = /(?<![^ \t\n])~(?=[/\s\w]|$)|\$(?=[\w{(@*#?!])|`|\|\|?|&&|(?<![^ \t\n])&|&(?![^ \t\n])|;|[<>]/;
const assignment = /^[ \t\n]*[A-Za-z_]\w*(?==)/;
const builtin = /^[ \t\n]*(?:\.|alias|cd|eval|exec|export|if|for|set|source|unset|while|[{(!])(?=[ \t]|$)/;

/** The first thing in a command that needs a shell, such as `~`, `|` or `cd`; `undefined` if there is none. */
export function findShellSyntax(command: string): string | undefined {
  const bare = command.replace(quoted, (part) => (part.startsWith('"') ? expansionIn(part) : 'q'));
  const [first] = special.exec(bare) ?? assignment.exec(bare) ?? builtin.exec(bare) ?? [];
  return first?.trim();
}

/** A shell expands variables and commands in double quotes too. */
function expansionIn(text: string): string {
  return /\$(?=[\w{(@*#?!])|`/.test(text.replace(/\\[\s\S]/g, '')) ? '$x' : 'q';
}

/**
 * How to write a command that needs a shell. The command itself is not shown: it may hold a secret.
 *
 * @param key The setting.
 * @returns a hint; `undefined` if nothing in the command needs a shell.
 */
export function adviseShell(key: string, command: string): string | undefined {
  const syntax = findShellSyntax(command);
  if (syntax === undefined) return undefined;
  const escaped = command.includes("'") ? ", and each ' in it as '\\''" : '';
  return `write ${key} = sh -c '…' with the command in the quotes${escaped}: no shell reads it, so ${syntax} has no meaning`;
}
