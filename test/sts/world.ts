/** All that the service knows at one moment: its identities, the sessions that it has issued, and its clock. */
import type { Principal, StsRole, StsUser } from './identities.ts';
import { randomId, randomSecret, randomToken } from './random.ts';

export interface World {
  users: StsUser[];
  roles: StsRole[];
  sessions: StsSession[];
  now(): Date;
}

/** Credentials that were issued, and what they stand for. */
export interface StsSession {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** A whole second; may be moved into the past to let the session expire. */
  expiresAt: Date;
  /** Whether a role that asks for MFA accepts the session. */
  mfa: boolean;
  principal: Principal;
}

/** Whoever signs with a known key: a user with the long-lived one, or the holder of a session. */
export type Caller = { secretAccessKey: string; principal: Principal } & (
  | { user: StsUser; session?: never }
  | { session: StsSession; user?: never }
);

/** A request that has been authenticated. */
export interface Call {
  world: World;
  caller: Caller;
  parameters: Record<string, string>;
}

/** Finds who an access key id belongs to; an inactive key belongs to nobody. */
export function findCaller({ users, sessions }: World, accessKeyId: string): Caller | undefined {
  const session = sessions.find((each) => each.accessKeyId === accessKeyId);
  if (session) return { secretAccessKey: session.secretAccessKey, principal: session.principal, session };
  const user = users.find((each) => each.active && each.accessKeyId === accessKeyId);
  return user && { secretAccessKey: user.secretAccessKey, principal: user, user };
}

/** Issues credentials for `durationSeconds` from now, and remembers them. */
export function issueSession(
  world: World,
  { durationSeconds, ...rest }: { principal: Principal; mfa: boolean; durationSeconds: number },
): StsSession {
  const nowSeconds = Math.floor(world.now().getTime() / 1000);
  const session = {
    accessKeyId: randomId('ASIA'),
    secretAccessKey: randomSecret(),
    sessionToken: randomToken(),
    expiresAt: new Date((nowSeconds + durationSeconds) * 1000),
    ...rest,
  };
  world.sessions.push(session);
  return session;
}
