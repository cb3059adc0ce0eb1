/** GetSessionToken: a session of the user's own, with MFA or without. */
import { credentialsOf, type Fields, refuse } from './answers.ts';
import { checkConstraints, mfaConstraints } from './constraints.ts';
import { proveMfa } from './mfa.ts';
import { type Call, issueSession } from './world.ts';

// Limits: botocore, sts 2011-06-15; account owners: STS API reference, GetSessionToken.
const constraints = { DurationSeconds: { value: [900, 129_600] as [number, number] }, ...mfaConstraints };
const defaultSeconds = 43_200;
const rootSeconds = 3600;

/** Issues a session for 15 min to 36 h, 12 h by default; for an account's owner never over 1 h, without a word. */
export function getSessionToken(call: Call): Fields {
  const { world, parameters } = call;
  const { user } = call.caller;
  if (!user) throw refuse('AccessDenied', 'Cannot call GetSessionToken with session credentials');
  checkConstraints(parameters, constraints);
  const mfa = proveMfa(call);
  const askedSeconds = Number(parameters.DurationSeconds ?? defaultSeconds);
  const durationSeconds = user.root ? Math.min(askedSeconds, rootSeconds) : askedSeconds;
  return { Credentials: credentialsOf(issueSession(world, { principal: user, mfa, durationSeconds })) };
}
