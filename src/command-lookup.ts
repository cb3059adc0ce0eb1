/** Whether a command can be run, and the words and statuses of a shell where it cannot. */

import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { getuid } from 'node:process';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { quoteOutside } from './visible.ts';

/** What a shell answers where there is no such command, and where it cannot be run (POSIX, 2.8.2). */
const notFound = 127;
const notRunnable = 126;

/**
 * Looks for a command as execvp(3) would. What can be told only by running it is left to that.
 *
 * @throws {UserError} status 127 or 126, where it cannot be run.
 */
export function checkCommand(program: string, { PATH }: Environment): void {
  // Windows looks in further places, for further names.
  if (getuid === undefined || PATH === undefined) return;
  const paths = program.includes('/') ? [program] : PATH.split(delimiter).map((folder) => join(folder, program));
  const codes = paths.map(findFault);
  if (codes.some((code) => code !== 'ENOENT' && code !== 'EACCES')) return;
  const code = codes.includes('EACCES') ? 'EACCES' : 'ENOENT';
  throw cannotRun(program, Object.assign(new Error(code), { code }));
}

/** Why a file cannot be run; nothing where it may well be. */
function findFault(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? undefined : 'EACCES';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOTDIR' ? 'ENOENT' : code;
  }
}

/** What is wrong with a command, by what the system answered. */
export function cannotRun(program: string, error: NodeJS.ErrnoException): UserError {
  const shown = quoteOutside(program);
  if (error.code === 'ENOENT' && program.includes('/') && existsSync(program)) {
    return new UserError(`cannot run ${shown}: the program that its first line names is missing`, {
      exitStatus: notFound,
      cause: error,
    });
  }
  if (error.code === 'ENOENT') {
    return new UserError(`cannot run ${shown}: there is no such command`, {
      hint: 'shell functions and aliases are none: name a program',
      exitStatus: notFound,
      cause: error,
    });
  }
  return new UserError(`cannot run ${shown}: ${error.code ?? error.message}`, {
    exitStatus: notRunnable,
    cause: error,
  });
}
