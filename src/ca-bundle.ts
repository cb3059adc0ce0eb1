/** A file of certificates in PEM form, which count in place of Node's; read before a code is asked for. */

import { X509Certificate } from 'node:crypto';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { expandHome } from './home.ts';
import { readOpened } from './opened-file.ts';
import { quoteOutside } from './visible.ts';

export interface CaBundle {
  file: string;
  /** Each of them in PEM form; at least one. */
  certificates: string[];
}

const certificatePattern = /-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE)-----[^-]*-----END \1-----/g;

/** What all authorities of the world have is 0.3 MB. */
const mostCharacters = 16_777_216;

/**
 * Reads a bundle; a leading `~/` is HOME.
 *
 * @param place Where the path was found, for messages.
 * @throws {UserError} where the file cannot be read, holds no certificate, or one that is broken.
 */
export function readCaBundle(path: string, place: string, env: Environment): CaBundle {
  const file = expandHome(env, path);
  const wrong = (what: string, cause?: unknown, hint?: string): UserError =>
    new UserError(`${place} names ${quoteOutside(file)}, which ${what}`, {
      hint:
        hint ??
        'name a file with certificates in PEM form (-----BEGIN CERTIFICATE-----), or none, and the usual ones count',
      cause,
    });
  const certificates = readText(file, wrong).match(certificatePattern) ?? [];
  if (certificates.length === 0) throw wrong('holds no certificate');
  const broken = certificates.findIndex((certificate) => !isCertificate(certificate));
  if (broken >= 0) throw wrong(`holds a broken certificate, number ${broken + 1} of ${certificates.length}`);
  return { file, certificates };
}

function readText(file: string, wrong: (what: string, cause?: unknown, hint?: string) => UserError): string {
  try {
    const read = readOpened(file);
    if ('notRead' in read) throw wrong(read.notRead);
    if (read.text.length > mostCharacters) throw wrong('is too long for certificates');
    if (read.doubt) throw wrong(`does not count: ${read.doubt.why}`, undefined, read.doubt.hint);
    return read.text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw wrong(code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`, error);
  }
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text);
    return true;
  } catch {
    return false;
  }
}
