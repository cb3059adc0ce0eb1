/** What the doctor finds: what is wrong, and what to do about it. */

import { isUserError } from '../errors.ts';

export interface Finding {
  /** `error`: something is refused, taken for another, or open to others. `warning`: worth knowing, and it works. */
  level: 'error' | 'warning';
  /** Lower case, no full stop; names the file and line, the profile or the variable. */
  what: string;
  /** What to do, or what to type. */
  hint: string;
  /** The profile that it is about, where it is about one. */
  profile?: string;
}

export function error(what: string, hint: string): Finding {
  return { level: 'error', what, hint };
}

export function warning(what: string, hint: string): Finding {
  return { level: 'warning', what, hint };
}

/**
 * Does a piece of work; what refuses it becomes a finding.
 *
 * @param hint What to do where the refusal does not say it.
 * @returns nothing where it was refused.
 */
export function attempt<Result>(findings: Finding[], work: () => Result, hint?: string): Result | undefined {
  try {
    return work();
  } catch (thrown) {
    findings.push(toFinding(thrown, hint));
    return undefined;
  }
}

/** @throws what is no UserError: a bug. */
export function toFinding(thrown: unknown, hint = 'put that right'): Finding {
  if (!isUserError(thrown)) throw thrown;
  return error(thrown.message, thrown.hint ?? hint);
}
