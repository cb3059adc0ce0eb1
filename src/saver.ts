/** Saves a profile's sessions: checks first, takes turns with other processes, and reports. */

import { isUserError, UserError } from './errors.ts';
import { sessionSuffix } from './profile.ts';
import { checkSave, readWholeFile, saveSession } from './save.ts';
import type { Session } from './session.ts';
import type { SessionChoice } from './session-request.ts';
import { findDevice, findRegion, findRoleArn, type Profile } from './settings.ts';
import { checkTurnPlace, inTurn } from './turn.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

export interface Saver {
  /** @throws {UserError} what would refuse a save, before a code is spent. */
  check(): void;
  /** Does the work while no other process gets a session for the same section, unless `find` comes to a result first. */
  inTurn<Result>(find: () => Result | undefined, work: () => Promise<Result>): Promise<Result>;
  /** Looks at the file again, right before STS is asked: what was taken out of it while a person typed is not missed. */
  lookAgain(): void;
  /**
   * Saves the session, with the marks that say whose it is.
   *
   * @param sourceKeyId The access key ID of its source; undefined if that is not known.
   * @returns what went wrong: the session is printed all the same.
   */
  save(session: Session, sourceKeyId: string | undefined): Promise<unknown>;
}

export function makeSaver(profile: Profile, request: SessionChoice, world: World): Saver {
  const path = profile.credentialsPath;
  const section = profile.session.name;
  let before = profile.credentials;
  // What is wrong with the file is never silenced: who can read it, and which keys other tools take from it.
  const { onInterrupt, say } = world;
  return {
    check() {
      try {
        if (profile.taken) throw profile.taken;
        checkSave(path, section);
        checkTurnPlace(path, section);
      } catch (error) {
        throw isUserError(error) ? withWayOut(error) : error;
      }
    },
    inTurn: (find, work) => inTurn(path, section, onInterrupt, find, work),
    lookAgain() {
      before = readWholeFile(path) ?? before;
    },
    async save(session, sourceKeyId) {
      const marks = { source: sourceKeyId, role: profile.base && findRoleArn(profile) };
      const region = section === profile.name + sessionSuffix ? findRegion(profile) : undefined;
      const serial = request.serial !== undefined && !findDevice(profile) ? request.serial : undefined;
      try {
        const related = [...profile.settings()].map(({ name }) => name).filter((name) => name !== section);
        await saveSession({ path, section, session, marks, region, serial, related, before, say, onInterrupt });
      } catch (error) {
        return error;
      }
      const where = section === profile.name ? '' : ` as [${section}]`;
      if (!request.quiet)
        world.report(`Saved ${quoteOutside(profile.name)} credentials to ${quoteOutside(path)}${where}`);
      if (hasOlderKeys(profile)) {
        const name = quoteOutside(profile.name);
        say(`hint: AWS's tools take the keys in [${name}] there before its credential_process: take them out by hand`);
      }
      return undefined;
    },
  };
}

/** Whatever keeps a session from being saved keeps nobody from using it. */
function withWayOut(error: UserError): UserError {
  const { message, hint, exitStatus, cause } = error;
  return new UserError(message, {
    hint: [hint, 'or call with --no-save'].filter(Boolean).join('; '),
    exitStatus,
    cause,
  });
}

/** Whether keys of an earlier session stand where AWS's tools read them first, expired or not. */
function hasOlderKeys({ name, own, session }: Profile): boolean {
  const { credentials, config } = own.ofFiles;
  return session.name !== name && Boolean(config.get('credential_process') && credentials.get('aws_session_token'));
}
