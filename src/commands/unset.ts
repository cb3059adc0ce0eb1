/** `mfa-env unset`: prints what takes the session out of the calling shell. */

import { undoneOnLeaving } from '../direnv.ts';
import { unsetChange } from '../environment.ts';
import { usage } from '../errors.ts';
import { lineToType } from '../line-to-type.ts';
import { renderChange } from '../render.ts';
import type { Request } from '../request.ts';
import type { World } from '../world.ts';

export async function runUnset(request: Extract<Request, { command: 'unset' }>, world: World): Promise<void> {
  const shell = request.shell ?? (await world.callingShell());
  if (world.stdoutIsTerminal() && !request.print) {
    throw usage(
      'a program cannot change its shell: the shell must evaluate what it prints',
      `type ${lineToType(shell, 'unset')}`,
    );
  }
  const change = await undoneOnLeaving(unsetChange(world.env), world.env);
  await world.writeOut(renderChange(world.shellFolder, shell, change));
}
