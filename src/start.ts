#!/usr/bin/env node
/**
 * The file that is called, built for Node 12:
 *
 * - It looks which Node runs it before it loads what an old one cannot read.
 * - It finds the other files by its real path: with NODE_PRESERVE_SYMLINKS_MAIN a link appears to be the program.
 */

import { realpathSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The oldest Node that will do: `engines` of package.json, which the build puts in. */
declare const OLDEST_NODE: readonly number[];

// Before anything else is loaded: Node would open its debugger, to everyone on this machine.
process.on('SIGUSR1', () => {});

const folder = dirname(realpathSync(import.meta.filename));
const load = (name: string) => require(join(folder, `${name}.cjs`));

function isRightNode({ node = '', bun, deno }: NodeJS.ProcessVersions): boolean {
  const version = node.split('.').map(Number);
  const at = OLDEST_NODE.findIndex((number, index) => number !== version[index]);
  const isOld = at !== -1 && Number(version[at]) < Number(OLDEST_NODE[at]);
  // They call themselves Node, and nothing of what guards codes and keys was tried with them.
  return !isOld && !bun && !deno;
}

async function refuse(error?: unknown): Promise<void> {
  try {
    await load('refusal').refuse(error);
  } catch {
    // Node is older than 12, or the package is not whole.
    process.exitCode = 1;
    if (!require('node:tty').isatty(1)) writeSync(1, 'false;\n');
    writeSync(2, `mfa-env: error: mfa-env cannot start with Node ${process.version} (${process.execPath})\n`);
  }
}

if (!isRightNode(process.versions)) refuse();
else {
  try {
    load('main');
  } catch (error) {
    refuse(error);
  }
}
