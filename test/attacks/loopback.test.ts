/** Whoever changes the hosts file or answers for `localhost`: a code goes in clear to this machine alone. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { isLoopbackAddress, lookUpLoopback } from '../../src/loopback.ts';
import { makeUser, program, run, runMfaEnv, unless } from '../harness.ts';
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

const inNetworkOfItsOwn = `ip link set lo up && ip addr add 10.9.9.9/32 dev lo && mount --bind "$1" /etc/hosts && shift && exec "$@"`;

test('who listens at the address that the hosts file gives localhost gets nothing', {
  skip: unless('unshare') || unless('ip') || (process.getuid?.() !== 0 && 'only root can make a network of its own'),
}, async () => {
  const { home } = makeUser(sts);
  const hosts = join(home.path, 'hosts');
  writeFileSync(hosts, '10.9.9.9 localhost\n');
  const thief = join(home.path, 'thief.cjs');
  // It says when it listens, and what came: another client shows that something could have.
  writeFileSync(
    thief,
    `const { spawn } = require('node:child_process');
    const { connect, createServer } = require('node:net');
    const { once } = require('node:events');
    (async () => {
      let count = 0;
      const server = createServer((socket) => { count += 1; socket.destroy(); }).listen(8080, '10.9.9.9');
      await once(server, 'listening');
      await once(connect(8080, 'localhost').resume(), 'close');
      const before = count;
      const child = spawn(process.execPath, process.argv.slice(2), { stdio: 'inherit' });
      const [status] = await once(child, 'exit');
      console.error('[' + [before, count, status] + ']');
      process.exit();
    })();`,
  );
  const words = [program, 'prod', '123456', '--shell', 'sh', '--endpoint-url', 'http://localhost:8080'];
  const ended = await run(
    'unshare',
    ['--mount', '--net', 'sh', '-c', inNetworkOfItsOwn, 'sh', hosts, process.execPath, thief, ...words],
    home.env,
  );
  assert.match(ended.stderr, /\n\[1,1,1\]\n$/);
  assert.equal(ended.stdout, 'false;\n');
});

test('an STS at ::1 alone is found as localhost', async (context) => {
  const there = await startSts({ host: '::1' }).catch(() => undefined);
  if (!there) return context.skip('this machine has no ::1');
  after(() => there.close());
  const { user, home } = makeUser(there);
  home.env.AWS_ENDPOINT_URL_STS = `http://localhost:${there.url.replace(/.*:/, '')}`;
  const { status, stderr } = await runMfaEnv(['prod', there.code(user)], home.env);
  assert.equal(status, 0, stderr);
});

for (const url of [sts.url, sts.url.replace('127.0.0.1', 'localhost'), sts.url.replace('127.0.0.1', '0x7f.1')])
  test(`a connection to ${url.replace(/\d+$/, 'PORT')} that ends elsewhere gets nothing`, async () => {
    const { user, home } = makeUser(sts);
    const elsewhere = join(home.path, 'elsewhere.cjs');
    writeFileSync(
      elsewhere,
      "require('node:net').Socket.prototype._getpeername = () => ({ address: '10.9.9.9', family: 'IPv4', port: 9 });\n",
    );
    const before = sts.requests.length;
    const env = { ...home.env, AWS_ENDPOINT_URL_STS: url, NODE_OPTIONS: `--require "${elsewhere}"` };
    const { status, stdout, stderr } = await runMfaEnv(['prod', sts.code(user)], env);
    assert.deepEqual([status, stdout, sts.requests.length], [1, 'false;\n', before]);
    assert.match(stderr, /leads to another machine, not to this one\n.*the code was not sent\n$/);
  });

const inClear = [
  'http://localhost.',
  'http://x.localhost',
  'http://localhost.evil.test',
  'http://0.0.0.0',
  'http://[::]',
];

for (const url of [
  ...inClear,
  'http://10.9.9.9',
  'http://128.0.0.1',
  'http://[::ffff:10.9.9.9]',
  'http://sts.amazonaws.com',
])
  test(`${url} is refused before a code is asked for`, async () => {
    const { home } = makeUser(sts);
    const { status, stderr } = await runMfaEnv(['prod', '--endpoint-url', url], home.env);
    assert.equal(status, 2);
    assert.match(stderr, /is not encrypted/);
  });
