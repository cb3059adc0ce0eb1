/** The service model's limits on parameters, and STS's words for what breaks them, which repeat the value. */
import { refuse } from './answers.ts';

interface Constraint {
  required?: true;
  /** Least and most characters. */
  length?: [least: number, most: number];
  /** Least and most of a number. */
  value?: [least: number, most: number];
  /** As the service model writes it; the whole value has to match. */
  pattern?: string;
}

export type Constraints = Record<string, Constraint>;

/** The two parameters with which a call proves MFA (botocore, sts 2011-06-15, GetSessionToken). */
export const mfaConstraints: Constraints = {
  SerialNumber: { length: [9, 256], pattern: '[\\w+=/:,.@-]*' },
  TokenCode: { length: [6, 6], pattern: '[\\d]*' },
};

/**
 * Refuses parameters outside the limits, all in one message.
 *
 * @throws ValidationError, HTTP 400; a wrong code is echoed, as AWS does (aws-cli issue 4648).
 */
export function checkConstraints(parameters: Record<string, string>, constraints: Constraints): void {
  const faults = Object.entries(constraints).flatMap(([name, constraint]) => {
    const text = parameters[name];
    const shown = text === undefined ? 'null' : `'${text}'`;
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    return brokenRules(text, constraint).map(
      (rule) => `Value ${shown} at '${member}' failed to satisfy constraint: Member must ${rule}`,
    );
  });
  if (faults.length === 0) return;
  const errors = faults.length === 1 ? 'error' : 'errors';
  throw refuse('ValidationError', `${faults.length} validation ${errors} detected: ${faults.join('; ')}`, 400);
}

function brokenRules(text: string | undefined, { required, length, value, pattern }: Constraint): string[] {
  if (text === undefined) return required ? ['not be null'] : [];
  const rules: [kept: boolean, rule: string][] = [];
  // Compared so that NaN, text that is no number, breaks both.
  if (value) rules.push([Number(text) >= value[0], `have value greater than or equal to ${value[0]}`]);
  if (value) rules.push([Number(text) <= value[1], `have value less than or equal to ${value[1]}`]);
  if (length) rules.push([text.length >= length[0], `have length greater than or equal to ${length[0]}`]);
  if (length) rules.push([text.length <= length[1], `have length less than or equal to ${length[1]}`]);
  if (pattern) rules.push([new RegExp(`^${pattern}$`).test(text), `satisfy regular expression pattern: ${pattern}`]);
  return rules.filter(([kept]) => !kept).map(([, rule]) => rule);
}
