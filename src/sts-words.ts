/** What the words for errors of STS are made of: what was called, what is said in several places, and AWS's own text made fit for it. */

import type { SessionCall } from './sts.ts';
import { quoteOutside } from './visible.ts';

export type Call = Pick<
  SessionCall,
  'profileName' | 'source' | 'mfa' | 'role' | 'durationSeconds' | 'region' | 'endpoint' | 'route'
>;

export interface Words {
  message: string;
  hint: string;
  codeRefused?: boolean;
  keysRefused?: boolean;
}

export const nextCode = 'each code works once: wait for the next one';

/** A text of AWS's without the code, whole key ids and the full stop at its end. */
export function outside(text: string, call: Call): string {
  const { accessKeyId, secretAccessKey, sessionToken } = call.source;
  const clean = [secretAccessKey, sessionToken, call.mfa?.code]
    .reduce<string>((rest, secret) => (secret ? rest.replaceAll(secret, '******') : rest), text)
    .replaceAll(accessKeyId, shortKeyId(accessKeyId))
    .replace(/\b(?:AKIA|ASIA)\w+(\w{4})\b/g, '…$1');
  return quoteOutside(clean.trim().replace(/\.$/, ''));
}

/** The last four characters, where that is not all of it. */
export function shortKeyId(accessKeyId: string): string {
  return accessKeyId.length > 8 ? `…${accessKeyId.slice(-4)}` : '…';
}
