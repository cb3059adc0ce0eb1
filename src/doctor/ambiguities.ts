/** What stands in the files more than once, and not the same: one of them counts, which may not be the one that was meant. */

import { type AwsFiles, type Found, hasSection, lookUp, type ProfileValues } from '../aws-files.ts';
import { isUserError } from '../errors.ts';
import { isPlaceholder } from '../placeholder.ts';
import { sourceSuffixes } from '../profile.ts';
import { isLongLivedId } from '../session.ts';
import { deviceKeys, type Profile } from '../settings.ts';
import { quoteOutside } from '../visible.ts';
import { type Finding, warning } from './finding.ts';

/** What one profile's sections say twice. No key is shown. */
export function findAmbiguities(values: ProfileValues): Finding[] {
  return [...compareDevices(values), ...compareFiles(values), ...findSplitPair(values)];
}

function compareDevices(values: ProfileValues): Finding[] {
  const [first, ...others] = deviceKeys.flatMap((key) => {
    const found = values.get(key);
    return found && !isPlaceholder(found.value) ? [{ key, found }] : [];
  });
  return others.flatMap(({ key, found }) => {
    if (!first || found.value === first.found.value) return [];
    const what = `${found.place}: ${key} is another device than ${first.key} at ${first.found.place}`;
    return [warning(what, `let one of them go: mfa-env takes ${first.key}, the AWS CLI mfa_serial`)];
  });
}

/** Those that decide who the user is, where a code goes and what is run. */
const comparedKeys = [
  ...[
    'aws_access_key_id',
    'aws_secret_access_key',
    'role_arn',
    'source_profile',
    'credential_process',
    'credential_source',
    'login_session',
  ],
  ...['sso_session', 'sso_start_url', 'sso_account_id', 'sso_role_name', 'sso_region', 'web_identity_token_file'],
  ...['external_id', 'role_session_name', 'mfa_process', ...deviceKeys, 'endpoint_url', 'services', 'region'],
];

/** The credentials file wins, for AWS's tools too. */
function compareFiles({ name, ofFiles }: ProfileValues): Finding[] {
  const { credentials, config } = ofFiles;
  const id = 'aws_access_key_id';
  return comparedKeys.flatMap((key) => {
    const [winner, other] = [credentials.get(key), config.get(key)];
    if (!winner || !other || winner.value === other.value) return [];
    // Two secrets of one key cannot both be right.
    if (key === 'aws_secret_access_key' && credentials.get(id)?.value !== config.get(id)?.value) return [];
    // A session beside keys is how some tools have it.
    const isSession = key === id && !(isLongLivedId(winner.value) && isLongLivedId(other.value));
    if (isSession) return [];
    const what = `${other.place}: ${key} of ${quoteOutside(name)} is another one than at ${winner.place}, which counts`;
    return [warning(what, 'let one of them go')];
  });
}

function findSplitPair({ name, ofFiles }: ProfileValues): Finding[] {
  const { credentials, config } = ofFiles;
  const [id, secret] = ['aws_access_key_id', 'aws_secret_access_key'] as const;
  for (const [one, other] of [
    [credentials, config],
    [config, credentials],
  ] as const) {
    const [half, rest] = [one.get(id), other.get(secret)];
    if (!half || !rest || one.get(secret) || other.get(id)) continue;
    const what = `${half.place}: the secret of ${quoteOutside(name)} stands in the other file, ${rest.place}`;
    return [warning(what, 'put both into the credentials file: the AWS CLI looks for a pair in one file alone')];
  }
  return [];
}

/** Long-lived keys beside those of the source that a profile has by its name. */
export function findSpareKeys(files: AwsFiles, { name, source: findSource }: Profile): Finding[] {
  const source = findSource();
  const names = sourceSuffixes.map((suffix) => name + suffix).filter((candidate) => hasSection(files, candidate));
  if (isUserError(source) || 'command' in source || source.name !== names[0]) return [];
  return [name, ...names.slice(1)].flatMap((other) => {
    const id = longLivedId(lookUp(files, other));
    if (!id || (other !== name && id.value === source.accessKeyId)) return [];
    const what = `${id.place}: [${other}] holds a long-lived key beside [${source.name}], which counts for ${name}`;
    const why = other === name ? "there AWS's own tools take it, without a code" : 'it is another one';
    return [warning(what, `take it out if nothing needs it: ${why}`)];
  });
}

function longLivedId(values: ProfileValues): Found | undefined {
  const id = values.get('aws_access_key_id');
  return id && isLongLivedId(id.value) ? id : undefined;
}
