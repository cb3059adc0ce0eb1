/** The session that was asked for: the saved one where it lives long enough, else a new one from STS. */

import { formatDuration } from './duration.ts';
import { type EnvironmentChange, sessionChange } from './environment.ts';
import { attempt, isUserError, UserError } from './errors.ts';
import { readExportedSettings } from './exported-settings.ts';
import { profileWord } from './line-to-type.ts';
import type { NewSession, Tools } from './new-session.ts';
import { watchForNewer } from './newer.ts';
import { partitionOfArn } from './partition.ts';
import { regionToCall, regionToExport } from './region.ts';
import { type Session, timeLeft } from './session.ts';
import { sayNotUsed } from './session-marks.ts';
import type { SessionChoice } from './session-request.ts';
import { findDevice, findRegion, findRoleArn, type Profile } from './settings.ts';
import { asCommand, asWord, typed } from './typed.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

export interface Obtained {
  session: Session;
  /** Whether it is not the saved one. */
  isNew: boolean;
  /** What puts it into an environment. */
  change: EnvironmentChange;
  /** What a person at a terminal is told, once the session is where it belongs. */
  news: string | undefined;
  /** Why it could not be saved: it is handed out all the same. */
  failure?: unknown;
  /** Whether the user asked for a save, and the session is one that a command printed. */
  isNeverSaved?: boolean;
}

const soonMilliseconds = 3_600_000;

/** What AWS gives an account's root user (STS API reference, GetSessionToken). */
const rootSeconds = 3600;

/** For the time that the answer was on its way. */
const slackSeconds = 60;

/** Whether the session is to be saved: `--save`, `mfa_env_save` of the profile, MFA_ENV_SAVE. */
export function isToBeSaved(profile: Profile, choice: SessionChoice): boolean {
  return choice.save ?? profile.save ?? choice.saveByDefault;
}

/**
 * Obtains a profile's session.
 *
 * @throws {UserError} whatever refuses; status 3 where a code is needed and nobody can be asked.
 */
export async function obtainSession(profile: Profile, choice: SessionChoice, world: World): Promise<Obtained> {
  const device = choice.serial ?? findDevice(profile)?.value;
  const partition = partitionOfArn(device) ?? partitionOfArn(findRoleArn(profile));
  const regions = { asked: choice.region, ofProfile: findRegion(profile), partition };
  const region = regionToExport(regions, world.env);
  const settings = readExportedSettings(profile, world.env);
  const changeFor = (session: Session) => sessionChange(profile.name, session, region, world.env, settings);

  const saved = usableSession(profile, choice, world);
  if (saved) {
    const left = timeLeft(saved, world.now());
    const news = `${describe(profile, device)}: the saved session lives ${formatDuration(left)} more`;
    return { session: saved, isNew: false, change: changeFor(saved), news: left < soonMilliseconds ? news : undefined };
  }
  if (choice.onlySaved) throw noneSaved(profile);
  // What a saved session does not need is loaded here: each import is a bundle of its own.
  const { getNewSession } = await import('./new-session.ts');
  // A role's word holds for the session behind it too, where that one's profile has none: else each hour wants a code again.
  const saveByDefault = profile.save || choice.saveByDefault;
  const tools: Tools = {
    makeSaver: async (of, asked) => {
      if (!isToBeSaved(of, { ...asked, saveByDefault })) return undefined;
      const saver = (await import('./saver.ts')).makeSaver(of, asked, world);
      // By the role's word alone nothing is refused: a session without a place is used unsaved.
      const isWanted = isToBeSaved(of, asked);
      return isWanted || !isUserError(attempt(() => saver.check())) ? saver : undefined;
    },
    watch: (of, asked, seconds) => watchForNewer(of, asked, seconds, world),
  };
  const callRegion = regionToCall(regions, world.env);
  const got = await getNewSession(profile, choice, callRegion, tools, world);
  // A printed session may belong to another account than the device.
  const news = `${describe(profile, got.printedAt ? undefined : device)}: ${describeNew(profile, got, world)}`;
  const isNeverSaved = got.printedAt !== undefined && (choice.save ?? profile.save ?? false);
  if (isNeverSaved && !choice.quiet) {
    const wish = choice.save ? 'leave --save out' : 'take mfa_env_save out of the profile';
    world.say(
      `hint: ${wish}, since mfa-env never saves the session that the credential_process at ${asWord(got.printedAt ?? '')} prints`,
    );
  }
  return {
    session: got.session,
    isNew: true,
    change: changeFor(got.session),
    news,
    failure: got.failure,
    isNeverSaved,
  };
}

/** The saved session, where it is to be used and lives long enough. */
function usableSession(profile: Profile, choice: SessionChoice, world: World): Session | undefined {
  const saved = profile.saved();
  if (choice.code !== undefined || choice.force) return undefined;
  sayNotUsed(saved, world.say);
  const { session } = saved;
  if (!session) return undefined;
  const left = timeLeft(session, world.now());
  return left > 0 && left >= choice.minTtlSeconds * 1000 ? session : undefined;
}

function noneSaved({ name, source: findSource }: Profile): Error {
  const source = findSource();
  const word = profileWord(name);
  const save = `type ${typed`mfa-env ${word} --save`}`;
  const isPrinted = !isUserError(source) && 'command' in source;
  return new UserError(`no saved session of ${quoteOutside(name)} lives`, {
    hint: isPrinted
      ? `${save}; if its command prints sessions, which are not saved, write ${asCommand(typed`use mfa_env ${word} --prompt`, 'bash')}`
      : save,
    exitStatus: 3,
  });
}

function describe(profile: Profile, device: string | undefined): string {
  const account = /^arn:[^:]*:iam::(\d+):/.exec(findRoleArn(profile) ?? device ?? '')?.[1];
  return quoteOutside(profile.name) + (account ? ` in ${account}` : '');
}

function describeNew(profile: Profile, { session, seconds, printedAt }: NewSession, world: World): string {
  const whose = printedAt ? 'its command printed' : 'another process saved';
  if (!seconds) return `the session that ${whose}, for ${formatDuration(timeLeft(session, world.now()))}`;
  const asked = formatDuration(seconds.asked * 1000);
  if (seconds.granted >= seconds.asked - slackSeconds) return `a new session for ${asked}`;
  const isRoots = !profile.base && Math.abs(seconds.granted - rootSeconds) <= slackSeconds;
  const granted = formatDuration((seconds.granted + 30) * 1000);
  return `a new session for ${granted}, not ${asked}${isRoots ? ': aws gives the root user one hour' : ''}`;
}
