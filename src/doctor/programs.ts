/** Programs on the PATH, found without running them. */

import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Environment } from '../environment.ts';

/** The file that a command's first word runs; nothing where there is none. */
export function findProgram(program: string, env: Environment): string | undefined {
  if (program.includes('/')) return isExecutable(program) ? resolve(program) : undefined;
  // An empty part of the PATH is the current folder.
  const folders = (env.PATH ?? '').split(delimiter).map((folder) => folder || '.');
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The file at the end of all links; the path itself where it leads nowhere. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
