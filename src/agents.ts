/** The connections to STS: certificates always checked, five seconds to come about, and it is known whether they did. */

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';

export interface Agents {
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
  /** Whether a connection came about, encryption included: only then can anything have been sent. */
  isConnected(): boolean;
}

/** Node documents `agent.createConnection` for this; its types leave it out. */
interface Connecting {
  createConnection(options: object, callback: unknown): Socket;
}

const timeoutMilliseconds = 5000;

/** The code of the error where no connection came about in time. */
export const connectTimeoutCode = 'CONNECT_TIMEOUT';

export function makeAgents(): Agents {
  let connected = false;
  const watch = (socket: Socket, event: 'connect' | 'secureConnect') => {
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: connectTimeoutCode }));
    }, timeoutMilliseconds);
    socket.once(event, () => {
      connected = true;
      clearTimeout(timer);
    });
    socket.once('close', () => clearTimeout(timer));
    return socket;
  };
  const httpAgent = new HttpAgent();
  // NODE_TLS_REJECT_UNAUTHORIZED=0 would let an agent that says nothing take any certificate.
  const httpsAgent = new HttpsAgent({ rejectUnauthorized: true });
  for (const [agent, event] of [
    [httpAgent, 'connect'],
    [httpsAgent, 'secureConnect'],
  ] as const) {
    const connecting = agent as unknown as Connecting;
    const connect = connecting.createConnection.bind(agent);
    connecting.createConnection = (options, callback) => watch(connect(options, callback), event);
  }
  return { httpAgent, httpsAgent, isConnected: () => connected };
}
