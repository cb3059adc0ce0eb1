/** What AWS says of a role, or of the session that wants to assume it, in the user's words. */

import { formatDuration } from './duration.ts';
import { profileWord } from './line-to-type.ts';
import { messageOf, nameOf } from './sts-error-kinds.ts';
import { type Call, outside, type Words } from './sts-words.ts';
import { asWord, typed } from './typed.ts';
import { quoteOutside } from './visible.ts';

/** The beginning of AWS's text, of which our own words tell. */
const whoMayNot = /^User: \S+ is not authorized to perform: sts:AssumeRole on resource: \S+/;

/** The permissions that tags and a source identity need besides. */
const whoMayNotAdd = /^User: \S+ is not authorized to perform: sts:(TagSession|SetSourceIdentity) on /;

/** @returns nothing for what is not about the role. */
export function ofRoleRefusal(error: unknown, call: Call & { role: NonNullable<Call['role']> }): Words | undefined {
  const text = messageOf(error);
  const shown = quoteOutside(call.profileName);
  if (/^AccessDenied/.test(nameOf(error)) && !(call.mfa && /^MultiFactorAuthentication failed/.test(text))) {
    const message = `aws does not let the user of ${quoteOutside(call.source.name)} assume ${call.role.arn}`;
    if (text.startsWith('Roles may not be assumed by root')) {
      return {
        message: `${message}: the account's root user can assume no role`,
        hint: 'make a user in IAM who may, and take its keys',
      };
    }
    const [, extra] = whoMayNotAdd.exec(text) ?? [];
    if (extra) {
      return {
        message: `${message} with the ${extra === 'TagSession' ? 'session_tags' : 'source_identity'} of ${shown}`,
        hint: `have sts:${extra} allowed by the role's trust policy and by the user's policy, or remove the setting`,
      };
    }
    const reason = outside(text.replace(whoMayNot, ''), call);
    return {
      message: message + (reason && `: ${reason}`),
      hint: reason.includes('explicit deny')
        ? 'ask whoever manages the account: nothing else can allow what is denied so'
        : `the role's trust policy must name the user, and the user's policy the role: check role_arn and external_id of ${asWord(call.profileName)} too`,
    };
  }
  if (nameOf(error) === 'ValidationError' && text.includes('DurationSeconds exceeds')) {
    const length = formatDuration(call.durationSeconds * 1000);
    return {
      message: text.includes('role chaining')
        ? `aws gives a role one hour at most where a session asks for it, not ${length}`
        : `${call.role.arn} gives no session of ${length}`,
      hint: `ask for less: --duration 1h, or duration_seconds in the profile ${asWord(call.profileName)}; or raise the role's maximum session duration`,
    };
  }
  if (nameOf(error).startsWith('PackedPolicyTooLarge')) {
    return {
      message: `the session_tags of ${shown} are too long for AWS together`,
      hint: 'remove some of them, and count those that the session brings along from roles before it',
    };
  }
  const isOfSession = call.source.sessionToken !== undefined;
  if (isOfSession && /^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient)/.test(nameOf(error))) {
    return {
      message: `aws does not take the session of ${quoteOutside(call.source.name)} any more`,
      hint: call.source.printedAt
        ? `log in again with the tool that the credential_process at ${asWord(call.source.printedAt)} calls`
        : `get another: ${typed`mfa-env ${profileWord(call.profileName)} CODE`}`,
    };
  }
  return undefined;
}
