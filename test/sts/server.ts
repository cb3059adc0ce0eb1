/** AWS STS on loopback, as strict as the real one, with a clock and faults that a test sets. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { perform } from './actions.ts';
import { type Answer, failure, isRefusal, refuse, success } from './answers.ts';
import { authenticate } from './authenticate.ts';
import {
  alterCredentials,
  answerInstead,
  deliver,
  type Fault,
  type FaultKind,
  type FaultOptions,
  takeFault,
} from './faults.ts';
import { newRole, newUser, type RoleOptions, type StsRole, type StsUser, type UserOptions } from './identities.ts';
import { type HttpRequest, parseAuthorization } from './signature.ts';
import { codeAt, wrongCodeAt } from './totp.ts';
import type { StsSession, World } from './world.ts';

export interface Sts {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Added to the machine's clock for all that the server does: Date header, signatures, codes, expiry. */
  clockOffsetSeconds: number;
  /** Every request that came in whole, oldest first. */
  requests: StsRequest[];
  /** Every session issued, oldest first. */
  sessions: StsSession[];
  addUser(options?: UserOptions): StsUser;
  addRole(options: RoleOptions): StsRole;
  /** The code by the server's clock, `step` steps of 30 s later. -1 to 1 are accepted, -1 unless it ages on its way. */
  code(user: StsUser, step?: number): string;
  /** Six digits that STS takes for wrong. */
  wrongCode(user: StsUser): string;
  /** Lets requests fail; several faults strike one after the other, in the order in which they were set. */
  fault(kind: FaultKind, options?: FaultOptions): void;
  clearFaults(): void;
  /** Ends the server and every connection, hanging ones too. */
  close(): Promise<void>;
}

export interface StsRequest {
  path: string;
  action: string;
  /** All of them as they were sent, the code too. */
  parameters: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** That of the credential scope; empty for an unsigned request. */
  region: string;
  /** By the server's clock. */
  time: Date;
  /** `OK` or the error's code, whether or not the answer arrived; `none` where STS never saw the request. */
  outcome: string;
}

/** Starts an STS without users, on a free port where it is 0; the caller has to close it. */
export async function startSts({ port = 0, host = '127.0.0.1' } = {}): Promise<Sts> {
  const now = () => new Date(Date.now() + sts.clockOffsetSeconds * 1000);
  const world: World = { users: [], roles: [], sessions: [], now };
  const faults: Fault[] = [];
  const server = createServer(serve);

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that hangs up half-way has sent nothing to answer.
    const body = await text(incoming).catch(() => undefined);
    if (body === undefined) return;
    const { method = '', url: path = '', headers } = incoming;
    const parameters = Object.fromEntries(new URLSearchParams(body));
    const fault = takeFault(faults);
    const answer =
      answerInstead(fault, boundPort()) ?? decide(world, { method, path, headers, body }, parameters, fault);
    sts.requests.push({
      path,
      action: parameters.Action ?? '',
      parameters,
      headers,
      region: parseAuthorization(headers.authorization ?? '')?.region ?? '',
      time: now(),
      outcome: answer.outcome,
    });
    response.setHeader('Date', (fault?.date ?? now()).toUTCString());
    await deliver(response, answer, fault);
  }

  function boundPort(): number {
    return (server.address() as AddressInfo).port;
  }

  const sts: Sts = {
    url: '',
    clockOffsetSeconds: 0,
    requests: [],
    sessions: world.sessions,
    addUser: (options) => add(world.users, newUser(options)),
    addRole: (options) => add(world.roles, newRole(options)),
    code: (user, step) => codeAt(user.device, now(), step),
    wrongCode: (user) => wrongCodeAt(user.device, now()),
    fault: (kind, options) => void faults.push({ kind, ...options }),
    clearFaults: () => void faults.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  sts.url = `http://${host}:${boundPort()}`;
  return sts;
}

function add<T>(list: T[], item: T): T {
  list.push(item);
  return item;
}

/** Answers as STS would; anything thrown but a refusal is a bug of the double, and ends the process. */
function decide(world: World, request: HttpRequest, parameters: Record<string, string>, fault?: Fault): Answer {
  try {
    const caller = authenticate(world, request);
    if (fault?.kind === 'region-disabled') {
      const advice = 'Your account administrator can activate STS in this region using the IAM Console.';
      const message = `STS is not activated in this region for account:${caller.principal.account}. ${advice}`;
      throw refuse('RegionDisabledException', message);
    }
    const result = perform({ world, caller, parameters });
    if (fault?.kind === 'credentials' && typeof result.Credentials === 'object') {
      result.Credentials = alterCredentials(result.Credentials, fault);
    }
    return success(parameters.Action ?? '', result);
  } catch (error) {
    if (isRefusal(error)) return failure(error);
    throw error;
  }
}
