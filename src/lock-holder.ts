/** Who holds a lock, by what its file says, and whether they still live. */

import { closeSync, constants, fstatSync, futimesSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { getuid, kill, pid } from 'node:process';
import { UserError } from './errors.ts';
import { quoteOutside } from './visible.ts';

export interface Holder {
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

/** What was seen of a holder over time. Milliseconds. */
export interface Watch {
  token: string;
  touched: number;
  silentSince: number;
  heldSince: number;
}

const longestSilenceMilliseconds = 4000;

// What was not touched for longer need not be watched at all. The clocks of two hosts are half an hour apart at most: STS
// takes none that is off by a quarter of an hour.
const longestAgeMilliseconds = { ofThisHost: 60_000, ofOthers: 1_800_000 };

/** What a lock of this process says. */
export function describeOwn(token: string): string {
  const started = processStart(pid) ?? '';
  return JSON.stringify({ token, pid, host: hostname(), processes: processNumbering(), started });
}

/** @throws {UserError} if the lock belongs to another user, or is not a file. */
export function readHolder(path: string): Holder | undefined {
  return withLockFile(path, (_, holder) => holder);
}

/** Shows others that the holder of a lock is alive, if it is still the one with this token. */
export function touchLock(path: string, token: string): void {
  const now = Date.now() / 1000;
  withLockFile(path, (file, holder) => holder.token === token && futimesSync(file, now, now));
}

/** Opens the lock once, whatever is put in its place meanwhile. */
function withLockFile<Result>(path: string, use: (file: number, holder: Holder) => Result): Result | undefined {
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
    return use(file, { ...unknownHolder, ...parseHolder(readFileSync(file, 'utf8')), touched: stat.mtimeMs });
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

/** Goes on with a watch, or begins one where somebody else has the lock now. */
export function keepWatch(holder: Holder, watch: Watch | undefined): Watch {
  const now = performance.now();
  if (watch?.token !== holder.token) {
    return { token: holder.token, touched: holder.touched, silentSince: now, heldSince: now };
  }
  return watch.touched === holder.touched ? watch : { ...watch, touched: holder.touched, silentSince: now };
}

/** On this host a holder is gone with its process; where that cannot be told, its touches alone show that it lives. */
export function isGone(holder: Holder, watch: Watch): boolean {
  const runs = isOnThisHost(holder) ? isRunning(holder) : undefined;
  return runs === undefined ? isSilent(holder, watch) : !runs;
}

function isSilent({ host, touched }: Holder, { silentSince }: Watch): boolean {
  const { ofThisHost, ofOthers } = longestAgeMilliseconds;
  const longest = host === hostname() ? ofThisHost : ofOthers;
  return performance.now() - silentSince > longestSilenceMilliseconds || Date.now() - touched > longest;
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

/** Nothing where the process id may have come again: the same id with another start is another process. */
function isRunning(holder: Holder): boolean | undefined {
  try {
    kill(holder.pid, 0);
  } catch (error) {
    // Another user's may be root's, who saves for this one, as well as one that has nothing to do with the lock.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = processStart(holder.pid);
  return started === undefined || holder.started === '' ? undefined : started === holder.started;
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
