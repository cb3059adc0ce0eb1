/** What unit tests of files need: a folder that goes with the test, and AWS files that are texts. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { parseAwsFile } from '../src/aws-file.ts';
import type { AwsFiles } from '../src/aws-files.ts';

/** A folder that is removed after the test. */
export function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mfa-env-unit-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Both AWS files, read from texts; in messages they are called `credentials` and `config`. */
export function filesOf(credentials: string, config = ''): AwsFiles {
  const toBytes = (text: string) => Buffer.from(text).toString('latin1');
  return {
    credentials: parseAwsFile('credentials', 'credentials', toBytes(credentials)),
    config: parseAwsFile('config', 'config', toBytes(config)),
  };
}
