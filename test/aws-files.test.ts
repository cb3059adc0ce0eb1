import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { awsFilePaths, lookUp, lookUpServices, readAwsFiles } from '../src/aws-files.ts';
import type { Environment } from '../src/environment.ts';
import { filesOf, makeFolder } from './temp-folder.ts';

const paths: [title: string, env: Environment, credentials: string, config: string][] = [
  ['HOME', { HOME: '/h', USERPROFILE: '/u' }, '/h/.aws/credentials', '/h/.aws/config'],
  ['USERPROFILE', { HOME: '', USERPROFILE: '/u', HOMEDRIVE: 'C:' }, '/u/.aws/credentials', '/u/.aws/config'],
  ['HOMEDRIVE and HOMEPATH', { HOMEDRIVE: 'C:', HOMEPATH: '\\u' }, 'C:\\u/.aws/credentials', 'C:\\u/.aws/config'],
  ['the variables', { AWS_SHARED_CREDENTIALS_FILE: '/a/b', AWS_CONFIG_FILE: 'c' }, '/a/b', 'c'],
  ['one variable', { HOME: '/h', AWS_CONFIG_FILE: '/c' }, '/h/.aws/credentials', '/c'],
  ['empty variables', { HOME: '/h', AWS_CONFIG_FILE: '' }, '/h/.aws/credentials', '/h/.aws/config'],
  [
    'a leading ~/ in the variables',
    { HOME: '/h', AWS_SHARED_CREDENTIALS_FILE: '~/k', AWS_CONFIG_FILE: '~/a/~/c' },
    '/h/k',
    '/h/a/~/c',
  ],
  ['variables', { HOME: '/h', AWS_SHARED_CREDENTIALS_FILE: '$HOME/k', AWS_CONFIG_FILE: '/x/~b' }, '/h/k', '/x/~b'],
];

for (const [title, env, credentials, config] of paths)
  test(`paths by ${title}`, () => assert.deepEqual(awsFilePaths(env), { credentials, config }));

test('without a home and the variables there is no path', () =>
  assert.throws(() => awsFilePaths({ HOMEDRIVE: 'C:' }), { message: /HOME is not set/, exitStatus: 1 }));

const places: [title: string, make: (path: string) => void, error: RegExp | undefined][] = [
  ['nothing', () => {}, undefined],
  ['a dangling link', (path) => symlinkSync('nosuch', path), undefined],
  ['/dev/null', (path) => symlinkSync('/dev/null', path), undefined],
  ['a folder', (path) => mkdirSync(path), /config is not a regular file/],
  ['a named pipe', (path) => execFileSync('mkfifo', [path]), /config is not a regular file/],
  ['a link to itself', (path) => symlinkSync('config', path), /cannot read .*config: ELOOP/],
];

for (const [title, make, message] of places)
  test(`${title} in place of a file is ${message ? 'an error' : 'an empty one'}`, (t) => {
    const folder = makeFolder(t);
    const AWS_CONFIG_FILE = join(folder, 'config');
    make(AWS_CONFIG_FILE);
    const read = () => readAwsFiles({ HOME: folder, AWS_CONFIG_FILE }).config.text;
    if (message) assert.throws(read, { message, exitStatus: 1 });
    else assert.equal(read(), '');
  });

test('a file in place of the folder is as if there were no file', (t) => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, '.aws'), '');
  assert.equal(readAwsFiles({ HOME: folder }).credentials.text, '');
});

test('a file is read byte by byte', (t) => {
  const folder = makeFolder(t);
  const path = join(folder, 'credentials');
  writeFileSync(path, Buffer.from([0x23, 0xff, 0xc3, 0xbc, 0x0a]));
  chmodSync(path, 0o400);
  const { credentials } = readAwsFiles({ HOME: folder, AWS_SHARED_CREDENTIALS_FILE: path });
  assert.equal(credentials.text, '#\xff\xc3\xbc\n');
});

type Looked = [title: string, credentials: string, config: string, value: string | undefined];

const looked: Looked[] = [
  ['from the credentials file', '[prod]\nregion = a', '', 'a'],
  ['from the config file', '', '[profile prod]\nregion = b', 'b'],
  ['from the credentials file first', '[prod]\nregion = a', '[profile prod]\nregion = b', 'a'],
  ['from the config file where the other has none', '[prod]\nk = v', '[profile prod]\nregion = b', 'b'],
  ['from the config file where the other is empty', '[prod]\nregion =', '[profile prod]\nregion = b', 'b'],
  ['as not there where both are empty', '[prod]\nregion =', '[profile prod]\nregion =', undefined],
  ['as the last one of several', '[prod]\nregion = a\n[x]\n[prod]\nregion = b', '', 'b'],
  ['in spite of a fault elsewhere', '[prod]\nregion = a\n[x]\nno property\n[y', '', 'a'],
  ['in spite of continuation lines behind another key', '[prod]\nregion = a\nk = v\n  w', '', 'a'],
];

for (const [title, credentials, config, value] of looked)
  test(`a value is read ${title}`, () =>
    assert.equal(lookUp(filesOf(credentials, config), 'prod').get('region')?.value, value));

const faults: [title: string, credentials: string, config: string, message: RegExp][] = [
  ['a header that does not end', '[prod\nregion = a', '', /^credentials:1: .*'\]'/],
  ['a header with text behind it', '[prod]\nregion = a', '# c\n[profile prod] x', /^config:2: .*'\]'/],
  ['a line without =', '[prod]\nregion = a\nno property', '', /^credentials:3: .*'='/],
  ['a line without a key', '', '# c\n[profile prod]\n= v', /^config:3: .*name/],
  ['an indented line below the header', '[prod]\n region = a', '', /^credentials:2: .*continuation/],
  ['a continuation line', '[prod]\nregion = a\n  b', '', /^credentials:2: region goes on/],
  ['a sub-property', '[prod]\nregion =\n  a = b', '', /^credentials:2: region goes on/],
  [
    'a section behind blanks',
    '[prod]\nregion = a\n  [stage]\nregion = b',
    '',
    /^credentials:2: an indented profile definition follows/,
  ],
];

for (const [title, credentials, config, message] of faults)
  test(`${title} in a section that is used is an error`, () =>
    assert.throws(() => lookUp(filesOf(credentials, config), 'prod').get('region'), { message, exitStatus: 1 }));

const existing: [credentials: string, config: string, exists: boolean][] = [
  ['[prod]', '', true],
  ['', '[profile prod]', true],
  ['', '[prod]', false],
  ['[profile prod]', '', false],
  ['[stage', '', false],
];

for (const [credentials, config, exists] of existing)
  test(`prod is ${exists ? '' : 'not '}there by "${credentials}" and "${config}"`, () =>
    assert.equal(lookUp(filesOf(credentials, config), 'prod').exists, exists));

test('a value knows its file and line', () =>
  assert.equal(lookUp(filesOf('\n[prod]\r\n\r\nRegion = a'), 'prod').get('region')?.place, 'credentials:4'));

test('a property of a property is found in the section of its services', () => {
  const config =
    '[services local]\nsts =\n  endpoint_url = http://127.0.0.1:1 ; c\ns3 =\n  endpoint_url = x\n[services a]';
  const find = (name: string) => lookUpServices(filesOf('', config), name).getNested('sts', 'endpoint_url')?.value;
  assert.deepEqual(['local', 'a', 'loca.'].map(find), ['http://127.0.0.1:1', undefined, undefined]);
});
