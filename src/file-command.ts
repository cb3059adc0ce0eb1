/** Commands that the AWS files name: run without a shell, only from files that nobody else can write, and never within each other. */

import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { getuid } from 'node:process';
import type { Found } from './aws-files.ts';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { adviseMode } from './mode-advice.ts';
import { commandMark } from './recursion.ts';
import { adviseShell } from './shell-syntax.ts';
import { splitCommand } from './split-command.ts';
import { pathWord, typed } from './typed.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

const timeoutMilliseconds = 60_000;
const closingMilliseconds = 500;
const mostBytes = 65_536;

/**
 * Runs the command of a setting and reads what it prints. Its input is empty; standard error and the terminal are the user's.
 *
 * @param key The setting's name, for messages; what the command prints never reaches one.
 * @throws {UserError} where the file is not to be trusted, the command cannot be run, fails, or takes more than 60 s.
 */
export async function runFileCommand(
  key: string,
  found: Found,
  env: Environment,
  onInterrupt: World['onInterrupt'],
): Promise<string> {
  checkOwner(key, found);
  const [program, ...args] = splitCommand(found.value) ?? [];
  if (!program) throw failed(key, found, 'is not a command: a quote is not closed');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...env, [commandMark]: key }, stdio: ['ignore', 'pipe', 'inherit'] });
    const forget = onInterrupt(() => child.kill());
    let output = '';
    const end = (error?: UserError) => {
      clearTimeout(timer);
      forget();
      child.stdout.destroy();
      if (error) reject(error);
      else resolve(output);
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end(failed(key, found, 'took more than 60 s'));
    }, timeoutMilliseconds);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > mostBytes) {
        child.kill('SIGKILL');
        end(failed(key, found, 'printed more than 64 KiB'));
      }
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      end(failed(key, found, `cannot run ${quoteOutside(program)}: ${error.code}`)),
    );
    // What it left in the background may keep the output open: that is not waited for.
    child.on('exit', (status, signal) => {
      const error = status === 0 ? undefined : failed(key, found, `ended with ${signal ?? `status ${status}`}`);
      const closing = setTimeout(end, closingMilliseconds, error);
      child.on('close', () => {
        clearTimeout(closing);
        end(error);
      });
    });
  });
}

/** A command in a file that others can write would be theirs. @throws {UserError} where it is not run for that. */
export function checkOwner(key: string, { path, place }: Found): void {
  // Windows has neither.
  if (getuid === undefined) return;
  const stat = statSync(path);
  if (stat.uid !== getuid() && stat.uid !== 0) {
    throw new UserError(`${place}: ${key} is not run: the file belongs to another user`, {
      hint: 'point AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE at files of yours',
    });
  }
  if (stat.mode & 0o022) {
    throw new UserError(`${place}: ${key} is not run: others can write the file`, {
      hint: adviseMode(path, typed`chmod go-w ${pathWord(path)}`),
    });
  }
}

function failed(key: string, { place, value }: Found, what: string): UserError {
  const hint = adviseShell(key, value) ?? 'type the command as it is in the file, and see what it says';
  return new UserError(`${place}: ${key} ${what}`, { hint });
}
