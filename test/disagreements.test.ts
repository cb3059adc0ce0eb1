import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAwsFile } from '../src/aws-file.ts';
import { describeFault } from '../src/aws-files.ts';
import { findDisagreements } from '../src/disagreements.ts';

const rows: [title: string, text: string, said: RegExp[]][] = [
  ['plain lines', '[prod]\nregion = eu-west-1\naws_arn_mfa = arn:aws:iam::111122223333:mfa/ana\n# c\n; c\n', []],
  ['a comment behind a value', '[prod]\nregion = a ; b\n', [/^f:2: the AWS CLI takes the comment/]],
  ['a comment behind a tab', '[prod]\nregion = a\t# b\n', [/^f:2: the AWS CLI takes the comment/]],
  ['# in a value', '[prod]\nregion = a#b\n', [/^f:2: the Go SDK ends the value/]],
  ['; in a value', '[prod]\nregion = a;b\n', [/^f:2: the Go SDK ends the value/]],
  ['quotes', '[prod]\nregion = "a"\n', [/^f:2: the Go SDK takes the quotes off/]],
  ['one quote', '[prod]\nregion = "a\n', []],
  ['capitals', '[prod]\nAWS_ARN_MFA = A\n', [/^f:2: the JavaScript SDK does not know/]],
  ['capitals in a value', '[prod]\nregion = A=B\n', []],
  ['# in what only mfa-env reads', "[prod]\nmfa_process = sh -c 'a;b#c' # d\naws_arn_mfa = a#b\n", []],
  ["AWS's own address of a portal", '[prod]\nsso_start_url = https://x.awsapps.com/start#/\n', []],
  ['# in another place of it', '[prod]\nsso_start_url = https://x#y/start\n', [/^f:2: the Go SDK ends the value/]],
  ['a key twice', '[prod]\nregion = a\n[x]\n[y]\nregion = b\n', []],
  [
    'a key twice in the section',
    '[prod]\nregion = a\nregion = b\n',
    [/^f:3: the AWS CLI refuses .*region stands twice/],
  ],
  ['[DEFAULT]', '[prod]\n[DEFAULT]\nregion = a\n', [/^f:2: the AWS CLI gives the keys of \[DEFAULT\]/]],
  ['other sections', '[x]\nregion = "a" ; b\nregion = c#d\n[prod]\n', []],
];

test('a line of a hundred thousand equal signs is read in linear time', () => {
  const begin = performance.now();
  findDisagreements(parseAwsFile('f', 'credentials', `[prod]\nregion ${'='.repeat(100_000)}\n`), 'prod');
  assert.ok(performance.now() - begin < 2000);
});

for (const [title, text, said] of rows)
  test(`${title}: ${said.length === 0 ? 'all tools agree' : 'tools disagree'}`, () => {
    const file = parseAwsFile('f', 'credentials', text);
    const lines = findDisagreements(file, 'prod').map((fault) => describeFault(file, fault));
    assert.equal(lines.length, said.length, lines.join('\n'));
    for (const [index, pattern] of said.entries()) assert.match(lines[index] ?? '', pattern);
  });
