/**
 * A lock that is a file: it says who holds it, so that a holder that died is seen at once and a living one can be named.
 *
 * The file appears whole (as a link to a finished one). Where its holder is gone, one process alone removes it: whoever
 * wants to must first hold a lock that is named after the gone one's token, which never comes again.
 */

import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { getuid, kill, pid } from 'node:process';
import { UserError } from './errors.ts';
import { fileErrorInWords } from './file-errors.ts';
import { quoteOutside } from './visible.ts';

export interface Lock {
  /** Whether what stands at the lock's place is still what was put there. */
  isOurs(): boolean;
  release(): void;
}

interface Holder {
  token: string;
  pid: number;
  host: string;
  /** What set of process ids the pid is one of; empty where that cannot be known. */
  processes: string;
  /** When the process started, in the kernel's ticks since boot; empty where that cannot be known. */
  started: string;
  /** When the file was last touched, in milliseconds. */
  touched: number;
}

/** A holder on another host shows by touching its lock that it lives; seen from here, it is silent since a moment. Milliseconds. */
interface Watch {
  token: string;
  touched: number;
  silentSince: number;
  heldSince: number;
}

const heartbeatMilliseconds = 1000;
const longestSilenceMilliseconds = 4000;

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
  let watch: Watch | undefined;
  for (let pollMilliseconds = 10; ; pollMilliseconds = Math.min(pollMilliseconds * 1.5, 100)) {
    const result = find();
    if (result !== undefined) return { result };
    const lock = putLock(path);
    if (lock) return { lock };
    const holder = readHolder(path);
    if (holder) {
      watch = keepWatch(holder, watch);
      if (isGone(holder, watch)) removeGone(path, holder);
      else if (performance.now() - watch.heldSince > patienceMilliseconds)
        throw stillHeld(path, holder, patienceMilliseconds);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds * (0.5 + Math.random())));
  }
}

/** Removes the lock at `path` if its holder's process is gone. */
export function removeIfGone(path: string): void {
  const holder = readHolder(path);
  if (holder && isGone(holder, keepWatch(holder, undefined))) removeGone(path, holder);
}

/** Whether a lock stands at `path` whose holder's process is gone. @throws {UserError} where what stands there is none of ours. */
export function isAbandoned(path: string): boolean {
  const holder = readHolder(path);
  return holder !== undefined && isGone(holder, keepWatch(holder, undefined));
}

function stillHeld(path: string, holder: Holder, patienceMilliseconds: number): UserError {
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
  const holder = { token, pid, host: hostname(), processes: processNumbering(), started: processStart(pid) ?? '' };
  if (!createWhole(path, `${path}.${token}.new`, JSON.stringify(holder))) return undefined;
  const isOurs = () => readHolder(path)?.token === token;
  const heartbeat = setInterval(() => {
    try {
      if (isOurs()) utimesSync(path, new Date(), new Date());
    } catch {
      // Somebody took it away in between; `isOurs` will tell, before anything depends on it.
    }
  }, heartbeatMilliseconds).unref();
  return {
    isOurs,
    release() {
      clearInterval(heartbeat);
      // Another process may sweep it away in between, where it was for the removal of a lock that has gone.
      if (isOurs()) removeIfThere(path);
    },
  };
}

/** Creates a file together with what it holds, if there is none; false where there is one. */
function createWhole(path: string, draft: string, text: string): boolean {
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
    giveToOwner(draft);
    linkSync(draft, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Somebody was first, or swept the draft away as a rest.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code ?? '')) {
      throw fileErrorInWords(error, `cannot make the lock ${quoteOutside(path)}`);
    }
    return createWithoutLinks(path, text);
  } finally {
    removeIfThere(draft);
  }
}

/** What root leaves behind, if it is killed, must be readable for whose folder it is: they could not take it over. */
function giveToOwner(path: string): void {
  if (getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(path));
  chownSync(path, uid, gid);
}

/** For file systems without hard links: a holder that dies in the middle leaves a file that counts as silent. */
function createWithoutLinks(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    giveToOwner(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** @throws {UserError} where the lock is another user's, or no file. */
function readHolder(path: string): Holder | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw inTheWay(path, (error as NodeJS.ErrnoException).code ?? 'it cannot be opened', error);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw inTheWay(path, 'it is no file');
    if (![stat.uid, 0].includes(getuid?.() ?? 0)) throw inTheWay(path, 'it belongs to another user');
    return { ...unknownHolder, ...parseHolder(readFileSync(file, 'utf8')), touched: stat.mtimeMs };
  } finally {
    closeSync(file);
  }
}

function inTheWay(path: string, why: string, cause?: unknown): UserError {
  return new UserError(`${quoteOutside(path)} is in the way of a lock: ${why}`, {
    hint: 'see what it is and whose, and remove it',
    cause,
  });
}

/** @throws {UserError} where something stands at the lock's place that can never be one. */
export function checkLockPlace(path: string): void {
  readHolder(path);
}

const unknownHolder = { token: 'unknown', pid: 0, host: '', processes: '', started: '' };

function parseHolder(text: string): Partial<Holder> {
  try {
    const { token, pid: holderPid, host, processes = '', started } = JSON.parse(text);
    const isWhole = /^[0-9a-f]{16}$/.test(token) && Number.isSafeInteger(holderPid) && holderPid > 0;
    return isWhole
      ? { token, pid: holderPid, host: String(host), processes: String(processes), started: String(started) }
      : {};
  } catch {
    return {};
  }
}

function keepWatch(holder: Holder, watch: Watch | undefined): Watch {
  const now = performance.now();
  if (watch?.token !== holder.token) {
    return { token: holder.token, touched: holder.touched, silentSince: now, heldSince: now };
  }
  return watch.touched === holder.touched ? watch : { ...watch, touched: holder.touched, silentSince: now };
}

/** On this host a holder is gone with its process; what another host's does is known by its touches alone. */
function isGone(holder: Holder, watch: Watch): boolean {
  if (isOnThisHost(holder)) return !isRunning(holder);
  return performance.now() - watch.silentSince > longestSilenceMilliseconds;
}

function isOnThisHost(holder: Holder): boolean {
  const isNumberedAlike = holder.processes === '' || holder.processes === processNumbering();
  return holder.host === hostname() && isNumberedAlike && holder.pid > 0;
}

/** The kernel's name for the set that process ids belong to: a container of the same host name may have another one. */
function processNumbering(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function isRunning(holder: Holder): boolean {
  try {
    kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A process id comes again; the same id with another start is another process.
  const started = processStart(holder.pid);
  return started === undefined || holder.started === '' || started === holder.started;
}

/** The start of a process from /proc/PID/stat (proc_pid_stat(5): state is field 3, start 22); nothing without /proc. */
function processStart(processId: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

function removeGone(path: string, holder: Holder): void {
  const rightPath = `${path}.${holder.token}`;
  const right = putLock(rightPath);
  if (!right) {
    const other = readHolder(rightPath);
    if (other && other.token !== holder.token && isGone(other, keepWatch(other, undefined)))
      removeGone(rightPath, other);
    return;
  }
  try {
    if (readHolder(path)?.token === holder.token) removeIfThere(path);
  } finally {
    right.release();
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
