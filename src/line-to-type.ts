/** The line that a user types to let the shell evaluate what mfa-env prints. */

import type { ShellName } from './shells.ts';

/** `eval "$(mfa-env prod)"`, or `mfa-env prod | source` in fish. */
export function lineToType(shell: ShellName, words: string): string {
  return shell === 'fish' ? `mfa-env ${words} | source` : `eval "$(mfa-env ${words})"`;
}
