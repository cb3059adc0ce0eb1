/** What `npm test -- WORD` runs. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeHome, root, run } from './harness.ts';

const rows: [title: string, words: string[], status: number, stdout: RegExp, stderr: string][] = [
  ['a word of a path', ['nearest'], 0, /^ℹ pass [1-9]/m, ''],
  ['a path from the root', ['test/nearest.test.ts'], 0, /^ℹ pass [1-9]/m, ''],
  ['a word that no path holds runs nothing', ['nearest', 'no-such'], 1, /^$/, "No test's path holds no-such\n"],
];

for (const [title, words, status, stdout, stderr] of rows)
  test(title, async () => {
    const ended = await run(process.execPath, [join(root, 'test/run.mjs'), ...words], makeHome({}).env);
    assert.deepEqual([ended.status, ended.stderr], [status, stderr]);
    assert.match(ended.stdout, stdout);
  });
