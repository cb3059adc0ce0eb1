/** Why a setting of a role is not one that STS takes: its length, its characters or its form. */

import { partitionOfArn } from './partition.ts';
import { quoteOutside } from './visible.ts';

interface TextForm {
  shortest: number;
  longest: number;
  /** A character that STS does not take. */
  odd: RegExp;
  allowed: string;
}

// By the AssumeRole API reference.
const textForms = {
  external_id: { shortest: 2, longest: 1224, odd: /[^\w+=,.@:/-]/gu, allowed: 'letters, digits and _+=,.@:/-' },
  role_session_name: { shortest: 2, longest: 64, odd: /[^\w+=,.@-]/gu, allowed: 'letters, digits and _+=,.@-' },
} as const satisfies Record<string, TextForm>;

export type RoleText = keyof typeof textForms;

/** Why STS would not take a setting of a role. */
export interface RoleFault {
  /** Follows the setting's name. */
  what: string;
  hint: string;
}

/** What is wrong with the value of `external_id` or `role_session_name`; `undefined` if STS takes it. */
export function findTextFault(key: RoleText, value: string): RoleFault | undefined {
  const { shortest, longest, odd, allowed } = textForms[key];
  const characters = value.match(odd);
  if (characters) {
    const shown = quoteOutside([...new Set(characters)].slice(0, 10).join(''));
    return { what: `has characters that AWS does not allow: ${shown.trim() || 'spaces'}`, hint: `use ${allowed}` };
  }
  if (value.length >= shortest && value.length <= longest) return undefined;
  const length = `${value.length} character${value.length === 1 ? '' : 's'}`;
  return { what: `has ${length}, not ${shortest} to ${longest}`, hint: 'change it, or remove the line' };
}

const shortestArn = 20;
const longestArn = 2048;

/** What is wrong with a `role_arn`; `undefined` if it is the ARN of a role. */
export function findRoleArnFault(value: string): RoleFault | undefined {
  const shown = quoteOutside(value);
  const hint = 'write it like arn:aws:iam::111122223333:role/NAME';
  const [, partition, service, account = '', kind, name = ''] =
    /^arn:([^:]*):([^:]*):[^:]*:([^:/]*):([^:/]*)\/(.*)$/s.exec(value) ?? [];
  if (service !== 'iam' || kind !== 'role') return { what: `is not the ARN of a role: ${shown}`, hint };
  if (!partitionOfArn(value)) {
    return {
      what: `names the partition ${quoteOutside(partition ?? '')}, which mfa-env does not know: ${shown}`,
      hint,
    };
  }
  if (!/^\d{12}$/.test(account)) return { what: `has an account ID that is not 12 digits: ${shown}`, hint };
  if (value.length < shortestArn || value.length > longestArn) {
    return { what: `has ${value.length} characters, not ${shortestArn} to ${longestArn}`, hint };
  }
  if (!/^[\w+=,.@/-]+$/.test(name)) {
    const what = name === '' ? 'has no role name' : 'has a role name with characters that AWS does not allow';
    return { what: `${what}: ${shown}`, hint };
  }
  // A region in the ARN, which IAM does not have.
  return value.startsWith(`arn:${partition}:iam::`) ? undefined : { what: `is not the ARN of a role: ${shown}`, hint };
}
