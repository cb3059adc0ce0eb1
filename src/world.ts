/** What the program touches of the outside: `cli.ts` makes it and hands it down. */

import type { Environment } from './environment.ts';
import type { ShellName } from './shells.ts';

export interface World {
  env: Environment;
  /** The folder of the shells' templates. */
  shellFolder: string;
  version: string;
  /** The file that was called, which may be a link to the program. */
  programPath: string;
  /** The program's own file, past all links. */
  realProgramPath: string;
  /** The Node that runs it; on Linux without /proc only its name is sure. */
  nodePath: string;
  now(): Date;
  /** When this process was started, as near as the system tells it. */
  startedAt(): Date;
  stdoutIsTerminal(): boolean;
  /** How wide the terminal on standard output is; 0 or nothing where it does not say. */
  stdoutColumns(): number | undefined;
  stderrIsTerminal(): boolean;
  /** The shell that called. @throws {UserError} for a shell that is not supported. */
  callingShell(): Promise<ShellName>;
  /** Writes the whole of what goes to standard output, at once. */
  writeOut(text: string | Buffer): Promise<void>;
  /** A message with its commands quoted for the calling shell. */
  showTyped(text: string): string;
  /** A line for people on standard error, behind `mfa-env: `. */
  say(line: string): void;
  /** A line on standard error that stands for itself. */
  report(line: string): void;
  /** What ps says of a process, this one where none is named: a line with the values of its keywords. Nothing where there is no ps. */
  runPs(keywords: readonly string[], pid?: number): Promise<string | undefined>;
  /** Registers what is to be cleaned up when a signal ends the program; its return value takes that back. */
  onInterrupt(cleanUp: () => void): () => void;
  /** Hands the signals that others send, to end the program or to tell it something, to a listener; its return value takes that back. */
  onSignals(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Calls a listener at a signal in place of what that does by itself; its return value takes that back. */
  onSignal(signal: NodeJS.Signals, listener: () => void): () => void;
  /** Ends the program as the signal does. */
  dieOf(signal: NodeJS.Signals): void;
}
