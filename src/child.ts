/** A command in the place of this process: its streams and its signals, and then its end. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { isForeground } from './foreground.ts';
import { followStops } from './stops.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

/** What a shell answers where there is no such command, and where it cannot be run (POSIX, 2.8.2). */
const notFound = 127;
const notRunnable = 126;

/** The terminal sends these to all of its foreground, to the command too. */
const ofTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

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
    let child: ChildProcess;
    // Before the command begins, so that what comes while it is started is not lost.
    const stop = world.onSignals(async (signal) => {
      if (ofTerminal.includes(signal) && (await isForeground(world.runPs))) return;
      child.kill(signal);
    });
    const fail = (error: unknown) => {
      stop();
      reject(toUserError(error as NodeJS.ErrnoException, program));
    };
    try {
      child = spawn(program, args, { env, stdio: Array.from(stdio) });
      followStops(child, world);
      child.on('error', fail);
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

function toUserError(error: NodeJS.ErrnoException, program: string): UserError {
  const shown = quoteOutside(program);
  if (error.code === 'ENOENT' && program.includes('/') && existsSync(program)) {
    return new UserError(`cannot run ${shown}: the program that its first line names is missing`, {
      exitStatus: notFound,
      cause: error,
    });
  }
  if (error.code === 'ENOENT') {
    return new UserError(`cannot run ${shown}: there is no such command`, {
      hint: 'shell functions and aliases are none: name a program',
      exitStatus: notFound,
      cause: error,
    });
  }
  return new UserError(`cannot run ${shown}: ${error.code ?? error.message}`, {
    exitStatus: notRunnable,
    cause: error,
  });
}

/** The status that a shell gives a command which died of a signal. */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
