/** `mfa-env setup [PROFILE]`: makes the two sections for a newcomer, by asking, and gets the first session. */

import { lookUp, readAwsFiles } from '../aws-files.ts';
import { findEndpoint } from '../endpoint.ts';
import { exitStatuses, isUserError, UserError, usage } from '../errors.ts';
import { holdsLongLivedKeys } from '../keys.ts';
import { lineToType } from '../line-to-type.ts';
import { checkNodeDebug } from '../node-debug.ts';
import { obtainSession } from '../obtain.ts';
import { partitionOfArn } from '../partition.ts';
import { readProfile } from '../profile.ts';
import { ask, askWhether } from '../questions.ts';
import { refuseRecursion } from '../recursion.ts';
import { regionToCall } from '../region.ts';
import { describeRoute, findRoute } from '../route.ts';
import { checkPlace, rewriteSections } from '../save.ts';
import type { SessionChoice } from '../session-request.ts';
import { getDevice, getRegion, getSave } from '../setup-answers.ts';
import { agreeToReplace, type Check, describeIdentity, getKeys } from '../setup-keys.ts';
import { editsOf, type Plan, planSetup, shortId } from '../setup-plan.ts';
import { parseProfileName, type SetupRequest } from '../setup-request.ts';
import { isStdinTerminal } from '../stdin-line.ts';
import type { Terminal } from '../terminal.ts';
import { checkTurnPlace } from '../turn.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

export async function runSetup(request: SetupRequest, outside: World): Promise<void> {
  const world = saysOnce(outside);
  refuseRecursion(world.env, request.profile ?? 'prod');
  checkNodeDebug(world.env.NODE_DEBUG);
  if (request.secretStdin && isStdinTerminal()) {
    throw usage('--secret-stdin is for a pipe or a file: a terminal would show the secret', 'leave it out to be asked');
  }
  const { openTerminal } = await import('../terminal.ts');
  const terminal = request.prompt ? await openTerminal(world.runPs) : undefined;
  let plan: Plan;
  let isSaved: boolean;
  try {
    const name = request.profile ?? (await askForProfile(request, terminal, world));
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
  terminal: Terminal | undefined,
  world: World,
): Promise<boolean> {
  const { name, source, files } = plan;
  const { path } = files.credentials;
  const say = (line: string) => request.quiet || world.say(line);
  const sections = [...new Set([name, source])];
  checkPlace(path, sections);
  checkTurnPlace(path, name);
  if (!terminal) await refuseMissing(plan, request);
  const check = await prepareCheck(plan, request, say, world);
  const move = plan.keys.from === 'profile' && (await agreeToMove(plan, request, terminal));
  const checked = await getKeys(plan, request, terminal, check, world);
  const tell = terminal ? (line: string) => terminal.tell(`mfa-env: ${line}`) : say;
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
  await rewriteSections({ path, sections, edits, before: files.credentials, say, onInterrupt: world.onInterrupt });
  const written = [...new Set(edits.map((edit) => `[${'to' in edit ? edit.to : edit.section}]`))].join(' and ');
  if (written && !request.quiet) world.report(`Wrote ${written} to ${quoteOutside(path)}`);
  return answers.save;
}

/** PROFILE: what the environment names, else `default` where it holds keys, else README's own. */
async function askForProfile(request: SetupRequest, terminal: Terminal | undefined, { env }: World): Promise<string> {
  if (!terminal) throw missing(['PROFILE'], request);
  const holdsKeys = holdsLongLivedKeys(lookUp(readAwsFiles(env), 'default'));
  const proposed = env.AWS_PROFILE || env.MFA_ENV_PROFILE || (holdsKeys ? 'default' : 'prod');
  return ask(terminal, 'Profile', { shown: quoteOutside(proposed), value: proposed }, parseProfileName);
}

/** @throws {UserError} status 3, where something is neither said nor there, and nobody can be asked. */
async function refuseMissing({ keys, device, codeProcess }: Plan, request: SetupRequest): Promise<void> {
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

function missing(needed: string[], { prompt }: SetupRequest): UserError {
  const why = prompt ? 'there is no terminal in whose foreground to do so' : '--no-prompt forbids it';
  return new UserError(`setup has to ask, and ${why}`, {
    hint: `give ${needed.join(', ')}`,
    exitStatus: exitStatuses.codeNeeded,
  });
}

/** Finds out how STS is reached, and says so where that is not as usual. @returns what asks it whose keys are. */
async function prepareCheck(
  { name, settings, region: ofProfile, device }: Plan,
  request: SetupRequest,
  say: (line: string) => void,
  { env }: World,
): Promise<Check> {
  const partition = partitionOfArn(request.serial ?? device);
  const region = regionToCall({ asked: request.region, ofProfile, partition }, env);
  const endpoint = findEndpoint(settings, region, request.endpointUrl, env);
  const route = await findRoute(endpoint.url, settings, env);
  const toKnow = describeRoute(endpoint, route);
  if (toKnow) say(toKnow);
  return async (keys) => {
    const { getIdentity } = await import('../sts.ts');
    return getIdentity({ profileName: name, source: keys, region, endpoint: endpoint.url, route, say });
  };
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

/** @throws {UserError} where there is none: what to type then stands in the hint. */
async function getFirstSession({ name }: Plan, request: SetupRequest, world: World): Promise<void> {
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
    const later = `the sections are there: try again with ${await lineFor(`${quoteOutside(name)} --save`, world)}`;
    throw new UserError(message, { hint: hint ? `${hint}; ${later}` : later, exitStatus, cause });
  }
}

async function nextSteps({ name }: Plan, isSaved: boolean, world: World): Promise<string[]> {
  const shown = quoteOutside(name);
  const when = isSaved ? 'in each shell that is to have the session' : 'to get a session';
  if (world.env.MFA_ENV_FUNCTION) return [`type mfa-env ${shown} ${when}`];
  return [
    `type ${await lineFor(shown, world)} ${when}`,
    `with the function of mfa-env init, mfa-env ${shown} is the whole line: mfa-env help init`,
  ];
}

async function lineFor(words: string, world: World): Promise<string> {
  try {
    return lineToType(await world.callingShell(), words);
  } catch (error) {
    if (isUserError(error)) return `mfa-env ${words}`;
    throw error;
  }
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
