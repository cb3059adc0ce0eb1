/**
 * As whom root writes. A user could swap what root makes in a folder of his for a link to a file of root's. So root takes the
 * user's place before it touches anything there: then a link leads no further than the user gets without root.
 */

import { getegid, geteuid, getgroups, getuid, setegid, seteuid, setgroups } from 'node:process';
import { findOwnerOnWay } from './trust.ts';

/**
 * Does work on files below a folder: if root does it, with the user and group of the first owner on the way who is not root.
 *
 * @param path Something in that folder, whether it exists or not.
 * @param work Has to be done when it returns: what it starts would be done as root.
 */
export function asOwner<Result>(path: string, work: () => Result): Result {
  if (getuid?.() !== 0 || geteuid?.() !== 0 || !seteuid || !setegid || !setgroups || !getegid || !getgroups)
    return work();
  const owner = findOwnerOnWay(path);
  if (!owner) return work();
  const [group, groups] = [getegid(), getgroups()];
  // Not root's group, even if the folder has it.
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
