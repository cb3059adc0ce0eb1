/**
 * A lock that is a file: it says who holds it, so that a holder that died is seen at once and a living one can be named.
 *
 * The file appears whole (as a link to a finished one). Where its holder is gone, one process alone removes it: whoever
 * wants to must first hold a lock that is named after the gone one's token, which never comes again.
 */

import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { asOwner } from './acting-user.ts';
import { UserError } from './errors.ts';
import { fileErrorInWords } from './file-errors.ts';
import { describeOwn, type Holder, isGone, keepWatch, readHolder, touchLock, type Watch } from './lock-holder.ts';
import { quoteOutside } from './visible.ts';

export interface Lock {
  /** Whether what stands at the lock's place is still what was put there. */
  isOurs(): boolean;
  release(): void;
}

/** Somebody who lives and is waited for. */
interface Living {
  path: string;
  holder: Holder;
  watch: Watch;
}

const heartbeatMilliseconds = 1000;

/**
 * Takes the lock at `path`. A living holder is waited for, one that is gone at most 5 s.
 *
 * @throws {UserError} naming the holder's process id, where it still lives when the patience is over.
 */
export async function acquireLock(path: string, patienceMilliseconds = 15_000): Promise<Lock> {
  return (await acquireUnless(path, patienceMilliseconds, () => undefined)).lock as Lock;
}

/** Takes the lock, unless `find` comes to something meanwhile: that is returned then, and the lock is not taken. */
export async function acquireUnless<Result>(
  path: string,
  patienceMilliseconds: number,
  find: () => Result | undefined,
): Promise<{ lock?: Lock; result?: Result }> {
  const watches = new Map<string, Watch>();
  for (let pollMilliseconds = 10; ; pollMilliseconds = Math.min(pollMilliseconds * 1.5, 100)) {
    const result = find();
    if (result !== undefined) return { result };
    const lock = asOwner(path, () => putLock(path));
    if (lock) return { lock };
    const living = asOwner(path, () => removeGone(path, watches));
    if (living && performance.now() - living.watch.heldSince > patienceMilliseconds)
      throw stillHeld(living, patienceMilliseconds);
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds * (0.5 + Math.random())));
  }
}

/** Removes the lock at `path` if its holder is gone. */
export function removeIfGone(path: string): void {
  asOwner(path, () => removeGone(path, new Map()));
}

/** Whether a lock stands at `path` whose holder is gone. @throws {UserError} where what stands there is none of ours. */
export function isAbandoned(path: string): boolean {
  const holder = readHolder(path);
  return holder !== undefined && isGone(holder, keepWatch(holder, undefined));
}

function stillHeld({ path, holder }: Living, patienceMilliseconds: number): UserError {
  return new UserError(
    `process ${holder.pid} on ${quoteOutside(holder.host)} has held the lock for ${patienceMilliseconds / 1000} s: ${quoteOutside(path)}`,
    {
      hint: `end process ${holder.pid} if it hangs, then try again`,
    },
  );
}

function putLock(path: string): Lock | undefined {
  if (lstatSync(path, { throwIfNoEntry: false })) return undefined;
  const token = randomBytes(8).toString('hex');
  if (!createWhole(path, `${path}.${token}.new`, describeOwn(token))) return undefined;
  const isOurs = () => asOwner(path, () => readHolder(path)?.token === token);
  const heartbeat = setInterval(() => {
    try {
      asOwner(path, () => touchLock(path, token));
    } catch {
      // Somebody took it away in between; `isOurs` will tell, before anything depends on it.
    }
  }, heartbeatMilliseconds).unref();
  return {
    isOurs,
    release() {
      clearInterval(heartbeat);
      // Another process may sweep it away in between, where it was for the removal of a lock that has gone.
      asOwner(path, () => isOurs() && removeIfThere(path));
    },
  };
}

/** Creates a file together with what it holds, if there is none; false where there is one. */
function createWhole(path: string, draft: string, text: string): boolean {
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isSwept = code === 'ENOENT' && statSync(dirname(path), { throwIfNoEntry: false }) !== undefined;
    // Somebody was first, or swept the draft away as a leftover. In a folder that is gone no lock would ever appear.
    if (code === 'EEXIST' || isSwept) return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code ?? '')) {
      throw fileErrorInWords(error, `cannot make the lock ${quoteOutside(path)}`);
    }
    return createWithoutLinks(path, text);
  } finally {
    removeIfThere(draft);
  }
}

/** For file systems without hard links: a holder that dies in the middle leaves a file that counts as silent. */
function createWithoutLinks(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** @throws {UserError} where something stands at the lock's place that can never be one. */
export function checkLockPlace(path: string): void {
  asOwner(path, () => readHolder(path));
}

/**
 * Removes the lock at `path` if its holder is gone.
 *
 * @param watches What was seen at each place so far.
 * @returns who lives and keeps it there: its holder, or who has the right to remove it.
 */
function removeGone(path: string, watches: Map<string, Watch>): Living | undefined {
  const holder = readHolder(path);
  if (!holder) return undefined;
  const watch = keepWatch(holder, watches.get(path));
  watches.set(path, watch);
  if (!isGone(holder, watch)) return { path, holder, watch };
  const rightPath = `${path}.${holder.token}`;
  const right = putLock(rightPath);
  if (!right) return removeGone(rightPath, watches);
  try {
    if (readHolder(path)?.token === holder.token) removeIfThere(path);
  } finally {
    right.release();
  }
  return undefined;
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
