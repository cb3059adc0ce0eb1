/** The AWS CLIs and the Python of this machine: the programs themselves, not what a version manager starts them with. */

import { statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findProgram, makeHome, run } from '../harness.ts';

export interface AwsCli {
  path: string;
  /** Such as `1.45`. */
  version: string;
  /** Whether AWS_ENDPOINT_URL_STS leads it to another STS: since 1.29 and 2.13. */
  knowsEndpointVariable: boolean;
}

const { env } = makeHome({});

/** Finds `python3`; a shim of pyenv would cost more than Python itself. */
export async function findPython(): Promise<string | undefined> {
  if (!findProgram('python3')) return undefined;
  const { status, stdout } = await run('python3', ['-c', 'import sys; print(sys.executable)'], env);
  return status === 0 ? stdout.trim() : undefined;
}

/** Finds the AWS CLI in each major version, that of `aws` first. */
export async function findAwsClis(python: string | undefined): Promise<AwsCli[]> {
  const folders = [...(python ? [dirname(python)] : []), ...(process.env.PATH ?? '').split(delimiter)];
  const paths = folders
    .map((folder) => join(folder, 'aws'))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
  const found: AwsCli[] = [];
  for (const path of new Set(paths)) {
    const { stdout } = await run(path, ['--version'], env);
    const [, major = '', minor = ''] = /^aws-cli\/(\d+)\.(\d+)/.exec(stdout) ?? [];
    if (!major || found.some(({ version }) => version.startsWith(`${major}.`))) continue;
    const knowsEndpointVariable = Number(minor) >= (major === '1' ? 29 : 13);
    found.push({ path, version: `${major}.${minor}`, knowsEndpointVariable });
  }
  return found;
}
