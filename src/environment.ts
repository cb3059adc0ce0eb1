/** The environment variables that mfa-env sets and unsets: the one place that names them. */

import type { Session } from './session.ts';
import { formatExpiry } from './session.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is to happen to a shell's or a child's environment: first all of `unset`, then all of `set`. */
export interface EnvironmentChange {
  unset: string[];
  set: [name: string, value: string][];
}

/** The region variables: the two that AWS's tools read, and the mark that says that their value is mfa-env's. */
export const regionVariables = ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const;
const regionMark = 'MFA_ENV_REGION';

/**
 * What would send a tool to another identity or account than the session's (measured: AWS_PROFILE
 * beats keys in the JavaScript SDK, botocore reads AWS_SECURITY_TOKEN first and calls AWS_ACCOUNT_ID's endpoint), and
 * what would make a prompt show another tool's session.
 */
export const misleading = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SECURITY_TOKEN',
  'AWS_ACCOUNT_ID',
  'AWS_VAULT',
  'AWSUME_PROFILE',
  'AWSUME_EXPIRATION',
] as const;

/** The change that puts a session into an environment. `region` is what is to be exported; nothing leaves the user's region. */
export function sessionChange(
  profileName: string,
  session: Session,
  region: string | undefined,
  env: Environment,
): EnvironmentChange {
  const expiration = formatExpiry(session.expiresAt);
  const set: EnvironmentChange['set'] = [
    ['AWS_ACCESS_KEY_ID', session.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', session.secretAccessKey],
    ['AWS_SESSION_TOKEN', session.sessionToken],
    ['AWS_CREDENTIAL_EXPIRATION', expiration],
    ['AWS_SESSION_EXPIRATION', expiration],
    ['MFA_ENV_PROFILE', profileName],
  ];
  const unset: string[] = [...misleading];
  if (region === undefined) {
    unset.push(regionMark, ...(isOwnRegion(env.AWS_REGION, env) ? regionVariables : []));
  } else {
    for (const name of [...regionVariables, regionMark]) set.push([name, region]);
  }
  return { unset, set };
}

/** What is of one session alone: it goes with the session. */
export const ofSession = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_SESSION_EXPIRATION',
  'MFA_ENV_PROFILE',
  regionMark,
] as const;

/** The change that takes a session out again; a region that the user set stays, and so does AWS_PROFILE. */
export function unsetChange(env: Environment): EnvironmentChange {
  const own = regionVariables.filter((name) => isOwnRegion(env[name], env));
  const unset = [...own, ...ofSession, 'AWS_SECURITY_TOKEN'];
  return { unset, set: [] };
}

/** Whether the value of a region variable is what mfa-env exported before. */
export function isOwnRegion(region: string | undefined, env: Environment): boolean {
  return Boolean(region) && region === env.MFA_ENV_REGION;
}

/** The region that the user set in the environment, not mfa-env. */
export function userRegion(env: Environment): string | undefined {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  return region && !isOwnRegion(region, env) ? region : undefined;
}
