/** One process at a time gets a session for a section; the others use what it saved. */

import { createHash } from 'node:crypto';
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
  const target = findSaveTarget(credentialsPath);
  makeFolder(target.folder);
  const path = beside(target, turnSuffix(section));
  const { lock, result } = await acquireUnless(path, patienceMilliseconds, find);
  if (!lock) return result as Result;
  const forget = onInterrupt(() => lock.release());
  try {
    return find() ?? (await work());
  } finally {
    forget();
    lock.release();
  }
}
