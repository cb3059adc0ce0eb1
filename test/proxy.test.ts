import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProxied, parseProxy } from '../src/proxy.ts';

const aws = 'https://sts.eu-west-1.amazonaws.com';

const directs: [noProxy: string, url: string][] = [
  ['*', aws],
  ['localhost *', aws],
  ['sts.eu-west-1.amazonaws.com', aws],
  ['STS.EU-West-1.amazonaws.com', aws],
  ['amazonaws.com', aws],
  ['.amazonaws.com', aws],
  ['*.amazonaws.com', aws],
  ['.sts.eu-west-1.amazonaws.com', aws],
  ['localhost, 127.0.0.1,  amazonaws.com', aws],
  ['localhost amazonaws.com', aws],
  ['amazonaws.com.', aws],
  ['amazonaws.com:443', aws],
  ['sts.example.com:8443', 'https://sts.example.com:8443'],
  ['sts.example.com', 'https://sts.example.com:8443'],
  ['10.1.2.3', 'https://10.1.2.3'],
  ['10.1.2.3:8443', 'https://10.1.2.3:8443'],
  ['10.0.0.0/8', 'https://10.1.2.3:8443'],
  ['10.1.2.3/32', 'https://10.1.2.3'],
  ['0.0.0.0/0', 'https://10.1.2.3'],
  ['fd00::1', 'https://[fd00::1]'],
  ['[fd00::1]', 'https://[fd00::1]'],
  ['[FD00::1]:8443', 'https://[fd00::1]:8443'],
  ['fd00::/8', 'https://[fd00::1]'],
];

for (const [noProxy, url] of directs)
  test(`NO_PROXY=${noProxy} covers ${url}`, () => assert.equal(isProxied(new URL(url), noProxy), false));

const proxied: [noProxy: string, url: string][] = [
  ['', aws],
  [', ,', aws],
  ['.', aws],
  ['*.', aws],
  [':443', aws],
  ['localhost', aws],
  ['mazonaws.com', aws],
  ['sts.eu-west-1', aws],
  ['x.sts.eu-west-1.amazonaws.com', aws],
  ['amazonaws.com:8443', aws],
  ['amazonaws*', aws],
  ['sts*.amazonaws.com', aws],
  ['10.1.2.4', 'https://10.1.2.3'],
  ['2.3', 'https://10.1.2.3'],
  ['10.1.2.3:443', 'https://10.1.2.3:8443'],
  ['11.0.0.0/8', 'https://10.1.2.3'],
  ['10.0.0.0/33', 'https://10.1.2.3'],
  ['10.0.0.0/', 'https://10.1.2.3'],
  ['10.0.0.0/8', 'https://10.example.com'],
  ['fd00::2', 'https://[fd00::1]'],
  ['fe00::/8', 'https://[fd00::1]'],
  ['::/129', 'https://[fd00::1]'],
  ['0.0.0.0/0', 'https://[fd00::1]'],
];

for (const [noProxy, url] of proxied)
  test(`NO_PROXY=${noProxy} does not cover ${url}`, () => assert.equal(isProxied(new URL(url), noProxy), true));

const proxies: [text: string, host: string, protocol: string, user: string, password: string][] = [
  ['http://proxy.example.com:3128', 'proxy.example.com:3128', 'http:', '', ''],
  ['https://proxy.example.com', 'proxy.example.com', 'https:', '', ''],
  ['HTTP://proxy.example.com/', 'proxy.example.com', 'http:', '', ''],
  ['proxy.example.com:3128', 'proxy.example.com:3128', 'http:', '', ''],
  ['proxy', 'proxy', 'http:', '', ''],
  ['//proxy:3128', 'proxy:3128', 'http:', '', ''],
  ['[::1]:3128', '[::1]:3128', 'http:', '', ''],
  ['http://ana:secret@proxy:3128', 'proxy:3128', 'http:', 'ana', 'secret'],
  ['ana:secret@proxy:3128', 'proxy:3128', 'http:', 'ana', 'secret'],
  ['http://ana:a%40b%2Fc%23%C3%A9@proxy:3128', 'proxy:3128', 'http:', 'ana', 'a@b/c#é'],
  ['http://ana:100%@proxy:3128', 'proxy:3128', 'http:', 'ana', '100%'],
  ['http://ana@proxy:3128', 'proxy:3128', 'http:', 'ana', ''],
];

for (const [text, host, protocol, user, password] of proxies)
  test(`${text} is a proxy`, () => {
    const { url, variable } = parseProxy(text, 'HTTPS_PROXY');
    const [readUser, readPassword] = [url.username, url.password].map(decodeURIComponent);
    const read = [url.host, url.protocol, readUser, readPassword, variable];
    assert.deepEqual(read, [host, protocol, user, password, 'HTTPS_PROXY']);
  });

const wrong: [text: string, message: RegExp][] = [
  ['http://', /is not the URL of a proxy/],
  ['http://ana:hunter2@', /is not the URL of a proxy/],
  ['http://proxy:port', /is not the URL of a proxy/],
  ['http://proxy:99999', /is not the URL of a proxy/],
  ['http://proxy/path', /is not the URL of a proxy/],
  ['http://proxy?query', /is not the URL of a proxy/],
  ['http://ana:1/hunter2@proxy:3128', /is not the URL of a proxy/],
  ['http://ana:1#hunter2@proxy:3128', /is not the URL of a proxy/],
  ['http://ana:1?hunter2@proxy:3128', /is not the URL of a proxy/],
  ['two words', /is not the URL of a proxy/],
  ['http://ana:hunter2%E9@proxy:3128', /percent-encoded/],
  ['socks5://ana:hunter2@proxy:1080', /kind socks5, which is not spoken/],
  ['ftp://proxy', /kind ftp/],
  ['file:///etc/passwd', /kind file/],
];

for (const [text, message] of wrong)
  test(`${text} is no proxy`, () =>
    assert.throws(
      () => parseProxy(text, 'https_proxy'),
      (error: Error & { hint?: string; exitStatus?: number }) => {
        assert.match(error.message, message);
        assert.match(error.message, /^https_proxy /);
        assert.doesNotMatch(`${error.message} ${error.hint}`, /hunter2|ana\b/);
        assert.equal(error.exitStatus, 2);
        return true;
      },
    ));
