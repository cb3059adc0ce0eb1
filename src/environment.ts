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

/** The settings of a profile that tools lose with AWS_PROFILE, and the variables that take their place. */
export const settingVariables = {
  use_fips_endpoint: 'AWS_USE_FIPS_ENDPOINT',
  use_dualstack_endpoint: 'AWS_USE_DUALSTACK_ENDPOINT',
  ca_bundle: 'AWS_CA_BUNDLE',
  endpoint_url: 'AWS_ENDPOINT_URL',
} as const;

const settingNames = Object.values(settingVariables);
/** Names those of them that mfa-env has set, with a blank between two. */
const settingsMark = 'MFA_ENV_SETTINGS';

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

/**
 * The change that puts a session into an environment.
 *
 * @param region What is to be exported; nothing leaves the user's region.
 * @param settings The variables of the profile's settings; one that the user set stays.
 */
export function sessionChange(
  profileName: string,
  session: Session,
  region: string | undefined,
  env: Environment,
  settings: [name: string, value: string][] = [],
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
  const own = ownSettings(env);
  const exported = settings.filter(([name]) => !env[name] || own.includes(name));
  const names = exported.map(([name]) => name);
  set.push(...exported);
  unset.push(...own.filter((name) => !names.includes(name)));
  if (names.length > 0) set.push([settingsMark, names.join(' ')]);
  else unset.push(...withMark(env));
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

/** The change that takes a session out again; a region or setting that the user set stays, and so does AWS_PROFILE. */
export function unsetChange(env: Environment): EnvironmentChange {
  const own = regionVariables.filter((name) => isOwnRegion(env[name], env));
  const unset = [...own, ...ownSettings(env), ...withMark(env), ...ofSession, 'AWS_SECURITY_TOKEN'];
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

/** The mark, if there is one: few profiles have such settings. */
function withMark(env: Environment): string[] {
  return env[settingsMark] === undefined ? [] : [settingsMark];
}

/** The variables of settings that mfa-env set, for the session that the shell has or for an earlier one. */
function ownSettings(env: Environment): string[] {
  const marked = (env[settingsMark] ?? '').split(' ');
  return settingNames.filter((name) => marked.includes(name));
}

/** The environment without the settings that mfa-env set for another profile: they would send a code to that one's endpoint. */
export function userEnvironment(env: Environment): Environment {
  const own = ownSettings(env);
  return own.length === 0 ? env : Object.fromEntries(Object.entries(env).filter(([name]) => !own.includes(name)));
}

/** Whether a variable keeps the user's own value when mfa-env unsets it, such as a universal one of fish. */
export function mayBeUsers(name: string): boolean {
  return ([...regionVariables, ...settingNames] as string[]).includes(name);
}
