/** The settings that tools lose with AWS_PROFILE: what is exported in their place, and what AWS's tools make of it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { Environment } from '../src/environment.ts';
import { readExportedSettings } from '../src/exported-settings.ts';
import { readProfile } from '../src/profile.ts';
import { type Home, makeUser, root, run, runMfaEnv, savedLines, unless } from './harness.ts';
import { shells } from './shells.ts';
import { startSts } from './sts/server.ts';
import { filesOf } from './temp-folder.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };
const keys = '[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';

function read(lines: string, env: Environment = { HOME: '/home/ana' }, more = '') {
  return readExportedSettings(readProfile(filesOf(keys, `[profile prod]\n${lines}\n${more}`), 'prod'), env);
}

const rows: [title: string, lines: string, expected: [string, string][]][] = [
  ['nothing', 'region = eu-west-1', []],
  ['FIPS', 'use_fips_endpoint = true', [['AWS_USE_FIPS_ENDPOINT', 'true']]],
  ['no FIPS', 'use_fips_endpoint = False', [['AWS_USE_FIPS_ENDPOINT', 'false']]],
  ['dualstack', 'use_dualstack_endpoint = TRUE', [['AWS_USE_DUALSTACK_ENDPOINT', 'true']]],
  ['a bundle', 'ca_bundle = /etc/my certs/ünï.pem', [['AWS_CA_BUNDLE', '/etc/my certs/ünï.pem']]],
  ['a bundle at home', 'ca_bundle = ~/certs.pem', [['AWS_CA_BUNDLE', '/home/ana/certs.pem']]],
  ['a bundle by a relative path', 'ca_bundle = certs.pem', [['AWS_CA_BUNDLE', 'certs.pem']]],
  ['a host', 'endpoint_url = https://aws.example:8443/path', [['AWS_ENDPOINT_URL', 'https://aws.example:8443/path']]],
  ['this machine', 'endpoint_url = http://localhost:4566', [['AWS_ENDPOINT_URL', 'http://localhost:4566']]],
  ['no host that is ignored', 'endpoint_url = https://a.example\nignore_configured_endpoint_urls = true', []],
  ['nothing for empty lines', 'ca_bundle =\nuse_fips_endpoint =', []],
];

for (const [title, lines, expected] of rows) test(`exports ${title}`, () => assert.deepEqual(read(lines), expected));

test("the source's settings do not count, as with AWS's tools", () =>
  assert.deepEqual(read('', {}, '[profile prod-default]\nuse_fips_endpoint = true\n'), []));

const refused: [title: string, line: string, message: RegExp][] = [
  ['what is neither true nor false', 'use_fips_endpoint = yes', /^config:2: yes is neither true nor false$/],
  ['the same for dualstack', 'use_dualstack_endpoint = 1', /^config:2: 1 is neither true nor false$/],
  ['a path with a control character', 'ca_bundle = /a\x1b[2Jb', /^config:2: ca_bundle is not a path: \/a\\x1b\[2Jb$/],
  ['a path that turns the writing around', 'ca_bundle = /a\u202eb', /^config:2: ca_bundle is not a path/],
  ['a path that is too long', `ca_bundle = /${'a'.repeat(4096)}`, /^config:2: ca_bundle is not a path/],
  ['what is no URL', 'endpoint_url = aws.example', /^config:2: endpoint_url is not a URL/],
  ['another scheme', 'endpoint_url = file:///etc/passwd', /^config:2: endpoint_url is not a URL/],
  ['a host without encryption', 'endpoint_url = http://aws.example', /^config:2: endpoint_url .*not encrypted/],
  ['a URL with a password', 'endpoint_url = https://ana:hunter2@aws.example', /^config:2: endpoint_url must not hold/],
  ['a URL that Node changes', 'endpoint_url = https:\\\\aws.example', /^config:2: endpoint_url has characters/],
  ['a URL with a tab', 'endpoint_url = https://aws\t.example', /^config:2: endpoint_url has characters/],
];

for (const [title, line, message] of refused)
  test(`refuses ${title}`, () => {
    assert.throws(() => read(line), { message, exitStatus: 1, hint: /^(write|name) / });
    assert.throws(
      () => read(line),
      (error: Error) => !error.message.includes('hunter2'),
    );
  });

const settings = `use_fips_endpoint = true
use_dualstack_endpoint = false
ca_bundle = ~/my certs.pem
endpoint_url = http://127.0.0.1:9
`;

const ofProd = (home: string) => ({
  AWS_USE_FIPS_ENDPOINT: 'true',
  AWS_USE_DUALSTACK_ENDPOINT: 'false',
  AWS_CA_BUNDLE: `${home}/my certs.pem`,
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  MFA_ENV_SETTINGS: 'AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT AWS_CA_BUNDLE AWS_ENDPOINT_URL',
});

/** A home with saved sessions of prod, which has settings, of stage, which has another one, and of plain, which has none. */
function arrive(env: Record<string, string> = {}) {
  const others = ['stage', 'plain'].map((name) => `\n[${name}]\n${savedLines()}`).join('');
  const { home } = makeUser(sts, {
    more: savedLines() + others,
    config: `[profile prod]\n${settings}[profile stage]\nuse_fips_endpoint = false\n`,
    env,
  });
  const readBack = `#!/bin/sh\nexec env >"${home.path}/$1"\n`;
  writeFileSync(join(home.path, 'bin/read-back'), readBack, { mode: 0o755 });
  return home;
}

const names = new Set(Object.keys(ofProd('')));

/** Those of the variables that a child of the shell got. */
function variablesIn(home: Home, file: string): Record<string, string> {
  const lines = readFileSync(join(home.path, file), 'utf8').split('\n');
  const entries = lines.map((line) => [line.split('=', 1)[0] ?? '', line.replace(/^\w+=/, '')] as const);
  return Object.fromEntries(entries.filter(([name]) => names.has(name)));
}

suite('in the shell', inParallel, () => {
  for (const { name, command, args, evaluate, language } of shells) {
    const [form = assert.fail()] = Object.values(evaluate);
    const { andThen } = language;
    const load = (words: string, file: string) => andThen(form(`mfa-env ${words}`), `read-back ${file}`);
    test(`${name}: they come and go with the session`, { skip: unless(command) }, async () => {
      const home = arrive();
      const steps = ['prod', 'stage', 'plain', 'prod', 'unset'].map((words, index) => load(words, String(index)));
      const ended = await run(command, [...args, steps.reduce(andThen)], home.env);
      assert.deepEqual([ended.status, ended.stderr], [0, '']);
      assert.deepEqual(variablesIn(home, '0'), ofProd(home.path));
      const ofStage = { AWS_USE_FIPS_ENDPOINT: 'false', MFA_ENV_SETTINGS: 'AWS_USE_FIPS_ENDPOINT' };
      assert.deepEqual(variablesIn(home, '1'), ofStage);
      assert.deepEqual(variablesIn(home, '2'), {});
      assert.deepEqual(variablesIn(home, '3'), ofProd(home.path));
      assert.deepEqual(variablesIn(home, '4'), {});
    });

    test(`${name}: the user's own stay`, { skip: unless(command) }, async () => {
      const users = { AWS_CA_BUNDLE: '/of/user', AWS_USE_FIPS_ENDPOINT: 'false' };
      const home = arrive(users);
      const steps = ['prod', 'unset'].map((words, index) => load(words, String(index)));
      const ended = await run(command, [...args, steps.reduce(andThen)], home.env);
      assert.deepEqual([ended.status, ended.stderr], [0, '']);
      const marked = 'AWS_USE_DUALSTACK_ENDPOINT AWS_ENDPOINT_URL';
      assert.deepEqual(variablesIn(home, '0'), { ...ofProd(home.path), ...users, MFA_ENV_SETTINGS: marked });
      assert.deepEqual(variablesIn(home, '1'), users);
    });
  }

  test("fish: a universal variable of the user's comes back", { skip: unless('fish') }, async () => {
    const home = arrive();
    // Without a configuration fish knows no universal variables.
    const runFish = (script: string) => run('fish', ['-c', script], home.env);
    await runFish('set -Ux AWS_CA_BUNDLE /of/user');
    const script =
      'set -gx AWS_CA_BUNDLE /of/mfa-env; set -gx MFA_ENV_SETTINGS AWS_CA_BUNDLE; mfa-env plain | source; and read-back 0';
    const ended = await runFish(script);
    assert.deepEqual([ended.status, ended.stderr], [0, '']);
    assert.deepEqual(variablesIn(home, '0'), { AWS_CA_BUNDLE: '/of/user' });
  });
});

suite('for programs', inParallel, () => {
  test('the command of exec gets them', async () => {
    const home = arrive();
    const ended = await runMfaEnv(['exec', 'prod', '--', 'read-back', '0'], home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: '' });
    assert.deepEqual(variablesIn(home, '0'), ofProd(home.path));
  });

  test('the command of exec gets none of another profile', async () => {
    const home = arrive({ ...ofProd('/root'), AWS_CA_BUNDLE: '/of/prod' });
    const ended = await runMfaEnv(['exec', 'plain', '--', 'read-back', '0'], home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: '' });
    assert.deepEqual(variablesIn(home, '0'), {});
  });

  test('--format env has them', async () => {
    const home = arrive();
    const { stdout, ...ended } = await runMfaEnv(['prod', '--format', 'env'], home.env);
    assert.deepEqual(ended, { status: 0, signal: null, stderr: '' });
    writeFileSync(join(home.path, '0'), stdout);
    assert.deepEqual(variablesIn(home, '0'), ofProd(home.path));
  });

  test('--format process has no place for them', async () => {
    const { stdout, status } = await runMfaEnv(['prod', '--format', 'process'], arrive().env);
    assert.deepEqual(
      [status, Object.keys(JSON.parse(stdout))],
      [0, ['Version', 'AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration']],
    );
  });

  test('a value that is none is refused, and nothing is printed but a failure', async () => {
    const home = arrive();
    writeFileSync(home.configFile, '[profile prod]\nuse_fips_endpoint = yes\n');
    const { status, stdout, stderr } = await runMfaEnv(['prod'], home.env);
    assert.deepEqual([status, stdout], [1, 'false;\n']);
    assert.match(
      stderr,
      /^mfa-env: error: \S+config:2: yes is neither true nor false\nmfa-env: hint: write true or false/,
    );
  });

  test("the next profile's code does not go to the former profile's endpoint", async () => {
    const { user, home } = makeUser(sts);
    const other = await startSts();
    try {
      const { AWS_ENDPOINT_URL_STS: _, ...env } = home.env;
      const leftovers = { AWS_ENDPOINT_URL: other.url, MFA_ENV_SETTINGS: 'AWS_ENDPOINT_URL' };
      writeFileSync(home.configFile, `[profile prod]\nendpoint_url = ${sts.url}\n`, { mode: 0o600 });
      const { status, stderr } = await runMfaEnv(['prod', sts.code(user)], { ...env, ...leftovers });
      assert.deepEqual([status, other.requests], [0, []], stderr);
      assert.match(stderr, new RegExp(`^mfa-env: sts is called at ${sts.url}, which is not aws\n$`));
    } finally {
      await other.close();
    }
  });
});

const botocoreScript = `
import sys, botocore.session
session = botocore.session.Session(profile=sys.argv[1] if len(sys.argv) > 1 else None)
client = session.create_client('sts')
print(client.meta.endpoint_url, session.get_config_variable('ca_bundle'), client.meta.region_name)
print(session.get_credentials().get_frozen_credentials().token)`;

const sdkScript = `
const { STSClient, GetCallerIdentityCommand } = require(process.argv[1]);
const requestHandler = { async handle({ protocol, hostname, port, headers }) {
  console.log(protocol + hostname + (port ?? ''), headers['x-amz-security-token']);
  throw new Error('nothing is sent');
} };
new STSClient({ maxAttempts: 1, requestHandler }).send(new GetCallerIdentityCommand()).catch(({ message }) => {
  if (message !== 'nothing is sent') throw new Error(message);
});`;

const asWithProfile: [title: string, ofDefault: string, ofProfile: string][] = [
  ['FIPS', '', 'use_fips_endpoint = true'],
  ['no FIPS, in spite of [default]', 'use_fips_endpoint = true', 'use_fips_endpoint = false'],
  ['dualstack', '', 'use_dualstack_endpoint = true'],
  ['both', '', 'use_fips_endpoint = true\nuse_dualstack_endpoint = true'],
  ['a host, in spite of [default]', 'endpoint_url = https://d.example', 'endpoint_url = https://p.example:8443'],
  ['a bundle, in spite of [default]', 'ca_bundle = /of/default', 'ca_bundle = /of/prod'],
  [
    'no host that is ignored',
    '',
    'endpoint_url = https://p.example\nignore_configured_endpoint_urls = true\nuse_fips_endpoint = true',
  ],
];

/** What a reader says with the profile, and then with what mfa-env exports for it. */
async function readBoth(
  command: string,
  args: string[],
  profile: Record<string, string>,
  words: string[],
  lines: string,
) {
  const { home } = makeUser(sts, { more: savedLines(), config: lines, env: { PYTHONWARNINGS: 'ignore' } });
  const { AWS_ENDPOINT_URL_STS: _, ...env } = home.env;
  const quiet = { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const withProfile = await run(command, [...args, ...words], { ...quiet, ...profile });
  const script = 'eval "$(mfa-env prod)" && exec "$0" "$@"';
  return [withProfile, await run('sh', ['-c', script, command, ...args], quiet)] as const;
}

suite("AWS's tools read the same as with the profile", inParallel, () => {
  const sdk = join(root, 'node_modules/@aws-sdk/client-sts');
  const skip = spawnSync('python3', ['-c', 'import botocore']).status === 0 ? false : 'botocore is not installed';
  for (const [title, ofDefault, ofProfile] of asWithProfile) {
    const config = `[default]\nregion = us-east-1\n${ofDefault}\n[profile prod]\nregion = us-east-2\n${ofProfile}\n`;
    test(`botocore: ${title}`, { skip }, async () => {
      const [expected, actual] = await readBoth('python3', ['-c', botocoreScript], {}, ['prod'], config);
      assert.deepEqual([expected.status, expected.stderr], [0, '']);
      assert.deepEqual(actual, expected);
    });
    test(`the JavaScript SDK: ${title}`, async () => {
      const profile = { AWS_PROFILE: 'prod' };
      const [expected, actual] = await readBoth(process.execPath, ['-e', sdkScript, sdk], profile, [], config);
      assert.deepEqual([expected.status, expected.stderr], [0, '']);
      assert.deepEqual(actual, expected);
    });
  }
});
