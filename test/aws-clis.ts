/** The AWS CLIs of this machine: where both versions are installed, one hides the other on the PATH. */

import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
const found = new Map<string, string>();

for (const file of new Set(folders.flatMap((folder) => resolve(join(folder, 'aws'))))) {
  const { stdout, stderr } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  const [, major] = /^aws-cli\/(\d+)\./.exec(stdout || stderr || '') ?? [];
  if (major && !found.has(major)) found.set(major, file);
}

function resolve(file: string): string[] {
  try {
    return [realpathSync(file)];
  } catch {
    return [];
  }
}

/** The program of a major version. */
export function findAwsCli(major: '1' | '2'): string | undefined {
  return found.get(major);
}

/** For a test's `skip`: the reason, where that version is missing. No package manager brings both. */
export function unlessAwsCli(major: '1' | '2'): string | false {
  return found.has(major) ? false : `the AWS CLI ${major} is not installed`;
}

/** For a test's `skip`: the reason, if this machine's python3 has no botocore. */
export function unlessBotocore(): string | false {
  return spawnSync('python3', ['-c', 'import botocore']).status === 0 ? false : 'botocore is not installed';
}
