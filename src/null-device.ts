/** The device that takes all and gives nothing. */

import { type Stats, statSync } from 'node:fs';

/** Whether it is what somebody has opened, or named to switch a file off. Windows has it under no path. */
export function isNullDevice(stat: Stats): boolean {
  return stat.isCharacterDevice() && stat.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
}
