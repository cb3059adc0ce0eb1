/** What is used to reach STS: a proxy, and the certificates that count. Neither is loaded where neither is set. */

import { config, execArgv } from 'node:process';
import type { CaBundle } from './ca-bundle.ts';
import type { Endpoint } from './endpoint.ts';
import { type Environment, userEnvironment } from './environment.ts';
import { findTrustChanges } from './node-switches.ts';
import type { HttpProxy } from './proxy.ts';
import { findSetting, type Settings } from './settings.ts';
import { bareUrl, quoteOutside } from './visible.ts';

export interface Route {
  proxy?: HttpProxy | undefined;
  /** The certificates that count in place of Node's. */
  caBundle?: CaBundle | undefined;
  /** Node's switches that change whom it trusts. */
  trustChanges?: string[];
}

/**
 * Finds the way to an endpoint: by HTTPS_PROXY and NO_PROXY, and by AWS_CA_BUNDLE, else `ca_bundle` of the profile.
 *
 * An encrypted STS on this machine is no exception, as in curl and botocore: NO_PROXY names it. Plain http, which is for this
 * machine alone, goes past the proxy, and has no certificates.
 *
 * @throws {UserError} status 2 where the proxy is none, status 1 where the bundle holds no certificate.
 */
export async function findRoute(url: URL, profile: Settings, env: Environment): Promise<Route> {
  if (url.protocol !== 'https:') return {};
  return {
    proxy: await findProxy(url, env),
    caBundle: await findCaBundle(profile, env),
    trustChanges: findTrustChanges(env, execArgv, isOpensslDefault()),
  };
}

/** Whether Node was built to trust OpenSSL's certificates, as Debian's is. */
function isOpensslDefault(): boolean {
  const defaults = config.target_defaults as { defines?: string[] } | undefined;
  return defaults?.defines?.includes('NODE_OPENSSL_CERT_STORE') ?? false;
}

/**
 * ALL_PROXY does not count, as in botocore, which asks for the scheme's own variable alone. Lower case wins, though it be
 * empty, as in botocore too.
 */
async function findProxy(url: URL, env: Environment): Promise<HttpProxy | undefined> {
  const variable = env.https_proxy === undefined ? 'HTTPS_PROXY' : 'https_proxy';
  const text = env[variable]?.trim();
  if (!text) return undefined;
  const { isProxied, parseProxy } = await import('./proxy.ts');
  return isProxied(url, env.no_proxy ?? env.NO_PROXY ?? '') ? parseProxy(text, variable) : undefined;
}

async function findCaBundle(profile: Settings, env: Environment): Promise<CaBundle | undefined> {
  const { AWS_CA_BUNDLE: ofUser } = userEnvironment(env);
  const inFiles = ofUser ? undefined : findSetting(profile, 'ca_bundle');
  const path = ofUser || inFiles?.value;
  if (!path) return undefined;
  const { readCaBundle } = await import('./ca-bundle.ts');
  return readCaBundle(path, inFiles ? `${inFiles.place}: ca_bundle` : 'AWS_CA_BUNDLE', env);
}

/** What the user should know of who is called and how; nothing where AWS is called as anybody would. */
export function describeRoute(
  { url, isAws }: Endpoint,
  { proxy, caBundle, trustChanges = [] }: Route,
): string | undefined {
  const parts = [
    ...(isAws ? [] : [`at ${bareUrl(url)}, which is not aws`]),
    ...(proxy ? [`through the proxy ${bareUrl(proxy.url)}`] : []),
    ...(caBundle ? [`with the certificates of ${quoteOutside(caBundle.file)}`] : []),
    ...(trustChanges.length > 0 ? [`with ${trustChanges.join(' and ')}, which changes whom Node trusts`] : []),
  ];
  return parts.length > 0 ? `sts is called ${parts.join(', ')}` : undefined;
}
