/** Whether STS is reached, by which way, and by whose clock. */

import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { makeAuthority } from '../authority.ts';
import { startProxy } from '../connect-proxy.ts';
import { type Ended, sectionsOf, unless } from '../harness.ts';
import { agreesOnNoEncryption, answersNothing, takesNoConnections } from '../silent-servers.ts';
import { startTlsFront } from '../tls-front.ts';
import { examine, healthy, split, sts, user } from './examine.ts';

suite('the network', () => {
  afterEach(() => {
    sts.clearFaults();
    sts.clockOffsetSeconds = 0;
  });

  const clocks: [seconds: number, found: RegExp[], status: number][] = [
    [10, [], 0],
    [
      -100,
      [/^warning: this machine's clock is (99|100|101) seconds ahead of 127\.0\.0\.1:\d+: set it right, if that/],
      0,
    ],
    [1020, [/^error: this machine's clock is 17 minutes behind 127\.0\.0\.1:\d+: set it right/], 1],
  ];
  for (const [seconds, found, status] of clocks)
    test(`AWS's clock is ${seconds} s ahead`, async () => {
      sts.clockOffsetSeconds = seconds;
      const ended = await examine({});
      const { lines } = split(ended);
      assert.equal(lines.length, found.length, ended.stdout);
      for (const [index, pattern] of found.entries()) assert.match(lines[index] ?? '', pattern);
      assert.equal(ended.status, status);
    });

  test("AWS's own clock is called so", { skip: unless('openssl') }, async () => {
    const aws = 'sts.eu-west-1.amazonaws.com';
    const company = makeAuthority('Company');
    const front = await startTlsFront(sts.url, company.issue(`DNS:${aws}`));
    const proxy = await startProxy({ [`${aws}:443`]: front.port });
    sts.clockOffsetSeconds = 1020;
    const { stdout } = await examine({
      env: { AWS_ENDPOINT_URL_STS: '', HTTPS_PROXY: `http://${proxy.host}`, AWS_CA_BUNDLE: company.file },
    });
    front.close();
    proxy.close();
    assert.match(stdout, /^error: this machine's clock is 17 minutes behind aws: set it right \(timedatectl/m);
  });

  test('STS is called once for all profiles, without keys, and NODE_DEBUG keeps it from being called', async () => {
    const before = sts.requests.length;
    const credentials = healthy + sectionsOf('stage', user);
    await examine({ credentials });
    const [request, ...more] = sts.requests.slice(before);
    assert.deepEqual([more.length, request?.headers.authorization, request?.path], [0, undefined, '/']);
    await examine({ env: { NODE_DEBUG: 'https' } });
    assert.equal(sts.requests.length, before + 1);
  });

  test('a server that fails is worth knowing', async () => {
    sts.fault('http-503');
    const ended = await examine({});
    assert.match(ended.stdout, /^warning: http:\/\/127\.0\.0\.1:\d+ answers with status 503: try again later$/m);
    assert.equal(ended.status, 0);
  });

  test('a host that speaks no tls', async () => {
    const { port } = new URL(sts.url);
    const { stdout, status } = await examine({ words: ['--endpoint-url', `https://127.0.0.1:${port}`] });
    assert.match(
      stdout,
      /^error: https:\/\/127\.0\.0\.1:\d+ does not agree on tls \(EPROTO\): is that an https server\?/m,
    );
    assert.equal(status, 1);
  });

  test('a connection that breaks, and a host that refuses', async () => {
    sts.fault('reset-before');
    assert.match(
      (await examine({})).stdout,
      /^error: http:\/\/127\.0\.0\.1:\d+ broke the connection \(ECONNRESET\): check/m,
    );
    const { stdout, status } = await examine({ env: { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9' } });
    assert.match(
      stdout,
      /^error: http:\/\/127\.0\.0\.1:9 refuses connections: check the network, and AWS_ENDPOINT_URL_STS$/m,
    );
    assert.equal(status, 1);
  });

  test('it is told which profile, and which line or variable, has no endpoint', async () => {
    const without = healthy.replace('region = eu-west-1\n', '');
    const none = 'mars is no region of aws, so its sts has no address';
    for (const [credentials, region, what] of [
      [`${without}region = mars\n`, '', `CREDENTIALS:6: ${none}`],
      [without, 'mars', `AWS_REGION: ${none}`],
    ] as const) {
      const env = { AWS_ENDPOINT_URL_STS: '', AWS_REGION: region };
      const { stdout } = await examine({ credentials, env, words: ['--json'] });
      const [finding] = JSON.parse(stdout).findings;
      assert.deepEqual(finding, {
        level: 'error',
        about: 'network',
        profile: 'prod',
        what,
        hint: 'name one such as eu-west-1',
      });
    }
    const { stdout } = await examine({ env: { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9' }, words: ['--json'] });
    assert.equal(JSON.parse(stdout).findings[0].profile, 'prod');
  });

  test('of very many endpoints it is told how many were not called', async () => {
    const sections = Array.from({ length: 23 }, (_, index) =>
      sectionsOf(`p${index}`, user, `endpoint_url = ${sts.url}/${index}\n`),
    );
    const setUp = { credentials: sections.join('\n'), env: { AWS_ENDPOINT_URL_STS: '' } };
    const before = sts.requests.length;
    assert.match((await examine(setUp)).stdout, /\/19, not 3 more endpoints, mfa-env \d/);
    assert.equal(sts.requests.length, before + 20);
    assert.equal(JSON.parse((await examine({ ...setUp, words: ['--json'] })).stdout).endpointsLeftOut, 3);
  });

  test('a profile that needs no code has nothing to call', async () => {
    const before = sts.requests.length;
    const config = '[profile s]\nsso_session = a\n[profile cli]\ncredential_process = mfa-env prod\n';
    await examine({ config, words: ['s'] });
    await examine({ config, words: ['cli'] });
    assert.equal(sts.requests.length, before);
  });

  test('profiles with silent servers are waited for together', async () => {
    const servers = await Promise.all([takesNoConnections(), agreesOnNoEncryption(), answersNothing()]);
    const sections = servers.map(({ url }, index) => sectionsOf(`p${index}`, user, `endpoint_url = ${url}\n`));
    const begin = performance.now();
    const { stdout, status } = await examine({ credentials: sections.join('\n'), env: { AWS_ENDPOINT_URL_STS: '' } });
    const seconds = (performance.now() - begin) / 1000;
    for (const server of servers) server.close();
    assert.equal(stdout.match(/^error: https?:\/\/127\.0\.0\.1:\d+ did not answer within 5 s/gm)?.length, 2, stdout);
    assert.match(stdout, /^error: http:\/\/127\.0\.0\.1:\d+ took the connection and did not answer within 5 s/m);
    assert.equal(status, 1);
    assert.ok(seconds > 5 && seconds < 9, `${seconds} s`);
  });

  test('--endpoint-url is called, and a wrong one is wrong usage', async () => {
    const before = sts.requests.length;
    const { status } = await examine({ words: ['--endpoint-url', sts.url], env: { AWS_ENDPOINT_URL_STS: '' } });
    assert.deepEqual([status, sts.requests.length], [0, before + 1]);
    for (const credentials of [healthy, '']) {
      const wrong = await examine({ words: ['--endpoint-url', 'nonsense'], credentials });
      assert.equal(wrong.status, 2);
      assert.match(wrong.stderr, /^mfa-env: error: --endpoint-url is not a URL/);
    }
  });

  test('by proxies and certificates', { skip: unless('openssl') }, async () => {
    const aws = 'sts.eu-west-1.amazonaws.com';
    const company = makeAuthority('Company');
    const front = await startTlsFront(sts.url, company.issue(`DNS:${aws}`));
    const open = await startProxy({ [`${aws}:443`]: front.port });
    const guarded = await startProxy({}, { credentials: 'ana:else' });
    const by = (proxy: string, more: Record<string, string> = {}) =>
      examine({ env: { AWS_ENDPOINT_URL_STS: '', HTTPS_PROXY: proxy, AWS_CA_BUNDLE: company.file, ...more } });

    const well = await by(`http://ana:hunter2@${open.host}`);
    assert.deepEqual([split(well).lines, well.status], [[], 0], well.stdout);
    assert.match(
      well.stdout,
      /https:\/\/sts\.eu-west-1\.amazonaws\.com through the proxy http:\/\/127\.0\.0\.1:\d+ with the cert/,
    );
    const rows: [Promise<Ended>, RegExp][] = [
      [
        by(`http://${open.host}`, { AWS_CA_BUNDLE: '' }),
        /^error: the certificate of https:\S+, through the proxy http:\S+, is not to/m,
      ],
      [
        by(`http://ana:hunter2@${guarded.host}`),
        /^error: the proxy http:\/\/127\S+ refused the user and password \(407\): put/m,
      ],
      [by('http://127.0.0.1:9'), /^error: the proxy http:\/\/127\.0\.0\.1:9 refuses connections: check HTTPS_PROXY/m],
      [by('socks5://ana:hunter2@127.0.0.1:9'), /^error: HTTPS_PROXY names a proxy of the kind socks5/m],
      [
        by(`http://${open.host}`, { AWS_CA_BUNDLE: '/nonexistent' }),
        /^error: AWS_CA_BUNDLE names \/nonexistent, which does not/m,
      ],
    ];
    for (const [ended, pattern] of rows) {
      const { stdout, status } = await ended;
      assert.match(stdout, pattern);
      assert.equal(status, 1);
    }
    front.close();
    open.close();
    guarded.close();
  });
});
