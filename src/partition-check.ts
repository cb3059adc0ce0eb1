/** Whether device, roles and region belong to one partition: AWS's partitions know nothing of each other. */

import { isUserError, UserError } from './errors.ts';
import { type PartitionName, partitionOfArn, partitionOfRegion } from './partition.ts';
import { findDevice, findSetting, type Profile } from './settings.ts';
import { quoteOutside } from './visible.ts';

/** Something that belongs to a partition. */
interface Member {
  what: string;
  partition: PartitionName;
}

/**
 * Refuses a device, a role and a region of different partitions, for which a code would be spent in vain.
 *
 * @param serial `--serial`.
 * @param region `--region`.
 * @throws {UserError} naming the two that do not belong together.
 */
export function checkPartitions(profile: Profile, serial?: string, region?: string): void {
  const [first, ...others] = [...deviceOf(profile, serial), ...rolesOf(profile), ...regionOf(profile, region)];
  const foreign = others.find(({ partition }) => partition !== first?.partition);
  if (!first || !foreign) return;
  throw new UserError(
    `${foreign.what} belongs to the partition ${foreign.partition}, but ${first.what} to ${first.partition}`,
    { hint: `name only what belongs to ${first.partition}, or only what belongs to ${foreign.partition}` },
  );
}

function deviceOf(profile: Profile, serial: string | undefined): Member[] {
  const found = serial === undefined ? findDevice(profile) : undefined;
  const partition = partitionOfArn(serial ?? found?.value);
  return partition ? [{ what: found ? `the device at ${found.place}` : 'the device of --serial', partition }] : [];
}

/** The role of the profile, and those of the profiles whose sessions assume it. */
function rolesOf(profile: Profile): Member[] {
  const role = profile.own.get('role_arn');
  const partition = profile.base && partitionOfArn(role?.value);
  const base = profile.base?.();
  const own = role && partition ? [{ what: `role_arn at ${role.place}`, partition }] : [];
  return base && !isUserError(base) ? [...own, ...rolesOf(base)] : own;
}

function regionOf(profile: Profile, asked: string | undefined): Member[] {
  if (asked !== undefined) return [{ what: `the region ${asked}`, partition: partitionOfRegion(asked) }];
  const found = findSetting(profile, 'region');
  return found
    ? [{ what: `the region ${quoteOutside(found.value)} at ${found.place}`, partition: partitionOfRegion(found.value) }]
    : [];
}
