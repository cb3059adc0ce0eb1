/**
 * As which user root writes. A user can replace what root makes in the user's own folder with a link to a file that belongs to root.
 * So root takes the user's rights before it touches anything there: then no link leads further than the user gets without root.
 */

import { getegid, geteuid, getgroups, getuid, setegid, seteuid, setgroups } from 'node:process';
import { findOwnerOnWay } from './trust.ts';

/**
 * Does work on files below a folder: if root does it, with the user and group of the first owner on the way who is not root.
 *
 * @param path Something in that folder, whether it exists or not.
 * @param work Must be finished when it returns: what it only starts would be done as root.
 */
export function asOwner<Result>(path: string, work: () => Result): Result {
  if (getuid?.() !== 0 || geteuid?.() !== 0 || !seteuid || !setegid || !setgroups || !getegid || !getgroups)
    return work();
  const owner = findOwnerOnWay(path);
  if (!owner) return work();
  const [group, groups] = [getegid(), getgroups()];
  // Never root's group, even if the folder has it.
  const theirs = owner.gid === 0 ? owner.uid : owner.gid;
  try {
    setgroups([theirs]);
    setegid(theirs);
    seteuid(owner.uid);
    acting = owner.uid;
    return work();
  } finally {
    acting = undefined;
    seteuid(0);
    setegid(group);
    setgroups(groups);
  }
}

let acting: number | undefined;

/** The user as whom files are changed now; undefined on Windows. */
export function actingUid(): number | undefined {
  return acting ?? getuid?.();
}
