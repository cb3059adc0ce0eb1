/** What the user can put right, in the user's words. Anything else that is thrown is a bug and keeps its stack. */

/** The exit statuses of the program itself. */
export const exitStatuses = { done: 0, failed: 1, usage: 2, codeNeeded: 3, execFailed: 125 } as const;

interface UserErrorOptions {
  /** What to do about it, or what to type; a function where that takes long to find out. */
  hint?: string | (() => string) | undefined;
  /** 1 where nothing else is said. */
  exitStatus?: number;
  /** AWS refused the MFA code or its device: another code may be tried. */
  codeRefused?: boolean;
  /** How the profile logs in instead, where it needs no MFA code. */
  otherLogin?: OtherLogin | undefined;
  /** AWS does not know the key, or its secret is another one: other keys may be tried. */
  keysRefused?: boolean;
  /** The files can be read in more than one way, so nothing of them may be used. */
  isAmbiguous?: boolean;
  cause?: unknown;
}

/** `mfa_env`: the profile is a name for AWS's own tools, whose command is mfa-env for another one. */
export type OtherLogin = 'sso' | 'login' | 'web_identity' | 'credential_source' | 'mfa_env';

/**
 * An error with a hint and an exit status.
 *
 * The network stages are a bundle of their own, in which this class exists a second time: ask `isUserError`, never `instanceof`.
 */
export class UserError extends Error {
  readonly exitStatus: number;
  readonly codeRefused: boolean;
  readonly otherLogin: OtherLogin | undefined;
  readonly #hint: UserErrorOptions['hint'];
  readonly keysRefused: boolean;
  readonly isAmbiguous: boolean;

  constructor(message: string, options: UserErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.#hint = options.hint;
    this.exitStatus = options.exitStatus ?? exitStatuses.failed;
    this.codeRefused = options.codeRefused ?? false;
    this.keysRefused = options.keysRefused ?? false;
    this.isAmbiguous = options.isAmbiguous ?? false;
    this.otherLogin = options.otherLogin;
  }

  get hint(): string | undefined {
    return typeof this.#hint === 'function' ? this.#hint() : this.#hint;
  }
}

/** An error in how the program was called: status 2. */
export function usage(message: string, hint?: string): UserError {
  return new UserError(message, { hint, exitStatus: exitStatuses.usage });
}

/** Whether `error` is a UserError of either bundle. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && typeof (error as Partial<UserError>).exitStatus === 'number';
}

/** What `find` finds, or the UserError that it throws. */
export function attempt<Result>(find: () => Result): Result | UserError {
  try {
    return find();
  } catch (error) {
    if (isUserError(error)) return error;
    throw error;
  }
}
