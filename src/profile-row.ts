/** What is told of a profile in a list: nothing secret, and no id of a key. */

import { requireDevice } from './device.ts';
import { sessionDuration } from './duration.ts';
import { attempt, isUserError, type OtherLogin, type UserError } from './errors.ts';
import { refuseOwnCommand } from './recursion.ts';
import { readRole } from './role.ts';
import { formatExpiry } from './session.ts';
import {
  findDevice,
  findDuration,
  findRegion,
  type Profile,
  requireBase,
  requireSource,
  type Source,
} from './settings.ts';

/** A profile as `mfa-env list --json` prints it: all keys are always there, and null is what is not known. */
export interface ProfileRow {
  profile: string;
  /** Whether the shell that asks has its session. */
  current: boolean;
  /** How it logs in: by an MFA code, or by what needs none. */
  login: 'mfa' | 'command' | OtherLogin | null;
  /** Of the role, else of the device. */
  account: string | null;
  /** The MFA device, as the files have it. */
  device: string | null;
  source: string | null;
  /** As the files have it, whatever the shell has. */
  region: string | null;
  /** The ARN; with SSO the role's name. */
  role: string | null;
  /** The section of the credentials file for its session. */
  section: string | null;
  session: { expiresAt: string; secondsLeft: number } | null;
  /** Why a session that is saved is not used: it belongs to another key or role. */
  notUsed: string | null;
  /** How long a new session would live. */
  durationSeconds: number | null;
  /** Why no new session can be got; the first of the reasons. */
  problem: string | null;
}

/** A row of which nothing but the name is known. @param current The profile that the shell has. */
function emptyRow(name: string, current: string | undefined): ProfileRow {
  return {
    profile: name,
    current: name === current,
    login: null,
    account: null,
    device: null,
    source: null,
    region: null,
    role: null,
    section: null,
    session: null,
    notUsed: null,
    durationSeconds: null,
    problem: null,
  };
}

/** The account of the role, else of the device. */
function accountOf({ role, device }: ProfileRow): string | null {
  return /^arn:[^:]*:iam::(\d{12}):/.exec(role ?? device ?? '')?.[1] ?? null;
}

/** How long a saved session still lives; nothing where there is none. */
function describeSession(expiresAt: Date | undefined, now: Date): ProfileRow['session'] {
  if (!expiresAt) return null;
  const secondsLeft = Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000));
  return { expiresAt: formatExpiry(expiresAt), secondsLeft };
}

/** @param current The profile that the shell has. */
export function readRow(
  name: string,
  profile: Profile | UserError,
  now: Date,
  current: string | undefined,
): ProfileRow {
  const row = emptyRow(name, current);
  if (isUserError(profile)) return { ...row, problem: profile.message };
  const problems: UserError[] = [];
  const find = <Value>(ask: () => Value): Value | undefined => {
    const answer = attempt(ask);
    if (!isUserError(answer)) return answer;
    problems.push(answer);
    return undefined;
  };
  // In the order in which the program comes to them, so that both name the same fault first.
  row.region = find(() => findRegion(profile)) ?? null;
  const isUsable = problems.length === 0;
  row.device = find(() => findDevice(profile)?.value) ?? null;
  find(() => requireBase(profile));
  const isRole = Boolean(profile.own.get('role_arn'));
  const role = isRole ? find(() => readRole(profile, undefined, row.device ?? undefined)) : undefined;
  const source = find(() => findSource(profile, name));
  row.source = source?.name ?? null;
  const otherLogin = problems.find((problem) => problem.otherLogin)?.otherLogin;
  if (otherLogin) problems.length = 0;
  // Without a device the command has to print sessions.
  const isByCommand = source !== undefined && 'command' in source && row.device === null;
  row.login = otherLogin ?? (isByCommand ? 'command' : 'mfa');
  if (isRole) {
    row.role = role?.arn ?? null;
    row.durationSeconds = role?.durationSeconds ?? null;
  } else if (otherLogin) {
    row.role = find(() => profile.own.get('sso_role_name')?.value) ?? null;
    row.account = /^\d{12}$/.exec(find(() => profile.own.get('sso_account_id')?.value) ?? '')?.[0] ?? null;
  } else if (!isByCommand) {
    row.durationSeconds = find(() => findDuration(profile) ?? sessionDuration.standard) ?? null;
  }
  if (row.login === 'mfa') find(() => requireDevice(profile));
  row.account ??= accountOf(row);
  if (otherLogin) row.durationSeconds = null;
  else if (profile.keepsSession && !profile.taken) row.section = profile.session.name;
  const saved = find(() => profile.saved());
  row.session = isUsable ? describeSession(saved?.session?.expiresAt, now) : null;
  row.notUsed = saved?.notUsed ?? null;
  row.problem = problems[0]?.message ?? null;
  return row;
}

/** @throws {UserError} where there is none that gives keys. */
function findSource(profile: Profile, asked: string): Source {
  const source = requireSource(profile);
  if ('command' in source) refuseOwnCommand(source, asked);
  return source;
}
