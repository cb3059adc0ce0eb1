import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attempt, isUserError } from '../src/errors.ts';
import { readProfile } from '../src/profile.ts';
import { requireSource } from '../src/settings.ts';
import { filesOf } from './temp-folder.ts';

/** The lines of a pair; its secret names the section in which it stands. */
const keys = (section: string, id = 'AKIAIOSFODNN7EXAMPLE') =>
  `[${section}]\naws_access_key_id = ${id}\naws_secret_access_key = of-${section}\n`;
const token = 'aws_session_token = token==\n';
const expires = 'x_security_token_expires = 2026-11-24T16:00:00Z\n';
const session = (section: string) => keys(section, 'ASIAIOSFODNN7EXAMPLE') + token + expires;

const sources: [title: string, credentials: string, config: string, source: string, named?: string][] = [
  ['PROFILE-default', `[prod]\n${keys('prod-default')}`, '', 'prod-default'],
  ['PROFILE-long-term', `[prod]\n${keys('prod-long-term')}`, '', 'prod-long-term'],
  ['PROFILE-permanent', `[prod]\n${keys('prod-permanent')}`, '', 'prod-permanent'],
  ['the first of several', keys('prod-permanent') + keys('prod-long-term') + keys('prod-default'), '', 'prod-default'],
  ['the first of the other two', keys('prod-permanent') + keys('prod-long-term'), '', 'prod-long-term'],
  ['PROFILE-default where [PROFILE] is missing', keys('prod-default'), '', 'prod-default'],
  ['PROFILE-default, not the older session in PROFILE', session('prod') + keys('prod-default'), '', 'prod-default'],
  ['PROFILE-default before the keys of PROFILE', keys('prod') + keys('prod-default'), '', 'prod-default'],
  ['PROFILE itself', keys('prod'), '', 'prod'],
  ['source_profile', keys('team') + keys('prod-default'), '[profile prod]\nsource_profile = team', 'team'],
  [
    'source_profile = prod, meaning [prod-default]',
    keys('prod-default'),
    '[profile prod]\nsource_profile = prod',
    'prod-default',
  ],
  [
    'a chain of source_profile',
    keys('team'),
    '[profile prod]\nsource_profile = a\n[profile a]\nsource_profile = team',
    'team',
  ],
  [
    'a chain that ends in a -default',
    keys('a-default'),
    '[profile prod]\nsource_profile = a\n[profile a]',
    'a-default',
  ],
  [
    'the keys of a source before its own source_profile',
    `${keys('a')}source_profile = team\n${keys('team')}`,
    '[profile prod]\nsource_profile = a',
    'a',
  ],
  ['PROFILE by its own name', `${keys('prod')}source_profile = prod\n`, '', 'prod'],
  ['--source', keys('team') + keys('prod-default'), '[profile prod]\nsource_profile = prod-default', 'team', 'team'],
  [
    '--source, resolved as a profile',
    keys('team-default') + keys('prod-default'),
    '[profile team]',
    'team-default',
    'team',
  ],
  ['--source for a name without a section', keys('team'), '', 'team', 'team'],
  [
    'a source behind a suffix, resolved as a profile',
    `[prod]\nsource_profile = a-default\n[a-default]\n${keys('a-default-default')}`,
    '',
    'a-default-default',
  ],
  [
    'an id and a secret of both files',
    '[prod-default]\naws_secret_access_key = of-prod-default',
    '[profile prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE',
    'prod-default',
  ],
  ['AKIA with a token', keys('prod-default') + token, '', 'prod-default'],
  ['an id of another form without a token', keys('prod-default', 'LSIA1234'), '', 'prod-default'],
  ['PROFILE where a source_profile is empty', `${keys('prod')}source_profile =\n`, '', 'prod'],
];

for (const [title, credentials, config, name, named] of sources)
  test(`the source is ${title}`, () => {
    const source = requireSource(readProfile(filesOf(credentials, config), 'prod', named));
    assert.ok('secretAccessKey' in source);
    assert.deepEqual([source.name, source.secretAccessKey], [name, `of-${name}`]);
  });

const placeholders = '[prod-default]\naws_access_key_id = <id>\naws_secret_access_key = <secret>\n';

const failures: [title: string, credentials: string, config: string, message: RegExp, hint: RegExp, named?: string][] =
  [
    ['no source', '[prod]\n', '', /^prod has no source/, /\[prod-default\].*credentials/],
    ['a session alone', session('prod'), '', /^prod has no source/, /\[prod-default\]/],
    ['placeholders', placeholders, '', /^prod-default holds no long-lived keys/, /\[prod-default\] in credentials/],
    ['a session in the source', session('prod-default'), '', /^prod-default holds no long-lived keys/, /./],
    [
      'the first suffix without keys, though the next has some',
      `[prod-default]\n${keys('prod-long-term')}`,
      '',
      /^prod-default holds no/,
      /./,
    ],
    [
      'an id without a secret',
      '[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE',
      '',
      /^credentials:2: .*aws_secret_access_key is missing/,
      /./,
    ],
    [
      'a secret without an id',
      '[prod-default]\n\naws_secret_access_key = s',
      '',
      /^credentials:3: .*aws_access_key_id is missing/,
      /./,
    ],
    [
      'a secret beside a placeholder',
      '[prod]\naws_access_key_id = <id>\naws_secret_access_key = s',
      '',
      /aws_access_key_id is missing/,
      /./,
    ],
    [
      'a circle',
      '[prod]\nsource_profile = a\n[a]\nsource_profile = b\n[b]\nsource_profile = prod',
      '',
      /circle: prod → a → b → prod/,
      /source_profile/,
    ],
    [
      'a circle that leaves the profile out',
      '[prod]\nsource_profile = a\n[a]\nsource_profile = b\n[b]\nsource_profile = a',
      '',
      /circle/,
      /./,
    ],
    [
      'a chain of very many sources',
      Array.from({ length: 30 }, (_, index) => `[p${index}]\nsource_profile = p${index + 1}\n`)
        .join('')
        .replace('[p0]', '[prod]'),
      '',
      /more than 20 profiles lead from prod to its keys/,
      /source_profile/,
    ],
    [
      'a source_profile that is missing',
      `[prod]\nsource_profile = taem\n${keys('team')}`,
      '',
      /^credentials:2: source_profile of prod: there is no profile taem in /,
      /did you mean team/,
    ],
    [
      'a source_profile behind another one that is missing',
      '[prod]\nsource_profile = a\n[a]\n\nsource_profile = elsewhere\n',
      '',
      /^credentials:5: source_profile of a: there is no profile elsewhere in /,
      /^let it name the profile that holds the long-lived keys$/,
    ],
    [
      'the missing source_profile of a role',
      '',
      '[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = elsewhere\n',
      /^config:3: source_profile of prod: there is no profile elsewhere in /,
      /./,
    ],
    ['a --source that is missing', keys('prod-default'), '', /^there is no profile taem/, /setup taem$/, 'taem'],
    ['an id with a blank', keys('prod-default', 'AKIA IOSFODNN7'), '', /^credentials:2: aws_access_key_id/, /./],
    [
      'a secret in quotes with a blank',
      '[prod]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = "a b"',
      '',
      /^credentials:3: aws_secret_access_key/,
      /./,
    ],
    ['a fault in the source', `${keys('prod-default')}no property\n`, '', /^credentials:4: /, /./],
    [
      'a header that does not end',
      `[prod]\n${keys('prod-default').replace(']', '')}`,
      '',
      /^credentials:2: a profile definition must end with ']'$/,
      /fix (that line|the header)/,
    ],
    [
      'the header of a named source that does not end',
      `[prod]\nsource_profile = team\n[team # mine\n`,
      '',
      /^credentials:3: a profile definition must end/,
      /./,
    ],
    [
      'an indented header',
      `[prod]\n[other]\n ${keys('prod-default')}`,
      '',
      /^credentials:3: the header \[prod-default\] is indented$/,
      /^remove the blanks/,
    ],
    [
      'an indented header at the beginning',
      ` ${keys('prod-default')}[prod]\n`,
      '',
      /^credentials:1: the header \[prod-default\] is indented$/,
      /^remove the blanks/,
    ],
    [
      'a byte order mark',
      `\ufeff${keys('prod-default')}[prod]\n`,
      '',
      /^credentials:1: a byte order mark hides the header \[prod-default\]$/,
      /UTF-8 without BOM/,
    ],
  ];

for (const [title, credentials, config, message, hint, named] of failures)
  test(`no source: ${title}`, () => {
    const find = () => requireSource(readProfile(filesOf(credentials, config), 'prod', named));
    assert.throws(find, { message, hint, exitStatus: 1 });
  });

test('no message shows a secret or a whole id', () => {
  for (const [, credentials, config, , , named] of failures) {
    const find = () => requireSource(readProfile(filesOf(credentials, config), 'prod', named));
    assert.throws(find, ({ message, hint }: Error & { hint: string }) => !/AKIA|of-prod|"a b"/.test(message + hint));
  }
});

test('a saved session can do without a source', () => {
  const profile = readProfile(filesOf(session('prod')), 'prod');
  assert.equal(profile.saved().session?.secretAccessKey, 'of-prod');
});

const notShown: [title: string, name: string, message: RegExp, hint: RegExp][] = [
  ['the id of a key', 'AKIAIOSFODNN7EXAMPLE', /looks like/, /mfa-env setup/],
  ['the id of a session', 'ASIAIOSFODNN7EXAMPLE', /looks like/, /mfa-env setup/],
  ['a secret', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', /looks like/, /mfa-env setup/],
  ['a line of a file', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', /looks like/, /./],
  ['a key as one word', 'AKIAIOSFODNN7EXAMPLE:123456', /looks like/, /./],
  ['a code that is joined to the profile', 'prod=123456', /a profile and a code$/, /: mfa-env prod CODE$/],
  ['a code that is joined to a profile that is there', 'prod123456', /a profile and a code$/, /: mfa-env prod CODE$/],
];

for (const name of ['acme/production/administratoraccess/tean', 'stage-202611', 'stage202611'])
  test(`${name} is shown, and names near it`, () => {
    const near = name.replace(/.$/, 'm');
    const error = { message: new RegExp(`no profile ${name} `), hint: `did you mean ${near}`, exitStatus: 1 };
    assert.throws(() => readProfile(filesOf(`[${near}]`, ''), name), error);
  });

for (const [title, name, message, hint] of notShown)
  test(`${title} in place of a profile is not shown`, () =>
    assert.throws(() => readProfile(filesOf('[prod]', ''), name), { message, hint, exitStatus: 1 }));

const missing: [title: string, credentials: string, config: string, hint: RegExp][] = [
  ['near names', '[prdo]\n[stage]', '[profile prod2]', /did you mean (prdo|prod2) or (prdo|prod2)$/],
  ['"profile" left out in the config file', '', '[prod]', /^write \[profile prod\] instead of \[prod\] at config:1: /],
  ['a faulty header', '[stage\nregion = a', '', /^credentials:1: /],
  ['nothing near', '[stage]', '', /mfa-env setup prod$/],
];

for (const [title, credentials, config, hint] of missing)
  test(`there is no such profile; the hint shows ${title}`, () =>
    assert.throws(() => readProfile(filesOf(credentials, config), 'prod'), {
      message: 'there is no profile prod in credentials or config',
      hint,
      exitStatus: 1,
    }));

const faultyHeaders: [title: string, credentials: string, config: string, place: string][] = [
  ['the credentials file', `${keys('prod-default')}[prod\nregion = a`, '', 'credentials:4'],
  ['the config file', session('prod'), '[profile prod\nrole_arn = a', 'config:1'],
  ['the config file, with text behind it', session('prod'), '\n[profile  "prod"] x\nrole_arn = a', 'config:2'],
];

for (const [title, credentials, config, place] of faultyHeaders)
  test(`the profile is not read without what stands below its faulty header in ${title}`, () =>
    assert.throws(() => readProfile(filesOf(credentials, config), 'prod'), {
      message: `${place}: a profile definition must end with ']'`,
      hint: /fix (that line|the header)/,
    }));

test("another profile's faulty header is in nobody's way", () => {
  const { session: saved } = readProfile(
    filesOf(`${session('prod')}[stage\n`, '[profile prod-default2'),
    'prod',
  ).saved();
  assert.equal(saved?.secretAccessKey, 'of-prod');
});

const slips: [title: string, name: string, credentials: string, hint: RegExp][] = [
  ['a command', 'docter', '[prod]', /^did you mean the command mfa-env doctor$/],
  ['a profile or a command', 'docter', '[doctors]', /^did you mean doctors, or the command mfa-env doctor$/],
  ['no command for a source', 'prod', '[prod]\nsource_profile = docter', /^let it name the profile/],
  [
    'no command for that of a role',
    'prod',
    '[prod]\nrole_arn = r\nsource_profile = docter',
    /^let it name the profile/,
  ],
];

for (const [title, name, credentials, hint] of slips)
  test(`what is no profile may be meant for ${title}`, () => {
    const error = attempt(() => requireSource(readProfile(filesOf(credentials), name)));
    assert.match(isUserError(error) ? (error.hint ?? '') : '', hint);
  });

test('default is never used in place of another', () =>
  assert.throws(() => readProfile(filesOf(keys('default')), 'prod'), /there is no profile prod/));

const held: [title: string, credentials: string, config: string, section: string][] = [
  ['where it is empty', '[prod]', '', 'prod'],
  ['where it is missing', keys('prod-default'), '', 'prod'],
  ['where it holds a session', session('prod'), '', 'prod'],
  ['where it holds placeholders', '[prod]\naws_access_key_id = <id>\naws_secret_access_key = <secret>', '', 'prod'],
  ['where config has settings', '', '[profile prod]\nregion = eu-west-1\nsource_profile = team', 'prod'],
  ['not where it holds long-lived keys', keys('prod'), '', 'prod-mfa'],
  ['not where it holds AKIA and a token', keys('prod') + token, '', 'prod-mfa'],
  ['not where config has long-lived keys', '', keys('profile prod'), 'prod-mfa'],
  ['not where config has sso_session', keys('prod-default'), '[profile prod]\nsso_session = team', 'prod-mfa'],
  ['not where config has sso_start_url', keys('prod-default'), '[profile prod]\nsso_start_url = https://a', 'prod-mfa'],
  [
    'not where config has a web identity',
    keys('prod-default'),
    '[profile prod]\nweb_identity_token_file = /t',
    'prod-mfa',
  ],
];

for (const [title, credentials, config, section] of held)
  test(`[PROFILE] holds the session ${title}`, () =>
    assert.equal(readProfile(filesOf(credentials, config), 'prod').session.name, section));

const savedIn: [title: string, credentials: string, secret: string | undefined][] = [
  ['[PROFILE]', session('prod') + session('prod-mfa'), 'of-prod'],
  ['[PROFILE-mfa] where [PROFILE] holds long-lived keys', keys('prod') + session('prod-mfa'), 'of-prod-mfa'],
  ['nowhere where only the other one has it', `[prod]\n${keys('prod-default')}${session('prod-mfa')}`, undefined],
];

for (const [title, credentials, secret] of savedIn)
  test(`the saved session is found in ${title}`, () =>
    assert.equal(readProfile(filesOf(credentials), 'prod').saved().session?.secretAccessKey, secret));
