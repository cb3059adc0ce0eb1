/** `mfa_process`: a command in the AWS files that prints the MFA code. */

import type { Found } from './aws-files.ts';
import { isCode, parseCode } from './code.ts';
import { UserError } from './errors.ts';
import { runFileCommand } from './file-command.ts';
import { adviseShell } from './shell-syntax.ts';
import type { World } from './world.ts';

/** Runs the command. @throws {UserError} where it prints anything but a code: what it printed is not shown. */
export async function readCodeFromCommand(found: Found, world: World): Promise<string> {
  const output = await runFileCommand('mfa_process', found, world.env, world.onInterrupt);
  if (!isCode(output)) {
    throw new UserError(`${found.place}: mfa_process printed something else than six digits`, {
      hint: adviseShell('mfa_process', found.value) ?? 'let it print only the code',
    });
  }
  return parseCode(output);
}
