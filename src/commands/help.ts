/** `mfa-env help`, `--help` and `--version`. */

import { helpOf, overview } from '../help.ts';
import type { CommandName } from '../options.ts';
import type { World } from '../world.ts';

/** Prints how a command is used, or all of them. */
export function runHelp(topic: CommandName | undefined, world: World): Promise<void> {
  return world.writeOut(topic ? helpOf(topic) : overview());
}

/** Prints `mfa-env 1.2.3`. */
export function runVersion(world: World): Promise<void> {
  return world.writeOut(`mfa-env ${world.version}\n`);
}
