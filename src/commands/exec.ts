/** `mfa-env exec PROFILE -- COMMAND`: runs a command with the session in its environment alone. */

import { readAwsFiles } from '../aws-files.ts';
import { runInPlace, statusOfSignal } from '../child.ts';
import { checkCommand } from '../command-lookup.ts';
import { inheritedDescriptors } from '../descriptors.ts';
import type { Environment, EnvironmentChange } from '../environment.ts';
import { isUserError } from '../errors.ts';
import { checkNodeDebugOfExec } from '../node-debug.ts';
import { obtainSession } from '../obtain.ts';
import { readProfile } from '../profile.ts';
import { refuseRecursion } from '../recursion.ts';
import type { ExecRequest } from '../session-request.ts';
import type { World } from '../world.ts';

/** Signals that leave a core file (signal(7)). */
const dumpingCore: readonly string[] =
  'SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGSEGV SIGSYS SIGXCPU SIGXFSZ'.split(' ');

/** @returns the command's status. Where a signal ended it, the program ends so as well. */
export async function runExec(request: ExecRequest, world: World): Promise<number> {
  const descriptors = inheritedDescriptors(world.env);
  refuseRecursion(world.env, request.profile);
  checkNodeDebugOfExec(world.env.NODE_DEBUG);
  const profile = readProfile(readAwsFiles(world.env), request.profile, request.source);
  // Neither a code nor a question for a name that was typed wrong.
  checkCommand(request.program, world.env);
  const { change, news, failure } = await obtainSession(profile, request, world);
  // The code is spent and the session is there: what could not be saved can still be used.
  if (isUserError(failure)) world.say(`warning: ${failure.message}${failure.hint ? `: ${failure.hint}` : ''}`);
  else if (failure !== undefined) throw failure;
  if (news && !request.quiet && world.stderrIsTerminal()) world.say(news);
  const end = await runInPlace(request.program, request.args, changedBy(change, world.env), descriptors, world);
  if (typeof end === 'number') return end;
  // A second core, of this program, would tell nobody anything.
  if (!dumpingCore.includes(end)) world.dieOf(end);
  return statusOfSignal(end);
}

/** The environment of the command; the function's word to the program is not for it. */
function changedBy({ unset, set }: EnvironmentChange, { MFA_ENV_FUNCTION: _, ...env }: Environment): Environment {
  const kept = Object.entries(env).filter(([name]) => !unset.includes(name));
  return Object.fromEntries([...kept, ...set]);
}
