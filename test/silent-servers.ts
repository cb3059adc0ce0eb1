/** Servers that keep a caller waiting, each in its own way. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { startSts } from './sts/server.ts';

export interface SilentServer {
  url: string;
  /** How many requests have come in whole. */
  calls(): number;
  close(): void;
}

/** Lets a server listen on loopback. @returns its port. */
export async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server that has fallen asleep: once two callers stand in its queue, the next one does not get through. */
export async function takesNoConnections(): Promise<SilentServer> {
  const script = `const server = require('net').createServer();
    server.listen(0, '127.0.0.1', 1, () => {
      require('fs').writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const sleeper = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(sleeper.stdout, 'data');
  const queue = [1, 2, 3].map(() => connect(Number(port), '127.0.0.1').on('error', () => {}));
  const close = () => {
    for (const socket of queue) socket.destroy();
    sleeper.kill('SIGKILL');
  };
  return { url: `http://127.0.0.1:${port}`, calls: () => 0, close };
}

/** Takes connections and does not speak, not even to agree on encryption. */
export async function agreesOnNoEncryption(): Promise<SilentServer> {
  const server = createServer(() => {});
  return { url: `https://127.0.0.1:${await listen(server)}`, calls: () => 0, close: () => server.close() };
}

export async function answersNothing(): Promise<SilentServer> {
  const sts = await startSts();
  sts.fault('hang');
  return { url: sts.url, calls: () => sts.requests.length, close: () => sts.close() };
}

export async function answersHalf(): Promise<SilentServer> {
  return serve((response) => {
    response.writeHead(200, { 'Content-Type': 'text/xml', 'Content-Length': 1000 }).write('<GetSessionTokenResponse>');
  });
}

/** Fails late, again and again: each try alone is within the time, all of them are not. */
export async function failsLate(): Promise<SilentServer> {
  return serve((response) => void setTimeout(() => response.writeHead(500).end(), 12_000).unref());
}

async function serve(answer: (response: ServerResponse) => void): Promise<SilentServer> {
  let calls = 0;
  const server = createHttpServer((_, response) => {
    calls += 1;
    answer(response);
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${await listen(server)}`, calls: () => calls, close };
}
