/** A file of certificates in PEM form, which count in place of Node's; read before a code is asked for. */

import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';
import { expandHome } from './home.ts';
import { quoteOutside } from './visible.ts';

export interface CaBundle {
  file: string;
  /** Each of them in PEM form; at least one. */
  certificates: string[];
}

const certificatePattern = /-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE)-----[^-]*-----END \1-----/g;

/** What all authorities of the world have is 0.3 MB. */
const mostBytes = 16_777_216;

/**
 * Reads a bundle; a leading `~/` is HOME.
 *
 * @param place Where the path was found, for messages.
 * @throws {UserError} where the file cannot be read, holds no certificate, or one that is broken.
 */
export function readCaBundle(path: string, place: string, env: Environment): CaBundle {
  const file = expandHome(env, path);
  const wrong = (what: string, cause?: unknown): UserError =>
    new UserError(`${place} names ${quoteOutside(file)}, which ${what}`, {
      hint: 'name a file with certificates in PEM form (-----BEGIN CERTIFICATE-----), or none, and the usual ones count',
      cause,
    });
  const certificates = readText(file, wrong).match(certificatePattern) ?? [];
  if (certificates.length === 0) throw wrong('holds no certificate');
  const broken = certificates.findIndex((certificate) => !isCertificate(certificate));
  if (broken >= 0) throw wrong(`holds a broken certificate, number ${broken + 1} of ${certificates.length}`);
  return { file, certificates };
}

function readText(file: string, wrong: (what: string, cause?: unknown) => UserError): string {
  try {
    // A named pipe would be waited for, perhaps for ever, and /dev/zero has no end.
    const stat = statSync(file);
    if (!stat.isFile()) throw wrong('is not a regular file');
    if (stat.size > mostBytes) throw wrong('is too long for certificates');
    return readFileSync(file, 'latin1');
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
