/** What the URL of an STS must look like, whoever names it. */

import type { Found } from './aws-files.ts';
import { UserError } from './errors.ts';
import { bareUrl, quoteOutside } from './visible.ts';

/**
 * Reads the URL of an STS.
 *
 * @param wrong Makes an error of what stands behind the name of the place, such as `is not a URL`.
 * @throws what `wrong` makes, where it is none, holds more than a host and a path, or is not encrypted beyond this machine.
 */
export function parseEndpointUrl(text: string, wrong: (what: string) => Error): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname)
    throw wrong('is not a URL such as https://sts.eu-west-1.amazonaws.com');
  if (url.username || url.password || url.search || url.hash)
    throw wrong('must not hold a user, a password, a query or a fragment');
  if (url.protocol === 'http:' && !isLoopback(url)) throw wrong(`${bareUrl(url)} is not encrypted: use https`);
  return url;
}

/** Whether a URL stays on this machine. */
export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

/** The error for a host in a file that only a variable names: the author of an `.envrc` can write both. */
export function namedFromOutside({ place, value }: Found): UserError {
  const url = URL.canParse(value) ? bareUrl(new URL(value)) : quoteOutside(value);
  return new UserError(
    `${place}: endpoint_url names ${url}, and does not count: only a variable names that file, and it is outside ~/.aws`,
    { hint: 'move the line to a file in ~/.aws, or call with --endpoint-url' },
  );
}
