/** Whether the terminal listens to this process. */

import { readFileSync } from 'node:fs';
import type { World } from './world.ts';

/** Whether the process group of this process is the terminal's foreground one (proc_pid_stat(5): pgrp is field 5, tpgid 8). */
export async function isForeground(runPs: World['runPs']): Promise<boolean> {
  const [group, foreground] = readGroups() ?? (await runPs(['pgid', 'tpgid']))?.trim().split(/\s+/) ?? [];
  return group !== undefined && group === foreground;
}

function readGroups(): string[] | undefined {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [fields[2] ?? '', fields[5] ?? ''];
  } catch {
    return undefined;
  }
}
