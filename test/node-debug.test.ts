import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNodeDebug } from '../src/node-debug.ts';

const telling = ['http', 'HTTP', 'https', 'net', 'tls', 'fs,http', 'fs,net,timer', '*', 'ht*', 'h*p', 'n*t'];

for (const value of telling)
  test(`NODE_DEBUG=${value} is refused`, () =>
    assert.throws(() => checkNodeDebug(value), { message: /NODE_DEBUG/, hint: /unset NODE_DEBUG/, exitStatus: 1 }));

const harmless = [undefined, '', 'fs', 'fs,timer', 'module*', 'h.tp', '(net)', 'xhttp'];

for (const value of harmless)
  test(`NODE_DEBUG=${value} is not`, () => assert.doesNotThrow(() => checkNodeDebug(value)));
