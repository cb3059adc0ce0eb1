/** `mfa-env PROFILE`: a saved session, or a new one, goes into the calling shell. */

import { readAwsFiles } from '../aws-files.ts';
import { formatDuration } from '../duration.ts';
import { type EnvironmentChange, sessionChange } from '../environment.ts';
import { usage } from '../errors.ts';
import { formatSession } from '../format.ts';
import { lineToType } from '../line-to-type.ts';
import { partitionOfArn } from '../partition.ts';
import { readProfile } from '../profile.ts';
import { regionToCall, regionToExport } from '../region.ts';
import { renderChange, renderFailure } from '../render.ts';
import type { SessionRequest } from '../request.ts';
import { type Session, timeLeft } from '../session.ts';
import { findDevice, findRegion, type Profile } from '../settings.ts';
import type { ShellName } from '../shells.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

const soonMilliseconds = 3_600_000;

export async function runSession(request: SessionRequest, world: World): Promise<void> {
  const shell = request.format ? undefined : (request.shell ?? (await world.callingShell()));
  const profile = readProfile(readAwsFiles(world.env), request.profile, request.source);
  const save = request.save ?? profile.save ?? request.saveByDefault;
  const isHidden = world.stdoutIsTerminal() && !request.print;
  if (isHidden && !save) throw notToTerminal(profile, shell);

  const device = request.serial ?? findDevice(profile)?.value;
  const choice = { asked: request.region, ofProfile: findRegion(profile), partition: partitionOfArn(device) };
  const region = regionToExport(choice, world.env);
  const print = (session: Session, failed: boolean) => {
    const change = sessionChange(profile.name, session, region, world.env);
    if (!isHidden) world.writeOut(present(change, session, request, shell, failed, world));
    else if (!failed) world.say(`hint: this shell has no session yet: type ${nextLine(profile, shell)}`);
  };

  const saved = usableSession(profile, request, world);
  if (saved) {
    const left = timeLeft(saved, world.now());
    if (left < soonMilliseconds)
      tell(`${describe(profile, device)}: the saved session lives ${formatDuration(left)} more`, request, world);
    return print(saved, false);
  }
  // What a saved session does not need is loaded here and below: each is a bundle of its own.
  const { getNewSession } = await import('../new-session.ts');
  const checkTarget = save ? await prepareSave(profile) : () => {};
  const { session, durationSeconds } = await getNewSession(
    profile,
    request,
    regionToCall(choice, world.env),
    checkTarget,
    world,
  );
  const serial = request.serial !== undefined && !findDevice(profile) ? request.serial : undefined;
  const failure = save ? await trySave(profile, session, serial, request, world) : undefined;
  print(session, failure !== undefined);
  if (failure !== undefined) throw failure;
  tell(describeNew(profile, device, session, durationSeconds, world), request, world);
}

/** The saved session, where it is to be used and lives long enough. */
function usableSession(profile: Profile, request: SessionRequest, world: World): Session | undefined {
  const { savedSession } = profile;
  if (request.code !== undefined || request.force || !savedSession) return undefined;
  const left = timeLeft(savedSession, world.now());
  return left > 0 && left >= request.minTtlSeconds * 1000 ? savedSession : undefined;
}

function present(
  change: EnvironmentChange,
  session: Session,
  request: SessionRequest,
  shell: ShellName | undefined,
  failed: boolean,
  world: World,
): string {
  if (!shell) return formatSession(request.format ?? 'env', session, change);
  const statements = renderChange(world.shellFolder, shell, change);
  return failed ? statements + renderFailure(world.shellFolder, shell) : statements;
}

async function prepareSave(profile: Profile): Promise<() => void> {
  const { checkSave } = await import('../save.ts');
  return () => checkSave(profile.credentialsPath, profile.session.name);
}

/** Saves the session. @returns what went wrong: the session is printed all the same. */
async function trySave(
  profile: Profile,
  session: Session,
  serial: string | undefined,
  request: SessionRequest,
  world: World,
): Promise<unknown> {
  const path = profile.credentialsPath;
  const section = profile.session.name;
  const say = (line: string) => request.quiet || world.say(line);
  try {
    const { saveSession } = await import('../save.ts');
    await saveSession({ path, section, session, serial, say, onInterrupt: world.onInterrupt });
  } catch (error) {
    return error;
  }
  const where = section === profile.name ? '' : ` as [${section}]`;
  if (!request.quiet) world.report(`Saved ${quoteOutside(profile.name)} credentials to ${quoteOutside(path)}${where}`);
  return undefined;
}

function notToTerminal(profile: Profile, shell: ShellName | undefined): Error {
  return usage(
    'credentials are not printed to a terminal: the shell must evaluate them',
    shell ? `type ${nextLine(profile, shell)}` : 'send them on with a pipe, or call with --print',
  );
}

function nextLine(profile: Profile, shell: ShellName | undefined): string {
  const name = quoteOutside(profile.name);
  return shell ? lineToType(shell, name) : `mfa-env ${name}`;
}

function describe(profile: Profile, device: string | undefined): string {
  const account = /^arn:[^:]*:iam::(\d+):/.exec(device ?? '')?.[1];
  return quoteOutside(profile.name) + (account ? ` in ${account}` : '');
}

function describeNew(
  profile: Profile,
  device: string | undefined,
  session: Session,
  durationSeconds: number,
  world: World,
): string {
  const left = timeLeft(session, world.now());
  // A minute for clocks that differ a little, and for the call itself.
  const isCut = left < durationSeconds * 1000 - 60_000;
  const why = isCut ? `, not ${formatDuration(durationSeconds * 1000)}: aws gives the root user one hour` : '';
  return `${describe(profile, device)}: a new session for ${formatDuration(isCut ? left + 59_000 : durationSeconds * 1000)}${why}`;
}

function tell(line: string, request: SessionRequest, world: World): void {
  if (!request.quiet && world.stderrIsTerminal()) world.say(line);
}
