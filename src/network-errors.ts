/** The network's error codes, for whoever is called: STS or a proxy. */

import type { CaBundle } from './ca-bundle.ts';
import { quoteOutside } from './visible.ts';

/** The code of the error where no connection came about in time. */
export const connectTimeoutCode = 'CONNECT_TIMEOUT';

/** What is said of a host to which no connection came about. */
export const neverConnected: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ENOTFOUND: 'cannot be found by name',
  EAI_AGAIN: 'cannot be found by name at the moment',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached: is there a network',
  EHOSTDOWN: 'cannot be reached',
  EADDRNOTAVAIL: 'cannot be reached',
  [connectTimeoutCode]: 'did not answer within 5 s',
};

export function isCertificateError(code: string): boolean {
  return /^(CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|ERR_SSL_|EPROTO)/.test(code);
}

/** What to look at where a certificate is not trusted. */
export function certificateAdvice(caBundle: CaBundle | undefined): string {
  return caBundle
    ? `the certificates of ${quoteOutside(caBundle.file)} alone count: is that of who signed it among them?`
    : 'where a company checks encrypted traffic, point AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS at its certificate;';
}

/** The error's code; an empty text where it has none. */
export function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  // A host with several addresses fails with the errors of all of them.
  return errors?.[0] ? codeOf(errors[0]) : '';
}
