/** Long-lived keys in a profile whose keys come from elsewhere already: AWS's own tools take these. */

import type { ProfileValues } from './aws-files.ts';
import { attempt, isUserError, UserError } from './errors.ts';
import { holdsLongLivedKeys, isSamePair, readLongLivedKeys, shortId } from './keys.ts';
import { sessionSuffix } from './profile.ts';
import type { Keys } from './settings.ts';
import type { KeyPlan, Plan } from './setup-plan.ts';
import { optionWith, typed } from './typed.ts';

/** The keys that stand in the profile itself, where they are not those that are to be used from there. */
export function findBeside(own: ProfileValues, keys: KeyPlan): Keys | undefined {
  if (keys.from === 'profile' || !holdsLongLivedKeys(own)) return undefined;
  const found = attempt(() => readLongLivedKeys(own));
  return isUserError(found) ? undefined : found;
}

/** @throws {UserError} where they are others than those of the source, which a move would overwrite. */
export function checkMove(beside: Keys, keys: KeyPlan, source: string): void {
  if (isInSource(beside, keys)) return;
  throw new UserError(
    `[${beside.name}] holds the long-lived key ${shortId(beside)}, which is not that of [${source}]: it cannot move there`,
    { hint: 'take the one that is not wanted out by hand, or leave --move out' },
  );
}

/** What the user should know of them; nothing where there are none, or where they go. */
export function describeBeside({ beside, keys, source }: Plan, move: boolean): string | undefined {
  if (!beside || move) return undefined;
  const { name } = beside;
  const sessions = `sessions are saved in [${name}${sessionSuffix}]`;
  return isInSource(beside, keys)
    ? `warning: [${name}] holds the key ${shortId(beside)} as [${source}] does, so ${sessions}: --move takes it out of [${name}]`
    : `warning: [${name}] holds another long-lived key, ${shortId(beside)}, which ${typed`aws ${optionWith('--profile', name)}`} goes on to use, and ${sessions}`;
}

function isInSource(beside: Keys, keys: KeyPlan): boolean {
  return keys.from === 'source' && isSamePair(keys.keys, beside);
}
