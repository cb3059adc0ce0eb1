/** The file of certificates: what is one, and that what is none is refused before a code is asked for. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readCaBundle } from '../src/ca-bundle.ts';
import { makeAuthority } from './authority.ts';
import { makeHome, runMfaEnv, savedLines, unless } from './harness.ts';

const keys = '[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';
const device = 'aws_arn_mfa = arn:aws:iam::111122223333:mfa/ana\n';

suite('a file of certificates', { skip: unless('openssl') }, () => {
  const authority = readFileSync(makeAuthority('Company').file, 'latin1');
  const folder = makeHome({}).path;
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text, 'latin1');
    return file;
  };
  const trusted = authority.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE');

  for (const [title, text, count] of [
    ['one', authority, 1],
    ['two with words between them', `# Company\n${authority}\nStra\xdfe: \xfc\n${authority}`, 2],
    ['with carriage returns', authority.replaceAll('\n', '\r\n'), 1],
    ['in the form of openssl', trusted, 1],
    ['beside a key', `-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${authority}`, 1],
  ] as const)
    test(`holds ${title}`, () => {
      const { certificates } = readCaBundle(write('good.pem', text), 'AWS_CA_BUNDLE', {});
      assert.equal(certificates.length, count);
    });

  mkdirSync(join(folder, 'folder'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const long = write('long.pem', authority);
  truncateSync(long, 17_000_000);
  const refusals: [title: string, file: string, message: RegExp][] = [
    ['is missing', join(folder, 'missing.pem'), /missing\.pem, which does not exist/],
    ['lies below a file', join(write('file', ''), 'x.pem'), /cannot be read \(ENOTDIR\)/],
    ['is a folder', join(folder, 'folder'), /is not a regular file/],
    ['is a named pipe', join(folder, 'pipe'), /is not a regular file/],
    ['has no end', '/dev/zero', /is not a regular file/],
    ['has 17 MB', long, /is too long for certificates/],
    ['is empty', write('empty.pem', ''), /empty\.pem, which holds no certificate/],
    ['holds text', write('text.pem', 'hello\n'), /holds no certificate/],
    ['holds half a certificate', write('half.pem', authority.slice(0, -30)), /holds no certificate/],
    ['holds a key', write('key.pem', authority.replaceAll('CERTIFICATE', 'PRIVATE KEY')), /holds no certificate/],
    [
      'holds a broken certificate',
      write('broken.pem', authority + authority.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA')),
      /holds a broken certificate, number 2 of 2/,
    ],
  ];

  for (const [title, file, message] of refusals)
    for (const place of ['AWS_CA_BUNDLE', 'ca_bundle'] as const)
      test(`of ${place} that ${title} is refused before a code is asked for`, async () => {
        const isVariable = place === 'AWS_CA_BUNDLE';
        const section = `${keys}[prod]\n${device}${isVariable ? '' : `ca_bundle = ${file}\n`}`;
        const home = makeHome({ credentials: section }, isVariable ? { AWS_CA_BUNDLE: file } : {});
        const { stderr, ...ended } = await runMfaEnv(['prod'], home.env);
        assert.deepEqual(ended, { status: 1, signal: null, stdout: 'false;\n' }, stderr);
        assert.match(stderr, message);
        const named = isVariable ? 'AWS_CA_BUNDLE' : `${home.credentialsFile}:6: ca_bundle`;
        assert.ok(stderr.startsWith(`mfa-env: error: ${named} names ${file}, which `), stderr);
        assert.match(stderr, /\nmfa-env: hint: name a file with certificates in PEM form .*\n$/);
      });

  test('that is good: the code is asked for', async () => {
    const env = { AWS_CA_BUNDLE: write('good.pem', authority) };
    const home = makeHome({ credentials: `${keys}[prod]\n${device}` }, env);
    const { status, stderr } = await runMfaEnv(['prod'], home.env);
    assert.equal(status, 3, stderr);
  });

  test('is not looked at where a saved session lives, and no more is the proxy', async () => {
    const env = { AWS_CA_BUNDLE: '/nowhere', HTTPS_PROXY: 'socks5://127.0.0.1:1080' };
    const home = makeHome({ credentials: `${keys}[prod]\n${device}${savedLines()}` }, env);
    const { status, stdout, stderr } = await runMfaEnv(['prod'], home.env);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^export AWS_SESSION_TOKEN='.+';$/m);
  });
});
