/** Keys and a code → Session, by one call of STS: GetSessionToken, or AssumeRole; keys → whose they are. Alone imports the SDK. */

import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  GetCallerIdentityCommand,
  type GetCallerIdentityCommandOutput,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { UserError } from './errors.ts';
import { type HttpHandler, makeHttpHandler } from './http-handler.ts';
import { partitionOfRegion, regionOfStsHost } from './partition.ts';
import type { Role } from './role.ts';
import type { Route } from './route.ts';
import { isLongLivedId, isWellFormed, longestValue, type Session, timeLeft } from './session.ts';
import type { SessionTags } from './session-tags.ts';
import { isClockRefusal, isThrottled, isUnanswered, serverFault } from './sts-error-kinds.ts';
import { describeOffset, toUserError } from './sts-errors.ts';

export interface SessionCall {
  profileName: string;
  /** Whose keys sign: a user's long-term ones, or with a token a session's, which the command at `printedAt` may have printed. */
  source: {
    name: string;
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
    printedAt?: string | undefined;
  };
  /** Nothing where the keys are a session's, which had one. */
  mfa: Mfa | undefined;
  /** The role to assume; nothing asks for the user's own session. */
  role: Omit<Role, 'durationSeconds'> | undefined;
  /** 900 to 129 600; with a role to 43 200. */
  durationSeconds: number;
  /** Signed for where the endpoint is none of AWS's own. */
  region: string;
  endpoint: URL;
  route: Route;
  /** Gets what the user should know though the call goes on. */
  say(line: string): void;
}

export interface Mfa {
  /** The MFA device: ARN or hardware serial number. */
  serial: string;
  /** Six digits. */
  code: string;
}

/** What STS gives. */
export interface Grant {
  session: Session;
  /** How long it lives: by AWS's time, whatever this machine's clock says. */
  seconds: number;
}

/** Whose keys are they? */
export type IdentityCall = Omit<SessionCall, 'mfa' | 'role' | 'durationSeconds'>;

const wholeTimeoutMilliseconds = 30_000;
const mostAttempts = 3;

// What the calls for sessions have taken of it: with a role there are several in one run. The time to type a code is none of it.
let spentMilliseconds = 0;

// What AWS's clock is ahead, once a call has shown it: the calls behind it start right, and it is said once.
let clockOffsetMilliseconds = 0;

/** Below it the SDK does not call a clock wrong; it notes the seconds that the answer was on its way, too. */
const leastOffsetMilliseconds = 240_000;

/**
 * Asks STS for a session.
 *
 * Throttling and 5xx are tried again, three times in all; a refusal for the clock is corrected by AWS's time and sent once
 * more; a lost connection is not tried again, since the code may be spent.
 *
 * @throws {UserError} every refusal and failure, in the user's words; with `codeRefused` where another code may help.
 */
export async function getSession(call: SessionCall): Promise<Grant> {
  const begin = performance.now();
  const grant = await callInTime(call, wholeTimeoutMilliseconds - spentMilliseconds, (client) => {
    const send = makeSend(call, client);
    // The SDK has just measured it by the answer's own date.
    return async () => checkAnswer(await send(), client.config.systemClockOffset, call);
  });
  spentMilliseconds += performance.now() - begin;
  return grant;
}

/**
 * Asks STS whose the keys are, which everybody may. No code is spent: a lost connection is tried again too.
 *
 * @returns the ARN.
 * @throws {UserError} every refusal and failure, in the user's words; with `keysRefused` where other keys may help.
 */
export function getIdentity(call: IdentityCall): Promise<string> {
  const whole = { ...call, mfa: undefined, role: undefined, durationSeconds: 0, isRepeatable: true };
  return callInTime(
    whole,
    wholeTimeoutMilliseconds,
    (client) => async () => checkIdentity(await client.send(new GetCallerIdentityCommand({})), whole),
  );
}

/** A call that may be made again after a lost connection. */
type Call = SessionCall & { isRepeatable?: boolean };

/** @param prepare Makes what is sent, and checks what is answered. */
async function callInTime<Result>(
  asked: Call,
  timeoutMilliseconds: number,
  prepare: (client: STSClient) => () => Promise<Result>,
): Promise<Result> {
  const call = { ...asked, region: signingRegion(asked) };
  const handler = makeHttpHandler(call.route, call.mfa !== undefined);
  let timer: NodeJS.Timeout | undefined;
  // A race and not an AbortSignal, which costs 3 ms: whoever gets this error ends, and the request with it.
  const timeout = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });
    timer = setTimeout(() => reject(error), timeoutMilliseconds);
  });
  try {
    return await Promise.race([callSts(call, handler, prepare), timeout]);
  } catch (error) {
    throw toUserError(error, call, handler.isConnected());
  } finally {
    clearTimeout(timer);
  }
}

async function callSts<Result>(
  call: Call,
  handler: HttpHandler,
  prepare: (client: STSClient) => () => Promise<Result>,
): Promise<Result> {
  const client = makeClient(call, handler);
  const send = prepare(client);
  const mayPass = (error: unknown) =>
    isThrottled(error) || serverFault(error) || (call.isRepeatable && handler.isConnected() && isUnanswered(error));
  let clockCorrected = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      // The SDK takes it from the date of any answer, that of a gateway which fails too.
      client.config.systemClockOffset = clockOffsetMilliseconds;
      return await send();
    } catch (error) {
      const offset = client.config.systemClockOffset;
      if (!clockCorrected && isClockRefusal(error) && Math.abs(offset) >= leastOffsetMilliseconds) {
        clockCorrected = true;
        clockOffsetMilliseconds = offset;
        attempt -= 1;
        call.say(`${describeOffset(offset)}: set it right`);
      } else if (attempt < mostAttempts && mayPass(error)) {
        await wait(attempt);
      } else {
        throw error;
      }
    }
  }
}

/** AWS takes a signature for the region of the host alone, which may be named by itself: that of another region, a VPC's. */
function signingRegion({ endpoint, region }: Call): string {
  return regionOfStsHost(endpoint.hostname, partitionOfRegion(region)) ?? region;
}

/** One call, as often as it is made. */
function makeSend(
  { mfa, role, durationSeconds }: SessionCall,
  client: STSClient,
): () => Promise<Credentials | undefined> {
  const shared = { DurationSeconds: durationSeconds, SerialNumber: mfa?.serial, TokenCode: mfa?.code };
  if (!role) return async () => (await client.send(new GetSessionTokenCommand(shared))).Credentials;
  const { arn: RoleArn, sessionName: RoleSessionName, externalId: ExternalId } = role;
  const input = { ...shared, RoleArn, RoleSessionName, ExternalId, ...tagsOf(role) };
  return async () => (await client.send(new AssumeRoleCommand(input))).Credentials;
}

/** What STS would find empty is left out. */
function tagsOf({ sourceIdentity, tags, transitiveKeys }: SessionTags): Partial<AssumeRoleCommandInput> {
  return {
    SourceIdentity: sourceIdentity,
    Tags: tags.length > 0 ? tags.map(({ key, value }) => ({ Key: key, Value: value })) : undefined,
    TransitiveTagKeys: transitiveKeys.length > 0 ? [...transitiveKeys] : undefined,
  };
}

/** A client that is told everything, so that it looks nothing up in files, variables or the network. */
function makeClient(call: SessionCall, { handle }: HttpHandler): STSClient {
  const { name: _, ...credentials } = call.source;
  return new STSClient({
    region: call.region,
    endpoint: call.endpoint.href,
    credentials,
    // It would send the same code again after a lost answer.
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    userAgentAppId: async () => undefined,
    authSchemePreference: async () => [],
    sigv4aSigningRegionSet: async () => undefined,
    disableClockSkewCorrection: async () => false,
    requestHandler: { handle, updateHttpClientConfig() {}, httpHandlerConfigs: () => ({}) },
  });
}

/**
 * @param offsetMilliseconds What AWS's clock is ahead.
 * @throws {UserError} where a part is missing, malformed or past: a captive portal's page is an answer too.
 */
function checkAnswer(answer: Credentials | undefined, offsetMilliseconds: number, { mfa }: SessionCall): Grant {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = answer ?? {};
  const expiresAt = answer?.Expiration;
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiresAt || !(expiresAt.getUTCFullYear() <= 9999)) {
    throw notFromSts('its answer holds no whole session', mfa);
  }
  const session = { accessKeyId, secretAccessKey, sessionToken, expiresAt };
  for (const part of ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const) {
    if (isWellFormed(part, session[part])) continue;
    const isTooLong = session[part].length > longestValue;
    const what = isTooLong ? `is longer than ${longestValue} characters` : 'has characters that none has';
    throw notFromSts(`the ${part} in its answer ${what}`, mfa);
  }
  if (isLongLivedId(accessKeyId)) throw notFromSts('its answer holds long-term keys, not a session', mfa);
  const now = new Date();
  const left = timeLeft(session, new Date(now.getTime() + offsetMilliseconds));
  // By both clocks: what stands in between may have dated the answer.
  if (left <= 0 && timeLeft(session, now) <= 0) throw notFromSts('the session in its answer has expired', mfa);
  return { session, seconds: Math.round(left / 1000) };
}

/** @throws {UserError} where it names nobody. */
function checkIdentity({ Arn: arn }: GetCallerIdentityCommandOutput, { mfa }: SessionCall): string {
  if (!arn || !/^arn:[\w-]+:(iam|sts)::\d{12}:[\x21-\x7e]+$/.test(arn))
    throw notFromSts('its answer names nobody', mfa);
  return arn;
}

function notFromSts(what: string, mfa: Mfa | undefined): UserError {
  return new UserError(`what answered is not aws sts: ${what}`, {
    hint: `does a hotel, a proxy or a VPN stand in between?${mfa ? ' the code may be spent: use the next one' : ''}`,
  });
}

/** Waits before the next attempt: 0.1 to 0.2 s, then 0.2 to 0.4 s. */
function wait(attempt: number): Promise<void> {
  const milliseconds = 100 * 2 ** (attempt - 1) * (1 + Math.random());
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
