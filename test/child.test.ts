import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runInPlace } from '../src/child.ts';
import type { World } from '../src/world.ts';
import { makeFolder } from './temp-folder.ts';

test('signals are listened to before the command begins, and what comes while it is started is handed on', async (t) => {
  const begun = join(makeFolder(t), 'begun');
  const onSignals: World['onSignals'] = (listener) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    assert.equal(existsSync(begun), false);
    setImmediate(listener, 'SIGTERM');
    return () => {};
  };
  const words = ['-c', ': >"$1"; exec sleep 30', 'sh', begun];
  assert.equal(await runInPlace('sh', words, process.env, [], { onSignals } as World), 'SIGTERM');
});
