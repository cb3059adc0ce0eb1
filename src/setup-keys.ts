/** The long-lived keys of a profile that is set up, and whose they are: found, typed or piped in, and checked with AWS. */

import { parseAccessKeyId, parseSecret } from './access-key.ts';
import { lookUpIn } from './aws-files.ts';
import { isRoot } from './device.ts';
import { formatDuration } from './duration.ts';
import { isUserError, UserError } from './errors.ts';
import { isSamePair, shortId } from './keys.ts';
import { profileWord } from './line-to-type.ts';
import { isPrintedSession, type PrintedSession } from './printed-session.ts';
import { ask, askUntilRight, askWhether } from './questions.ts';
import { readSavedSession, timeLeft } from './session.ts';
import type { Keys } from './settings.ts';
import type { Check } from './setup-check.ts';
import type { Plan } from './setup-plan.ts';
import type { SetupRequest } from './setup-request.ts';
import type { SetupTerminal } from './setup-terminal.ts';
import { readStdinLine } from './stdin-line.ts';
import type { Terminal } from './terminal.ts';
import { typed } from './typed.ts';
import { quoteOutside } from './visible.ts';
import type { World } from './world.ts';

export interface CheckedKeys {
  keys: Keys;
  /** The ARN that AWS gives for them. */
  identity: string;
  /** Whether they are to be written: those that the files hold stay where they are, or move. */
  isNew: boolean;
}

const mostTries = 3;

/**
 * Gets the keys and checks them.
 *
 * @param terminal Nothing where nobody can be asked.
 * @throws {UserError} where AWS refuses them, at the terminal the third ones; where other keys would be overwritten.
 */
export async function getKeys(
  plan: Plan,
  request: SetupRequest,
  terminal: SetupTerminal | undefined,
  check: Check,
  world: World,
): Promise<CheckedKeys> {
  const { keys: there, source } = plan;
  if (there.from === 'command') {
    const { readKeysFromCommand } = await import('./key-command.ts');
    const read = () => readKeysFromCommand(source, there.command, world);
    const keys = await (terminal ? terminal.lend(read) : read());
    if (isPrintedSession(keys)) throw nothingToSetUp(plan, keys);
    return { keys, identity: await check(keys), isNew: false };
  }
  if (there.from === 'profile' || (there.from === 'source' && !(await wantsOthers(there.keys, request, terminal)))) {
    return { keys: there.keys, identity: await check(there.keys), isNew: false };
  }
  const replaced = there.from === 'source' ? there.keys : there.replaced;
  const typed = await typeKeys(source, request, terminal, check, world);
  if (!replaced || isSamePair(replaced, typed.keys)) return { ...typed, isNew: !replaced };
  await agreeToReplace(replaced, typed.keys, terminal);
  return { ...typed, isNew: true };
}

function nothingToSetUp({ name }: Plan, { place }: PrintedSession): UserError {
  const what = `the credential_process at ${place} prints a session, so ${quoteOutside(name)} needs neither an MFA device nor a code`;
  return new UserError(what, { hint: `type ${typed`mfa-env ${profileWord(name)}`}` });
}

/** Whether the user, who has named no key, wants another one than that which is there. */
async function wantsOthers(
  keys: Keys,
  { accessKeyId }: SetupRequest,
  terminal: Terminal | undefined,
): Promise<boolean> {
  if (accessKeyId !== undefined || !terminal) return false;
  return !(await askWhether(terminal, `[${keys.name}] holds the long-lived key ${shortId(keys)}. Use it?`, true));
}

/** What came from standard input is there once; what is typed may be typed again where AWS refuses it. */
async function typeKeys(
  name: string,
  request: SetupRequest,
  terminal: SetupTerminal | undefined,
  check: Check,
  world: World,
): Promise<Omit<CheckedKeys, 'isNew'>> {
  const warn = (line: string) => {
    if (terminal) terminal.tell(`mfa-env: ${line}`);
    else if (!request.quiet) world.say(line);
  };
  const piped = request.secretStdin ? readSecret(await readStdinLine(), warn) : '';
  if (!terminal) return checkKeys({ name, accessKeyId: request.accessKeyId ?? '', secretAccessKey: piped }, check);
  for (let tries = 1, proposed = request.accessKeyId; ; tries += 1) {
    const isGiven = tries === 1 && request.accessKeyId !== undefined;
    const accessKeyId = isGiven ? (proposed as string) : await askForId(terminal, proposed);
    proposed = accessKeyId;
    const secretAccessKey =
      piped ||
      (await askUntilRight(
        terminal,
        () => terminal.askUnseen('Secret access key (it is not shown): '),
        (line) => readSecret(line, warn),
      ));
    try {
      const checked = await checkKeys({ name, accessKeyId, secretAccessKey }, check);
      // Who sees nothing pastes the secret twice: it would be taken for the device, and shown.
      terminal.forgetEarly();
      return checked;
    } catch (error) {
      if (!isUserError(error) || !error.keysRefused || piped || tries === mostTries) throw error;
      terminal.tell(`mfa-env: ${error.message}: ${error.hint}`);
    }
  }
}

async function checkKeys(keys: Keys, check: Check): Promise<Omit<CheckedKeys, 'isNew'>> {
  try {
    return { keys, identity: await check(keys) };
  } catch (error) {
    if (!isUserError(error) || !error.keysRefused) throw error;
    const isKnown = error.cause instanceof Error && error.cause.name === 'SignatureDoesNotMatch';
    const hint = isKnown
      ? 'copy the id and the secret again: the secret is often cut off'
      : 'copy the id again, or make a new key; one of another partition wants its region: --region us-gov-west-1, cn-north-1';
    throw new UserError(error.message, { hint, keysRefused: true, cause: error.cause });
  }
}

function readSecret(text: string, warn: (line: string) => void): string {
  const { secret, warning } = parseSecret(text);
  if (warning) warn(`warning: ${warning}`);
  return secret;
}

function askForId(terminal: Terminal, proposed: string | undefined): Promise<string> {
  const proposal = proposed === undefined ? undefined : { shown: shortId({ accessKeyId: proposed }), value: proposed };
  return ask(terminal, 'Access key id', proposal, parseAccessKeyId);
}

/** @throws {UserError} where the user does not agree, or cannot be asked. */
export async function agreeToReplace(
  replaced: Keys,
  keys: Pick<Keys, 'accessKeyId'>,
  terminal: Terminal | undefined,
): Promise<void> {
  const isSameId = replaced.accessKeyId === keys.accessKeyId;
  const what = isSameId
    ? `[${replaced.name}] holds another secret of the key ${shortId(replaced)}`
    : `[${replaced.name}] holds another long-lived key, ${shortId(replaced)}`;
  const question = isSameId
    ? `${what}. Replace it by the one that aws takes?`
    : `${what}. Overwrite it with ${shortId(keys)}? It may stand nowhere else.`;
  if (terminal && (await askWhether(terminal, question, false))) return;
  throw stays(`${what}, which`);
}

/** The same for a saved session that lives where the keys are to stand. @throws {UserError} where the user does not agree, or cannot be asked. */
export async function agreeToEnd({ source, files }: Plan, terminal: Terminal | undefined, now: Date): Promise<void> {
  const session = readSavedSession(lookUpIn(files.credentials, source));
  const left = session ? timeLeft(session, now) : 0;
  if (left <= 0) return;
  const what = `[${source}] holds a saved session, which lives ${formatDuration(left)} more`;
  if (terminal && (await askWhether(terminal, `${what}. Overwrite it with the long-lived key?`, false))) return;
  throw stays(`${what}, and`);
}

function stays(what: string): UserError {
  return new UserError(`${what} stays: nothing is written`, {
    hint: 'name another section for the new one, --source NAME, or another profile',
  });
}

/** What the user should know of whose keys these are. */
export function describeIdentity({ keys, identity }: CheckedKeys): string[] {
  const whose = `the key ${shortId(keys)} is of ${quoteOutside(identity)}`;
  if (!isRoot(identity)) return [whose];
  return [
    whose,
    "warning: that is the account's root user: aws gives its sessions one hour, and it can do everything: make a user in IAM for daily work",
  ];
}
