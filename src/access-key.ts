/** A newcomer's access key as it is typed or pasted from the console, and whether it is one. */

import { usage } from './errors.ts';
import { isWellFormed } from './session.ts';

/** An id that AWS gives to a user's key: at least 16 characters (IAM's API reference, AccessKey). */
const idForm = /^AKIA[A-Z0-9]{12,124}$/;

/** What every secret has looked like so far; AWS does not promise it. */
const secretForm = /^[A-Za-z0-9/+]{40}$/;

/**
 * Reads the id of a long-lived key.
 *
 * @throws {UserError} status 2, where it is none; the message does not show it.
 */
export function parseAccessKeyId(text: string): string {
  const id = withoutWrapping(text);
  if (idForm.test(id)) return id;
  if (/^ASIA\w+$/.test(id)) {
    throw usage(
      'the id of an access key begins with AKIA: ASIA is a session, which gets no further session',
      'make an access key: in the console, your name, Security credentials, Create access key',
    );
  }
  if (secretForm.test(id)) {
    throw usage(
      'that looks like the secret, not like the id of the key',
      'the id begins with AKIA; and clear the screen, where the secret may stand now',
    );
  }
  throw usage('that is no id of an access key', 'it begins with AKIA, and has 20 capitals and digits');
}

/**
 * Reads the secret of a long-lived key.
 *
 * @returns also what to say of it, where it does not look as secrets do.
 * @throws {UserError} status 2, where it can be none; the message does not show it.
 */
export function parseSecret(text: string): { secret: string; warning: string | undefined } {
  const secret = withoutWrapping(text);
  if (secret === '') throw usage('the secret is empty', 'paste the secret access key: it is not shown');
  if (idForm.test(secret)) throw usage('that is the id of the key, not its secret', 'the secret has 40 characters');
  if (!isWellFormed('secretAccessKey', secret) || /^[#;]/.test(secret)) {
    throw usage('the secret has characters that no secret has', 'paste it again, without what stands around it');
  }
  return { secret, warning: describeOddSecret(secret) };
}

/** What to say of a secret that does not look as secrets do; it is not shown. */
export function describeOddSecret(secret: string): string | undefined {
  if (secretForm.test(secret)) return undefined;
  return `the secret has ${secret.length} characters, or other ones than usual: aws's have 40, letters, digits, / and +`;
}

/** Without blanks and quotes around it, and without the name that stands before it in files. */
function withoutWrapping(text: string): string {
  const name = /^\s*(?:export\s+)?aws_(?:access_key_id|secret_access_key)\s*=/i;
  return text.replace(name, '').replace(/^[\s"'“”‘’]+|[\s"'“”‘’]+$/g, '');
}
