/** `mfa-env forget PROFILE`: removes the profile's saved session from the credentials file, and nothing else. */

import { lookUp, readAwsFiles } from '../aws-files.ts';
import { attempt, isUserError, UserError } from '../errors.ts';
import { readProfile } from '../profile.ts';
import { refuseRecursion } from '../recursion.ts';
import type { Request } from '../request.ts';
import { removeSession } from '../save.ts';
import { findSavedSections } from '../saved-sections.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

export async function runForget(request: Extract<Request, { command: 'forget' }>, world: World): Promise<void> {
  refuseRecursion(world.env, request.profile);
  const files = readAwsFiles(world.env);
  const found = attempt(() => readProfile(files, request.profile));
  const profile = isUserError(found) ? undefined : found;
  // Only a profile that is gone may do without: another error says that its sections cannot be told.
  if (isUserError(found) && lookUp(files, request.profile).exists) throw found;
  const sections = findSavedSections(files, request.profile, profile);
  if (sections.length === 0 && isUserError(found)) throw found;
  const path = quoteOutside(files.credentials.path);
  const shown = quoteOutside(request.profile);
  const report = (line: string) => {
    if (!request.quiet) world.report(line);
  };
  if (sections.length === 0) {
    if (profile && !profile.taken && profile.session.ofFiles.credentials.get('aws_session_token')) {
      throw new UserError(`the keys in [${profile.session.name}] in ${path} are not a session that mfa-env saved`, {
        hint: 'remove them by hand if nothing else needs them',
      });
    }
    return report(`There is no saved session of ${shown} in ${path}`);
  }
  const { say, onInterrupt } = world;
  for (const section of sections) {
    await removeSession({ path: files.credentials.path, section, before: files.credentials, say, onInterrupt });
  }
  report(`Removed the saved session of ${shown} from ${path}`);
}
