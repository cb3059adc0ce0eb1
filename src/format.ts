/** A session for programs: the JSON of credential_process, or KEY=value lines. */

import type { EnvironmentChange } from './environment.ts';
import { formatExpiry, type Session } from './session.ts';
import type { FormatName } from './session-request.ts';

/** `process`: the object that the SDKs read (Version 1 of their reference guide); `env`: what `docker --env-file` takes. */
export function formatSession(format: FormatName, session: Session, change: EnvironmentChange): string {
  if (format === 'env') return change.set.map(([name, value]) => `${name}=${value}\n`).join('');
  const answer = {
    Version: 1,
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: formatExpiry(session.expiresAt),
  };
  return `${JSON.stringify(answer)}\n`;
}
