/**
 * Profiles that log in without an MFA code for STS: which keys say so, and which command of the AWS CLI serves them.
 *
 * No hint says to make long-term keys: people with such a login have just got rid of them.
 */

import type { Found, ProfileValues, SectionValues } from './aws-files.ts';
import { type OtherLogin, UserError } from './errors.ts';
import { asCommand, asHeader, asWord, optionWith, typed } from './typed.ts';
import { quoteOutside } from './visible.ts';

interface Login {
  keys: readonly string[];
  /** How the profile logs in, for messages. */
  name?: string;
  /** The command that opens the login, without the profile. */
  command?: string;
}

/** In the order in which botocore asks them. */
const logins = {
  web_identity: { keys: ['web_identity_token_file'], name: 'web identity' },
  sso: {
    keys: ['sso_session', 'sso_start_url', 'sso_account_id', 'sso_role_name', 'sso_region'],
    name: 'SSO',
    command: 'aws sso login',
  },
  login: { keys: ['login_session'], name: 'aws login', command: 'aws login' },
  credential_source: { keys: ['credential_source'] },
} as const satisfies Partial<Record<OtherLogin, Login>>;

export type LoginName = keyof typeof logins;

const loginNames = Object.keys(logins) as LoginName[];

/** The logins with which AWS's tools look at no source of a role. */
export const loginsOfRoles: readonly LoginName[] = ['web_identity', 'credential_source'];

/** The keys that make AWS's tools look past a session in the profile's own section. `credential_source` needs a role. */
export const keysOfLogins: readonly string[] = loginNames
  .filter((name) => name !== 'credential_source')
  .flatMap((name) => logins[name].keys);

/** Whether a profile, whatever else it holds, logs in without an MFA code. */
export function hasOtherLogin(values: SectionValues): boolean {
  return loginNames.some((name) => findKey(values, name));
}

/**
 * Why mfa-env has no keys for a profile: it logs in without an MFA code.
 *
 * @param by The profile that has this one as its source, if there is one.
 * @param among The logins to look for; the default is all of them.
 */
export function findOtherLogin(
  values: ProfileValues,
  by?: string,
  among: readonly LoginName[] = loginNames,
): UserError | undefined {
  const login = among.find((name) => findKey(values, name));
  const found = login && findKey(values, login);
  if (!found) return undefined;
  const { name }: Login = logins[login];
  const how = name ? `logs in by ${name}` : `has its keys from ${quoteOutside(found.value)}`;
  return new UserError(`${found.place}: ${quoteOutside(values.name)} ${how}, without an MFA code for STS`, {
    hint: by === undefined ? wayToLoad(values.name, login) : wayToUse(values.name, login, by),
    otherLogin: login,
  });
}

function findKey(values: SectionValues, name: LoginName): Found | undefined {
  return logins[name].keys.map((key) => values.get(key)).find(Boolean);
}

function wayToLoad(name: string, login: LoginName): string {
  return `${opening(name, login, 'or type')}${typed`aws configure export-credentials ${optionWith('--profile', name)} --format env`}`;
}

function wayToUse(name: string, login: LoginName, by: string): string {
  const source = `${name}-session`;
  const command = asCommand(
    typed`aws configure export-credentials ${optionWith('--profile', name)} --format process`,
    'sh',
  );
  return `${opening(name, login, 'or')}add ${asHeader(`profile ${source}`)} with credential_process = ${command}, and write source_profile = ${asWord(source)} in ${asHeader(`profile ${by}`)}`;
}

/** @param or What joins the next words, if there is no command to log in. */
function opening(name: string, login: LoginName, or: string): string {
  const { command }: Login = logins[login];
  const words = optionWith('--profile', name);
  return command
    ? `type ${typed`${command.split(' ')} ${words}`}, then `
    : `let the AWS CLI use it, ${typed`aws ${words}`}, ${or} `;
}
