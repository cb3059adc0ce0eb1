/** How AWS is asked whose keys are. */

import { findEndpoint } from './endpoint.ts';
import { partitionOfArn } from './partition.ts';
import { regionToCall } from './region.ts';
import { describeRoute, findRoute } from './route.ts';
import type { Keys } from './settings.ts';
import type { Plan } from './setup-plan.ts';
import type { SetupRequest } from './setup-request.ts';
import type { World } from './world.ts';

/** Asks AWS whose the keys are. @throws {UserError} with `keysRefused` where others may help. */
export type Check = (keys: Keys) => Promise<string>;

/** Finds out how STS is reached, and says so where that is not as usual. @returns what asks it whose keys are. */
export async function prepareCheck(
  { name, settings, region: ofProfile, device }: Plan,
  request: SetupRequest,
  say: (line: string) => void,
  world: World,
): Promise<Check> {
  const { env } = world;
  const partition = partitionOfArn(request.serial ?? device?.value);
  const region = regionToCall({ asked: request.region, ofProfile, partition }, env);
  const endpoint = findEndpoint(settings, region, request.endpointUrl, env);
  const route = await findRoute(endpoint.url, settings, env);
  const toKnow = describeRoute(endpoint, route);
  // Where keys and codes go is never silenced.
  if (toKnow) world.say(toKnow);
  return async (keys) => {
    const { getIdentity } = await import('./sts.ts');
    return getIdentity({ profileName: name, source: keys, region, endpoint: endpoint.url, route, say });
  };
}
