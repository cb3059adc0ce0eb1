/** A connection through a proxy, by CONNECT. Alone imports https-proxy-agent. */

import type { RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { CaBundle } from './ca-bundle.ts';
import { lookUpLoopback } from './loopback.ts';

/**
 * What makes a request to a host go through a proxy: encrypted from here to that host, so that the proxy sees its
 * name and port alone.
 *
 * The bundle's certificates count for a proxy that is itself spoken to by TLS too, as in botocore.
 */
export function makeTunnel(proxyUrl: URL, host: string, caBundle: CaBundle | undefined): RequestOptions {
  const trust = { rejectUnauthorized: true, ...(caBundle && { ca: caBundle.certificates }) };
  return {
    protocol: 'https:',
    agent: new HttpsProxyAgent(proxyUrl, {
      ...trust,
      ...(proxyUrl.hostname === 'localhost' && { lookup: lookUpLoopback as LookupFunction }),
    }),
    // Where the host is an address, the library would have the certificate checked for the proxy's name.
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  };
}
