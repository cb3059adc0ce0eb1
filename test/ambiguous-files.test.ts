/** Files that mean two identities: the program, `exec`, formats and `list` refuse them, and say where and why. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, suite, test } from 'node:test';
import { readProfile } from '../src/profile.ts';
import { requireSource } from '../src/settings.ts';
import { makeHome, runMfaEnv } from './harness.ts';
import { startSts } from './sts/server.ts';
import { filesOf } from './temp-folder.ts';

const sts = await startSts();
after(() => sts.close());
const user = sts.addUser();

const keysOf = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = ${user.secretAccessKey}\n`;
const me = `[me]\n${keysOf(user.accessKeyId)}aws_arn_mfa = ${user.device.serialNumber}\n`;
const prod = me.replace('[me]', '[prod-default]');
const role = (account: string, name: string) =>
  `role_arn = arn:aws:iam::${account}:role/${name}\nsource_profile = me\n`;
const dev = `[profile dev]\n${role('444455556666', 'dev')}`;
const admin = role('999988887777', 'prod-admin');
const utf16 = (text: string) => Buffer.from(text, 'utf16le').toString('latin1');
const saved =
  'aws_access_key_id = ASIASAVED00000000001\naws_secret_access_key = s\naws_session_token = t\nx_security_token_expires = 2099-01-01T00:00:00Z\n';

interface Row {
  title: string;
  credentials?: string;
  config?: string;
  profile?: string;
  /** The message; undefined if nothing is refused. */
  refused?: RegExp;
}

const rows: Row[] = [
  {
    title: 'a missing line end before another profile',
    config: `${dev.trimEnd()}[profile prod]\n${admin}`,
    refused: /^config:3: the header \[profile prod\] follows other text in the same line$/,
  },
  {
    title: 'the profile whose header is in another line',
    config: `${dev.trimEnd()}[profile prod]\n${admin}`,
    profile: 'prod',
    refused: /^config:3: the header \[profile prod\] follows/,
  },
  {
    title: 'a missing line end after a comment',
    config: `${dev}# the end[profile prod]\nregion = eu-west-1\n`,
    refused: /^config:4: the header \[profile prod\] follows a comment/,
  },
  { title: 'a header in a comment', config: `${dev}# see [profile prod]\n#[profile x]\nregion = eu-west-1\n` },
  {
    title: 'two headers in a line',
    config: `[profile dev][profile prod]\n${admin}`,
    refused: /^config:1: the header \[profile prod\] follows/,
  },
  {
    title: 'a missing line end in the credentials file',
    credentials: `${me.trimEnd()}[x]\n${keysOf('AKIAIOSFODNN7EXAMPLE')}`,
    config: dev,
    refused: /^credentials:4: the header \[x\] follows/,
  },
  {
    title: 'a key twice with two values',
    config: `${dev}${admin}`,
    refused: /^config:4: role_arn is there a second time, with another value than at line 2$/,
  },
  { title: 'a key twice with the same value', config: `${dev}source_profile = me\n` },
  {
    title: 'an empty value after another',
    config: `${dev}role_arn =\n`,
    refused: /^config:4: role_arn is there a second time/,
  },
  { title: 'another key twice', config: `${dev}region = eu-west-1\nregion = eu-west-2\n` },
  {
    title: 'two devices under one key',
    config: `${dev}mfa_serial = arn:aws:iam::111122223333:mfa/a\nmfa_serial = arn:aws:iam::111122223333:mfa/b\n`,
    refused: /^config:5: mfa_serial is there a second time/,
  },
  {
    title: 'a section twice with two roles',
    config: `${dev}\n[profile dev]\n${admin}`,
    refused: /^config:6: role_arn is there a second time, with another value than at line 2$/,
  },
  { title: 'a section twice that says nothing else', config: `${dev}\n[profile dev]\nregion = eu-west-1\n` },
  {
    title: 'a section under two headers, one without the role',
    config: `${dev}\n[profile "dev"]\nregion = eu-west-1\n`,
    refused: /^config:5: two headers name dev/,
  },
  {
    title: '[default] and [profile default] with two roles',
    config: `[default]\n${admin}[profile default]\n${role('444455556666', 'dev')}`,
    profile: 'default',
    refused: /^config:4: two headers name default/,
  },
  {
    title: 'a source twice with two keys',
    credentials: `${prod}\n${prod.replace(user.accessKeyId, 'AKIAIOSFODNN7EXAMPLE')}`,
    profile: 'prod',
    refused: /^credentials:7: aws_access_key_id is there a second time/,
  },
  {
    title: 'a source twice with two keys, after a saved session',
    credentials: `[prod]\n${saved}${prod}\n${prod.replace(user.accessKeyId, 'AKIAIOSFODNN7EXAMPLE')}`,
    profile: 'prod',
    refused: /^credentials:12: aws_access_key_id is there a second time/,
  },
  {
    title: 'a byte order mark before the role',
    credentials: prod,
    config: `\xef\xbb\xbf[profile prod]\n${admin}`,
    profile: 'prod',
    refused: /^config:1: a byte order mark hides the header \[profile prod\]$/,
  },
  { title: 'a byte order mark before a comment', config: `\xef\xbb\xbf# mine\n${dev}` },
  { title: 'a byte order mark before another profile', config: `\xef\xbb\xbf[profile x]\n${admin}${dev}` },
  {
    title: 'a byte order mark in the middle',
    config: `${dev}\xef\xbb\xbf[profile prod]\n${admin}`,
    profile: 'prod',
    refused: /^config:4: a byte order mark hides/,
  },
  {
    title: 'UTF-16 that was appended',
    credentials: prod,
    config: `${dev}${utf16(`\n[profile prod]\r\n${admin}`)}`,
    profile: 'prod',
    refused: /^config:5: UTF-16 hides the header \[profile prod\]$/,
  },
  {
    title: 'a file in UTF-16',
    credentials: prod,
    config: `\xff\xfe${utf16(`[profile prod]\r\n${admin}`)}`,
    profile: 'prod',
    refused: /^config:1: UTF-16 hides the header \[profile prod\]$/,
  },
  {
    title: 'NUL bytes in the place of a section',
    credentials: prod,
    config: `${dev}${'\0'.repeat(64)}\n`,
    profile: 'prod',
    refused: /^config:4: there is a NUL byte$/,
  },
  {
    title: 'line ends of an old Mac',
    credentials: prod,
    config: `[profile prod]\n${admin}`.replaceAll('\n', '\r'),
    profile: 'prod',
    refused: /^config:1: /,
  },
  {
    title: 'lines that lost their header',
    credentials: prod,
    config: `${admin}${dev}`,
    profile: 'prod',
    refused: /^config:1: expected a profile definition before any property$/,
  },
  {
    title: 'lines that lost their header, if its source could be theirs',
    config: `${admin}${dev}`,
    refused: /^config:1: expected a profile definition before any property$/,
  },
  {
    title: 'a header without a name',
    credentials: prod,
    config: `${dev}[profile ]\n${admin}`,
    profile: 'prod',
    refused: /^config:4: a section header has no name$/,
  },
  {
    title: 'a header that does not end',
    config: `${dev}[profile prod\n${admin}`,
    profile: 'prod',
    refused: /^config:4: a profile definition must end with ']'$/,
  },
  { title: "another profile's header that does not end", config: `[profile prod\n${admin}${dev}` },
  {
    title: 'a bracket too many',
    credentials: prod,
    config: `[profile prod]]\n${admin}`,
    profile: 'prod',
    refused: /^config:1: odd characters in the header of prod$/,
  },
  {
    title: 'a no-break space in a header',
    credentials: prod,
    config: `[profile\xc2\xa0prod]\n${admin}`,
    profile: 'prod',
    refused: /^config:1: odd characters in the header of prod$/,
  },
  {
    title: 'an indented header',
    credentials: prod,
    config: `${dev} [profile prod]\n${admin}`,
    profile: 'prod',
    refused: /^config:4: the header \[profile prod\] is indented$/,
  },
  {
    title: 'a colon after a key',
    config: '[profile me]\ncredential_process: /bin/keys --of=me\n',
    profile: 'me',
    refused: /^config:2: odd characters around the key credential_process$/,
  },
  {
    title: 'a no-break space after a key',
    config: `${dev.replace('role_arn', 'role_arn\xc2\xa0')}`,
    refused: /^config:2: odd characters around the key role_arn$/,
  },
  {
    title: 'a role that is indented',
    credentials: prod,
    config: `[profile prod]\noutput = json\n  role_arn = arn:aws:iam::444455556666:role/dev\n`,
    profile: 'prod',
    refused: /^config:2: role_arn is indented, so it belongs to the value of output$/,
  },
  {
    title: 'two keys in a line',
    credentials: prod,
    config: `[profile prod]\noutput = jsonrole_arn = arn:aws:iam::444455556666:role/dev\n`,
    profile: 'prod',
    refused: /^config:2: role_arn follows a value in the same line$/,
  },
  {
    title: 'a role for every profile',
    credentials: prod,
    config: `[DEFAULT]\n${admin}[profile prod]\nregion = eu-west-1\n`,
    profile: 'prod',
    refused: /^config:2: the AWS CLI gives role_arn of \[DEFAULT\] to every profile$/,
  },
  { title: 'a region for every profile', config: `[DEFAULT]\nregion = eu-west-1\n${dev}` },
  {
    title: 'faults of a profile that takes no part',
    config: `${dev}[profile x]\n${admin}${dev.replace('[profile dev]\n', '')}junk\n[profile x]\n${admin}`,
  },
];

const asText = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8');
const isText = ({ credentials = '', config = '' }: Row) =>
  [credentials, config].every((bytes) => Buffer.from(asText(bytes)).toString('latin1') === bytes);

for (const { title, credentials = me, config = '', profile = 'dev', refused } of rows.filter(isText))
  test(`${title}: ${refused ? 'refused' : 'read'}`, () => {
    const read = () => {
      const found = readProfile(filesOf(asText(credentials), asText(config)), profile);
      requireSource(found);
      return found;
    };
    if (refused) assert.throws(read, { message: refused, hint: /^[a-z]/, isAmbiguous: true, exitStatus: 1 });
    else assert.equal(read().own.get('role_arn')?.value, 'arn:aws:iam::444455556666:role/dev');
  });

test('lines that lost their header stop nothing if all sections that take part are there', () => {
  const config = `${admin}[profile prod]\nregion = eu-west-1\n[profile prod-default]\nregion = eu-west-2\n`;
  assert.equal(requireSource(readProfile(filesOf(prod, config), 'prod')).name, 'prod-default');
});

suite('through the program', { concurrency: 2 }, () => {
  for (const { title, credentials = me, config = '', profile = 'dev', refused } of rows)
    test(title, async () => {
      const home = makeHome({}, { AWS_ENDPOINT_URL_STS: sts.url });
      writeFileSync(home.credentialsFile, credentials, { encoding: 'latin1', mode: 0o600 });
      writeFileSync(home.configFile, config, { encoding: 'latin1', mode: 0o600 });
      const codes = () => sts.requests.filter(({ parameters }) => parameters.TokenCode !== undefined).length;
      const sent = codes();
      const list = await runMfaEnv(['list', '--json'], home.env);
      const rowOf = () => JSON.parse(list.stdout).find((row: { profile: string }) => row.profile === profile);
      if (!refused) {
        const { status, stderr } = await runMfaEnv([profile, '--no-prompt'], home.env);
        assert.deepEqual([status, /a code is needed/.test(stderr)], [3, true], stderr);
        assert.equal(rowOf()?.problem, null);
        return;
      }
      for (const words of [
        [profile, '123456'],
        ['exec', profile, '123456', '--', 'true'],
        [profile, '123456', '--format', 'process'],
      ]) {
        const { status, stdout, stderr } = await runMfaEnv(words, home.env);
        assert.equal(status, words[0] === 'exec' ? 125 : 1, stderr);
        assert.equal(stdout, words[0] === profile && words.length === 2 ? 'false;\n' : '');
        const [first = '', second] = stderr.split('\n');
        const [, file, message = ''] = /^mfa-env: error: .*\/(credentials|config)(:.*)$/.exec(first) ?? [];
        assert.match(file + message, refused);
        assert.match(second ?? '', /^mfa-env: hint: [a-z]/);
      }
      assert.equal(codes(), sent, 'no code was sent');
      if (rowOf()) assert.match(rowOf().problem, new RegExp(refused.source.replace(/^\^/, '')));
      const doctor = await runMfaEnv(['doctor', '--json'], home.env);
      assert.equal(doctor.status, 1);
      const found: { level: string; what: string }[] = JSON.parse(doctor.stdout).findings ?? JSON.parse(doctor.stdout);
      assert.ok(
        found.some(({ level, what }) => level === 'error' && /(credentials|config):\d+: /.test(what)),
        doctor.stdout,
      );
    });
});
