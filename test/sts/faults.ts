/** What can go wrong between a client and STS, switched on by a test. */
import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Answer, type Fields, failure, refuse } from './answers.ts';

/**
 * `throttle`, `http-500`, `http-503`: an error of AWS; `html`, `html-error`, `redirect`: something between answers with
 * 200, 502 or 302; `too-long`: with two million bytes; `no-http`: in another protocol; `hang`: accepted, never answered;
 * `reset-before`: the connection breaks before STS has seen the request.
 * `refuse`: STS refuses, with the code and text that the test gives.
 * None of these spends a code.
 *
 * `region-disabled`: refused once the caller is known.
 *
 * `reset-after`: the request is carried out and the connection breaks before the answer; `truncated`: half of the
 * answer; `slow`: all of it, late; `credentials`: with other values in `Credentials`.
 */
export type FaultKind =
  | ('throttle' | 'http-500' | 'http-503' | 'html' | 'html-error' | 'redirect' | 'too-long' | 'no-http' | 'hang')
  | ('reset-before' | 'refuse')
  | ('region-disabled' | 'reset-after' | 'truncated' | 'slow' | 'credentials');

export interface FaultOptions {
  /** How many requests it strikes; all of them where left out. */
  times?: number;
  /** For `slow`; 1000 where left out. */
  milliseconds?: number;
  /** For `refuse`. */
  refusal?: { code: string; message: string; status?: number };
  /** What the answer is dated by; the server's clock where left out. */
  date?: Date;
  /** For `credentials`: elements to replace, or with null to leave out. */
  fields?: Record<string, string | null>;
}

export interface Fault extends FaultOptions {
  kind: FaultKind;
}

/** Takes the fault that strikes the next request: the first of the list, until its `times` are used up. */
export function takeFault(faults: Fault[]): Fault | undefined {
  const [fault] = faults;
  if (fault?.times !== undefined && --fault.times <= 0) faults.shift();
  return fault;
}

/** Gives what is answered in STS's place, if the fault is of that kind; status 0: nothing will be. */
export function answerInstead(fault: Fault | undefined, port: number): Answer | undefined {
  const page = '<html><head><title>Welcome</title></head><body><p>Log in to go on</p></body></html>\n';
  const html = { headers: { 'Content-Type': 'text/html' }, body: page, outcome: 'none' };
  switch (fault?.kind) {
    case 'throttle':
      return failure(refuse('Throttling', 'Rate exceeded', 400));
    case 'http-500':
      return failure(refuse('InternalFailure', 'The request processing has failed because of an unknown error.', 500));
    case 'http-503':
      return failure(
        refuse('ServiceUnavailable', 'The request has failed due to a temporary failure of the server.', 503),
      );
    case 'refuse': {
      const { code = 'AccessDenied', message = '', status } = fault.refusal ?? {};
      return failure(refuse(code, message, status));
    }
    case 'html':
      return { ...html, status: 200 };
    case 'html-error':
      return { ...html, status: 502, body: page.replace('</p>', '<br>') };
    case 'redirect':
      return { ...html, status: 302, body: '', headers: { Location: `http://localhost:${port}/moved` } };
    case 'too-long':
      return { ...html, status: 200, body: page.repeat(20_000) };
    case 'hang':
    case 'no-http':
    case 'reset-before':
      return { ...html, status: 0 };
    default:
      return undefined;
  }
}

/** Replaces or leaves out elements of a result's `Credentials`. */
export function alterCredentials(credentials: Fields, { fields = {} }: FaultOptions): Fields {
  const altered = Object.entries({ ...credentials, ...fields });
  return Object.fromEntries(altered.filter((each): each is [string, string] => each[1] !== null));
}

/** Sends an answer, as far as the fault lets it through. */
export async function deliver(
  response: ServerResponse,
  { status, headers, body }: Answer,
  fault?: Fault,
): Promise<void> {
  const kind = fault?.kind;
  if (kind === 'hang') return;
  if (kind === 'no-http') {
    response.socket?.end('SSH-2.0-OpenSSH\r\n');
    return;
  }
  if (kind === 'reset-before' || kind === 'reset-after') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (kind === 'slow') await setTimeout(fault?.milliseconds ?? 1000, undefined, { ref: false });
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  if (kind !== 'truncated') response.end(body);
  else response.write(body.slice(0, body.length / 2), () => response.socket?.destroy());
}
