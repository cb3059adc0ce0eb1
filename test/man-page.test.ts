/** The manual page, as man and mandoc read it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exitStatusMeanings, explanations } from '../src/explanations.ts';
import { usageOf } from '../src/help.ts';
import { manPage } from '../src/man-page.ts';
import { commands, namedCommands, optionNames, optionOf } from '../src/options.ts';
import { makeHome, root, run, unless } from './harness.ts';

const file = join(root, 'dist/mfa-env.1');
const { env } = makeHome({}, { MANWIDTH: '200', LC_ALL: 'C.UTF-8' });
const names = ['session', ...namedCommands] as const;

/** What a reader sees, on lines that nothing breaks, without bold and blanks. */
async function show(command: string, args: string[]): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, env);
  assert.deepEqual([status, stderr], [0, '']);
  // Bold on a terminal: a letter, a backspace, and the letter again.
  return stdout.replace(/.\x08/gu, '').replace(/\s+/g, ' ');
}

// The man of man-db, which comes with mandb; other systems have another.
const readers: [command: string, of: string, args: string[]][] = [
  ['man', 'mandb', ['--warnings', '-E', 'UTF-8', '-l', file]],
  ['mandoc', 'mandoc', ['-T', 'utf8', '-O', 'width=200', file]],
];

for (const [command, of, args] of readers)
  test(`${command} shows every command, option, example and status, as they are typed`, {
    skip: unless(of),
  }, async () => {
    const page = await show(command, args);
    const wanted = [
      ...names.flatMap((name) => [
        commands[name].usage,
        commands[name].does,
        explanations[name].explains,
        ...explanations[name].examples.flat(),
      ]),
      ...optionNames.flatMap((name) => [usageOf(name), optionOf(name).does]),
      ...exitStatusMeanings.map((row) => row.join(' ')),
    ];
    assert.deepEqual(
      wanted.map((text) => text.replace(/\s+/g, ' ')).filter((text) => !page.includes(text)),
      [],
    );
  });

test('mandoc finds no fault', { skip: unless('mandoc') }, async () => {
  const { status, stdout, stderr } = await run('mandoc', ['-T', 'lint', '-W', 'warning', file], env);
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
});

const sections = [
  ...'NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS FILES'.split(' '),
  ...['KEYS IN THE FILES', 'ENVIRONMENT', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO'],
];

/** What is read from the files and from the environment. */
const settings = [
  ...'aws_access_key_id aws_secret_access_key aws_session_token x_security_token_expires credential_process'.split(' '),
  ...'source_profile aws_arn_mfa mfa_serial aws_mfa_device mfa_process mfa_env_save region duration_seconds'.split(' '),
  ...'role_arn external_id role_session_name ca_bundle endpoint_url services'.split(' '),
  ...'ignore_configured_endpoint_urls use_fips_endpoint use_dualstack_endpoint'.split(' '),
  ...'AWS_SHARED_CREDENTIALS_FILE AWS_CONFIG_FILE AWS_PROFILE MFA_ENV_PROFILE MFA_ENV_SAVE MFA_ENV_QUIET'.split(' '),
  ...'AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL'.split(' '),
  ...'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT'.split(' '),
  ...'HTTPS_PROXY NO_PROXY AWS_CA_BUNDLE NODE_EXTRA_CA_CERTS NODE_DEBUG'.split(' '),
  ...'NO_COLOR XDG_CACHE_HOME NODE_DISABLE_COMPILE_CACHE'.split(' '),
];

for (const [title, text] of [
  ['the page', manPage('1.2.3', '2026-11-24').replace(/\\f[BR]/g, '')],
  ['the README', readFileSync(join(root, 'README.md'), 'utf8')],
] as const)
  test(`${title} names every key and variable that is read`, () => {
    const words = new Set(text.match(/\w+/g));
    assert.deepEqual(
      settings.filter((name) => !words.has(name)),
      [],
    );
  });

test('tells of each exit status once', () => {
  const terms = manPage('1.2.3', '2026-11-24').matchAll(/^\.TP\n\\fB(\d[\d, ]*)\\fR$/gm);
  const statuses = [...terms].flatMap(([, term = '']) => term.split(', '));
  assert.deepEqual(statuses, ['0', '1', '2', '3', '125', '126', '127']);
});

test('has the sections of a manual page, in their order', () => {
  const headings = [...manPage('1.2.3', '2026-11-24').matchAll(/^\.SH (.*)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings, sections);
});

test('says its version and date, and is ASCII, so that every locale shows it', () => {
  const page = manPage('1.2.3-rc.1', '2026-11-24');
  assert.ok(page.startsWith('.TH MFA\\-ENV 1 "2026-11-24" "mfa\\-env 1.2.3\\-rc.1" "User Commands"\n'));
  assert.match(page, /^[\n -~]+$/);
});

test('the page that was built is the one of this version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const changes = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const [, date = assert.fail(version)] = new RegExp(`^## ${version} – (.*)$`, 'm').exec(changes) ?? [];
  assert.equal(readFileSync(file, 'utf8'), manPage(version, date));
});
