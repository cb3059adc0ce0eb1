/** `mfa-env PROFILE`: a saved session, or a new one, goes into the calling shell. */

import { readAwsFiles } from '../aws-files.ts';
import { formatDuration } from '../duration.ts';
import { type EnvironmentChange, sessionChange } from '../environment.ts';
import { UserError, usage } from '../errors.ts';
import { formatSession } from '../format.ts';
import { lineToType } from '../line-to-type.ts';
import type { Tools } from '../new-session.ts';
import { watchForNewer } from '../newer.ts';
import { partitionOfArn } from '../partition.ts';
import { readProfile } from '../profile.ts';
import { refuseRecursion } from '../recursion.ts';
import { regionToCall, regionToExport } from '../region.ts';
import { renderChange, renderFailure } from '../render.ts';
import type { SessionRequest } from '../request.ts';
import { type Session, timeLeft } from '../session.ts';
import { findDevice, findRegion, findRoleArn, type Profile } from '../settings.ts';
import type { ShellName } from '../shells.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

const soonMilliseconds = 3_600_000;

export async function runSession(request: SessionRequest, world: World): Promise<void> {
  refuseRecursion(world.env);
  const shell = request.format ? undefined : (request.shell ?? (await world.callingShell()));
  const profile = readProfile(readAwsFiles(world.env), request.profile, request.source);
  const save = request.save ?? profile.save ?? request.saveByDefault;
  const isHidden = world.stdoutIsTerminal() && !request.print;
  if (isHidden && !save) throw notToTerminal(profile, shell);

  const device = request.serial ?? findDevice(profile)?.value;
  const partition = partitionOfArn(device) ?? partitionOfArn(findRoleArn(profile));
  const choice = { asked: request.region, ofProfile: findRegion(profile), partition };
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
  if (request.onlySaved) throw noneSaved(profile);
  // What a saved session does not need is loaded here: each import is a bundle of its own.
  const { getNewSession } = await import('../new-session.ts');
  const tools: Tools = {
    makeSaver: async (of, asked) => {
      if (!(request.save ?? of.save ?? request.saveByDefault)) return undefined;
      return (await import('../saver.ts')).makeSaver(of, asked, world);
    },
    watch: (of, asked, seconds) => watchForNewer(of, asked, seconds, world),
  };
  const callRegion = regionToCall(choice, world.env);
  const { session, durationSeconds, failure } = await getNewSession(profile, request, callRegion, tools, world);
  print(session, failure !== undefined);
  if (failure !== undefined) throw failure;
  tell(describeNew(profile, device, session, durationSeconds, world), request, world);
  const { MFA_ENV_FUNCTION: functionVersion } = world.env;
  if (functionVersion && functionVersion !== world.version) {
    const versions = `of ${quoteOutside(functionVersion)}, mfa-env is ${world.version}`;
    tell(`hint: this shell's function is ${versions}: write it anew with mfa-env init`, request, world);
  }
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

function noneSaved({ name }: Profile): Error {
  return new UserError(`no saved session of ${quoteOutside(name)} lives`, {
    hint: `type mfa-env ${quoteOutside(name)} --save`,
    exitStatus: 3,
  });
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
  const account = /^arn:[^:]*:iam::(\d+):/.exec(findRoleArn(profile) ?? device ?? '')?.[1];
  return quoteOutside(profile.name) + (account ? ` in ${account}` : '');
}

function describeNew(
  profile: Profile,
  device: string | undefined,
  session: Session,
  durationSeconds: number | undefined,
  world: World,
): string {
  const left = timeLeft(session, world.now());
  const what = describe(profile, device);
  if (durationSeconds === undefined)
    return `${what}: the session that another process saved, for ${formatDuration(left)}`;
  // A minute for clocks that differ a little, and for the call itself.
  if (left >= durationSeconds * 1000 - 60_000)
    return `${what}: a new session for ${formatDuration(durationSeconds * 1000)}`;
  const asked = formatDuration(durationSeconds * 1000);
  const why = profile.base ? '' : ': aws gives the root user one hour';
  return `${what}: a new session for ${formatDuration(left + 59_000)}, not ${asked}${why}`;
}

function tell(line: string, request: SessionRequest, world: World): void {
  if (!request.quiet && world.stderrIsTerminal()) world.say(line);
}
