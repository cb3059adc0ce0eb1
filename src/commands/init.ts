/** `mfa-env init SHELL`: prints the function for a shell, from the shell's files in `shell/`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { completionTable } from '../completion-table.ts';
import { misleading } from '../environment.ts';
import { UserError } from '../errors.ts';
import { namedCommands, optionNames, optionOf } from '../options.ts';
import type { InitRequest } from '../request.ts';
import type { World } from '../world.ts';

/** Prints the function; the text depends on the version, the request and the program's path alone. */
export function runInit(request: InitRequest, world: World): void {
  const { shell, functionName } = request;
  const parts = ['load', 'init', 'complete', ...(request.hook ? ['hook'] : []), ...(shell === 'bash' ? ['end'] : [])];
  const text = parts.map((part) => readFileSync(join(world.shellFolder, `${part}.${shell}`), 'utf8')).join('\n');
  const fillers: Record<string, string> = {
    MFA_ENV_PROGRAM: quotable(world.programPath, shell),
    MFA_ENV_VERSION: world.version,
    MFA_ENV_MISLEADING: misleading.join(' '),
    MFA_ENV_COMMANDS: alternatives(
      namedCommands.filter((name) => name !== 'unset'),
      shell,
    ),
    MFA_ENV_VALUE_OPTIONS: alternatives(valueOptions(), shell),
    MFA_ENV_TABLE: completionTable()
      .map((row) => `'${quotable((shell === 'bash' ? row.slice(0, 3) : row).join(' ').trimEnd(), shell)}'`)
      .join(' '),
    __mfa_env_cmd: functionName,
  };
  world.writeOut(text.replace(/\b(?:__mfa_env_cmd|MFA_ENV_[A-Z_]+)\b/g, (word) => fillers[word] ?? word));
}

function valueOptions(): string[] {
  return optionNames
    .filter((name) => optionOf(name).value)
    .flatMap((name) => [name, optionOf(name).alias ?? name])
    .map((name) => `--${name}`)
    .filter((name, index, all) => all.indexOf(name) === index);
}

/** Words as the pattern of a `case`; fish has lists. */
function alternatives(words: readonly string[], shell: InitRequest['shell']): string {
  return words.join(shell === 'fish' ? ' ' : ' | ');
}

/** @returns the path as it may stand between single quotes. */
function quotable(path: string, shell: InitRequest['shell']): string {
  if (/[\0\r\n]/.test(path)) {
    throw new UserError('the path of mfa-env has a line end in it', { hint: 'install it somewhere else' });
  }
  return shell === 'fish' ? path.replace(/[\\']/g, '\\$&') : path.replaceAll("'", "'\\''");
}
