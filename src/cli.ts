/** The process: argv, environment, streams, signals, exit status. Alone reads `process`, but for what runs before it (start.ts). */

import { fstatSync, readFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findByProc, findByPs } from './calling-shell.ts';
import { runHelp, runVersion } from './commands/help.ts';
import { runSession } from './commands/session.ts';
import { runUnset } from './commands/unset.ts';
import { liftBlock } from './direnv.ts';
import { exitStatuses, isUserError, UserError } from './errors.ts';
import { isUtf8, toAscii, toAsciiJson, toLocale } from './locale-text.ts';
import { refuseReadableMemory } from './node-switches.ts';
import { isNullDevice } from './null-device.ts';
import { processStart } from './process-start.ts';
import { renderFailure } from './render.ts';
import { describeLeftSession, type FailureForm, parseRequest, readFailureForm } from './request.ts';
import { type KnownShell, type ShellName, shellNames, shellOfWindows } from './shells.ts';
import { showTyped } from './show-typed.ts';
import { touchFiles } from './touch-files.ts';
import { needsShell } from './typed.ts';
import { toVisible } from './visible.ts';
import type { World } from './world.ts';

const argv = process.argv.slice(2);
// As it was: what follows changes the process's own for the SDK. Without a prototype, so that `constructor` is not set.
const env: NodeJS.ProcessEnv = Object.assign(Object.create(null), process.env);
liftBlock(env);
const packageFolder = join(import.meta.dirname, '..');
const endingSignals = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const;
// What a command may be told besides. Left out: SIGPIPE, which this process gets for what it writes itself; what stops and goes on
// (stops.ts); faults, and what nobody can listen to. SIGUSR1 would start Node's debugger.
const furtherSignals: readonly NodeJS.Signals[] = [
  ...(['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGURG', 'SIGXCPU', 'SIGXFSZ', 'SIGIO'] as const),
  ...(['SIGPWR', 'SIGSTKFLT', 'SIGINFO'] as const),
  // On Windows that is only the size of the window, which no child can be told.
  ...(process.platform === 'win32' ? [] : (['SIGWINCH'] as const)),
  // Node's own profilers live by it.
  ...(/--(cpu[-_])?prof\b/.test(`${process.execArgv} ${env.NODE_OPTIONS}`) ? [] : (['SIGPROF'] as const)),
];
// The doctor reads keys too, but names such switches among what it finds.
const keyReaders = ['session', 'exec', 'setup', 'list', 'forget'];
const psMilliseconds = 5000;
const cleanUps = new Set<() => void>();
let callingShell: ShellName | undefined;
let isListening = false;
let outIsWritten = false;
let isForReading = false;
let isJson = false;
let isFailing = false;

const world: World = {
  env,
  shellFolder: join(packageFolder, 'shell'),
  get version() {
    return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;
  },
  programPath: resolve(process.argv[1] ?? ''),
  realProgramPath: join(import.meta.dirname, 'cli.cjs'),
  nodePath: process.execPath,
  now: () => new Date(),
  startedAt: () => new Date(processStart() ?? performance.timeOrigin),
  stdoutIsTerminal: () => isTerminal(1),
  stdoutColumns: () => process.stdout.columns,
  stderrIsTerminal: () => isTerminal(2),
  async callingShell() {
    const shell = callingShell ?? (await findCallingShell());
    if (typeof shell !== 'string') {
      throw new UserError(`${shell.unsupported} is not spoken`, {
        hint: `name with --shell one whose statements it reads: ${shellNames.join(', ')}`,
      });
    }
    callingShell = shell;
    return shell;
  },
  async writeOut(text) {
    // A reader that takes nothing would block this thread, and with it every listener.
    if (cleanUps.size === 0) await leaveSignalsToSystem();
    outIsWritten = true;
    try {
      writeWhole(1, isForReading && !isUtf8(env) ? (isJson ? toAsciiJson : toAscii)(text.toString()) : text);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Whoever reads a list wanted no more of it (head): that is no failure to tell of.
      if (code === 'EPIPE' && isForReading) dieOf('SIGPIPE');
      throw new UserError(`cannot write to standard output: ${code}`, { cause: error });
    }
  },
  showTyped: (text) => showTyped(text, { env, shellFolder: world.shellFolder, shell: readingShell }),
  say: (line) => writeLine(`mfa-env: ${line}`),
  report: writeLine,
  async runPs(keywords, pid = process.pid) {
    const { execFile } = await import('node:child_process');
    // An -o for each: for BSD's ps all behind the first = is a header, a comma and the next keyword too.
    const wanted = keywords.flatMap((keyword) => ['-o', `${keyword}=`]);
    // NODE_DEBUG would print all of the user's variables.
    const options = { env: { PATH: env.PATH }, timeout: psMilliseconds, killSignal: 'SIGKILL' } as const;
    return new Promise((resolve) => {
      execFile('ps', [...wanted, '-p', String(pid)], options, (error, text) => resolve(error ? undefined : text));
    });
  },
  onInterrupt(cleanUp) {
    cleanUps.add(cleanUp);
    listenForSignals();
    return () => void cleanUps.delete(cleanUp);
  },
  onSignals(listener) {
    // In this order: a signal that nobody listens to for a moment is lost.
    for (const signal of [...endingSignals, ...furtherSignals]) process.on(signal, listener);
    for (const signal of endingSignals) process.removeListener(signal, endBySignal);
    const wasListening = isListening;
    isListening = true;
    return () => {
      isListening = false;
      if (wasListening) listenForSignals();
      for (const signal of [...endingSignals, ...furtherSignals]) process.removeListener(signal, listener);
    };
  },
  onSignal(signal, listener) {
    process.on(signal, listener);
    return () => void process.removeListener(signal, listener);
  },
  dieOf,
};

/** @returns the exit status. */
async function run(): Promise<number> {
  const request = parseRequest(argv, env);
  isForReading = ['list', 'doctor', 'help', 'version'].includes(request.command);
  isJson = 'json' in request && request.json;
  if (keyReaders.includes(request.command)) await refuseReadableMemory(env, process.execArgv);
  switch (request.command) {
    case 'exec':
      return (await import('./commands/exec.ts')).runExec(request, world);
    case 'session':
      // Before the reads that block this thread: if these hang, the signals still have a listener.
      await touchFiles(env);
      await runSession(request, world);
      break;
    case 'unset':
      await runUnset(request, world);
      break;
    case 'forget':
      await (await import('./commands/forget.ts')).runForget(request, world);
      break;
    case 'doctor':
      return (await import('./commands/doctor.ts')).runDoctor(request, world);
    case 'init':
      await (await import('./commands/init.ts')).runInit(request, world);
      break;
    case 'list':
      await (await import('./commands/list.ts')).runList(request, world);
      break;
    case 'setup':
      await (await import('./commands/setup.ts')).runSetup(request, world);
      break;
    case 'help':
      await runHelp(request.topic, world);
      break;
    case 'version':
      await runVersion(world);
  }
  return exitStatuses.done;
}

/** Frees what is held, and tells the shell, if a signal ends the process. */
function listenForSignals(): void {
  if (isListening) return;
  isListening = true;
  for (const signal of endingSignals) process.on(signal, endBySignal);
}

/** Lets signals end the process at once, also while a call blocks it: there is nothing to clean up. */
async function leaveSignalsToSystem(): Promise<void> {
  if (!isListening) return;
  // Node would lose a signal that has come already, but is not handled yet.
  await new Promise(setImmediate);
  isListening = false;
  for (const signal of endingSignals) process.removeListener(signal, endBySignal);
}

/** Says what happened, gives the shell its failing statement, and ends the process. */
async function fail(error: unknown): Promise<never> {
  // What fails in here must not come back here: that would never end.
  if (isFailing) endAtOnce();
  isFailing = true;
  try {
    // Where there is no /proc, only that finds who reads the hint.
    if (isUserError(error) && (needsShell(error.message) || needsShell(error.hint)))
      callingShell ??= shellSpoken(await findCallingShell());
    sayFailure(error);
    const { statement, shell, isExec } = failureForm();
    // Wrong usage is found before the calling shell was asked for.
    if (statement && !shell) callingShell ??= shellSpoken(await findCallingShell());
    writeFailingStatement();
    const status = isUserError(error) ? error.exitStatus : exitStatuses.failed;
    // The command's own statuses are below it.
    exit(isExec ? Math.max(status, exitStatuses.execFailed) : status);
  } catch {
    endAtOnce();
  }
}

function sayFailure(error: unknown): void {
  if (isUserError(error)) {
    world.say(`error: ${error.message}`);
    if (error.hint) world.say(`hint: ${error.hint}`);
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    for (const line of `error: this is a bug in mfa-env: ${stack}`.split('\n')) world.say(line);
  }
  const left = describeLeftSession(failureForm(), env);
  if (left) world.say(`hint: ${left}`);
}

/** Ends the process if saying what happened has failed, too. */
function endAtOnce(): never {
  writeLine('mfa-env: error: this is a bug in mfa-env, and another keeps it from saying more');
  writeFailingStatement();
  exit(failureForm().isExec ? exitStatuses.execFailed : exitStatuses.failed);
}

/** Node's exit waits for a read of standard input that goes on, and calls no listeners any more: signals do by themselves what they do. */
function exit(status: number): never {
  cleanUp();
  for (const signal of endingSignals) process.removeAllListeners(signal);
  process.exit(status);
}

/** How a failure is to look; if that cannot be told, the statement is safe. */
function failureForm(): FailureForm {
  try {
    return readFailureForm(argv);
  } catch {
    return { statement: true, isExec: false, shell: undefined, profile: undefined };
  }
}

/** What a shell evaluates when the program fails: without it, `eval "$(…)" && deploy` would go on. Waits for nothing, never throws. */
function writeFailingStatement(): void {
  const { statement, shell } = failureForm();
  if (!statement || outIsWritten) return;
  outIsWritten = true;
  try {
    const called = shell ?? callingShell ?? shellSpoken(findByProc(process.ppid)) ?? 'sh';
    if (!isTerminal(1)) writeWhole(1, failingStatement(called));
  } catch {
    // Whoever closed standard output does not evaluate it either.
  }
}

function failingStatement(shell: ShellName): string {
  try {
    return renderFailure(world.shellFolder, shell);
  } catch {
    // The package was taken away meanwhile, or is not whole. In nearly every shell that fails, in some since it means nothing.
    return 'false;\n';
  }
}

/** Frees what is held, lets the shell know, and dies as the signal would have it. */
function endBySignal(signal: NodeJS.Signals): void {
  cleanUp();
  writeFailingStatement();
  dieOf(signal);
}

function cleanUp(): void {
  for (const act of cleanUps) {
    try {
      act();
    } catch {
      // Whatever fails here, the process ends.
    }
  }
}

function dieOf(signal: NodeJS.Signals): void {
  if (signal !== 'SIGKILL') {
    // Node ignores SIGPIPE: only a listener that goes leaves what the signal does by itself.
    process.on(signal, () => {});
    process.removeAllListeners(signal);
  }
  process.kill(process.pid, signal);
}

async function findCallingShell(): Promise<KnownShell> {
  if (process.platform === 'win32') return shellOfWindows(env);
  const ask = async (keyword: string, pid: number) => (await world.runPs([keyword], pid))?.trim();
  return findByProc(process.ppid) ?? findByPs(ask, process.ppid);
}

/** The shell into which hints are typed. */
function readingShell(): ShellName {
  callingShell ??= shellSpoken(process.platform === 'win32' ? shellOfWindows(env) : findByProc(process.ppid));
  return callingShell ?? 'sh';
}

/** A shell, if its statements are known. */
function shellSpoken(shell: KnownShell | undefined): ShellName | undefined {
  return typeof shell === 'string' ? shell : undefined;
}

/** Whether a standard stream is a terminal. Node's own answer loads much: it is asked only where it may be yes. */
function isTerminal(descriptor: 1 | 2): boolean {
  const stat = fstatSync(descriptor);
  if (!stat.isCharacterDevice() || isNullDevice(stat)) return false;
  return (descriptor === 1 ? process.stdout : process.stderr).isTTY === true;
}

function writeLine(line: string): void {
  try {
    writeWhole(2, `${toLocale(toVisible(world.showTyped(line)), env)}\n`);
  } catch {
    // Nobody reads standard error: what it would have said must not change what is done.
  }
}

/** Writes all of a text; a pipe that takes no more for now is waited for. */
function writeWhole(descriptor: 1 | 2, text: string | Buffer): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

// Standard error is for people: the SDK warns there of old versions of Node, Node of settings that are not used here.
process.removeAllListeners('warning');
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

// What a shell evaluates must fail if a signal ends the program. Otherwise signals end it by themselves until something is held.
if (failureForm().statement) listenForSignals();
process.on('uncaughtException', fail);
run().then((status) => process.exit(status), fail);
