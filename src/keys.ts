/** Long-lived keys: what they look like in a section, and whether a section holds any. */

import type { Found, ProfileValues, SectionValues } from './aws-files.ts';
import { UserError } from './errors.ts';
import { isPlaceholder } from './placeholder.ts';
import { isLongLivedId, isWellFormed } from './session.ts';
import type { Keys } from './settings.ts';
import { asHeader } from './typed.ts';

/**
 * A pair without a token, or an id that starts with AKIA; a value in `<…>` is a placeholder.
 *
 * @throws {UserError} where half of the pair is missing, or a part is malformed.
 */
export function readLongLivedKeys(values: ProfileValues): Keys | undefined {
  const id = values.get('aws_access_key_id');
  const secret = values.get('aws_secret_access_key');
  const accessKeyId = realValue(id);
  const secretAccessKey = realValue(secret);
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    const [there, missing] = accessKeyId ? [id, 'aws_secret_access_key'] : [secret, 'aws_access_key_id'];
    throw new UserError(`${there?.place}: ${values.name} has half a pair of keys: ${missing} is missing`, {
      hint: `add ${missing} to ${asHeader(values.name)}`,
    });
  }
  const hasToken = Boolean(values.get('aws_session_token') ?? values.get('aws_security_token'));
  if (hasToken && !isLongLivedId(accessKeyId)) return undefined;
  if (!isWellFormed('accessKeyId', accessKeyId)) throw malformed(id, 'aws_access_key_id');
  if (!isWellFormed('secretAccessKey', secretAccessKey)) throw malformed(secret, 'aws_secret_access_key');
  return { name: values.name, accessKeyId, secretAccessKey };
}

function realValue(found: Found | undefined): string | undefined {
  return found && !isPlaceholder(found.value) ? found.value : undefined;
}

function malformed(found: Found | undefined, key: string): UserError {
  return new UserError(`${found?.place}: ${key} has characters that no key has`, {
    hint: 'copy the key again, without quotes and blanks',
  });
}

/** Whether a section holds what must never be overwritten. Half a pair counts: the other half may stand in the other file. */
export function holdsLongLivedKeys(values: SectionValues): boolean {
  const id = realValue(values.get('aws_access_key_id'));
  const secret = realValue(values.get('aws_secret_access_key'));
  if (id && isLongLivedId(id)) return true;
  const hasToken = Boolean(values.get('aws_session_token') ?? values.get('aws_security_token'));
  return Boolean(id || secret) && !hasToken;
}

export function isSamePair(one: Keys, other: Keys): boolean {
  return one.accessKeyId === other.accessKeyId && one.secretAccessKey === other.secretAccessKey;
}

/** `…ABCD`: the last four characters of a key's id. */
export function shortId({ accessKeyId }: Pick<Keys, 'accessKeyId'>): string {
  return `…${accessKeyId.slice(-4)}`;
}
