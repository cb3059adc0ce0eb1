/**
 * Whose a saved session is. mfa-env saves two marks with it: the access key ID of its source, and the ARN of its role.
 *
 * - A session whose marks differ from what the files say now is not used.
 * - A session without marks is used: an older version or another tool saved it.
 * - A session that somebody else could have written is not used.
 * - A source that gets its keys from a command is not compared: the command is not run for that.
 */

import { adviseDoubt, type Found, type ProfileValues } from './aws-files.ts';
import { isUserError, type UserError } from './errors.ts';
import { shortId } from './keys.ts';
import { readSavedSession, type Session, sessionKeys } from './session.ts';
import type { Source } from './settings.ts';
import { quoteOutside } from './visible.ts';

export const sessionMarks = { source: 'mfa_env_source', role: 'mfa_env_role' } as const;

/** What the files say now. */
export interface Identity {
  /** The profile, for messages. */
  name: string;
  source(): Source | UserError;
  roleArn: string | undefined;
}

export interface SavedSession {
  /** Undefined if there is none, or it belongs to somebody else. */
  session: Session | undefined;
  /** Why a session that is there is not used. */
  notUsed: string | undefined;
  /** What to do about it, if that is not a new session. */
  hint?: string | undefined;
}

/**
 * Reads the session that a section holds.
 *
 * @throws {UserError} if the files can be read in more than one way.
 */
export function readSession(section: ProfileValues, identity: Identity): SavedSession {
  const session = readSavedSession(section);
  const found = session && findDoubtful(section);
  if (found?.doubt) {
    const where = `the saved session of ${quoteOutside(identity.name)} is in ${quoteOutside(found.path)}`;
    return { session: undefined, notUsed: `${where}, and ${found.doubt.why}`, hint: adviseDoubt(found.doubt) };
  }
  const notUsed = session && findDifference(section, identity);
  return { session: notUsed === undefined ? session : undefined, notUsed };
}

/** Says why a saved session is not used, if there is one. */
export function sayNotUsed({ notUsed, hint }: SavedSession, say: (line: string) => void): void {
  if (notUsed === undefined) return;
  say(`${notUsed}, so it is not used`);
  if (hint) say(`hint: ${hint}`);
}

/** The first of its lines that somebody else could have written. */
function findDoubtful(section: ProfileValues): Found | undefined {
  return sessionKeys.map((key) => section.get(key)).find((found) => found?.doubt);
}

function findDifference(section: ProfileValues, { name, source: findSource, roleArn }: Identity): string | undefined {
  const source = findSource();
  if (isUserError(source) && source.isAmbiguous) throw source;
  const [savedId, savedRole] = [section.get(sessionMarks.source)?.value, section.get(sessionMarks.role)?.value];
  if (savedId === undefined && savedRole === undefined) return undefined;
  const shown = `the saved session of ${quoteOutside(name)}`;
  if (savedRole !== roleArn) {
    const [before, now] = [savedRole, roleArn].map((arn) => (arn === undefined ? 'no role' : quoteOutside(arn)));
    return `${shown} is for ${before}, and the files now name ${now}`;
  }
  if (savedId === undefined) return undefined;
  const before = shortId({ accessKeyId: savedId });
  if (isUserError(source)) return `${shown} was made with key ${before}, and the files now name no source`;
  if ('command' in source || source.accessKeyId === savedId) return undefined;
  return `${shown} was made with key ${before}, and [${quoteOutside(source.name)}] now has key ${shortId(source)}`;
}
