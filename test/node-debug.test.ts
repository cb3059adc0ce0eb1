import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNodeDebug, checkNodeDebugOfExec } from '../src/node-debug.ts';

const telling = [
  'http',
  'HTTP',
  'https',
  'net',
  'tls',
  'fs,http',
  'fs,net,timer',
  'child_process',
  '*',
  'ht*',
  'h*p',
  'n*t',
];

for (const value of telling)
  test(`NODE_DEBUG=${value} is refused`, () =>
    assert.throws(() => checkNodeDebug(value), { message: /NODE_DEBUG/, hint: /unset NODE_DEBUG/, exitStatus: 1 }));

const harmless = [undefined, '', 'fs', 'fs,timer', 'module*', 'h.tp', '(net)', 'xhttp'];

for (const value of harmless)
  test(`NODE_DEBUG=${value} is not`, () => assert.doesNotThrow(() => checkNodeDebug(value)));

for (const value of ['child_process', 'CHILD_*', 'fs,*'])
  test(`NODE_DEBUG=${value} is refused where a command is run`, () =>
    assert.throws(() => checkNodeDebugOfExec(value), { message: /NODE_DEBUG.*command/, hint: /unset/, exitStatus: 1 }));

for (const value of [undefined, 'http', 'net,tls', 'child', 'process'])
  test(`NODE_DEBUG=${value} is not`, () => assert.doesNotThrow(() => checkNodeDebugOfExec(value)));
