/** TLS before a server that has none: takes the encryption off and hands the bytes on. */

import { connect } from 'node:net';
import { createServer } from 'node:tls';
import type { Identity } from './authority.ts';
import { listen } from './silent-servers.ts';

/** @returns the port on loopback. */
export async function startTlsFront(behind: string, identity: Identity): Promise<{ port: number; close(): void }> {
  const server = createServer(identity, (outside) => {
    const inside = connect(Number(new URL(behind).port), '127.0.0.1');
    for (const [from, to] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  return { port: await listen(server), close: () => void server.close() };
}
