/** The versions of Node that mfa-env is for, and older ones: the one that runs, and those in the folders of MFA_ENV_TEST_NODES. */

import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** Its value is a list like that of PATH. */
const nodesVariable = 'MFA_ENV_TEST_NODES';

export const rightMajors = ['20', '22', '24', '26'] as const;
export const oldMajors = ['12', '14', '16', '18'] as const;

export interface NodeVersion {
  major: string;
  /** The program; nothing where it is missing. */
  file: string | undefined;
  /** For a test's `skip`; in CI a missing version is a failure, so never a reason there. */
  skip: string | false;
}

/** All of the versions, whether they are there or not. */
export function findNodes(majors: readonly string[]): NodeVersion[] {
  const folders = (process.env[nodesVariable] ?? '').split(delimiter).filter(Boolean);
  const files = [process.execPath, ...folders.map((folder) => join(folder, 'node'))];
  const found = new Map(files.map((file) => [majorOf(file), file]));
  return majors.map((major) => {
    const file = found.get(major);
    if (!file && process.env.CI) throw new Error(`Node ${major} is missing, and CI must have it`);
    return { major, file, skip: file ? false : `Node ${major} is not in ${nodesVariable}` };
  });
}

function majorOf(file: string): string {
  const { stdout, error } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  if (error) throw error;
  return /^v(\d+)\./.exec(stdout)?.[1] ?? '';
}
