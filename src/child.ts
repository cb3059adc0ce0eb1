/** A command in the place of this process: its streams and its signals, and then its end. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { cannotRun } from './command-lookup.ts';
import type { Environment } from './environment.ts';
import { hasTerminal, isForeground } from './foreground.ts';
import { followStops } from './stops.ts';
import type { World } from './world.ts';

/**
 * The terminal sends these to all of its foreground, to the command too. Of SIGWINCH, which it sends so as well, a second one does
 * no harm, and one that was lost would.
 */
const ofTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGINFO'];

/**
 * Runs a command to its end, with this process's streams, which are closed then. Signals that reach this process alone are handed on.
 *
 * @param descriptors What the command gets besides the standard streams.
 * @throws {UserError} status 127 or 126, where it cannot be run.
 */
export function runInPlace(
  program: string,
  args: readonly string[],
  env: Environment,
  descriptors: readonly number[],
  world: World,
): Promise<number | NodeJS.Signals> {
  const stdio: ('inherit' | number | undefined)[] = ['inherit', 'inherit', 'inherit'];
  for (const descriptor of descriptors) stdio[descriptor] = descriptor;
  return new Promise((resolve, reject) => {
    let child: ChildProcess | undefined;
    const hadTerminal = hasTerminal();
    const handOn = async (signal: NodeJS.Signals) => {
      // The system and the shell hang up on whole process groups.
      if (signal === 'SIGHUP' && hadTerminal && !hasTerminal()) return;
      if (ofTerminal.includes(signal) && (await isForeground(world.runPs))) return;
      child?.kill(signal);
    };
    // From before its first moment on: a signal in between would end this process alone.
    const takeBack = world.onSignals(handOn);
    followStops(() => child, world);
    const fail = (error: unknown) => {
      takeBack();
      reject(cannotRun(program, error as NodeJS.ErrnoException));
    };
    try {
      child = spawn(program, args, { env, stdio: Array.from(stdio) });
      // One that was started, and may not be signalled (sudo), runs on.
      child.on('error', (error) => child?.pid === undefined && fail(error));
      child.on('exit', (status, signal) => {
        closeStreams();
        resolve(signal ?? status ?? 0);
      });
    } catch (error) {
      fail(error);
    }
  });
}

/** Node puts a terminal that is still open at its end back as it found it, whatever the command or the shell has set since. */
function closeStreams(): void {
  for (const descriptor of [0, 1, 2]) closeSync(descriptor);
}

/** The status that a shell gives a command which died of a signal. */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
