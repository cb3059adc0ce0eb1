/** What a proxy refuses, and what becomes of a connection to it, in the user's words. */

import { UserError } from './errors.ts';
import { codeOf, isCertificateError, isTlsError, neverConnected } from './network-errors.ts';
import type { HttpProxy } from './proxy.ts';
import { bareUrl } from './visible.ts';

/** A proxy's answer to CONNECT. */
export interface ConnectAnswer {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
}

/** Whether the tunnel stands. */
export function isTunnel(answer: ConnectAnswer): boolean {
  return answer.statusCode === 200;
}

/**
 * A refusal of CONNECT.
 *
 * @param fate What has become of the code.
 */
export function toConnectError(answer: ConnectAnswer, proxy: HttpProxy, target: string, fate: string): UserError {
  const name = `the proxy ${bareUrl(proxy.url)}`;
  if (answer.statusCode === 407) return toCredentialsError(answer, proxy, name, fate);
  if (!(answer.statusCode >= 100 && answer.statusCode <= 999)) {
    return new UserError(`what answers at ${bareUrl(proxy.url)} is not a proxy`, { hint: checkHint(proxy, fate) });
  }
  return new UserError(`${name} does not connect to ${target} (status ${answer.statusCode})`, {
    hint: `ask whoever manages the proxy, or name the host in NO_PROXY if it is reached without; ${fate}`,
  });
}

function toCredentialsError(answer: ConnectAnswer, proxy: HttpProxy, name: string, fate: string): UserError {
  const schemes = [answer.headers['proxy-authenticate'] ?? []].flat().flatMap(schemesOf);
  if (schemes.length > 0 && !schemes.some((scheme) => scheme.toLowerCase() === 'basic')) {
    return new UserError(`${name} asks for ${schemes.join(', ')}, and Basic alone is spoken`, {
      hint: `ask whoever manages the proxy for another one; ${fate}`,
    });
  }
  const isGiven = proxy.url.username !== '' || proxy.url.password !== '';
  const how = `${proxy.url.protocol}//USER:PASSWORD@${proxy.url.host}, both percent-encoded`;
  return new UserError(`${name} ${isGiven ? 'refused the user and password' : 'wants a user and a password'} (407)`, {
    hint: `put ${isGiven ? 'the right ones' : 'them'} into ${proxy.variable}: ${how}; ${fate}`,
  });
}

/** `Negotiate` and `Basic` of `Negotiate, Basic realm="corp"`: what is followed by = is a parameter (RFC 9110, 11.6.1). */
function schemesOf(offers: string): string[] {
  const parts = offers.replace(/"(?:[^"\\]|\\.)*"?/g, '').split(',');
  return parts.flatMap((part) => /^\s*([\w-]{1,20})(?![\w-]|\s*=)/.exec(part)?.[1] ?? []);
}

/** A connection to the proxy that did not come about, or broke before it had answered. */
export function toProxyError(error: unknown, proxy: HttpProxy, fate: string): UserError {
  const name = `the proxy ${bareUrl(proxy.url)}`;
  const code = codeOf(error);
  if (isTlsError(code)) {
    return new UserError(`${name} does not speak tls (${code})`, {
      hint: `does http:// belong into ${proxy.variable} in place of https://? ${fate}`,
      cause: error,
    });
  }
  if (isCertificateError(code)) {
    return new UserError(`the certificate of ${name} is not to be trusted: ${code}`, {
      hint: `point AWS_CA_BUNDLE at the certificate of whoever vouches for the proxy; ${fate}`,
      cause: error,
    });
  }
  const what = neverConnected[code] ?? `broke the connection${code ? ` (${code})` : ''}`;
  return new UserError(`${name} ${what}`, { hint: checkHint(proxy, fate), cause: error });
}

function checkHint(proxy: HttpProxy, fate: string): string {
  return `check ${proxy.variable}, or unset it where there is no proxy; ${fate}`;
}
