/** `mfa-env setup [PROFILE]`: makes the two sections for a newcomer, by asking, and gets the first session. */

import { isAbsolute } from 'node:path';
import { execArgv } from 'node:process';
import { lookUp, readAwsFiles } from '../aws-files.ts';
import { attempt, isUserError, UserError, usage } from '../errors.ts';
import { getFirstSession, nextSteps } from '../first-session.ts';
import { holdsLongLivedKeys, shortId } from '../keys.ts';
import { checkNodeDebug } from '../node-debug.ts';
import { refuseReadableCalls } from '../node-switches.ts';
import { ask, askWhether } from '../questions.ts';
import { refuseRecursion } from '../recursion.ts';
import { checkPlace, rewriteSections } from '../save.ts';
import { getDevice, getRegion, getSave } from '../setup-answers.ts';
import { describeBeside } from '../setup-beside.ts';
import { prepareCheck } from '../setup-check.ts';
import { agreeToEnd, describeIdentity, getKeys } from '../setup-keys.ts';
import { refuseMissing } from '../setup-missing.ts';
import { editsOf, type Plan, planSetup, refuseSourceName } from '../setup-plan.ts';
import { parseProfileName, type SetupRequest } from '../setup-request.ts';
import { openSetupTerminal, type SetupTerminal } from '../setup-terminal.ts';
import { isStdinTerminal } from '../stdin-line.ts';
import type { Terminal } from '../terminal.ts';
import { checkTurnPlace } from '../turn.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

export async function runSetup(request: SetupRequest, outside: World): Promise<void> {
  const world = saysOnce(outside);
  refuseRecursion(world.env, request.profile ?? 'prod');
  checkNodeDebug(world.env.NODE_DEBUG);
  await refuseReadableCalls(world.env, execArgv);
  if (request.secretStdin && isStdinTerminal()) {
    throw usage('--secret-stdin is for a pipe or a file: a terminal would show the secret', 'leave it out to be asked');
  }
  const terminal = request.prompt ? await openSetupTerminal(world) : undefined;
  let plan: Plan;
  let isSaved: boolean;
  try {
    const name = request.profile ?? (await askForProfile(terminal, world));
    plan = planSetup(readAwsFiles(world.env), name, request);
    isSaved = await makeSections(plan, request, terminal, world);
  } finally {
    terminal?.close();
  }
  if (isSaved) await getFirstSession(plan, request, world);
  if (!request.quiet) for (const line of await nextSteps(plan, isSaved, world)) world.say(`hint: ${line}`);
}

/** Asks and checks; then writes both sections at once. @returns whether the profile's sessions are to be saved. */
async function makeSections(
  plan: Plan,
  request: SetupRequest,
  terminal: SetupTerminal | undefined,
  world: World,
): Promise<boolean> {
  const { name, source, files } = plan;
  const { path } = files.credentials;
  const say = (line: string) => request.quiet || world.say(line);
  const sections = [...new Set([name, source])];
  if (!isAbsolute(path)) {
    throw new UserError(
      `long-term keys are not written to ${quoteOutside(path)}, which is another file in each folder`,
      {
        hint: 'write the whole path into AWS_SHARED_CREDENTIALS_FILE',
      },
    );
  }
  checkPlace(path, sections);
  checkTurnPlace(path, name);
  if (!terminal) await refuseMissing(plan, request);
  const check = await prepareCheck(plan, request, say, world);
  const tell = terminal ? (line: string) => terminal.tell(`mfa-env: ${line}`) : say;
  const toKnow = describeBeside(plan, request.move);
  if (toKnow) tell(toKnow);
  const move =
    plan.keys.from === 'profile' ? await agreeToMove(plan, request, terminal) : Boolean(plan.beside) && request.move;
  if (move || plan.keys.from === 'user') await agreeToEnd(plan, terminal, world.now());
  const checked = await getKeys(plan, request, terminal, check, world);
  for (const line of describeIdentity(checked)) tell(line);
  const answers = {
    keys: checked.keys,
    isNew: checked.isNew,
    move,
    device: await getDevice(plan, request, checked.identity, terminal),
    region: await getRegion(plan, request, checked.identity, terminal, world),
    save: await getSave(plan, request, terminal),
  };
  const edits = editsOf(plan, answers);
  await rewriteSections({
    path,
    sections,
    edits,
    before: files.credentials,
    say: world.say,
    onInterrupt: world.onInterrupt,
  });
  const written = [...new Set(edits.map((edit) => `[${'to' in edit ? edit.to : edit.section}]`))].join(' and ');
  if (written && !request.quiet) world.report(`Wrote ${written} to ${quoteOutside(path)}`);
  return answers.save;
}

/** PROFILE: what the environment names; where the user can be asked, else `default` where it holds keys, else README's own. */
async function askForProfile(terminal: Terminal | undefined, { env }: World): Promise<string> {
  if (!terminal) return readProfileName(env);
  const holdsKeys = holdsLongLivedKeys(lookUp(readAwsFiles(env), 'default'));
  const ofShell = [env.AWS_PROFILE, env.MFA_ENV_PROFILE].find(
    (name) => name && !isUserError(attempt(() => parseName(name))),
  );
  const proposed = ofShell ?? (holdsKeys ? 'default' : 'prod');
  return ask(terminal, 'Profile', { shown: quoteOutside(proposed), value: proposed }, parseName);
}

function readProfileName({ AWS_PROFILE, MFA_ENV_PROFILE }: World['env']): string {
  const name = AWS_PROFILE || MFA_ENV_PROFILE;
  if (!name) throw usage('no profile was named, and nobody can be asked', 'mfa-env setup PROFILE, or set AWS_PROFILE');
  return parseName(name);
}

function parseName(text: string): string {
  const name = parseProfileName(text);
  refuseSourceName(name);
  return name;
}

/** Whether the keys in the profile may move to the source. */
async function agreeToMove(
  { name, source, keys }: Plan,
  request: SetupRequest,
  terminal: Terminal | undefined,
): Promise<boolean> {
  if (request.move || !terminal || !('keys' in keys)) return request.move;
  terminal.tell(
    `mfa-env: [${name}] holds the long-lived key ${shortId(keys.keys)}; mfa-env keeps sessions there, and keys in [${source}]`,
  );
  terminal.tell(`mfa-env: whatever uses the keys of ${name} gets its sessions then, and nothing once one has expired`);
  return askWhether(terminal, `Move the key to [${source}]?`, undefined);
}

/** How STS is reached is the same for both calls: what has been said is not said again. */
function saysOnce(world: World): World {
  const said = new Set<string>();
  return Object.create(world, {
    say: {
      value(line: string) {
        if (!said.has(line)) world.say(line);
        said.add(line);
      },
    },
  });
}
