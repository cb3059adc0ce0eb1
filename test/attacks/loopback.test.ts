/** Whoever changes the hosts file or answers for `localhost`: a code goes in clear to this machine alone. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { isLoopbackAddress, lookUpLoopback } from '../../src/loopback.ts';
import { makeUser, program, run, unless } from '../harness.ts';
import { startSts } from '../sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const own = ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'];
const others = [undefined, '', '10.9.9.9', '128.0.0.1', '::2', '::ffff:10.9.9.9', '0.0.0.0', '::', 'localhost'];

for (const address of own) test(`${address} is this machine`, () => assert.ok(isLoopbackAddress(address)));
for (const address of others) test(`${address} is not this machine`, () => assert.ok(!isLoopbackAddress(address)));

test('localhost has addresses of this machine, whoever is asked', async () => {
  const lookUp = promisify(
    lookUpLoopback as (name: string, options: object, done: (...all: unknown[]) => void) => void,
  );
  assert.equal(await lookUp('localhost', {}), '127.0.0.1');
  assert.equal(await lookUp('localhost', { family: 6 }), '::1');
  assert.deepEqual(await lookUp('localhost', { all: true }), [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);
});

test('a hosts file that leads localhost elsewhere changes nothing', {
  skip: unless('unshare') || (process.getuid?.() !== 0 && 'only root can put another hosts file in place'),
}, async () => {
  const { user, home } = makeUser(sts);
  const hosts = join(home.path, 'hosts');
  // No host answers there.
  writeFileSync(hosts, '10.9.9.9 localhost\n');
  home.env.AWS_ENDPOINT_URL_STS = sts.url.replace('127.0.0.1', 'localhost');
  const inside = 'mount --bind "$1" /etc/hosts && shift && exec "$@"';
  const words = [hosts, process.execPath, program, 'prod', sts.code(user), '--shell', 'sh'];
  const ended = await run('unshare', ['--mount', 'sh', '-c', inside, 'sh', ...words], home.env);
  assert.equal(ended.status, 0, ended.stderr);
  assert.match(ended.stdout, /AWS_SESSION_TOKEN/);
  assert.match(ended.stderr, /^mfa-env: sts is called at http:\/\/localhost:\d+, which is not aws\n$/);
});
