/** One process at a time gets a session for a section; the others use what it saved. */

import { createHash } from 'node:crypto';
import { isForLackOfSpace } from './file-errors.ts';
import { acquireUnless, checkLockPlace } from './lock.ts';
import { beside, findSaveTarget, makeFolder } from './save-target.ts';
import type { World } from './world.ts';

// A command for the code may take 60 s, and STS 30 s after it.
const patienceMilliseconds = 100_000;

/** What lies beside the credentials file while a session for one of its sections is on its way. */
function turnSuffix(section: string): string {
  // A section's name may hold what no file's name can.
  return `turn-${createHash('sha256').update(section).digest('hex').slice(0, 16)}`;
}

/** @throws {UserError} where something stands in the turn's place that can never be one. */
export function checkTurnPlace(credentialsPath: string, section: string): void {
  checkLockPlace(beside(findSaveTarget(credentialsPath), turnSuffix(section)));
}

/**
 * Waits for the turn and does the work; while waiting and right before, `find` may come to a result that makes it needless.
 *
 * @throws {UserError} naming the process that has the turn, where it still lives after 100 s; what `work` throws.
 */
export async function inTurn<Result>(
  credentialsPath: string,
  section: string,
  onInterrupt: World['onInterrupt'],
  find: () => Result | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const { lock, result } = await takeTurn(credentialsPath, section, find);
  if (result !== undefined) return result;
  // Nothing can be saved there either, but the session can be had.
  if (!lock) return work();
  const forget = onInterrupt(() => lock.release());
  try {
    return find() ?? (await work());
  } finally {
    forget();
    lock.release();
  }
}

/** Neither a lock nor a result where there is no room for a turn. */
async function takeTurn<Result>(credentialsPath: string, section: string, find: () => Result | undefined) {
  const target = findSaveTarget(credentialsPath);
  try {
    makeFolder(target.folder);
    return await acquireUnless(beside(target, turnSuffix(section)), patienceMilliseconds, find);
  } catch (error) {
    if (isForLackOfSpace(error)) return {};
    throw error;
  }
}
