/** The lines that are made of many profiles at once: the same as those that each has by itself, in JSON and in the table. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { indexFiles } from '../src/aws-files.ts';
import { readAllProfiles } from '../src/profile-names.ts';
import { type ProfileRow, readRow } from '../src/profile-row.ts';
import { type ForEachRow, readRows } from '../src/profile-rows.ts';
import { writeTable } from '../src/profile-table.ts';
import { padToWidth, widthOf } from '../src/text-width.ts';
import { quoteOutside } from '../src/visible.ts';
import { savedLines } from './harness.ts';
import { filesOf } from './temp-folder.ts';

const keys = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret/of+a/user\n';
const device = (account: string, name = 'ana') => `arn:aws:iam::${account}:mfa/${name}`;

// Many profiles whose sections are alike, in each of the ways in which they are laid out, and some that are not quite.
const deviceLine = (index: number) => `mfa_serial = ${device(String(111100000000 + index), `u${index % 5}`)}\n`;
const layouts: [title: string, section: (name: string, index: number) => { credentials?: string; config?: string }][] =
  [
    ['a source first', (name, index) => ({ credentials: `[${name}-default]\n${keys}[${name}]\n${deviceLine(index)}` })],
    [
      'a source behind',
      (name, index) => ({ credentials: `[${name}]\n${deviceLine(index)}\n[${name}-default]\n${keys}` }),
    ],
    [
      'another hand',
      (name, index) => ({
        credentials: `[${name}-default]\naws_access_key_id=AKIAIOSFODNN7EXAMPLE\nAws_Secret_Access_Key =\tsecret # c\n \n[${name}]\nRegion=eu-west-${index % 3} ;c\n${deviceLine(index)}`,
      }),
    ],
    [
      'a device of the source',
      (name, index) => ({ credentials: `[${name}-default]\n${keys}${deviceLine(index)}[${name}]\n` }),
    ],
    [
      'two devices',
      (name) => ({
        credentials: `[${name}-default]\n${keys}aws_arn_mfa = ${device('111122223333')}\n[${name}]\nmfa_serial = ${device('111122223333', 'b')}\n`,
      }),
    ],
    [
      'an old session',
      (name) => ({ credentials: `[${name}-default]\n${keys}[${name}]\n${savedLines({ expiresAt: new Date(0) })}` }),
    ],
    ['keys', (name, index) => ({ credentials: `[${name}]\n${keys}${deviceLine(index)}output = json\n` })],
    ['keys alone', (name) => ({ credentials: `[${name}]\r\n${keys}` })],
    ['no keys', (name, index) => ({ credentials: `[${name}]\nregion = eu-west-${index % 3}\n` })],
    [
      'settings in the other file',
      (name, index) => ({
        credentials: `[${name}-default]\n${keys}`,
        config: `[profile ${name}]\n${deviceLine(index)}region = us-east-${index}\n`,
      }),
    ],
    [
      'a region of the source',
      (name, index) => ({
        credentials: `[${name}-default]\n${keys}region = eu-west-${index % 2}\n`,
        config: `[profile ${name}]\n${deviceLine(index)}`,
      }),
    ],
    [
      'settings that are commented out here and there',
      (name, index) => ({
        credentials: `[${name}-default]\n${keys}`,
        config: `[profile ${name}]\n${deviceLine(index)}`.replace(/^(?=.)/gm, index % 20 === 15 ? '# ' : ''),
      }),
    ],
    ['settings alone', (name, index) => ({ config: `[profile ${name}]\n${deviceLine(index)}# c\n` })],
    [
      'roles',
      (name, index) => ({
        config: `[profile ${name}]\nrole_arn = arn:aws:iam::${111100000000 + index}:role/r${index}\nsource_profile = a\n`,
      }),
    ],
    ['sources', (name) => ({ config: `[profile ${name}]\nsource_profile = a\nregion = eu-west-1\n` })],
    [
      'SSO',
      (name, index) => ({
        config: `[profile ${name}]\nsso_session = s\nsso_account_id = ${111100000000 + index}\nsso_role_name = R\n`,
      }),
    ],
    [
      'SSO without an account',
      (name, index) => ({ config: `[profile ${name}]\n${deviceLine(index)}sso_session = s\nsso_account_id = a\n` }),
    ],
    [
      'devices with numbers',
      (name, index) => ({ credentials: `[${name}]\n${keys}mfa_serial = GAHT1234567${index % 3}\n` }),
    ],
  ];
const oddities: ((name: string) => { credentials?: string; config?: string })[] = [
  ...['-mfa', '-long-term', '-permanent', '-default', '-default-mfa', '-mfa-default', '-default-default', ''].map(
    (suffix) => (name: string) => ({ credentials: `[${name}${suffix}]\n${keys}` }),
  ),
  (name) => ({ config: `[profile ${name}]\nregion = us-west-2\n` }),
  (name) => ({ config: `[profile ${name}-default]\nregion = us-west-2\n` }),
  (name) => ({ config: `[profile ${name}-mfa]\nregion = us-west-2\n` }),
  (name) => ({ credentials: `[ ${name} ]\nregion = us-west-2\n` }),
  (name) => ({ credentials: `[other-${name}]\nsource_profile = ${name}\n` }),
  (name) => ({ credentials: `# [${name}]\n[${'long'.repeat(30)}${name}]\n${keys}` }),
  () => ({ credentials: '[default]\nregion = us-east-1\n', config: '[default]\nregion = us-east-2\n' }),
  () => ({ config: '[profile default]\nregion = us-east-1\n[sso-session s]\nsso_region = eu-west-1\n' }),
  () => ({ credentials: '# \x01\x02\x03\n' }),
  (name) => ({ credentials: `[${name}-é]\nregion = eu-west-1\nmfa_serial = ${device('111122223333', 'é')}\n` }),
  (name) => ({ credentials: `[${name}-wide]\nregion = ${'x'.repeat(40)}\n` }),
];
const manyAlike = fc
  .tuple(
    fc.array(fc.record({ layout: fc.constantFrom(...layouts), count: fc.integer({ min: 1, max: 100 }) }), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.array(fc.record({ oddity: fc.constantFrom(...oddities), of: fc.nat(60), at: fc.nat(100) }), { maxLength: 4 }),
    fc.boolean(),
    fc.boolean(),
    fc.nat(80),
  )
  .map(([groups, odd, mixed, turned, currentIndex]) => {
    const all = groups.flatMap(({ layout: [, section], count }, group) =>
      Array.from({ length: count }, (_, index) => ({ group, index, section })),
    );
    if (mixed) all.sort((a, b) => a.index - b.index);
    const pieces = all.map(({ section, group, index }) => section(`${'pq'.charAt(group) || 'rs'}${index}`, index));
    for (const { oddity, of, at } of odd)
      pieces.splice(at % (pieces.length + 1), 0, oddity(`${of % 2 ? 'p' : 'q'}${of >> 1}`));
    const join = (kind: 'credentials' | 'config') => {
      const sections = pieces.map((piece) => piece[kind] ?? '');
      return (turned && kind === 'config' ? sections.reverse() : sections).join('');
    };
    const a = `[a-default]\n${keys}[a]\n${deviceLine(0)}`;
    return { credentials: join('credentials') + a, config: join('config'), current: `p${currentIndex}` };
  });

const shortOf = (value: string | null, mark: string) =>
  value?.slice(value.includes(mark) ? value.indexOf(mark) + mark.length : 0) || '-';

/** The table, made the plain way. */
function tableOf(rows: ProfileRow[]): string {
  const ofEnd = (row: ProfileRow) => {
    const state = row.session ? 'expired' : row.login === 'sso' ? 'no MFA (SSO)' : '';
    return [state, row.problem ?? '', row.current ? 'in this shell' : ''].filter(Boolean).join('; ') || '-';
  };
  const lines = rows.map((row) =>
    [
      shortOf(row.profile, ''),
      row.account ?? '-',
      shortOf(row.device, ':mfa/'),
      row.source ?? '-',
      row.region ?? '-',
      shortOf(row.role, ':role/'),
      ofEnd(row),
    ].map(quoteOutside),
  );
  const all = [['PROFILE', 'ACCOUNT', 'DEVICE', 'SOURCE', 'REGION', 'ROLE', 'SESSION'], ...lines];
  const widths =
    all[0]?.slice(0, -1).map((_, index) => Math.max(...all.map((line) => widthOf(line[index] ?? '')))) ?? [];
  return all.map((line) => `${line.map((cell, index) => padToWidth(cell, widths[index] ?? 0)).join('  ')}\n`).join('');
}

/** Compares what is made of many profiles at once with what is read of each. @returns how many lines came at once at most. */
function compareAlike(credentials: string, config: string, current?: string): number {
  const now = new Date();
  let most = 0;
  const files = filesOf(credentials, config);
  const expected = Array.from(readAllProfiles(files), ([name, profile]) => readRow(name, profile, now, current));
  let read = '';
  const lineOf = (row: ProfileRow) => `${JSON.stringify(row)}\n`;
  const take = (row: ProfileRow) => {
    read += lineOf(row);
  };
  readRows(indexFiles(files), now, current, take, {
    lineOf,
    take(text) {
      most = Math.max(most, text.split('\n').length);
      read += text.replace(/^\x01/gm, '');
    },
  });
  const rows = read.split('\n').slice(0, -1);
  assert.deepEqual(
    rows.map((line) => JSON.parse(line)),
    expected,
  );
  let table = '';
  const forEachRow: ForEachRow = (take, lines) => readRows(indexFiles(files), now, current, take, lines);
  const form = { columns: undefined, hasColour: false, hasBars: false };
  writeTable(forEachRow, form, (lines) => {
    table += lines;
  });
  assert.equal(table, tableOf(expected));
  return most;
}

test('the lines of many profiles that are alike are those of each by itself', () => {
  let most = 0;
  fc.assert(
    fc.property(manyAlike, ({ credentials, config, current }) => {
      most = Math.max(most, compareAlike(credentials, config, current));
    }),
    { numRuns: 300 },
  );
  // Else there was nothing to compare.
  assert.ok(most > 20, String(most));
});

const twenty = (make: (index: number) => string) => Array.from({ length: 20 }, (_, index) => make(index)).join('');
const withRegions = (more: string) => twenty((index) => `[p${index}]\nregion = eu-west-1\n${more}`);
const withRoles = (more: string) =>
  twenty((index) => `[profile r${index}]\nrole_arn = arn:aws:iam::444455556666:role/r\nsource_profile = s\n${more}`);
const noPatterns: [title: string, credentials: string, config: string][] = [
  ['characters of two columns', `[s]\n${keys}mfa_serial = arn:aws:iam::111122223333:mfa/行\n`, withRoles('')],
  [
    'a device of 250 characters',
    `[s]\n${keys}mfa_serial = ${device('111122223333', 'n'.repeat(220))}\n`,
    withRoles(''),
  ],
  ['dollars', `[s$1]\n${keys}`, withRoles('external_id = $&\n').replaceAll('= s\n', '= s$1\n')],
  ['long values', `[s]\n${keys}`, withRoles(`external_id = ${'x'.repeat(100_000)}\n`)],
  ['long keys', withRegions(`${'k'.repeat(100_000)} = v\n`), ''],
  ['long names', twenty((index) => `[${'n'.repeat(150)}${index}]\n${keys}`), ''],
  ['a long section', withRegions('').replace('[p15]', `${'# comment\n'.repeat(400_000)}[p15]`), ''],
  ['long lines', withRegions(`output = ${'x'.repeat(40_000)}\n`), ''],
];

for (const [title, credentials, config] of noPatterns)
  test(`lines at once: ${title}`, () => void compareAlike(credentials, config));
