/** Sessions that are told apart by a number in each of their parts, so that a mixture of two is seen. */

import type { Session } from '../src/session.ts';

export function sessionOf(number: number): Session {
  const digits = String(number).padStart(10, '0');
  return {
    accessKeyId: `ASIASAVED0${digits}`,
    secretAccessKey: `secret/${digits}`,
    sessionToken: `token/${digits}==`,
    expiresAt: new Date(1_900_000_000_000 + number * 1000),
  };
}

/** The lines of a saved session. */
export function linesOf(number: number): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = sessionOf(number);
  return `aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
aws_session_token = ${sessionToken}
x_security_token_expires = ${expiresAt.toISOString().replace('.000', '')}
`;
}
