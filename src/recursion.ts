/** An mfa-env below a command that mfa-env runs would run that command again. */

import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { quoteOutside } from './visible.ts';

/** Set for the commands of the files, to the name of the setting that holds the command. */
export const commandMark = 'MFA_ENV_COMMAND';

/** @throws {UserError} where this process runs below such a command. */
export function refuseRecursion(env: Environment): void {
  const setting = env[commandMark];
  if (setting) {
    throw new UserError(
      `mfa-env was started by the ${quoteOutside(setting)} that an mfa-env runs: that would never end`,
      {
        hint: 'let that command find what it prints without mfa-env',
      },
    );
  }
}
