/** A user on a system like macOS, as far as Linux can play it: no /proc, BSD's ps and date. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, root, unless } from './harness.ts';

/** The options of unshare for a namespace in which others can be hidden. */
export const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--map-root-user', '--mount'];

/** Why nothing can be hidden here, for a test's `skip`: a container may lack the right to mount, in CI too. */
export function unlessHideable(): string | false {
  const missing = process.platform === 'linux' ? unless('unshare') : 'there are no mount namespaces';
  if (missing || spawnSync('unshare', [...namespace, 'true']).status === 0) return missing;
  return 'no mount namespace can be made';
}

/** Gives a user BSD's tools. @returns the words that run the shell script behind them where there is no /proc. */
export function withoutProc(home: Home): string[] {
  const proc = join(home.path, 'proc');
  mkdirSync(proc);
  symlinkSync(join(root, 'test/bsd/date'), join(home.path, 'bin/date'));
  // It is started without the user's variables.
  const ps = `#!/bin/sh\nMFA_ENV_TEST_PROC='${proc}' exec '${join(root, 'test/bsd/ps')}' "$@"\n`;
  writeFileSync(join(home.path, 'bin/ps'), ps, { mode: 0o755 });
  const hide = `mount --bind /proc ${proc} && mount -t tmpfs none /proc && shift && eval "$1"`;
  return ['unshare', ...namespace, 'bash', '-c', hide, 'bash', '--'];
}
