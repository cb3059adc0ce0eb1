/** Where paths in variables lead: `~/` and `$NAME` in them. */

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
  return home.replace(/(?!^)[/\\]+$|^\/+$/, '') + path.slice(1);
}

/**
 * The path in a variable that names an AWS file: `$NAME`, `${NAME}` and a leading `~/` in it are expanded, as botocore does
 * (`os.path.expandvars`, then `os.path.expanduser`): launchers and `.env` files hand them over as they are. A variable that is not
 * set stays as it is.
 *
 * @throws {UserError} if it leads to another user's home.
 */
export function expandPath(env: Environment, path: string): string {
  const expanded = path.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, bare: string, braced: string) => {
    const name = bare ?? braced;
    return (Object.hasOwn(env, name) ? env[name] : undefined) ?? whole;
  });
  if (/^~[^/\\]/.test(expanded)) {
    throw new UserError(`${quoteOutside(path)} leads to another user's home, which mfa-env does not look up`, {
      hint: 'write the whole path',
    });
  }
  return expandHome(env, expanded);
}
