/** The Python scripts that mfa-env is measured beside: they do its jobs. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { makeUser, run, unless } from '../harness.ts';
import { startSts } from '../sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const reason = unless('python3');
const hasBotocore = !reason && spawnSync('python3', ['-c', 'import botocore']).status === 0;
const skip = reason || (!hasBotocore && 'botocore is not installed');
const printing = join(import.meta.dirname, 'print-exports.py');
const saving = join(import.meta.dirname, 'save-session.py');

suite('in Python', { skip }, () => {
  test('a session is got and saved, and what was saved is printed', async () => {
    const { user, home } = makeUser(sts);
    const saved = await run('python3', [saving, 'prod', sts.code(user)], home.env);
    assert.deepEqual([saved.status, saved.stdout], [0, 'Saved prod\n'], saved.stderr);
    const script = `eval "$(python3 ${printing} prod)" && printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN`;
    const { stdout, stderr } = await run('sh', ['-c', script], home.env);
    const [session] = sts.sessions;
    assert.deepEqual(
      [stdout, stderr],
      [`${session?.accessKeyId}\n${session?.secretAccessKey}\n${session?.sessionToken}\n`, ''],
    );
  });

  test('a wrong code fails', async () => {
    const { user, home } = makeUser(sts);
    const { status, stderr } = await run('python3', [saving, 'prod', sts.wrongCode(user)], home.env);
    assert.equal(status, 1);
    assert.match(stderr, /AccessDenied/);
    assert.doesNotMatch(home.credentials(), /aws_session_token/);
  });
});
