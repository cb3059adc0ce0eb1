/** The keys of a section that decide who a profile is. */

const names = new Set([
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
  'role_arn',
  'source_profile',
  'credential_process',
  'credential_source',
  'login_session',
  'aws_arn_mfa',
  'mfa_serial',
  'aws_mfa_device',
  'mfa_env_source',
  'mfa_env_role',
]);

/** Whether lines hold such a key, with which they could be somebody's section. */
export function holdIdentity(lines: string): boolean {
  return identityLine.test(lines);
}

const identityLine = new RegExp(`^\\s*(?:${[...names].join('|')}|sso_\\w+|web_identity_\\w+)[ \\t]*[=:]`, 'im');

/** @param key In lower case. */
export function isIdentityKey(key: string): boolean {
  return names.has(key) || key.startsWith('sso_') || key.startsWith('web_identity_');
}
