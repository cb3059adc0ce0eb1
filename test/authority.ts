/** An authority of one's own, as companies have them: nobody knows it who has not been given its certificate. */

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeHome } from './harness.ts';

export interface Identity {
  key: string;
  cert: string;
}

export interface Authority {
  /** The file with its certificate. */
  file: string;
  /** Vouches for a server, by names such as `DNS:localhost` or `IP:127.0.0.1`. */
  issue(...names: string[]): Identity;
}

/** Makes an authority by openssl; its files go at the end of the tests. */
export function makeAuthority(name: string): Authority {
  const folder = makeHome({}).path;
  const pathOf = (file: string) => join(folder, file);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const file = pathOf('authority.pem');
  openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`],
    ...['-keyout', pathOf('authority.key'), '-out', file],
  );
  let issued = 0;
  return {
    file,
    issue(...names) {
      issued += 1;
      const [key = '', request = '', extensions = '', cert = ''] = ['key', 'csr', 'ext', 'pem'].map((end) =>
        pathOf(`${issued}.${end}`),
      );
      writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`);
      openssl('req', ...newKey, '-subj', '/CN=server', '-keyout', key, '-out', request);
      openssl(
        ...['x509', '-req', '-in', request, '-days', '2', '-extfile', extensions, '-out', cert],
        ...['-CA', file, '-CAkey', pathOf('authority.key'), '-CAcreateserial'],
      );
      return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
    },
  };
}
