/** The shell functions: the one that has called, and those that stand in the files which the README names. */

import { existsSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import type { Environment } from '../environment.ts';
import { asCommand, typed } from '../typed.ts';
import { quoteOutside } from '../visible.ts';
import { error, type Finding, warning } from './finding.ts';
import { configFolder } from './folders.ts';
import { realPath } from './programs.ts';
import { readSmallFile } from './small-file.ts';

/** @param programPath The file of the mfa-env that runs. */
export function checkFunctions(env: Environment, version: string, programPath: string): Finding[] {
  const findings: Finding[] = [];
  const { MFA_ENV_FUNCTION: calling } = env;
  if (calling && calling !== version) {
    const what = `this shell's function is of mfa-env ${quoteOutside(calling)}, and this is ${version}`;
    findings.push(warning(what, 'write it anew with mfa-env init, and start a new shell'));
  }
  for (const { shell, path } of keptFunctions(env)) findings.push(...checkKept(shell, path, version, programPath));
  return findings;
}

function keptFunctions(env: Environment): { shell: string; path: string }[] {
  const config = configFolder(env);
  const inHome = (['bash', 'zsh'] as const).map((shell) => ({
    shell,
    path: join(env.HOME ?? '', `.mfa-env.${shell}`),
  }));
  const inConfig = [
    { shell: 'fish', path: join(config ?? '', 'fish/conf.d/mfa-env.fish') },
    { shell: 'direnv', path: join(config ?? '', 'direnv/lib/mfa-env.sh') },
  ];
  return [...(env.HOME ? inHome : []), ...(config === undefined ? [] : inConfig)];
}

function checkKept(shell: string, path: string, version: string, programPath: string): Finding[] {
  const stat = look(path);
  if (!stat?.isFile()) return [];
  const findings = checkMode(path, stat);
  const text = readSmallFile(path);
  if (text === undefined) return findings;
  const shown = quoteOutside(path);
  const anew = asCommand(`mfa-env init ${shell}${optionsOf(text)} > ${typed`${path}`}`);
  const [, written] = /MFA_ENV_FUNCTION='([^']*)'/.exec(text) ?? [];
  if (written === undefined) return [...findings, warning(`${shown} holds no function of mfa-env`, anew)];
  const called = calledIn(text, shell);
  const gone = called.find((file) => !existsSync(file));
  const program = called[1];
  if (written !== version) {
    findings.push(warning(`${shown} is of mfa-env ${quoteOutside(written)}, and this is ${version}`, anew));
  } else if (gone !== undefined) {
    findings.push(warning(`${shown} calls ${quoteOutside(gone)}, which is not there any more`, anew));
  } else if (program !== undefined && realPath(program) !== realPath(programPath)) {
    const what = `${shown} calls ${quoteOutside(program)}, and this is ${quoteOutside(programPath)}`;
    findings.push(warning(what, `if this one is meant: ${anew}`));
  }
  return findings;
}

/** What every new shell runs. */
function checkMode(path: string, stat: Stats): Finding[] {
  if (getuid === undefined || !(stat.mode & 0o002)) return [];
  const shown = quoteOutside(path);
  return [error(`others can write ${shown}, which your shells run`, typed`chmod go-w ${path}`)];
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A file stands where a folder would have to, or the folder is another user's.
    return undefined;
  }
}

/** The options with which the text was made, as far as it shows them. */
function optionsOf(text: string): string {
  const [, name] =
    /\n(?:function )?(?!__mfa_env_)([A-Za-z_][\w-]*)(?:\(\) \{\n {2}(?:__mfa_env_quietly __mfa_env_call|# Secrets pass)|(?: -S)?\n {4}# Secrets pass)/.exec(
      text,
    ) ?? [];
  const hook = /\b__mfa_env_hook\b/.test(text) ? ' --hook' : '';
  return (name && name !== 'mfa-env' && name !== 'use_mfa_env' ? ` --cmd ${name}` : '') + hook;
}

/** The paths of Node and of the program that a function calls. */
function calledIn(text: string, shell: string): string[] {
  if (shell === 'fish') {
    const paths = [...text.matchAll(/^ +set -l mfa_(?:node|program) '((?:[^'\\]|\\.)*)'/gm)];
    return paths.map(([, path = '']) => path.replace(/\\(.)/g, '$1'));
  }
  const paths = /-x '((?:[^']|'\\'')*)' && -r '((?:[^']|'\\'')*)'/.exec(text)?.slice(1) ?? [];
  return paths.map((path) => path.replaceAll("'\\''", "'"));
}
