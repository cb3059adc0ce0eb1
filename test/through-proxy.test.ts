/** STS through a proxy: what goes through it, what it sees, what is said of it, and what becomes of the code. */

import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Authority, makeAuthority } from './authority.ts';
import { type Manner, startProxy } from './connect-proxy.ts';
import { copyProgram, type Ended, makeUser, program, run, runMfaEnv, start, unless } from './harness.ts';
import { agreesOnNoEncryption, listen } from './silent-servers.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';
import { startTlsFront } from './tls-front.ts';
import { until } from './until.ts';

const skip = unless('openssl');
const code = '123456';
const password = 'hun/ter2@';
const credentials = `ana:${password}`;
const encoded = 'ana:hun%2Fter2%40';
const aws = 'sts.us-east-1.amazonaws.com';
const anyAws = 'sts.amazonaws.com';
const vpcAws = 'vpce-0abc-1234.sts.eu-central-1.vpce.amazonaws.com';
const failed = { status: 1, signal: null, stdout: 'false;\n' };

suite('through a proxy', { skip }, async () => {
  const sts = await startSts();
  const company: Authority = makeAuthority('Company');
  const stranger: Authority = makeAuthority('Stranger');
  const front = await startTlsFront(
    sts.url,
    company.issue(
      ...[aws, anyAws, vpcAws, 'sts.test.example', 'localhost'].map((host) => `DNS:${host}`),
      'IP:192.0.2.10',
    ),
  );
  const hosts = {
    [`${aws}:443`]: front.port,
    [`${anyAws}:443`]: front.port,
    [`${vpcAws}:443`]: front.port,
    'sts.test.example:8443': front.port,
    'other.test.example:443': front.port,
    '192.0.2.10:443': front.port,
    '192.0.2.11:443': front.port,
    [`localhost:${front.port}`]: front.port,
  };
  const open = await startProxy(hosts);
  const guarded = await startProxy(hosts, { credentials });
  const encrypted = await startProxy(hosts, { identity: company.issue('IP:127.0.0.1') });
  const foreign = await startProxy(hosts, { identity: stranger.issue('IP:127.0.0.1') });
  const proxies = [open, guarded, encrypted, foreign];
  const gone = await startProxy(hosts);
  gone.close();
  after(() => {
    front.close();
    for (const proxy of proxies) proxy.close();
    return sts.close();
  });
  afterEach(() => sts.clearFaults());

  const url = `http://${open.host}`;
  const trust = { AWS_CA_BUNDLE: company.file };
  const withAws = { AWS_ENDPOINT_URL_STS: '' };

  function assertTellsNothing(text: string, user: StsUser, ...codes: string[]): void {
    const basic = Buffer.from(credentials).toString('base64');
    for (const secret of [user.accessKeyId, user.secretAccessKey, password, 'hun', 'ter2', basic, ...codes]) {
      assert.equal(text.includes(secret), false, `${secret} in: ${text}`);
    }
  }

  /** Calls with a good code. */
  async function call(
    words: string[],
    env: Record<string, string>,
    more = '',
  ): Promise<Ended & { calls: number; user: StsUser }> {
    const { user, home } = makeUser(sts, { more, env: { ...withAws, ...env } });
    copyFileSync(company.file, join(home.path, 'company.pem'));
    const given = sts.code(user);
    const before = sts.requests.length;
    const ended = await runMfaEnv(['prod', given, ...words], home.env);
    assertTellsNothing(ended.stderr, user, given);
    assert.match(ended.stderr, /^(mfa-env: [^\n]+\n)*$/);
    return { ...ended, calls: sts.requests.length - before, user };
  }

  const through = (proxy: string) => `mfa-env: sts is called through the proxy ${proxy}`;
  const certified = `, with the certificates of ${company.file}\n`;
  const elsewhere = (host: string) =>
    `mfa-env: sts is called at https://${host}, which is not aws, through the proxy ${url}${certified}`;

  const sessions: [title: string, env: Record<string, string>, words: string[], stderr: string, target?: string][] = [
    ['an http proxy', { ...trust, HTTPS_PROXY: url }, [], through(url) + certified],
    [
      'an https proxy',
      { ...trust, HTTPS_PROXY: `https://${encrypted.host}` },
      [],
      through(`https://${encrypted.host}`) + certified,
    ],
    ['a proxy without a scheme', { ...trust, HTTPS_PROXY: open.host }, [], through(url) + certified],
    [
      'a proxy that wants credentials',
      { ...trust, HTTPS_PROXY: `http://${encoded}@${guarded.host}` },
      [],
      through(`http://${guarded.host}`) + certified,
    ],
    [
      'lower case before upper case',
      { ...trust, https_proxy: url, HTTPS_PROXY: `http://${gone.host}` },
      [],
      through(url) + certified,
    ],
    [
      'an empty no_proxy before NO_PROXY',
      { ...trust, HTTPS_PROXY: url, no_proxy: '', NO_PROXY: '*' },
      [],
      through(url) + certified,
    ],
    ['--quiet, which silences no warning', { ...trust, HTTPS_PROXY: url }, ['--quiet'], through(url) + certified],
    ['MFA_ENV_QUIET', { ...trust, HTTPS_PROXY: url, MFA_ENV_QUIET: '1' }, [], through(url) + certified],
    [
      'NODE_EXTRA_CA_CERTS',
      { NODE_EXTRA_CA_CERTS: company.file, HTTPS_PROXY: url },
      [],
      `${through(url)}, with NODE_EXTRA_CA_CERTS, which changes whom Node trusts\n`,
    ],
    ['DEBUG, which prints nothing', { ...trust, HTTPS_PROXY: url, DEBUG: '*' }, [], through(url) + certified],
    [
      "a host that is not AWS's",
      { ...trust, HTTPS_PROXY: url },
      ['--endpoint-url', 'https://sts.test.example:8443'],
      elsewhere('sts.test.example:8443'),
      'sts.test.example:8443',
    ],
    [
      'a host by its address',
      { ...trust, HTTPS_PROXY: url },
      ['--endpoint-url', 'https://192.0.2.10'],
      elsewhere('192.0.2.10'),
      '192.0.2.10:443',
    ],
  ];

  suite('a session', () => {
    for (const [title, env, words, expected, target = `${aws}:443`] of sessions)
      test(title, async () => {
        const before = proxies.map(({ targets }) => targets.length);
        const { status, stdout, stderr, calls } = await call(words, env);
        assert.deepEqual([status, stderr, calls], [0, expected, 1]);
        assert.match(stdout, /^export AWS_SESSION_TOKEN='.+';$/m);
        assert.deepEqual(
          proxies.flatMap(({ targets }, index) => targets.slice(before[index])),
          [target],
        );
      });

    for (const [host, region] of [
      [aws, 'us-east-1'],
      [anyAws, 'us-east-1'],
      [vpcAws, 'eu-central-1'],
      ['sts.test.example:8443', 'eu-west-1'],
    ] as const)
      test(`is asked for at ${host} with a signature for ${region}, and the profile's region is exported`, async () => {
        const words = ['--endpoint-url', `https://${host}`];
        const { stdout, stderr } = await call(words, { ...trust, HTTPS_PROXY: url }, 'region = eu-west-1\n');
        assert.match(stdout, /^export AWS_REGION='?eu-west-1'?;$/m, stderr);
        assert.equal(sts.requests.at(-1)?.region, region);
      });

    test('ca_bundle of the profile, below HOME', async () => {
      const { status, stderr, calls } = await call([], { HTTPS_PROXY: url }, 'ca_bundle = ~/company.pem\n');
      assert.deepEqual([status, calls], [0, 1], stderr);
      assert.match(stderr, /, with the certificates of \/.*\/company\.pem\n$/);
    });

    test('AWS_CA_BUNDLE before ca_bundle', async () => {
      const { status, stderr, calls } = await call([], { ...trust, HTTPS_PROXY: url }, 'ca_bundle = /nowhere\n');
      assert.deepEqual([status, stderr, calls], [0, through(url) + certified, 1]);
    });

    test('each try goes through the proxy', async () => {
      const before = open.targets.length;
      sts.fault('http-500', { times: 2 });
      const { status, stderr, calls } = await call([], { ...trust, HTTPS_PROXY: url, NO_PROXY: '' });
      assert.deepEqual([status, calls, open.targets.length - before], [0, 3, 3], stderr);
    });

    test('the proxies saw nothing but TLS', () => {
      for (const proxy of [open, guarded, encrypted]) {
        const seen = proxy.seen();
        // A record of a handshake.
        assert.equal(seen[0], 22);
        for (const { user, token } of sts.sessions.map(({ principal, sessionToken }) => ({
          user: principal as StsUser,
          token: sessionToken,
        }))) {
          for (const part of [user.accessKeyId, user.device.serialNumber, token, 'GetSessionToken', 'TokenCode'])
            assert.equal(seen.includes(part), false);
        }
        assert.deepEqual(proxy.others, []);
      }
    });
  });

  suite('past the proxy', () => {
    const nowhere = ['--endpoint-url', 'https://sts.mfa-env.invalid'];
    for (const [title, env] of [
      ['HTTP_PROXY and ALL_PROXY are for others', { HTTP_PROXY: url, ALL_PROXY: url, all_proxy: url, HTTPS_PROXY: '' }],
      ['an empty https_proxy wins too', { https_proxy: '', HTTPS_PROXY: url }],
      ['NO_PROXY', { HTTPS_PROXY: url, NO_PROXY: '.mfa-env.invalid' }],
      ['no_proxy wins', { HTTPS_PROXY: url, no_proxy: '*', NO_PROXY: 'localhost' }],
    ] as const)
      test(title, async () => {
        const before = open.targets.length;
        const { status, stdout, stderr, calls } = await call(nowhere, env);
        assert.deepEqual([status, stdout, calls, open.targets.length - before], [1, 'false;\n', 0, 0]);
        assert.match(stderr, /^mfa-env: error: https:\/\/sts\.mfa-env\.invalid cannot be (found|reached)/m);
        assert.doesNotMatch(stderr, /proxy/);
      });

    test('where there is neither proxy nor bundle, nothing of it is loaded', async () => {
      const { user, home } = makeUser(sts, { env: { HTTPS_PROXY: '' } });
      const copy = copyProgram(home);
      for (const part of ['proxy', 'tunnel', 'ca-bundle']) rmSync(join(copy, `dist/${part}.cjs`));
      const words = [join(copy, 'dist/cli.cjs'), 'prod', sts.code(user)];
      const { status, stderr } = await run(process.execPath, words, home.env);
      assert.deepEqual([status, stderr], [0, `mfa-env: sts is called at ${sts.url}, which is not aws\n`]);
    });

    test('this machine, where NO_PROXY names it', async () => {
      const env = { ...trust, HTTPS_PROXY: `http://${gone.host}`, NO_PROXY: 'localhost' };
      const here = `https://localhost:${front.port}`;
      const { status, stderr, calls } = await call(['--endpoint-url', here], env);
      assert.deepEqual([status, calls], [0, 1], stderr);
      assert.equal(stderr, `mfa-env: sts is called at ${here}, which is not aws${certified}`);
    });

    test('but not this machine, encrypted, by itself', async () => {
      const here = `https://localhost:${front.port}`;
      const before = open.targets.length;
      const { status, stderr, calls } = await call(['--endpoint-url', here], {
        ...trust,
        HTTPS_PROXY: url,
        NO_PROXY: '',
      });
      assert.deepEqual([status, calls, open.targets.slice(before)], [0, 1, [`localhost:${front.port}`]], stderr);
    });

    test('this machine by plain http, which has no certificates', async () => {
      const env = { HTTPS_PROXY: `http://${gone.host}`, NO_PROXY: '', AWS_CA_BUNDLE: '/nowhere' };
      const { status, stderr, calls } = await call([], { ...env, AWS_ENDPOINT_URL_STS: sts.url });
      assert.deepEqual([status, calls], [0, 1]);
      assert.equal(stderr, `mfa-env: sts is called at ${sts.url}, which is not aws\n`);
    });
  });

  const mute = await agreesOnNoEncryption();
  const mutes = new URL(mute.url).host;
  after(mute.close);
  const talker = createServer((socket) => socket.on('error', () => {}).end('220 ftp.example.com ready\r\n\r\n'));
  const talks = `127.0.0.1:${await listen(talker)}`;
  after(() => talker.close());
  const host = `https://${aws}`;
  const behind = (proxy: string) => `${host}, through the proxy ${proxy},`;

  const failures: {
    title: string;
    env: Record<string, string>;
    manner?: Manner;
    offers?: string[];
    words?: string[];
    error: string | RegExp;
    hint: RegExp;
  }[] = [
    {
      title: 'it refuses connections',
      env: { HTTPS_PROXY: `http://${encoded}@${gone.host}` },
      error: `the proxy http://${gone.host} refuses connections`,
      hint: /^check HTTPS_PROXY, or unset it/,
    },
    {
      title: 'it cannot be found',
      env: { https_proxy: `http://${encoded}@proxy.mfa-env.invalid:3128` },
      error: /^the proxy http:\/\/proxy\.mfa-env\.invalid:3128 (cannot be (found|reached)|did not answer within 5 s)/,
      hint: /^check https_proxy, or unset it/,
    },
    {
      title: 'it wants credentials',
      env: { HTTPS_PROXY: `http://${guarded.host}` },
      error: `the proxy http://${guarded.host} wants a user and a password (407)`,
      hint: /put them into HTTPS_PROXY: http:\/\/USER:PASSWORD@127\.0\.0\.1:\d+, both percent-encoded/,
    },
    {
      title: 'it refuses the credentials',
      env: { HTTPS_PROXY: `http://${encoded}x@${guarded.host}` },
      error: `the proxy http://${guarded.host} refused the user and password (407)`,
      hint: /put the right ones into HTTPS_PROXY/,
    },
    {
      title: 'it wants credentials of a kind that is not spoken',
      env: { HTTPS_PROXY: `http://${encoded}@${open.host}` },
      manner: 407,
      offers: ['Negotiate', 'NTLM secret="hun/ter2"'],
      error: `the proxy ${url} asks for Negotiate, NTLM, and Basic alone is spoken`,
      hint: /ask whoever manages the proxy/,
    },
    ...[403, 502, 503].map((status) => ({
      title: `it refuses with status ${status}`,
      env: { HTTPS_PROXY: `http://${encoded}@${open.host}` },
      manner: status,
      error: `the proxy ${url} does not connect to ${aws} (status ${status})`,
      hint: /ask whoever manages the proxy, or name the host in NO_PROXY/,
    })),
    {
      title: 'it never answers',
      env: { HTTPS_PROXY: `http://${encoded}@${open.host}` },
      manner: 'silent',
      error: `the proxy ${url} did not answer within 5 s`,
      hint: /check HTTPS_PROXY/,
    },
    {
      title: 'it never agrees on encryption',
      env: { HTTPS_PROXY: `https://${encoded}@${mutes}` },
      error: `the proxy https://${mutes} did not answer within 5 s`,
      hint: /check HTTPS_PROXY/,
    },
    {
      title: 'nothing comes out of the tunnel',
      env: { ...trust, HTTPS_PROXY: url },
      manner: 'silent tunnel',
      error: `${behind(url)} did not answer within 5 s`,
      hint: /check the network/,
    },
    {
      title: 'the tunnel breaks',
      env: { ...trust, HTTPS_PROXY: url },
      manner: 'broken tunnel',
      error: `${behind(url)} cannot be reached (ECONNRESET)`,
      hint: /check the network/,
    },
    {
      title: 'it is no proxy',
      env: { HTTPS_PROXY: `http://${talks}` },
      error: `what answers at http://${talks} is not a proxy`,
      hint: /check HTTPS_PROXY/,
    },
    {
      title: 'it does not speak TLS',
      env: { HTTPS_PROXY: `https://${encoded}@${open.host}` },
      error: /^the proxy https:\/\/127\.0\.0\.1:\d+ does not speak tls \(E/,
      hint: /does http:\/\/ belong into HTTPS_PROXY/,
    },
    {
      title: 'it speaks TLS alone',
      env: { HTTPS_PROXY: `http://${encoded}@${encrypted.host}` },
      error: /^the proxy http:\/\/127\.0\.0\.1:\d+ broke the connection|^what answers at/,
      hint: /check HTTPS_PROXY/,
    },
    {
      title: 'nobody vouches for the proxy',
      env: { ...trust, HTTPS_PROXY: `https://${encoded}@${foreign.host}` },
      error: /^the certificate of the proxy https:\/\/127\.0\.0\.1:\d+ is not to be trusted: /,
      hint: /point AWS_CA_BUNDLE at/,
    },
    {
      title: 'nobody vouches for STS',
      env: { HTTPS_PROXY: url },
      error: /^the certificate of .*, through the proxy .*, is not to be trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
      hint: /point AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS at its certificate/,
    },
    {
      title: 'nobody vouches for STS, NODE_TLS_REJECT_UNAUTHORIZED=0',
      env: { HTTPS_PROXY: url, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      error: /^the certificate of .* is not to be trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
      hint: /AWS_CA_BUNDLE/,
    },
    {
      title: 'nobody vouches for the proxy, NODE_TLS_REJECT_UNAUTHORIZED=0',
      env: { HTTPS_PROXY: `https://${foreign.host}`, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      error: /^the certificate of the proxy https:\/\/127\.0\.0\.1:\d+ is not to be trusted: /,
      hint: /AWS_CA_BUNDLE/,
    },
    {
      title: 'the bundle has not the right authority',
      env: { HTTPS_PROXY: url, AWS_CA_BUNDLE: stranger.file },
      error: /^the certificate of .* is not to be trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
      hint: /^the certificates of \/.*\/authority\.pem alone count/,
    },
    {
      title: 'the bundle counts in place of NODE_EXTRA_CA_CERTS',
      env: { HTTPS_PROXY: url, AWS_CA_BUNDLE: stranger.file, NODE_EXTRA_CA_CERTS: company.file },
      error: /^the certificate of .* is not to be trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE/,
      hint: /alone count/,
    },
    {
      title: 'the certificate is of another host',
      env: { ...trust, HTTPS_PROXY: url },
      words: ['--endpoint-url', 'https://other.test.example'],
      error: /^the certificate of .* is not to be trusted: ERR_TLS_CERT_ALTNAME_INVALID/,
      hint: /it is of another host/,
    },
    {
      title: 'the certificate is of another address',
      env: { ...trust, HTTPS_PROXY: `http://localhost:${open.host.split(':')[1]}` },
      words: ['--endpoint-url', 'https://192.0.2.11'],
      error: /^the certificate of .* is not to be trusted: ERR_TLS_CERT_ALTNAME_INVALID/,
      hint: /it is of another host/,
    },
  ];

  suite('failures', () => {
    for (const { title, env, manner = 'connect', offers, words = [], error, hint } of failures)
      test(`${title}: the code was not sent`, async () => {
        open.manner = manner;
        const usual = open.offers;
        open.offers = offers ?? usual;
        const begin = performance.now();
        const { user, home } = makeUser(sts, { env: { ...withAws, ...env } });
        const before = sts.requests.length;
        const { stderr, ...ended } = await runMfaEnv(['prod', code, '--quiet', ...words], home.env);
        open.manner = 'connect';
        open.offers = usual;
        assert.deepEqual({ ...ended, calls: sts.requests.length - before }, { ...failed, calls: 0 }, stderr);
        const [, message = '', advice = ''] =
          /^(?:mfa-env: sts is called [^\n]*\n)?mfa-env: error: (.*)\nmfa-env: hint: (.*)\n$/.exec(stderr) ?? [];
        if (typeof error === 'string') assert.equal(message, error, stderr);
        else assert.match(message, error, stderr);
        assert.match(advice, hint);
        assert.match(advice, /the code was not sent$/);
        assertTellsNothing(stderr, user, code);
        const seconds = (performance.now() - begin) / 1000;
        if (message.includes('5 s')) assert.ok(seconds > 4.9 && seconds < 7, `${seconds} s`);
        else assert.ok(seconds < 5, `${seconds} s`);
      });

    for (const [proxy, message] of [
      ['http://ana:hun%2Fter2@127.0.0.1/x', 'is not the URL of a proxy, such as http://proxy.example.com:3128'],
      ['http://ana:hun/ter2@127.0.0.1:3128', 'is not the URL of a proxy, such as http://proxy.example.com:3128'],
      ['socks5://ana:hun%2Fter2@127.0.0.1', 'names a proxy of the kind socks5, which is not spoken'],
    ] as const)
      for (const variable of ['HTTPS_PROXY', 'https_proxy'])
        test(`${variable}=${proxy} is refused before a code is asked for`, async () => {
          const { user, home } = makeUser(sts, { env: { ...withAws, [variable]: proxy } });
          const { stderr, ...ended } = await runMfaEnv(['prod'], home.env);
          assert.deepEqual(ended, { status: 2, signal: null, stdout: 'false;\n' });
          assert.match(stderr, /^mfa-env: error: .*\nmfa-env: hint: .*\n$/);
          assert.ok(stderr.startsWith(`mfa-env: error: ${variable} ${message}\n`), stderr);
          assertTellsNothing(stderr, user);
        });

    test('a proxy that fails at the second try: the code may be spent', async () => {
      sts.fault('http-500', { times: 1 });
      const calls = sts.requests.length;
      const running = call([], { ...trust, HTTPS_PROXY: url, NO_PROXY: '' });
      await until(() => sts.requests.length > calls);
      open.manner = 502;
      const { status, stderr } = await running;
      open.manner = 'connect';
      assert.equal(status, 1);
      assert.match(stderr, /does not connect to .*\(status 502\)\nmfa-env: hint: .*the code may be spent/);
      assert.doesNotMatch(stderr, /was not sent/);
    });

    test('an answer that is lost behind the proxy: the code may be spent', async () => {
      sts.fault('reset-after', { times: 1 });
      const { status, stdout, stderr, calls } = await call([], { ...trust, HTTPS_PROXY: url, NO_PROXY: '' });
      assert.deepEqual([status, stdout, calls], [1, 'false;\n', 1]);
      assert.match(stderr, /through the proxy .* broke the connection.*\nmfa-env: hint: the code may be spent/);
    });
  });

  suite('Ctrl-C', () => {
    test('while encryption with the proxy is waited for', async () => {
      const { user, home } = makeUser(sts, { env: { ...withAws, HTTPS_PROXY: `https://${mutes}` } });
      const running = start(process.execPath, [program, 'prod', sts.code(user)], home.env);
      await until(() => running.stderr() !== '');
      await setTimeout(300);
      const begin = performance.now();
      running.kill('SIGINT');
      const { stderr, ...ended } = await running.ended;
      assert.deepEqual(ended, { status: null, signal: 'SIGINT', stdout: 'false;\n' });
      assert.ok(performance.now() - begin < 500);
      assert.equal(stderr, `${through(`https://${mutes}`)}\n`);
    });

    for (const manner of ['silent', 'silent tunnel', 'connect'] as const)
      test(manner === 'connect' ? 'while STS is waited for' : `at a ${manner}`, async () => {
        const { user, home } = makeUser(sts, { env: { ...withAws, ...trust, HTTPS_PROXY: url } });
        open.manner = manner;
        if (manner === 'connect') sts.fault('hang');
        const [tunnels, calls] = [open.targets.length, sts.requests.length];
        const running = start(process.execPath, [program, 'prod', sts.code(user), '--save'], home.env);
        await until(() => open.targets.length > tunnels && (manner !== 'connect' || sts.requests.length > calls));
        const begin = performance.now();
        running.kill('SIGINT');
        const { stderr, ...ended } = await running.ended;
        open.manner = 'connect';
        assert.deepEqual(ended, { status: null, signal: 'SIGINT', stdout: 'false;\n' });
        assert.ok(performance.now() - begin < 500);
        assert.equal(stderr, through(url) + certified);
      });
  });
});
