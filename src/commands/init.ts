/** `mfa-env init SHELL`: prints the function for a shell, from the shell's files in `shell/`. */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { completionTable } from '../completion-table.ts';
import { noSession, otherProviders } from '../direnv.ts';
import { findProgram } from '../doctor/programs.ts';
import { misleading, ofSession, settingVariables } from '../environment.ts';
import { UserError } from '../errors.ts';
import type { InitRequest } from '../init-request.ts';
import { checkLasting } from '../lasting.ts';
import { namedCommands, optionNames, optionOf } from '../options.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

type Language = Exclude<InitRequest['shell'], 'direnv'>;

/**
 * Prints the function; the text depends only on the version, the request and the real paths of the program and of Node.
 *
 * @throws {UserError} if one of the two paths could become somebody else's.
 */
export async function runInit(request: InitRequest, world: World): Promise<void> {
  const { functionName, shell } = request;
  const program = world.realProgramPath;
  const node = findNode(world);
  checkLasting(program, `type npm install -g mfa-env, then mfa-env init ${shell}`);
  checkLasting(node, 'install Node in a folder that lasts, from https://nodejs.org');
  const language = shell === 'direnv' ? 'bash' : shell;
  const text = partsOf(request)
    .map((part) => readFileSync(join(world.shellFolder, `${part}.${language}`), 'utf8'))
    .join('\n');
  const fillers: Record<string, string> = {
    MFA_ENV_NODE: quotable(node, language),
    MFA_ENV_PROGRAM: quotable(program, language),
    MFA_ENV_VERSION: world.version,
    MFA_ENV_MISLEADING: misleading.join(' '),
    MFA_ENV_SESSION: ofSession.join(' '),
    MFA_ENV_SETTING_NAMES: Object.values(settingVariables).join(' '),
    MFA_ENV_NO_SESSION: noSession,
    MFA_ENV_OTHER_PROVIDERS: otherProviders.join(' '),
    MFA_ENV_COMMANDS: alternatives(
      namedCommands.filter((name) => name !== 'unset'),
      language,
    ),
    MFA_ENV_VALUE_OPTIONS: alternatives(valueOptions(), language),
    MFA_ENV_TABLE: completionTable()
      .map((row) => `'${quotable((language === 'bash' ? row.slice(0, 3) : row).join(' ').trimEnd(), language)}'`)
      .join(' '),
    __mfa_env_cmd: functionName,
  };
  await world.writeOut(text.replace(/\b(?:__mfa_env_cmd|MFA_ENV_[A-Z_]+)\b/g, (word) => fillers[word] ?? word));
}

/** The real path of Node. @throws {UserError} if Node does not know it, and the PATH does not have it. */
function findNode({ nodePath, env }: World): string {
  const path = existsSync(nodePath) ? nodePath : findProgram(basename(nodePath), env);
  if (path === undefined)
    throw new UserError('Node does not know where it is', { hint: 'put the folder of node on the PATH' });
  return realpathSync(path);
}

/** The files of `shell/` that make the text, in their order. */
function partsOf({ shell, hook }: InitRequest): string[] {
  if (shell === 'direnv') return ['load', 'program', 'direnv'];
  const asked = hook ? ['hook'] : [];
  if (shell === 'bash') return ['load', 'program', 'init', 'complete', ...asked, 'end'];
  return ['load', 'init', 'complete', ...asked];
}

function valueOptions(): string[] {
  return optionNames
    .filter((name) => optionOf(name).value)
    .flatMap((name) => [name, optionOf(name).alias ?? name])
    .map((name) => `--${name}`)
    .filter((name, index, all) => all.indexOf(name) === index);
}

/** Words as the pattern of a `case`; fish has lists. */
function alternatives(words: readonly string[], language: Language): string {
  return words.join(language === 'fish' ? ' ' : ' | ');
}

/** @returns the path as it may stand between single quotes. */
function quotable(path: string, language: Language): string {
  if (/[\0\r\n]/.test(path)) {
    throw new UserError(`the path ${quoteOutside(path)} has a line end in it`, { hint: 'type npm install -g mfa-env' });
  }
  return language === 'fish' ? path.replace(/[\\']/g, '\\$&') : path.replaceAll("'", "'\\''");
}
