/** What setup would have to ask for, where nobody can be asked. */

import { exitStatuses, UserError } from './errors.ts';
import { shortId } from './keys.ts';
import { agreeToReplace } from './setup-keys.ts';
import type { Plan } from './setup-plan.ts';
import type { SetupRequest } from './setup-request.ts';

/** @throws {UserError} status 3, where something is neither said nor there, and nobody can be asked. */
export async function refuseMissing({ keys, device, codeProcess }: Plan, request: SetupRequest): Promise<void> {
  const { accessKeyId, secretStdin, serial, save, code } = request;
  const isByUser = keys.from === 'user';
  if (isByUser && keys.replaced && accessKeyId && keys.replaced.accessKeyId !== accessKeyId) {
    await agreeToReplace(keys.replaced, { accessKeyId }, undefined);
  }
  const needed = [
    ...(keys.from === 'profile' && !request.move ? [`--move (the key ${shortId(keys.keys)})`] : []),
    ...(isByUser && accessKeyId === undefined ? ['--access-key-id ID'] : []),
    ...(isByUser && !secretStdin ? ['--secret-stdin'] : []),
    ...(serial === undefined && device === undefined ? ['--serial ID'] : []),
    ...(code === undefined && save !== false && !codeProcess ? ['--code CODE'] : []),
  ];
  if (needed.length > 0) throw missing(needed, request);
}

/** Names the options that would do. */
function missing(needed: string[], { prompt }: SetupRequest): UserError {
  const why = prompt ? 'there is no terminal in whose foreground to do so' : '--no-prompt forbids it';
  return new UserError(`setup has to ask, and ${why}`, {
    hint: `give ${needed.join(', ')}`,
    exitStatus: exitStatuses.codeNeeded,
  });
}
