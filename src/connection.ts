/** The connection to STS: certificates always checked, five seconds to come about, and it is known whether it did. */

import type { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';

export interface Connection {
  /** What the SDK's handler is to connect with. */
  agents: { httpAgent: HttpAgent } | { httpsAgent: HttpsAgent };
  /** Whether the connection came about, encryption included: only then can anything have been sent. */
  isConnected(): boolean;
}

/** Node documents `agent.createConnection` for this; its types leave it out. */
interface Connecting {
  createConnection(options: object, callback: unknown): Socket;
}

const timeoutMilliseconds = 5000;

/** The code of the error where no connection came about in time. */
export const connectTimeoutCode = 'CONNECT_TIMEOUT';

/** Prepares the connection to an `http:` or `https:` endpoint. */
export async function makeConnection(endpoint: URL): Promise<Connection> {
  let connected = false;
  const watch = <Agent extends HttpAgent>(agent: Agent, event: 'connect' | 'secureConnect'): Agent => {
    const connecting = agent as unknown as Connecting;
    const connect = connecting.createConnection.bind(agent);
    connecting.createConnection = (options, callback) => {
      const socket = connect(options, callback);
      const timer = setTimeout(() => {
        socket.destroy(Object.assign(new Error('no connection in time'), { code: connectTimeoutCode }));
      }, timeoutMilliseconds);
      socket.once('close', () => clearTimeout(timer));
      socket.once(event, () => {
        connected = true;
        clearTimeout(timer);
      });
      return socket;
    };
    return agent;
  };
  const isConnected = () => connected;
  if (endpoint.protocol === 'http:') {
    const { Agent } = await import('node:http');
    return { agents: { httpAgent: watch(new Agent(), 'connect') }, isConnected };
  }
  // NODE_TLS_REJECT_UNAUTHORIZED=0 would let an agent that says nothing take any certificate.
  return { agents: { httpsAgent: watch(new HttpsAgent({ rejectUnauthorized: true }), 'secureConnect') }, isConnected };
}
