/** Generated files with the damage that users report: whatever mfa-env uses for a profile, botocore reads the same or refuses. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { lookUp, type ProfileValues, readAwsFiles } from '../src/aws-files.ts';
import { isUserError } from '../src/errors.ts';
import { readProfile } from '../src/profile.ts';
import { unlessBotocore } from './aws-clis.ts';
import { root } from './harness.ts';

const runs = Number(process.env.MFA_ENV_TEST_RUNS ?? 400) * 5;
const seed = Number(process.env.MFA_ENV_TEST_SEED ?? 20261201);
const folder = mkdtempSync(join(tmpdir(), 'mfa-env-damaged-'));
after(() => rmSync(folder, { recursive: true }));

const identityKeys = [
  ...['aws_access_key_id', 'aws_secret_access_key', 'aws_session_token', 'role_arn', 'source_profile'],
  ...[
    'credential_process',
    'credential_source',
    'login_session',
    'sso_session',
    'web_identity_token_file',
    'mfa_serial',
  ],
];

const keys = (digit: number) =>
  `aws_access_key_id = AKIAIOSFODNN7EXAMPL${digit}\naws_secret_access_key = secret${digit}\n`;
const role = (account: string) => `role_arn = arn:aws:iam::${account}:role/dev\nsource_profile = me\n`;
const device = 'mfa_serial = arn:aws:iam::111122223333:mfa/ana\n';

/** Sound sections, as users have them. */
const sections = {
  credentials: [
    `[me]\n${keys(1)}`,
    `[prod-default]\n${keys(2)}`,
    `[prod]\n${device}`,
    `[prod]\naws_access_key_id = ASIA1\naws_secret_access_key = s\naws_session_token = t\nx_security_token_expires = 2099-01-01T00:00:00Z\n`,
    `[team]\n${keys(3)}`,
    `[default]\n${keys(4)}region = eu-west-1\n`,
    '# [prod-default] was here\n',
  ],
  config: [
    `[profile prod]\n${role('444455556666')}${device}`,
    `[profile dev]\n${role('999988887777')}`,
    `[profile me]\nregion = eu-west-1\n${device}`,
    '[profile me]\nsource_profile = team\n',
    '[default]\noutput = json\ns3 =\n  max_queue_size = 5\n',
    '[profile prod-default]\nregion = eu-west-1\n',
    '[sso-session corp]\nsso_region = eu-west-1\n',
  ],
};
const soundFile = (kind: 'credentials' | 'config') =>
  fc.shuffledSubarray(sections[kind], { minLength: 1 }).map((some) => some.join('\n'));

/** Lines that damage adds. */
const strayLines = [
  ...[
    'role_arn = arn:aws:iam::1:role/x',
    'role_arn =',
    '  role_arn = arn:aws:iam::1:role/i',
    'ROLE_ARN = arn:aws:iam::1:role/c',
  ],
  ...[
    'role_arn : arn:aws:iam::1:role/x=y',
    '"role_arn" = arn:aws:iam::1:role/q',
    'role_arn\u00a0= arn:aws:iam::1:role/n',
  ],
  ...[
    'source_profile = team',
    'credential_process = /bin/one --x=y',
    'credential_process: /bin/two --x=y',
    'junk',
    '# note',
  ],
  ...[
    ' [profile prod]',
    '[profile prod',
    '[profile prod]]',
    '[profile "prod"]',
    '[profile\u00a0prod]',
    '[profile: prod]',
    '[prod]',
  ],
  ...[
    '[ prod ]',
    '[profile default]',
    '[DEFAULT]',
    '[]',
    '[profile',
    '[profiles prod]',
    '[prod-default]',
    '[profile prod]',
  ],
  ...[
    '\ufeff[profile prod]',
    '\u00a0[profile prod]',
    'aws_session_token = t',
    'login_session = arn:aws:iam::1:user/x',
    'region = x',
  ],
];

/** One thing that goes wrong with a file. */
const damage: fc.Arbitrary<(text: string) => Buffer | string> = fc
  .tuple(
    fc.nat(),
    fc.constantFrom(...strayLines),
    fc.constantFrom('insert', 'insert', 'insert', 'glue', 'cr', 'nul', 'bom', 'indent', 'utf16', 'twice', 'cut'),
  )
  .map(([number, stray, what]) => (text: string) => {
    const lines = text.split('\n');
    const at = number % lines.length;
    const line = lines[at] ?? '';
    if (what === 'insert') lines.splice(at, 0, stray);
    if (what === 'glue') lines.splice(at, 2, line + (lines[at + 1] ?? ''));
    if (what === 'cr') lines.splice(at, 2, `${line}\r${lines[at + 1] ?? ''}`);
    if (what === 'nul') lines[at] = `${line.slice(0, number % 7)}\0${line.slice(number % 7)}`;
    if (what === 'bom') lines[0] = `\ufeff${lines[0]}`;
    if (what === 'indent') lines[at] = `${' '.repeat(1 + (number % 2))}${line}`;
    if (what === 'twice') lines.splice(number % 5, 0, ...lines.slice(at, at + 3));
    if (what === 'cut') lines[at] = line.slice(0, number % (line.length + 1));
    const damaged = lines.join('\n');
    return what === 'utf16'
      ? Buffer.concat([Buffer.from(damaged), Buffer.from(`\n${stray}\nrole_arn = x\n`, 'utf16le')])
      : damaged;
  });
const bytes = (kind: 'credentials' | 'config') =>
  fc
    .tuple(soundFile(kind), fc.array(damage, { maxLength: 1 }), fc.array(damage, { maxLength: 1 }))
    .map(([text, ...damages]) =>
      damages
        .flat()
        .reduce<Buffer>(
          (now, change) => Buffer.from(change(now.toString('latin1') === '' ? text : now.toString())),
          Buffer.from(text),
        ),
    );
const cases = fc.sample(fc.tuple(bytes('credentials'), bytes('config')), { seed, numRuns: runs });

/** The values of all sections that take part; undefined if mfa-env refuses. */
function usedOf(credentials: string, config: string): ProfileValues[] | undefined {
  try {
    const files = readAwsFiles({ AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: config });
    const profile = readProfile(files, 'prod');
    const source = profile.source();
    const base = profile.base?.();
    if (isUserError(source) || isUserError(base)) return undefined;
    return [...profile.settings(), ...(base ? base.settings() : []), lookUp(files, source.name)];
  } catch (error) {
    if (isUserError(error)) return undefined;
    throw error;
  }
}

test('what is used of damaged files, botocore reads the same or refuses', { skip: unlessBotocore() }, () => {
  const paths = cases.map(([credentials, config], index) => {
    const [one, other] = [join(folder, `${index}.credentials`), join(folder, `${index}.config`)];
    writeFileSync(one, credentials);
    writeFileSync(other, config);
    return [one, other] as const;
  });
  const script = join(root, 'test/beside/profiles-of.py');
  const { stdout, stderr, status } = spawnSync('python3', [script], {
    input: JSON.stringify(paths),
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  assert.deepEqual([stderr, status], ['', 0]);
  const read: (Record<string, Record<string, string>> | null)[] = JSON.parse(stdout);
  let [used, roles, compared] = [0, 0, 0];
  read.forEach((profiles, index) => {
    const [credentials = '', config = ''] = paths[index] ?? [];
    const sections = usedOf(credentials, config);
    if (!sections) return;
    used += 1;
    roles += Number(sections[0]?.get('role_arn') !== undefined);
    compared += Number(profiles !== null);
    for (const values of profiles ? sections : []) {
      for (const key of identityKeys) {
        const what = `case ${index} of seed ${seed}: ${key} of ${values.name} in ${JSON.stringify(cases[index]?.map(String))}`;
        const theirs = profiles?.[values.name]?.[key];
        // For mfa-env an empty value in the credentials file does not hide the config file's.
        if (theirs !== '') assert.equal(values.get(key)?.value, theirs, what);
      }
    }
  });
  const told = `${used} of ${runs} were used, ${roles} with a role, ${compared} compared`;
  assert.ok(used > runs / 6 && roles > runs / 20 && compared > runs / 30, told);
});
