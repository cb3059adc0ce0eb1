/** `mfa-env PROFILE [CODE]`: prints what puts the profile's session into the calling shell. */

import { readAwsFiles } from '../aws-files.ts';
import { folderProfile, undoneOnLeaving } from '../direnv.ts';
import type { EnvironmentChange } from '../environment.ts';
import { exitStatuses, UserError } from '../errors.ts';
import { formatSession } from '../format.ts';
import { lineToType, profileWord } from '../line-to-type.ts';
import { isToBeSaved, type Obtained, obtainSession } from '../obtain.ts';
import { readProfile } from '../profile.ts';
import { refuseRecursion } from '../recursion.ts';
import { readTemplate, renderChange, renderFailure } from '../render.ts';
import type { SessionRequest } from '../session-request.ts';
import type { Profile } from '../settings.ts';
import type { ShellName } from '../shells.ts';
import { typed } from '../typed.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

export async function runSession(request: SessionRequest, world: World): Promise<void> {
  refuseRecursion(world.env, request.profile);
  const shell = request.format ? undefined : (request.shell ?? (await world.callingShell()));
  const profile = readProfile(readAwsFiles(world.env), request.profile, request.source);
  const isHidden = world.stdoutIsTerminal() && !request.print;
  if (isHidden && !isToBeSaved(profile, request)) throw notToTerminal(profile, shell, exitStatuses.usage);

  if (shell && !isHidden) readTemplate(world.shellFolder, shell);
  const obtained = await obtainSession(profile, request, world);
  const { failure, news } = obtained;
  // Neither saved nor loaded: that is no success.
  if (isHidden && obtained.isNeverSaved) throw notToTerminal(profile, shell, exitStatuses.failed);
  const change = await undoneOnLeaving(obtained.change, world.env);
  if (!isHidden) await world.writeOut(present(obtained, change, request, shell, world));
  // direnv loads before the next prompt what was saved for its folder.
  else if (failure === undefined && folderProfile(world.env) !== profile.name)
    world.say(`hint: ${whatNext(profile, shell)}`);
  if (failure !== undefined) throw failure;
  if (news) tell(news, request, world);
  const { MFA_ENV_FUNCTION: functionVersion } = world.env;
  if (functionVersion && functionVersion !== world.version && obtained.isNew) {
    const versions = `of ${quoteOutside(functionVersion)}, mfa-env is ${world.version}`;
    tell(`hint: this shell's function is ${versions}: write it anew with mfa-env init`, request, world);
  }
}

function present(
  { session, change, failure }: Obtained,
  inShell: EnvironmentChange,
  request: SessionRequest,
  shell: ShellName | undefined,
  world: World,
): string {
  if (!shell) return formatSession(request.format ?? 'env', session, change);
  const statements = renderChange(world.shellFolder, shell, inShell);
  return failure === undefined ? statements : statements + renderFailure(world.shellFolder, shell);
}

function notToTerminal(profile: Profile, shell: ShellName | undefined, exitStatus: number): Error {
  return new UserError(
    shell
      ? 'credentials are not printed to a terminal: the shell must evaluate them'
      : 'credentials are not printed to a terminal',
    { hint: shell ? `type ${nextLine(profile, shell)}` : sendOn, exitStatus },
  );
}

const sendOn = 'send them on with a pipe or into a file, or call with --print';

/** What to do with a session that is saved, and was not shown to a terminal. */
function whatNext(profile: Profile, shell: ShellName | undefined): string {
  return shell
    ? `this shell has no session yet: type ${nextLine(profile, shell)}`
    : `credentials are not printed to a terminal: ${sendOn}`;
}

function nextLine(profile: Profile, shell: ShellName): string {
  return lineToType(shell, typed`${profileWord(profile.name)}`);
}

function tell(line: string, request: SessionRequest, world: World): void {
  if (!request.quiet && world.stderrIsTerminal()) world.say(line);
}
