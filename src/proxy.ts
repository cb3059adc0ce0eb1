/** Which proxy the environment names, and for which hosts. */

import { BlockList, isIP } from 'node:net';
import { type UserError, usage } from './errors.ts';

export interface HttpProxy {
  /** With user and password, percent-encoded. */
  url: URL;
  /** The variable that names it, for messages. */
  variable: string;
}

/**
 * Reads a proxy's URL; without a scheme it is http, as in curl and botocore.
 *
 * No message repeats any of it: where a character is not percent-encoded, the password may stand anywhere.
 *
 * @throws {UserError} status 2, where it is no URL of an http or https proxy.
 */
export function parseProxy(text: string, variable: string): HttpProxy {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text.replace(/^\/\//, '')}`;
  // A % that encodes nothing stands for itself, as in curl and botocore.
  const whole = withScheme.replace(/%(?![0-9a-f]{2})/gi, '%25');
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  const encode = 'in user and password write / as %2F, # as %23, ? as %3F, @ as %40, % as %25';
  const wrong = (what: string, hint: string): UserError => usage(`${variable} ${what}`, hint);
  if (url && !/^https?:$/.test(url.protocol)) {
    const scheme = url.protocol.slice(0, -1);
    throw wrong(`names a proxy of the kind ${scheme}, which is not spoken`, 'name an http or https proxy');
  }
  if (!url?.hostname || url.pathname !== '/' || url.search || url.hash) {
    throw wrong('is not the URL of a proxy, such as http://proxy.example.com:3128', encode);
  }
  if (!isDecodable(url.username) || !isDecodable(url.password)) {
    throw wrong('has a user or password that is not percent-encoded UTF-8', encode);
  }
  return { url, variable };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a proxy is used for a URL, by a NO_PROXY list: `*`, a host with all below it (`example.com`, `.example.com`,
 * `*.example.com`), an address or a block of addresses (`10.0.0.0/8`), each with or without a port.
 */
export function isProxied(url: URL, noProxy: string): boolean {
  const host = bareHost(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return !noProxy.split(/[\s,]+/).some((entry) => entry !== '' && covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name = '', entryPort] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [undefined, entry];
  if (entryPort !== undefined && entryPort !== port) return false;
  const covered = bareHost(name.replace(/^\*?\./, ''));
  if (isIP(host)) return isInBlock(host, covered);
  return covered !== '' && (host === covered || host.endsWith(`.${covered}`));
}

/** `::1` of `[::1]`, in lower case, without the dot of a whole name. */
function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

function isInBlock(address: string, block: string): boolean {
  const [, net = '', digits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(block) ?? [];
  const longest = isIP(net) === 4 ? 32 : 128;
  const prefix = Number(digits ?? longest);
  if (!isIP(net) || isIP(net) !== isIP(address) || prefix > longest) return false;
  const family = longest === 32 ? 'ipv4' : 'ipv6';
  const blocks = new BlockList();
  blocks.addSubnet(net, prefix, family);
  return blocks.check(address, family);
}
