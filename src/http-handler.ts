/**
 * How the SDK's requests reach STS: certificates always checked, five seconds for the connection to come about, no redirect
 * followed, an answer of STS's size, and it is known whether anything can have been sent.
 *
 * The SDK's own handler stops its clock before encryption is agreed on, reads answers of any length, and loads `node:https`
 * for plain http too.
 */

import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';

interface HttpRequest {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface HttpHandler {
  handle(request: HttpRequest): Promise<{ response: HttpResponse }>;
  /** Whether the connection came about, encryption included: only then can anything have been sent. */
  isConnected(): boolean;
}

const timeoutMilliseconds = 5000;

/** STS answers with some two thousand bytes. */
const mostBytes = 1_048_576;

/** The code of the error where no connection came about in time. */
export const connectTimeoutCode = 'CONNECT_TIMEOUT';

export function makeHttpHandler(): HttpHandler {
  let connected = false;

  async function handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
    const isEncrypted = request.protocol === 'https:';
    const { request: open } = isEncrypted ? await import('node:https') : await import('node:http');
    const options: RequestOptions & { rejectUnauthorized: true } = {
      host: request.hostname.replace(/^\[(.*)\]$/, '$1'),
      path: request.path,
      method: request.method,
      headers: request.headers,
      agent: false,
      // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot say otherwise.
      rejectUnauthorized: true,
    };
    if (request.port !== undefined) options.port = request.port;
    return new Promise((resolve, reject) => {
      const sent = open(options);
      sent.on('error', reject);
      sent.on('socket', (socket) => {
        watchConnection(socket, isEncrypted ? 'secureConnect' : 'connect', () => {
          connected = true;
        });
      });
      sent.on('response', (answer) => {
        readBody(answer).then((body) => {
          const headers = answer.headers as Record<string, string>;
          resolve({ response: { statusCode: answer.statusCode ?? 0, headers, body } });
        }, reject);
      });
      sent.end(request.body);
    });
  }
  return { handle, isConnected: () => connected };
}

function watchConnection(socket: Socket, event: 'connect' | 'secureConnect', onConnected: () => void): void {
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('no connection in time'), { code: connectTimeoutCode }));
  }, timeoutMilliseconds);
  socket.once('close', () => clearTimeout(timer));
  socket.once(event, () => {
    clearTimeout(timer);
    onConnected();
  });
}

/** @throws {Error} where the answer breaks off, or is longer than any of STS's. */
async function readBody(answer: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) throw Object.assign(new Error('the answer is too long'), { code: 'ANSWER_TOO_LONG' });
  }
  return Buffer.concat(chunks);
}
