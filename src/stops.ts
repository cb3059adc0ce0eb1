/** Stopping (Ctrl-Z) and going on (fg) beside a command: whether that stops is its own affair, and this process follows it. */

import type { ChildProcess } from 'node:child_process';
import { kill, pid as ownPid, ppid } from 'node:process';
import { isForeground, readJob } from './foreground.ts';
import type { World } from './world.ts';

/** Follows a command from now on: it may not have been started yet. */
export function followStops(command: () => ChildProcess | undefined, { runPs, onSignal }: World): void {
  let isTold = false;
  const stop = () => {
    isTold = false;
    heedStops();
    kill(ownPid, 'SIGTSTP');
    heedStops = ignoreStops();
  };
  const ignoreStops = () =>
    onSignal('SIGTSTP', async () => {
      isTold = true;
      // The terminal stops all of its foreground: the command too, which may answer by something else.
      if (!(await isForeground(runPs))) stop();
    });
  const follow = async () => {
    const [job, own, parent] = await Promise.all([command()?.pid, ownPid, ppid].map((pid) => readJob(runPs, pid)));
    // In the group of a script nobody would notice, nor go on with this process alone, but where all of the group was told to stop.
    if (job?.isStopped && job.isForeground && (isTold || own?.group !== parent?.group)) stop();
    unwatch = watch();
  };
  const watch = () =>
    onSignal('SIGCHLD', () => {
      // What tells of a stop tells of an end too: of the command's, which comes first then, and of that of ps.
      unwatch();
      setImmediate(follow);
    });
  let heedStops = ignoreStops();
  let unwatch = watch();
  onSignal('SIGCONT', async () => {
    isTold = false;
    // The shell goes on with its own process group alone.
    if ((await readJob(runPs, command()?.pid))?.isStopped) command()?.kill('SIGCONT');
  });
}
