/** Which region a session is for: the one to export, and the one whose STS is called. */

import { type Environment, isOwnRegion, regionVariables, userRegion } from './environment.ts';
import { usage } from './errors.ts';
import { defaultRegionOf, isRegionName, type PartitionName, partitionOfRegion } from './partition.ts';

interface RegionChoice {
  /** `--region`. */
  asked: string | undefined;
  /** The region of the profile, else of its source. */
  ofProfile: string | undefined;
  /** The partition of the MFA device, where it is known. */
  partition: PartitionName | undefined;
}

/** The region to export; nothing where the region variables are the user's, or no region is known. */
export function regionToExport(choice: RegionChoice, env: Environment): string | undefined {
  if (choice.asked) return choice.asked;
  const users = userRegion(env);
  return users === undefined || isForeign(users, choice) ? choice.ofProfile : undefined;
}

/**
 * The region to call. What the environment says counts last, and not at all where it is mfa-env's own export for another
 * profile or belongs to another partition.
 *
 * @throws {UserError} status 2, where the environment's region is needed and is none.
 */
export function regionToCall(choice: RegionChoice, env: Environment): string {
  return (
    choice.asked ?? choice.ofProfile ?? regionOfEnvironment(choice, env) ?? defaultRegionOf(choice.partition ?? 'aws')
  );
}

function regionOfEnvironment(choice: RegionChoice, env: Environment): string | undefined {
  for (const name of regionVariables) {
    const region = env[name];
    if (!region || isOwnRegion(region, env)) continue;
    if (!isRegionName(region)) throw usage(`${name} is not a region`, 'a region is written like eu-west-1');
    if (!isForeign(region, choice)) return region;
  }
  return undefined;
}

/** Whether a region lies in another partition than the session. A hardware device's serial number names none. */
function isForeign(region: string, choice: RegionChoice): boolean {
  const known = choice.asked ?? choice.ofProfile;
  const partition = choice.partition ?? (known && partitionOfRegion(known));
  return partition !== undefined && partitionOfRegion(region) !== partition;
}
