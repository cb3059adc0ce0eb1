/** A session that another process saved while this one was on its way to its own. */

import { type Stats, statSync } from 'node:fs';
import { lookUp, readAwsFiles } from './aws-files.ts';
import { isUserError } from './errors.ts';
import { type Session, timeLeft } from './session.ts';
import { readSession } from './session-marks.ts';
import type { SessionChoice } from './session-request.ts';
import { findRoleArn, type Profile } from './settings.ts';
import type { World } from './world.ts';

/** The session, once there is one that lives long enough. Cheap to ask often: the files are read only after a change. */
export type FindNewer = () => Session | undefined;

// For what a clock may be off, and an answer on its way.
const slackMilliseconds = 60_000;

// The system's own count of when processes start is exact to 10 ms, and so is its uptime.
const startMilliseconds = 20;

/**
 * Makes the question for one profile. Who asks for a session of another source than the files name, or of a certain length,
 * gets no other one; by which of the user's devices it was got makes no difference to it.
 *
 * @param durationSeconds How long the own session would live: what was saved before this process read the files counts only
 *   if it is as fresh as the own one would be, since a code works once and may have been spent on it.
 */
export function watchForNewer(
  profile: Profile,
  request: SessionChoice,
  durationSeconds: number,
  world: World,
): FindNewer {
  if (!profile.keepsSession || profile.taken || profile.hasForeignSource()) return () => undefined;
  const startedAt = world.startedAt().getTime();
  const before = profile.saved().session;
  let looked: string | undefined;
  return () => {
    const stat = look(profile.credentialsPath);
    const state = stat && `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
    if (!stat || state === looked) return undefined;
    looked = state;
    const session = readAgain(profile, world);
    if (!session || timeLeft(session, world.now()) < request.minTtlSeconds * 1000) return undefined;
    const isFresh = session.expiresAt.getTime() >= startedAt + durationSeconds * 1000 - slackMilliseconds;
    if (request.durationSeconds !== undefined) {
      const isLonger = timeLeft(session, world.now()) > durationSeconds * 1000 + slackMilliseconds;
      if (!isFresh || isLonger) return undefined;
    }
    if (session.accessKeyId !== before?.accessKeyId) return session;
    return isFresh && stat.ctimeMs >= startedAt + startMilliseconds ? session : undefined;
  };
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** What is saved now; nothing while another program is in the middle of writing. */
function readAgain(profile: Profile, world: World): Session | undefined {
  try {
    const section = lookUp(readAwsFiles(world.env), profile.session.name);
    return readSession(section, { ...profile, roleArn: profile.base && findRoleArn(profile) }).session;
  } catch (error) {
    if (isUserError(error)) return undefined;
    throw error;
  }
}
