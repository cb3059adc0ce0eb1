/** AssumeRole: a session of a role, for whom the role trusts. */
import { credentialsOf, type Fields, refuse } from './answers.ts';
import { type Constraints, checkConstraints, mfaConstraints } from './constraints.ts';
import type { Principal, StsRole } from './identities.ts';
import { proveMfa } from './mfa.ts';
import { type Call, issueSession } from './world.ts';

// botocore, sts 2011-06-15.
const constraints: Constraints = {
  RoleArn: { required: true, length: [20, 2048] },
  RoleSessionName: { required: true, length: [2, 64], pattern: '[\\w+=,.@-]*' },
  DurationSeconds: { value: [900, 43_200] },
  ExternalId: { length: [2, 1224], pattern: '[\\w+=,.@:\\/-]*' },
  SourceIdentity: { length: [2, 64], pattern: '[\\w+=,.@-]*' },
  ...mfaConstraints,
};

const mostTags = 50;
const tagText = '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]';
const tagForms = {
  key: new RegExp(`^(?!aws:)${tagText}{1,128}$`, 'iu'),
  value: new RegExp(`^${tagText}{0,256}$`, 'u'),
};

/** Issues a session of the role for 15 min to 12 h, 1 h by default; with a session's keys never over 1 h. */
export function assumeRole(call: Call): Fields {
  const { world, caller, parameters } = call;
  checkConstraints(parameters, constraints);
  const { RoleArn: roleArn = '', RoleSessionName: sessionName = '', ExternalId: externalId } = parameters;
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+/.test(roleArn)) throw refuse('ValidationError', `${roleArn} is invalid`, 400);
  checkTags(parameters);
  if (caller.user?.root) throw refuse('AccessDenied', 'Roles may not be assumed by root accounts.');

  // A role's own session carries no MFA on to the next role: issued below with `mfa: false`.
  const mfa = proveMfa(call) || Boolean(caller.session?.mfa);
  const role = world.roles.find(({ arn }) => arn === roleArn);
  if (!role || !isTrusted(role, caller.principal, mfa, externalId)) {
    const action = `is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw refuse('AccessDenied', `User: ${caller.principal.arn} ${action}`);
  }

  const durationSeconds = Number(parameters.DurationSeconds ?? 3600);
  if (caller.session && durationSeconds > 3600) {
    throw tooLong('1 hour session limit for roles assumed by role chaining.');
  }
  if (durationSeconds > role.maxSessionSeconds) throw tooLong('MaxSessionDuration set for this role.');

  const principal = assumedRole(role, sessionName);
  return {
    Credentials: credentialsOf(issueSession(world, { principal, mfa: false, durationSeconds })),
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
    PackedPolicySize: 6,
  };
}

/** The limits of the API reference on lists; whether a transitive key must be among the tags is not in it. */
function checkTags(parameters: Record<string, string>): void {
  const listOf = (form: RegExp) => Object.keys(parameters).filter((name) => form.test(name));
  const keys = listOf(/^Tags\.member\.\d+\.Key$/).map((name) => parameters[name] ?? '');
  const values = listOf(/^Tags\.member\.\d+\.Value$/).map((name) => parameters[name] ?? '');
  const transitive = listOf(/^TransitiveTagKeys\.member\.\d+$/).map((name) => parameters[name] ?? '');
  const isRight =
    keys.length <= mostTags &&
    values.length === keys.length &&
    [...keys, ...transitive].every((key) => tagForms.key.test(key)) &&
    values.every((value) => tagForms.value.test(value)) &&
    new Set(keys.map((key) => key.toLowerCase())).size === keys.length;
  if (!isRight) throw refuse('ValidationError', "1 validation error detected: Value at 'tags' failed", 400);
}

function isTrusted(role: StsRole, principal: Principal, mfa: boolean, externalId: string | undefined): boolean {
  const named = role.trusts.some((name) => principal.trustedAs.includes(name));
  return named && (mfa || !role.mfaRequired) && (role.externalId === undefined || role.externalId === externalId);
}

function tooLong(limit: string): Error {
  return refuse('ValidationError', `The requested DurationSeconds exceeds the ${limit}`, 400);
}

function assumedRole({ partition, account, name, arn: roleArn, roleId }: StsRole, sessionName: string): Principal {
  const arn = `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`;
  const trustedAs = [arn, roleArn, account, `arn:${partition}:iam::${account}:root`];
  return { partition, account, arn, userId: `${roleId}:${sessionName}`, trustedAs };
}
