/** Finds out whether the AWS files hang, as on a network home, without blocking this thread. */

import { close, constants, open, read, stat } from 'node:fs';
import { awsFilePaths } from './aws-files.ts';
import type { Environment } from './environment.ts';
import { attempt, isUserError } from './errors.ts';

/**
 * Reads the first byte of both files in Node's own threads. It never fails: whatever is wrong shows again when they are read.
 *
 * - If a file hangs, so does the promise, but the listeners for signals go on.
 * - After it, the reads that block hardly hang: the system has just heard of both files.
 */
export async function touchFiles(env: Environment): Promise<void> {
  const paths = attempt(() => awsFilePaths(env));
  if (!isUserError(paths)) await Promise.all([touch(paths.credentials), touch(paths.config)]);
}

const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

function touch(path: string): Promise<void> {
  return new Promise((resolve) => {
    stat(path, (missing, found) => {
      // To open a device can do something, and a read of /proc/kmsg takes a message away.
      if (missing || !found.isFile() || found.size === 0) return resolve();
      open(path, flags, (refused, descriptor) => {
        if (refused) return resolve();
        read(descriptor, Buffer.alloc(1), 0, 1, 0, () => close(descriptor, () => resolve()));
      });
    });
  });
}
