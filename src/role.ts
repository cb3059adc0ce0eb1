/** What a profile says of the role that it is for. */

import type { Found } from './aws-files.ts';
import { formatDuration, parseDuration, roleDuration } from './duration.ts';
import { isUserError, UserError } from './errors.ts';
import { partitionOfArn } from './partition.ts';
import { readSessionTags, type SessionTags } from './session-tags.ts';
import type { Profile } from './settings.ts';
import { quoteOutside } from './visible.ts';

/** What AssumeRole is told, by its API reference. */
export interface Role extends SessionTags {
  arn: string;
  /** 2 to 64 of `[\w+=,.@-]`: what AWS's logs call the session. */
  sessionName: string;
  externalId: string | undefined;
  /** 900 to 43 200. */
  durationSeconds: number;
}

const forms = {
  role_arn: /^(?=.{20,2048}$)arn:[a-z\d-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  external_id: /^[\w+=,.@:/-]{2,1224}$/,
  role_session_name: /^[\w+=,.@-]{2,64}$/,
} as const;

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

function read(profile: Profile, key: keyof typeof forms): string | undefined {
  const found = profile.own.get(key);
  if (!found) return undefined;
  if (!forms[key].test(found.value) || (key === 'role_arn' && !partitionOfArn(found.value))) {
    throw new UserError(`${found.place}: ${key} is not one: ${quoteOutside(found.value)}`, {
      hint:
        key === 'role_arn'
          ? 'a role is written like arn:aws:iam::111122223333:role/NAME'
          : 'AWS takes letters, digits and =,.@-',
    });
  }
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
