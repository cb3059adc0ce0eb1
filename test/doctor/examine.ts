/** A user at home with an STS on loopback, what the doctor says of it there, and rows of both. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type Ended, type Home, makeHome, root, runMfaEnv, sectionsOf } from '../harness.ts';
import { startSts } from '../sts/server.ts';

export const sts = await startSts();
after(() => sts.close());
export const user = sts.addUser();
export const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** Six lines. */
export const healthy = sectionsOf('prod', user, 'region = eu-west-1\n').replace('\n\n', '\n');
export const keys = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
/** When what expired did so. */
export const threeHoursAgo = new Date(Date.now() - 3 * 3_600_000 - 60_000);
const secrets = [
  ...[user.accessKeyId, user.secretAccessKey, 'ASIASAVED00000000001', 'secret/of+the', 'token//of', 'hunter2'],
];

/** Lines of what was found, without that of an old Node, which is this machine's, and the summary behind them. */
export function split({ stdout }: Ended): { lines: string[]; summary: string } {
  const lines = stdout.split('\n').slice(0, -1);
  const summary = lines.pop() ?? '';
  return { lines: lines.filter((line) => !/^warning: Node v\d/.test(line)), summary };
}

interface SetUp {
  credentials?: string;
  config?: string;
  env?: Record<string, string>;
  words?: string[];
  prepare?: (home: Home) => void;
}

export type Row = [title: string, setUp: SetUp, found: RegExp[], status: 0 | 1];

/** Runs the doctor. In what it says CREDENTIALS, CONFIG and HOME stand for the paths. */
export async function examine({ credentials = healthy, config, env, words = [], prepare }: SetUp) {
  const files = config === undefined ? { credentials } : { credentials, config };
  const home = makeHome(files, { AWS_ENDPOINT_URL_STS: sts.url, ...env });
  prepare?.(home);
  const folder = dirname(home.credentialsFile);
  const list = () => (statSync(folder).isDirectory() ? readdirSync(folder) : []);
  const before = list();
  const ended = await runMfaEnv(['doctor', ...words], home.env);
  assert.deepEqual(list(), before, 'nothing is changed');
  const told = { ...ended, stdout: ended.stdout.replaceAll(home.path, 'HOME') };
  for (const secret of secrets) assert.ok(!(told.stdout + told.stderr).includes(secret), secret);
  told.stdout = told.stdout.replaceAll('HOME/.aws/credentials', 'CREDENTIALS').replaceAll('HOME/.aws/config', 'CONFIG');
  return told;
}

/** Puts a file into the home. */
export function put(home: Home, path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(join(home.path, path)), { recursive: true });
  writeFileSync(join(home.path, path), text, { mode });
  chmodSync(join(home.path, path), mode);
}

/** A test for each row: the lines of what was found, in their order, and the status. */
export function testRows(title: string, rows: Row[]): void {
  suite(title, { concurrency: 2 }, () => {
    for (const [what, setUp, found, status] of rows)
      test(what, async () => {
        const ended = await examine(setUp);
        const { lines, summary } = split(ended);
        assert.equal(lines.length, found.length, ended.stdout + ended.stderr);
        for (const [index, pattern] of found.entries()) assert.match(lines[index] ?? '', pattern);
        assert.deepEqual([ended.status, ended.stderr], [status, '']);
        assert.match(summary, status === 1 ? /^\d+ errors?\b.*; checked: / : /^(all is well|\d+ warnings?); checked: /);
      });
  });
}
