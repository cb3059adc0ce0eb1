/** The settings of a profile that tools would lose with AWS_PROFILE, as variables of the environment. */

import type { Found } from './aws-files.ts';
import { isLoopback, namedFromOutside, parseEndpointUrl } from './endpoint-url.ts';
import { type Environment, settingVariables } from './environment.ts';
import { UserError } from './errors.ts';
import { expandHome } from './home.ts';
import type { Profile } from './settings.ts';
import { quoteOutside } from './visible.ts';

type Key = keyof typeof settingVariables;

const keys = Object.keys(settingVariables) as Key[];

const readers: Record<Key, (found: Found, env: Environment) => string> = {
  use_fips_endpoint: readSwitch,
  use_dualstack_endpoint: readSwitch,
  ca_bundle: readPath,
  endpoint_url: readUrl,
};

// What a URL may hold by RFC 3986, without user, query and fragment. JavaScript's URL drops or changes other characters.
const urlForm = /^https?:\/\/[\w.~:/[\]!$&'()*+,;=%-]+$/i;

const longestPath = 4096;

/**
 * Reads the settings in the profile's own sections: AWS's tools look at no source for them.
 *
 * @throws {UserError} for a value that AWS's tools would refuse, or would each read differently.
 */
export function readExportedSettings({ own }: Pick<Profile, 'own'>, env: Environment): [name: string, value: string][] {
  const ignoresUrls = own.get('ignore_configured_endpoint_urls')?.value.toLowerCase() === 'true';
  return keys.flatMap((key): [string, string][] => {
    const found = own.get(key);
    if (!found || (key === 'endpoint_url' && ignoresUrls)) return [];
    return [[settingVariables[key], readers[key](found, env)]];
  });
}

/** `false` counts too: without it tools would take what `[default]` says. */
function readSwitch(found: Found): string {
  const value = found.value.toLowerCase();
  if (value === 'true' || value === 'false') return value;
  throw new UserError(`${found.place}: ${quoteOutside(found.value)} is neither true nor false`, {
    hint: 'write true or false in that line',
  });
}

/** A leading `~/` means HOME, which AWS's tools do not know. */
function readPath(found: Found, env: Environment): string {
  const path = expandHome(env, found.value);
  if (path.length <= longestPath && !/[\p{C}\p{Zl}\p{Zp}\ufffd]/u.test(path)) return path;
  throw new UserError(`${found.place}: ca_bundle is not a path: ${quoteOutside(found.value)}`, {
    hint: 'name a file with certificates in PEM form',
  });
}

function readUrl(found: Found): string {
  const { value, place } = found;
  const refuse = (what: string) =>
    new UserError(`${place}: endpoint_url ${what}`, { hint: 'write a URL such as https://HOST in that line' });
  const url = parseEndpointUrl(value, refuse);
  if (found.isOutside && !isLoopback(url)) throw namedFromOutside(found);
  if (!urlForm.test(value)) throw refuse('has characters that no URL has');
  return value;
}
