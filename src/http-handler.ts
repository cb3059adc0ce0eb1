/**
 * How the SDK's requests reach STS: certificates always checked, five seconds for the connection to come about, through a
 * proxy too, no redirect followed, an answer of STS's size, and it is known whether anything can have been sent.
 *
 * The SDK's own handler stops its clock before encryption is agreed on, reads answers of any length, and loads `node:https`
 * for plain http too.
 */

import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isLoopbackAddress, lookUpLoopback } from './loopback.ts';
import { answerTooLongCode, connectTimeoutCode, notLoopbackCode } from './network-errors.ts';
import { type ConnectAnswer, isTunnel, toConnectError, toProxyError } from './proxy-errors.ts';
import type { Route } from './route.ts';

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

/** @param hasCode Whether a code is sent, of whose fate a failure has to tell. */
export function makeHttpHandler(route: Route, hasCode: boolean): HttpHandler {
  const { proxy } = route;
  let connected = false;

  async function handle(request: HttpRequest): Promise<{ response: HttpResponse }> {
    const isEncrypted = request.protocol === 'https:';
    const { request: open } = isEncrypted ? await import('node:https') : await import('node:http');
    const options = await makeOptions(request, route);
    return new Promise((resolve, reject) => {
      let isBehindProxy = !proxy;
      const sent = open(options);
      const ofCode = connected ? 'the code may be spent, since it was sent before' : 'the code was not sent';
      const fate = hasCode ? ofCode : 'no code was sent';
      const fail = (error: unknown) => {
        clearTimeout(timer);
        // Without a connection it does not say itself that it is at its end.
        sent.destroy();
        reject(proxy && !isBehindProxy ? toProxyError(error, proxy, fate) : error);
      };
      const timer = setTimeout(
        () => fail(Object.assign(new Error('no connection in time'), { code: connectTimeoutCode })),
        timeoutMilliseconds,
      );
      sent.on('error', fail);
      // The event is https-proxy-agent's.
      sent.on('proxyConnect', (answer: ConnectAnswer) => {
        isBehindProxy = true;
        if (proxy && !isTunnel(answer)) fail(toConnectError(answer, proxy, request.hostname, fate));
      });
      sent.on('socket', (socket) => {
        // Before all others: the first of them writes the request.
        if (!proxy && isLoopbackName(request.hostname))
          socket.prependOnceListener('connect', () => {
            if (!isLoopbackAddress(socket.remoteAddress)) fail(notLoopback(request.hostname));
          });
        socket.once(isEncrypted ? 'secureConnect' : 'connect', () => {
          // It ended elsewhere.
          if (socket.destroyed) return;
          clearTimeout(timer);
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

/** A host that is called without encryption, since it is this machine. */
function isLoopbackName(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host.replace(/^\[(.*)\]$/, '$1'));
}

function notLoopback(host: string): Error {
  return Object.assign(new Error(`${host} is not this machine`), { code: notLoopbackCode });
}

async function makeOptions(request: HttpRequest, route: Route): Promise<RequestOptions> {
  const { proxy, caBundle } = route;
  const host = request.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    ...(request.port !== undefined && { port: request.port }),
    path: request.path,
    method: request.method,
    headers: request.headers,
    agent: false,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot say otherwise.
    rejectUnauthorized: true,
    // In the same way against --insecure-http-parser.
    insecureHTTPParser: false,
    ...(caBundle && { ca: caBundle.certificates }),
    ...(host === 'localhost' && { lookup: lookUpLoopback as LookupFunction }),
    ...(proxy && (await import('./tunnel.ts')).makeTunnel(proxy.url, host, caBundle)),
  };
}

/** @throws {Error} where the answer breaks off, or is longer than any of STS's. */
async function readBody(answer: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) throw Object.assign(new Error('the answer is too long'), { code: answerTooLongCode });
  }
  return Buffer.concat(chunks);
}
