/** The session at the end of setup, and what the user types from then on. */

import { readAwsFiles } from './aws-files.ts';
import { isUserError, UserError } from './errors.ts';
import { lineToType, profileWord } from './line-to-type.ts';
import { obtainSession } from './obtain.ts';
import { readProfile } from './profile.ts';
import type { SessionChoice } from './session-request.ts';
import type { Plan } from './setup-plan.ts';
import type { SetupRequest } from './setup-request.ts';
import { asCommand, typed } from './typed.ts';
import type { World } from './world.ts';

/** Gets and saves it. @throws {UserError} where there is none: what to type then stands in the hint. */
export async function getFirstSession(
  { name }: Pick<Plan, 'name'>,
  request: SetupRequest,
  world: World,
): Promise<void> {
  const choice: SessionChoice = {
    usedBy: 'shell',
    profile: name,
    code: request.code,
    serial: undefined,
    source: undefined,
    save: true,
    saveByDefault: true,
    force: true,
    forceSource: true,
    minTtlSeconds: 0,
    durationSeconds: undefined,
    region: undefined,
    endpointUrl: request.endpointUrl,
    prompt: request.prompt,
    quiet: request.quiet,
    onlySaved: false,
  };
  try {
    const { news, failure } = await obtainSession(readProfile(readAwsFiles(world.env), name), choice, world);
    if (failure !== undefined) throw failure;
    if (news && !request.quiet && world.stderrIsTerminal()) world.say(news);
  } catch (error) {
    if (!isUserError(error)) throw error;
    const { message, hint, exitStatus, cause } = error;
    const later = `the sections are there: try again with ${await lineFor(typed`${profileWord(name)} --save`, world)}`;
    throw new UserError(message, { hint: hint ? `${hint}; ${later}` : later, exitStatus, cause });
  }
}

/** @param isSaved Whether there is a saved session now. */
export async function nextSteps({ name }: Pick<Plan, 'name'>, isSaved: boolean, world: World): Promise<string[]> {
  const words = typed`${profileWord(name)}`;
  const short = typed`mfa-env ${profileWord(name)}`;
  const when = isSaved ? 'in each shell that is to have the session' : 'to get a session';
  if (world.env.MFA_ENV_FUNCTION) return [`type ${short} ${when}`];
  return [
    `type ${await lineFor(words, world)} ${when}`,
    `with the function of mfa-env init, ${short} is the whole line: mfa-env help init`,
  ];
}

async function lineFor(words: string, world: World): Promise<string> {
  try {
    return lineToType(await world.callingShell(), words);
  } catch (error) {
    if (isUserError(error)) return asCommand(`mfa-env ${words}`);
    throw error;
  }
}
