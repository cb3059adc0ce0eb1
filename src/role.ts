/** What a profile says of the role that it is for. */

import type { Found } from './aws-files.ts';
import { formatDuration, parseDuration, roleDuration } from './duration.ts';
import { isUserError, UserError } from './errors.ts';
import { findRoleArnFault, findTextFault, type RoleText } from './role-faults.ts';
import { readSessionTags, type SessionTags } from './session-tags.ts';
import type { Profile } from './settings.ts';

/** What AssumeRole is told, by its API reference. */
export interface Role extends SessionTags {
  arn: string;
  /** 2 to 64 of `[\w+=,.@-]`: what AWS's logs call the session. */
  sessionName: string;
  externalId: string | undefined;
  /** 900 to 43 200. */
  durationSeconds: number;
}

/**
 * Reads a profile's role.
 *
 * @param asked `--duration`, in seconds.
 * @param device The MFA device, after whose user the session is named where the profile has no name for it.
 * @throws {UserError} where a setting is none that STS would take.
 */
export function readRole(profile: Profile, asked: number | undefined, device: string | undefined): Role {
  const arn = read(profile, 'role_arn');
  return {
    arn: arn ?? '',
    sessionName: read(profile, 'role_session_name') ?? nameAfter(device),
    externalId: read(profile, 'external_id'),
    durationSeconds: asked === undefined ? readDuration(profile) : checkDuration(asked, '--duration'),
    ...readSessionTags(profile),
  };
}

function read(profile: Profile, key: RoleText | 'role_arn'): string | undefined {
  const found = profile.own.get(key);
  if (!found) return undefined;
  const fault = key === 'role_arn' ? findRoleArnFault(found.value) : findTextFault(key, found.value);
  if (fault) throw new UserError(`${found.place}: ${key} ${fault.what}`, { hint: fault.hint });
  return found.value;
}

function readDuration(profile: Profile): number {
  const found = profile.own.get('duration_seconds');
  return found ? checkDuration(parse(found), `${found.place}: duration_seconds`) : roleDuration.standard;
}

function parse(found: Found): number {
  try {
    return parseDuration(found.value);
  } catch (error) {
    if (!isUserError(error)) throw error;
    throw new UserError(`${found.place}: ${error.message}`, { hint: error.hint, cause: error });
  }
}

function checkDuration(seconds: number, what: string): number {
  if (seconds < roleDuration.shortest || seconds > roleDuration.longest) {
    throw new UserError(`${what} is ${formatDuration(seconds * 1000)}, and a role's session lives 15m to 12h`, {
      hint: "the role's own limit may be shorter: 1h where nobody raised it",
    });
  }
  return seconds;
}

/** `ana` for arn:aws:iam::111122223333:mfa/ana. */
function nameAfter(device: string | undefined): string {
  const name = (device?.split(/[:/]/).at(-1) ?? '').replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
  return name.length >= 2 ? name : 'mfa-env';
}
