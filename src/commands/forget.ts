/** `mfa-env forget PROFILE`: takes the saved session out of the credentials file, and nothing else. */

import { readAwsFiles } from '../aws-files.ts';
import { UserError } from '../errors.ts';
import { readProfile } from '../profile.ts';
import { refuseRecursion } from '../recursion.ts';
import type { Request } from '../request.ts';
import { removeSession } from '../save.ts';
import { readSavedSession } from '../session.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

export async function runForget(request: Extract<Request, { command: 'forget' }>, world: World): Promise<void> {
  refuseRecursion(world.env, request.profile);
  const files = readAwsFiles(world.env);
  const { session, name, taken } = readProfile(files, request.profile);
  const path = quoteOutside(files.credentials.path);
  const report = (line: string) => {
    if (!request.quiet) world.report(line);
  };
  const { credentials } = session.ofFiles;
  // Another profile's session is not this one's.
  if (taken) return report(`There is no saved session of ${quoteOutside(name)} in ${path}`);
  if (!readSavedSession(credentials)) {
    if (credentials.get('aws_session_token')) {
      throw new UserError(`the keys in [${session.name}] in ${path} are not a session that mfa-env saved`, {
        hint: 'take them out by hand, if nothing else needs them',
      });
    }
    return report(`There is no saved session of ${quoteOutside(name)} in ${path}`);
  }
  await removeSession({
    path: files.credentials.path,
    section: session.name,
    before: files.credentials,
    say: world.say,
    onInterrupt: world.onInterrupt,
  });
  report(`Removed the saved session of ${quoteOutside(name)} from ${path}`);
}
