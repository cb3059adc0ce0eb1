/** Folders of the user that other programs know. */

import { join } from 'node:path';
import type { Environment } from '../environment.ts';

/** Where programs keep their settings, by the XDG base directories; nothing without a HOME. */
export function configFolder(env: Environment): string | undefined {
  return env.XDG_CONFIG_HOME || (env.HOME ? join(env.HOME, '.config') : undefined);
}
