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

/**
 * Does a part of the examination; not even a bug in it keeps the other parts from being told.
 *
 * @returns nothing where it was ended.
 */
export async function survive<Result>(findings: Finding[], work: () => Result | Promise<Result>) {
  try {
    return await work();
  } catch (thrown) {
    findings.push(isUserError(thrown) ? toFinding(thrown) : describeBug(thrown));
    return undefined;
  }
}

/** A text of the thrown could hold what stands in the files, so that only where it happened is told. */
function describeBug(thrown: unknown): Finding {
  const { name, code, stack } = thrown as NodeJS.ErrnoException;
  const where = /^ +(at .*)/m.exec(stack ?? '')?.[1];
  const what = [name ?? 'something', code, where].filter(Boolean).join(' ');
  return error(`the doctor itself stumbled here, and has not seen all: ${what}`, 'report it, it is a bug in mfa-env');
}

/** @throws what is no UserError: a bug. */
export function toFinding(thrown: unknown, hint = 'change that, and try again'): Finding {
  if (!isUserError(thrown)) throw thrown;
  return error(thrown.message, thrown.hint ?? hint);
}
