/** What the terminal and the shell's job control have to do with a process. */

import { closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { pid as ownPid } from 'node:process';
import type { World } from './world.ts';

export interface Job {
  /** The process group. */
  group: string;
  isStopped: boolean;
  /** Whether the terminal listens to the group. */
  isForeground: boolean;
}

/** Reads it of a process, this one where none is named; nothing of one that is gone. */
export async function readJob(runPs: World['runPs'], pid?: number): Promise<Job | undefined> {
  const [state, group, foreground] = existsSync('/proc/self/stat')
    ? readFields(pid ?? 'self')
    : ((await runPs(['stat', 'pgid', 'tpgid'], pid))?.trim().split(/\s+/) ?? []);
  if (state === undefined || group === undefined) return undefined;
  return { group, isStopped: state.startsWith('T'), isForeground: group === foreground };
}

/** Whether the process group of this process is the terminal's foreground one. */
export async function isForeground(runPs: World['runPs']): Promise<boolean> {
  return (await readJob(runPs))?.isForeground === true;
}

/** Whether this process leads its process group: a shell with job control has started it as a job. */
export async function isGroupLeader(runPs: World['runPs']): Promise<boolean> {
  return (await readJob(runPs))?.group === String(ownPid);
}

/** Whether there is a terminal at all; its end hangs up on all of its processes. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', constants.O_RDONLY | constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}

/** proc_pid_stat(5): state is field 3, pgrp 5, tpgid 8. */
function readFields(pid: number | 'self'): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [0, 2, 5].map((index) => fields[index] ?? '');
  } catch {
    return [];
  }
}
