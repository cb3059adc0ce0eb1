import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, run } from './harness.ts';
import { makeFolder } from './temp-folder.ts';

test('signals are listened to before the command begins, and what comes while it is started is handed on', async (t) => {
  const begun = join(makeFolder(t), 'begun');
  // In a process of its own, whose streams are closed with the command's.
  const script = `
    import { existsSync } from 'node:fs';
    import { runInPlace } from './src/child.ts';
    const onSignals = (listener) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      if (existsSync(${JSON.stringify(begun)})) process.exit(2);
      setImmediate(listener, 'SIGTERM');
      return () => {};
    };
    const words = ['-c', ': >"$1"; exec sleep 30', 'sh', ${JSON.stringify(begun)}];
    const world = { onSignals, onSignal: () => () => {} };
    process.exit((await runInPlace('sh', words, process.env, [], world)) === 'SIGTERM' ? 0 : 1);`;
  const args = ['-C', root, process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script];
  const { status, stderr } = await run('env', args, { PATH: process.env.PATH ?? '' });
  assert.deepEqual([status, stderr], [0, '']);
});

test('a command that may not be signalled is waited for', async () => {
  const script = `
    import { ChildProcess } from 'node:child_process';
    import { runInPlace } from './src/child.ts';
    // As Node does for another user's process.
    ChildProcess.prototype.kill = function () {
      return !this.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM' }));
    };
    const onSignals = (listener) => {
      setTimeout(listener, 100, 'SIGTERM');
      return () => {};
    };
    const world = { onSignals, onSignal: () => () => {} };
    process.exit((await runInPlace('sh', ['-c', 'sleep 0.5; exit 9'], process.env, [], world)) === 9 ? 0 : 1);`;
  const args = ['-C', root, process.execPath, '--import', 'tsx', '--input-type=module', '--eval', script];
  const { status, stderr } = await run('env', args, { PATH: process.env.PATH ?? '' });
  assert.deepEqual([status, stderr], [0, '']);
});
