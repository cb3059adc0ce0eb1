/** A proxy on loopback that connects by CONNECT, writes down what it sees, and fails on demand. */

import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Identity } from './authority.ts';
import { listen } from './silent-servers.ts';

/** What it does with a CONNECT: opens the tunnel, refuses with a status, says nothing, or falls silent or hangs up behind its 200. */
export type Manner = 'connect' | number | 'silent' | 'silent tunnel' | 'broken tunnel';

export interface ConnectProxy {
  /** `127.0.0.1:PORT` */
  host: string;
  /** The targets of all CONNECTs, oldest first. */
  targets: string[];
  /** All requests that were no CONNECT. */
  others: string[];
  /** What callers have sent through its tunnels. */
  seen(): Buffer;
  manner: Manner;
  /** What it says with a 407. */
  offers: string[];
  close(): void;
}

/**
 * @param hosts The ports on loopback where it finds the hosts, by `HOST:PORT`.
 * @param credentials `user:password` that it wants.
 * @param identity Makes it speak TLS.
 */
export async function startProxy(
  hosts: Record<string, number>,
  { credentials, identity }: { credentials?: string; identity?: Identity } = {},
): Promise<ConnectProxy> {
  const server = identity ? createTlsServer(identity) : createServer();
  const chunks: Buffer[] = [];
  const sockets = new Set<Duplex>();
  const proxy: ConnectProxy = {
    host: '',
    targets: [],
    others: [],
    seen: () => Buffer.concat(chunks),
    manner: 'connect',
    offers: ['Negotiate', 'Basic realm="proxy"'],
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  server.on('request', (request, response) => {
    proxy.others.push(`${request.method} ${request.url}`);
    response.writeHead(400).end();
  });
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    const target = request.url ?? '';
    proxy.targets.push(target);
    sockets.add(client.on('error', () => {}));
    const { manner } = proxy;
    if (manner === 'silent') return;
    if (typeof manner === 'number') return refuse(client, manner);
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    if (wanted && request.headers['proxy-authorization'] !== wanted) return refuse(client, 407);
    const port = hosts[target];
    if (port === undefined) return refuse(client, 502);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    client.on('data', (chunk) => chunks.push(chunk));
    if (manner === 'broken tunnel') client.destroy();
    if (manner !== 'connect') return;
    const host = connect(port, '127.0.0.1');
    sockets.add(host.on('error', () => {}));
    client.pipe(host);
    host.pipe(client);
    client.on('close', () => host.destroy());
    host.on('close', () => client.destroy());
  });

  function refuse(client: Duplex, status: number): void {
    const offers = status === 407 ? proxy.offers.map((offer) => `Proxy-Authenticate: ${offer}\r\n`) : [];
    client.end(`HTTP/1.1 ${status} No\r\n${offers.join('')}Content-Length: 11\r\n\r\n<p>No.</p>\n`);
  }

  proxy.host = `127.0.0.1:${await listen(server)}`;
  return proxy;
}
