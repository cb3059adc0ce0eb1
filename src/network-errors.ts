/** The network's error codes, for whoever is called: STS or a proxy. */

import type { CaBundle } from './ca-bundle.ts';
import { asWord } from './typed.ts';

/** The code of the error where no connection came about in time. */
export const connectTimeoutCode = 'CONNECT_TIMEOUT';

/** The code of the error if a connection to this machine ended at another one. */
export const notLoopbackCode = 'NOT_LOOPBACK';

/** The code of the error where an answer is longer than any of STS's. */
export const answerTooLongCode = 'ANSWER_TOO_LONG';

/** What is said of a host to which no connection came about. */
export const neverConnected: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ENOTFOUND: 'cannot be found by name',
  EAI_AGAIN: 'cannot be found by name at the moment',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached: is there a network',
  EHOSTDOWN: 'cannot be reached',
  EADDRNOTAVAIL: 'cannot be reached',
  [notLoopbackCode]: 'leads to another machine, not to this one',
  [connectTimeoutCode]: 'did not answer within 5 s',
};

/** Whether a certificate does not vouch for the other side: OpenSSL's codes (its verify manual), and Node's own. */
export function isCertificateError(code: string): boolean {
  return /^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/.test(
    code,
  );
}

/** Whether encryption could not be agreed on. */
export function isTlsError(code: string): boolean {
  return /^(EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code) && !isCertificateError(code);
}

/** What is said of a host then, and what to look at. */
export const noTls = 'does not agree on tls';
export const tlsAdvice = 'is that an https server? does a proxy or a firewall stand in between?';

/** What to look at where a certificate is not trusted. */
export function certificateAdvice(caBundle: CaBundle | undefined, code = ''): string {
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return "is this machine's clock right? if it is, whoever manages the host has to renew the certificate;";
  }
  if (/ALTNAME|HOSTNAME/.test(code)) {
    return 'it is of another host: is the name right, or does a hotel or a proxy answer in its place?';
  }
  return caBundle
    ? `the certificates of ${asWord(caBundle.file)} alone count: is that of who signed it among them?`
    : 'where a company checks encrypted traffic, point AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS at its certificate;';
}

/** The error's code; an empty text where it has none. */
export function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  // A host with several addresses fails with the errors of all of them.
  return errors?.[0] ? codeOf(errors[0]) : '';
}
