/** What setup asks once AWS has said whose the keys are: device, region, and whether sessions are saved. */

import { lookUpIn } from './aws-files.ts';
import { checkDevice, likelyDevice } from './device.ts';
import { userRegion } from './environment.ts';
import { attempt, isUserError, UserError, usage } from './errors.ts';
import { isHostRegion, isRegionName, partitionOfArn, partitionOfRegion } from './partition.ts';
import { ask, askWhether } from './questions.ts';
import type { Plan } from './setup-plan.ts';
import type { SetupRequest } from './setup-request.ts';
import type { Terminal } from './terminal.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

/** The device: `--serial`, what the user types, or what the files say. @throws {UserError} where it is not the user's. */
export async function getDevice(
  plan: Plan,
  request: SetupRequest,
  identity: string,
  terminal: Terminal | undefined,
): Promise<string> {
  const read = (text: string) => checkAccount(checkDevice(text), identity);
  if (request.serial !== undefined) return readAt('--serial', () => read(request.serial ?? ''));
  const { value: found, place } = plan.device ?? { value: '', place: '' };
  if (!terminal) return readAt(place, () => read(found));
  // A device of the keys' predecessors is none of theirs.
  const isFit = plan.device !== undefined && !isUserError(attempt(() => read(found)));
  const proposed = isFit ? found : likelyDevice(identity);
  return ask(terminal, 'MFA device', proposed ? { shown: quoteOutside(proposed), value: proposed } : undefined, read);
}

/** A device that is there, and whose it is by AWS's answer: status 1, with the place, where that is wrong. */
function readAt(place: string, read: () => string): string {
  const device = attempt(read);
  if (!isUserError(device)) return device;
  const { message, hint = 'name one of that account: --serial ID', cause } = device;
  throw new UserError(`${place}: ${message}`, { hint, cause });
}

function checkAccount(device: string, identity: string): string {
  const [account, keysAccount] = [device, identity].map((arn) => /^arn:[^:]*:[^:]*:[^:]*:(\d+):/.exec(arn)?.[1]);
  if (account !== undefined && account !== keysAccount) {
    throw usage(`that device is in the account ${account}, the keys are of ${keysAccount}`);
  }
  return device;
}

/** The region to write down: `--region`, or what the user types; nothing where there is to be none. */
export async function getRegion(
  plan: Plan,
  request: SetupRequest,
  identity: string,
  terminal: Terminal | undefined,
  { env }: World,
): Promise<string | undefined> {
  if (request.region !== undefined || !terminal) return request.region;
  const partition = partitionOfArn(identity) ?? 'aws';
  const isOfPartition = (region: string) => partitionOfRegion(region) === partition;
  const proposed = [plan.region, userRegion(env), defaultRegion(plan)].find(
    (region) => region !== undefined && isRegionName(region) && isOfPartition(region),
  );
  const question = proposed ? 'Region, - for none' : 'Region, empty for none';
  return ask(terminal, question, proposed ? { shown: proposed, value: proposed } : undefined, (text) => {
    if (text === '' || text === '-') return undefined;
    if (text !== proposed && !isHostRegion(text))
      throw usage('that is no region', 'a region is written like eu-west-1');
    if (!isOfPartition(text)) throw usage(`that region is not in ${partition}, where the keys are`);
    return text;
  });
}

/** What the profile `default` says, where it can be read. */
function defaultRegion({ files }: Plan): string | undefined {
  try {
    return (
      lookUpIn(files.credentials, 'default').get('region')?.value ??
      lookUpIn(files.config, 'default').get('region')?.value
    );
  } catch (error) {
    if (isUserError(error)) return undefined;
    throw error;
  }
}

/** Whether the profile's sessions are to be saved. */
export async function getSave(plan: Plan, request: SetupRequest, terminal: Terminal | undefined): Promise<boolean> {
  // A code that was given is for a session that is saved.
  const known = request.save ?? plan.save ?? (request.code === undefined ? undefined : true);
  if (known !== undefined || !terminal) return known ?? true;
  return askWhether(terminal, 'Save sessions, so that one code is enough for all terminals?', true);
}
