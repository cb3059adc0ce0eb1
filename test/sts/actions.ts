/** The actions that are served, by name. */
import { type Fields, refuse } from './answers.ts';
import { assumeRole } from './assume-role.ts';
import { getSessionToken } from './get-session-token.ts';
import type { Call } from './world.ts';

const actions = new Map([
  ['GetSessionToken', getSessionToken],
  ['AssumeRole', assumeRole],
  ['GetCallerIdentity', getCallerIdentity],
]);

/** Does what the request's parameters ask for, and gives the elements of the result. */
export function perform(call: Call): Fields {
  const { Action: name = '', Version: version = '' } = call.parameters;
  const action = version === '2011-06-15' ? actions.get(name) : undefined;
  if (!action) throw refuse('InvalidAction', `Could not find operation ${name} for version ${version}`, 400);
  return action(call);
}

function getCallerIdentity({ caller }: Call): Fields {
  const { arn, userId, account } = caller.principal;
  return { Arn: arn, UserId: userId, Account: account };
}
