/** When this process was started, which is before Node was ready to run. */

import { readFileSync } from 'node:fs';

// USER_HZ: what the kernel counts in for programs, on every platform that Linux has today (proc_pid_stat(5), field 22).
const ticksPerSecond = 100;

/** In milliseconds since 1970, exact to 10 ms; nothing without /proc. */
export function processStart(): number | undefined {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const [uptime] = readFileSync('/proc/uptime', 'latin1').split(' ');
    return Date.now() - (Number(uptime) - ticks / ticksPerSecond) * 1000;
  } catch {
    return undefined;
  }
}
