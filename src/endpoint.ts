/** Which STS is called: AWS's own, or one that somebody with a right to it has named. */

import type { Found } from './aws-files.ts';
import { isLoopback, namedFromOutside, parseEndpointUrl } from './endpoint-url.ts';
import { type Environment, userEnvironment } from './environment.ts';
import { UserError, usage } from './errors.ts';
import { isHostRegion, isStsHost, partitionOfRegion, regionOfFipsName, stsHost } from './partition.ts';
import { findSetting, type Settings } from './settings.ts';
import { asWord } from './typed.ts';
import { bareUrl } from './visible.ts';

export interface Endpoint {
  url: URL;
  /** Whether the host is AWS's own STS of the region's partition. */
  isAws: boolean;
  /** What names it: an option, a variable, a line of the files; nothing where the region alone does. */
  place?: string;
}

/**
 * Finds the endpoint to call: `--endpoint-url`, the environment, the files, else AWS's regional one.
 *
 * The environment can come from anybody whose `.envrc` or script the user runs: a host that it alone names gets neither
 * keys nor codes, unless it is this machine. The same is true for a file outside `~/.aws` that only a variable names. What
 * mfa-env exported for another profile does not count.
 *
 * @throws {UserError} where a URL is none, is not encrypted, or only the environment names it; where the region is none.
 */
export function findEndpoint(
  profile: Settings,
  region: string,
  endpointUrl: string | undefined,
  environment: Environment,
): Endpoint {
  const env = userEnvironment(environment);
  const meant = regionOfFipsName(region);
  if (meant !== undefined) {
    throw new UserError(`${region} is no region of aws: it means ${meant} by fips`, {
      hint: `name ${meant}, and set use_fips_endpoint = true in the profile, or AWS_USE_FIPS_ENDPOINT=true`,
    });
  }
  if (endpointUrl !== undefined) return named(endpointUrl, '--endpoint-url', region);
  const ignored =
    env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS || findSetting(profile, 'ignore_configured_endpoint_urls')?.value;
  if (ignored?.toLowerCase() !== 'true') {
    const inFiles = findEndpointInFiles(profile);
    const fromFiles = inFiles && named(inFiles.value, inFiles.place, region);
    if (inFiles?.isOutside && fromFiles && !fromFiles.isAws && !isLoopback(fromFiles.url))
      throw namedFromOutside(inFiles);
    const fromEnvironment = findEndpointInEnvironment(env, region, fromFiles, profile.configPath);
    if (fromEnvironment ?? fromFiles) return (fromEnvironment ?? fromFiles) as Endpoint;
  }
  const variant = {
    fips: isOn(env.AWS_USE_FIPS_ENDPOINT, findSetting(profile, 'use_fips_endpoint')),
    dualStack: isOn(env.AWS_USE_DUALSTACK_ENDPOINT, findSetting(profile, 'use_dualstack_endpoint')),
  };
  if (!isHostRegion(region)) {
    throw new UserError(`${region} is no region of aws, so its sts has no address`, {
      hint: 'name one such as eu-west-1, with --region or as region in the profile',
    });
  }
  return { url: new URL(`https://${stsHost(region, variant)}`), isAws: true };
}

function findEndpointInFiles(profile: Settings): Found | undefined {
  for (const values of profile.settings()) {
    const services = values.get('services');
    const ofService = services && profile.lookUpServices(services.value).getNested('sts', 'endpoint_url');
    const found = ofService ?? values.get('endpoint_url');
    if (found) return found;
  }
  return undefined;
}

function findEndpointInEnvironment(
  env: Environment,
  region: string,
  fromFiles: Endpoint | undefined,
  configPath: string,
): Endpoint | undefined {
  const variable = (['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL'] as const).find((name) => env[name]);
  if (!variable) return undefined;
  const endpoint = named(env[variable] ?? '', variable, region);
  if (endpoint.isAws || isLoopback(endpoint.url) || endpoint.url.host === fromFiles?.url.host) return endpoint;
  throw new UserError(
    `${variable} alone names ${bareUrl(endpoint.url)}, which is not aws: neither keys nor codes are sent there`,
    {
      hint: `if it is right, call with --endpoint-url, or put endpoint_url into the profile in ${asWord(configPath)}`,
    },
  );
}

function named(text: string, place: string, region: string): Endpoint {
  const url = parseEndpointUrl(text, (what) =>
    place.startsWith('--') || /^[A-Z_]+$/.test(place)
      ? usage(`${place} ${what}`)
      : new UserError(`${place}: endpoint_url ${what}`),
  );
  const isDefaultPort = url.port === '';
  return {
    url,
    isAws: url.protocol === 'https:' && isDefaultPort && isStsHost(url.hostname, partitionOfRegion(region)),
    place,
  };
}

function isOn(variable: string | undefined, setting: Found | undefined): boolean {
  return (variable || setting?.value)?.toLowerCase() === 'true';
}
