/** Where `~/` leads. */

import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { quoteOutside } from './visible.ts';

/** A path whose leading `~/` is HOME, else Windows' home. @throws {UserError} where there is none. */
export function expandHome(env: Environment, path: string): string {
  if (!/^~[/\\]/.test(path)) return path;
  const windowsHome = env.HOMEDRIVE && env.HOMEPATH ? env.HOMEDRIVE + env.HOMEPATH : undefined;
  const home = env.HOME || env.USERPROFILE || windowsHome;
  if (!home) {
    throw new UserError(`HOME is not set, so there is no ${quoteOutside(path)}`, {
      hint: 'set HOME, or whole paths: AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, AWS_CA_BUNDLE',
    });
  }
  return home + path.slice(1);
}
