import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandMark, refuseRecursion } from '../src/recursion.ts';

test('mfa-env by itself goes on', () => assert.doesNotThrow(() => refuseRecursion({ [commandMark]: '' })));

test('mfa-env below its own command refuses', () => {
  const error = { message: /started by the mfa_process/, hint: /without mfa-env/, exitStatus: 1 };
  assert.throws(() => refuseRecursion({ [commandMark]: 'mfa_process' }), error);
});
