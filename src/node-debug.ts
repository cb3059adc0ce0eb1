/** NODE_DEBUG makes Node itself print what is sent, the signature and the session token with it. */

import { UserError } from './errors.ts';

const tellingSections = ['http', 'https', 'http2', 'net', 'tls', 'stream', 'undici', 'fetch'];

/** @throws {UserError} where NODE_DEBUG, a list of names with `*` for anything, covers a part of the network. */
export function checkNodeDebug(nodeDebug: string | undefined): void {
  const patterns = (nodeDebug ?? '').split(/[\s,]+/).filter(Boolean);
  const isTelling = patterns.some((pattern) => {
    const whole = new RegExp(`^${pattern.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
    return tellingSections.some((section) => whole.test(section));
  });
  if (isTelling) {
    throw new UserError('NODE_DEBUG would print keys and tokens, so sts is not called', { hint: 'unset NODE_DEBUG' });
  }
}
