/** What goes wrong with files, in the user's words. */

import { isUserError, UserError } from './errors.ts';

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'not permitted (is the file immutable)',
  EIO: 'the disk failed (EIO)',
  EBUSY: 'it is in use, as a mount point is: mount its folder, not the file',
};

/** Whether an error, or what it comes from, is that there is no room for a file. */
export function isForLackOfSpace(error: unknown): boolean {
  const { cause } = error as Error;
  const { code, errno } = (cause ?? error) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' || errno === quotaErrno;
}

// Linux's number, for which Node 20 has no name.
const quotaErrno = -122;

/** An error of the file system becomes one in words, `WHAT: why`; any other stays as it is. */
export function fileErrorInWords(error: unknown, what: string): unknown {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (isUserError(error) || code === undefined || errno === undefined) return error;
  const name = errno === quotaErrno ? 'EDQUOT' : code;
  return new UserError(`${what}: ${reasons[name] ?? name}`, { cause: error });
}
