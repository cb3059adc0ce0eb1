import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Environment } from '../src/environment.ts';
import { type FailureForm, parseRequest, readFailureForm } from '../src/request.ts';
import type { SessionRequest } from '../src/session-request.ts';

/** `mfa-env prod` in an empty environment. */
const plain: SessionRequest = {
  command: 'session',
  usedBy: 'shell',
  shell: undefined,
  print: false,
  quiet: false,
  profile: 'prod',
  code: undefined,
  serial: undefined,
  source: undefined,
  save: undefined,
  saveByDefault: false,
  force: false,
  forceSource: false,
  minTtlSeconds: 300,
  durationSeconds: undefined,
  region: undefined,
  endpointUrl: undefined,
  format: undefined,
  prompt: true,
  onlySaved: false,
};

/** The words of a line; those with blanks or nothing in them stand in a list. */
type Line = string | string[];
const wordsOf = (line: Line) => (typeof line === 'string' ? line.split(' ') : line);

const device = 'arn:aws:iam::111122223333:mfa/ana';

const sessions: [title: string, line: Line, expected: Partial<SessionRequest>, env?: Environment][] = [
  ['a profile', 'prod', {}],
  ['a profile and a code', 'prod 123456', { code: '123456' }],
  ['a code that begins with 0', 'prod 012345', { code: '012345' }],
  ['a code with blanks inside', ['prod', '123 456'], { code: '123456' }],
  ['a code from standard input', 'prod -', { code: '-' }],
  ['the options in place of the words', '--profile prod --code 012345', { code: '012345' }],
  ['options with =', '--profile=prod --code=012345', { code: '012345' }],
  ['--code -', 'prod --code -', { code: '-' }],
  ['a code alone', '012345', { code: '012345' }, { AWS_PROFILE: 'prod' }],
  ['a code with blanks alone', ['123 456'], { code: '123456' }, { AWS_PROFILE: 'prod' }],
  ['- alone', '-', { code: '-' }, { AWS_PROFILE: 'prod' }],
  ['a code alone beside --profile', '--profile prod 123456', { code: '123456' }],
  ['five digits alone, which are a profile', '12345', { profile: '12345' }],
  ['a profile named like a code', '111111 222222', { profile: '111111', code: '222222' }],
  ['a profile that looks like a number', '1e3', { profile: '1e3' }],
  ['a profile named like a command', '--profile list', { profile: 'list' }],
  ['a profile named like a flag', '--profile=-q', { profile: '-q' }],
  [
    'a profile named true behind a flag',
    '--force true 123456',
    { profile: 'true', code: '123456', force: true, forceSource: true },
  ],
  ['a profile named false behind -q', '-q false', { profile: 'false', quiet: true }],
  ['-- before the words', '-- prod 123456', { code: '123456' }],
  ['-- between the words', 'prod -- 123456', { code: '123456' }],
  ['no option behind --', '-- --save', { profile: '--save' }],
  ['no profile, AWS_PROFILE', [], {}, { AWS_PROFILE: 'prod', MFA_ENV_PROFILE: 'stage' }],
  ['no profile, MFA_ENV_PROFILE', [], {}, { AWS_PROFILE: '', MFA_ENV_PROFILE: 'prod' }],
  ['a profile in spite of AWS_PROFILE', 'prod', {}, { AWS_PROFILE: 'stage', MFA_ENV_PROFILE: 'stage' }],
  ['the same value twice', '--profile prod --profile prod prod', {}],
  ['--serial, which counts as --force', `prod --serial ${device}`, { serial: device, force: true, forceSource: true }],
  ['--arn, which is --serial', `prod --arn ${device}`, { serial: device, force: true, forceSource: true }],
  ['a serial number of digits', 'prod --serial 0123456789', { serial: '0123456789', force: true, forceSource: true }],
  ['--source, which counts as --force', 'prod --source team', { source: 'team', force: true, forceSource: true }],
  ['--duration, which counts as --force', 'prod --duration 45m', { durationSeconds: 2700, force: true }],
  ['--force', 'prod --force', { force: true, forceSource: true }],
  ['--min-ttl, which does not', 'prod --min-ttl 1h', { minTtlSeconds: 3600 }],
  ['--min-ttl 0', 'prod --min-ttl 0', { minTtlSeconds: 0 }],
  ['--save', 'prod --save', { save: true }],
  ['--no-save', 'prod --no-save', { save: false }],
  ['MFA_ENV_SAVE=1', 'prod', { saveByDefault: true }, { MFA_ENV_SAVE: '1' }],
  ['MFA_ENV_SAVE=0', 'prod', { saveByDefault: false }, { MFA_ENV_SAVE: '0' }],
  ['--no-save in spite of MFA_ENV_SAVE', 'prod --no-save', { save: false, saveByDefault: true }, { MFA_ENV_SAVE: '1' }],
  ['--region', 'prod --region eu-west-1', { region: 'eu-west-1' }],
  ['--endpoint-url', 'prod --endpoint-url http://127.0.0.1:1', { endpointUrl: 'http://127.0.0.1:1' }],
  ['--shell', 'prod --shell fish', { shell: 'fish' }],
  ['--format process', 'prod --format process', { format: 'process', usedBy: 'program' }],
  ['--format env', 'prod --format env', { format: 'env' }],
  ['--print', 'prod --print', { print: true }],
  ['--no-prompt', 'prod --no-prompt', { prompt: false }],
  ['-q', '-q prod', { quiet: true }],
  ['--quiet', 'prod --quiet', { quiet: true }],
  ['MFA_ENV_QUIET=1', 'prod', { quiet: true }, { MFA_ENV_QUIET: '1' }],
  ['MFA_ENV_QUIET=0', 'prod', {}, { MFA_ENV_QUIET: '0' }],
  [
    'a code in full-width digits alone',
    ['１２３ ４５６'],
    { profile: 'stage', code: '123456' },
    { AWS_PROFILE: 'stage' },
  ],
  [
    'a code in paste markers alone',
    ['\x1b[200~123456'],
    { profile: 'stage', code: '123456' },
    { AWS_PROFILE: 'stage' },
  ],
  ['the same code twice, written differently', ['prod', '１２３456', '--code', '123 456'], { code: '123456' }],
];

for (const [title, line, expected, env = {}] of sessions)
  test(`reads ${title}`, () => assert.deepEqual(parseRequest(wordsOf(line), env), { ...plain, ...expected }));

const others: [line: string, expected: object][] = [
  ['unset', { command: 'unset', shell: undefined, print: false, quiet: false }],
  ['unset --shell fish --print', { command: 'unset', shell: 'fish', print: true, quiet: false }],
  ['forget prod', { command: 'forget', profile: 'prod', quiet: false }],
  ['forget --profile prod -q', { command: 'forget', profile: 'prod', quiet: true }],
  ['doctor', { command: 'doctor', profile: undefined, json: false, endpointUrl: undefined }],
  ['doctor prod --json', { command: 'doctor', profile: 'prod', json: true, endpointUrl: undefined }],
  [
    'doctor --profile prod --endpoint-url http://[::1]:1',
    { command: 'doctor', profile: 'prod', json: false, endpointUrl: 'http://[::1]:1' },
  ],
  ['help', { command: 'help', topic: undefined }],
  ['help exec', { command: 'help', topic: 'exec' }],
  ['--help', { command: 'help', topic: undefined }],
  ['-h', { command: 'help', topic: undefined }],
  ['list', { command: 'list', json: false }],
  ['list --json', { command: 'list', json: true }],
  ['list --help', { command: 'help', topic: 'list' }],
  ['--version', { command: 'version' }],
];

for (const [line, expected] of others)
  test(`reads mfa-env ${line}`, () => assert.deepEqual(parseRequest(wordsOf(line), {}), expected));

for (const line of ['unset', 'forget prod', 'exec prod -- true', 'setup prod'])
  test(`MFA_ENV_QUIET=1 makes mfa-env ${line} quiet`, () => {
    const request = parseRequest(wordsOf(line), { MFA_ENV_QUIET: '1' });
    assert.equal('quiet' in request && request.quiet, true);
  });

for (const line of ['list', 'doctor', 'init bash', 'help'])
  test(`MFA_ENV_QUIET=1 means nothing to mfa-env ${line}`, () =>
    assert.deepEqual(parseRequest(wordsOf(line), { MFA_ENV_QUIET: '1' }), parseRequest(wordsOf(line), {})));

const refusals: [title: string, line: Line, message: RegExp, hint?: RegExp, env?: Environment][] = [
  ['no profile', [], /no profile/],
  ['an empty profile', [''], /profile is empty/, /./, { AWS_PROFILE: 'stage' }],
  ['a code of five digits', 'prod 12345', /not six digits/],
  ['a code with a letter', 'prod 12345a', /not six digits/],
  ['a code of signs that are not decimal digits', 'prod ①②③④⑤⑥', /not six digits/],
  ['a code in --code that is none', 'prod --code 1234567', /not six digits/],
  ['too many words', 'prod 123456 123456', /too many words/],
  [
    'a command with a slip',
    'forgot prod',
    /a word in place of the MFA code/,
    /^did you mean the command mfa-env forget$/,
  ],
  ['exec with a slip', 'exce prod -- true', /too many words/, /^did you mean the command mfa-env exec$/],
  ['a wrong code behind such a name', 'forgot 12345', /not six digits/, /^type the six digits/],
  ['two profiles', '--profile prod stage', /profile stands twice/],
  ['two profiles and a code', '--profile prod stage 123456', /profile stands twice/],
  ['two codes', 'prod 123456 --code 654321', /code stands twice/],
  ['an option that does not exist', 'prod --sav', /no option --sav/, /--save/],
  ['one with a value', 'prod --regoin=eu-west-1', /no option --regoin/, /--region/],
  ['a letter that does not exist', 'prod -x', /no option -x/, /--/],
  ['one in capitals', 'prod --FORCE', /no option --FORCE/, /--force$/],
  ['the beginning of one', 'prod --min 5', /no option --min/, /--min-ttl$/],
  ['a part of one', 'prod --ttl 5', /no option --ttl/, /--min-ttl$/],
  ['the letter of other programs for the version', '-V', /no option -V/, /--version$/],
  ['the question mark of other programs', 'prod -?', /no option -\?/, /--help$/],
  ['the first letter of one', 'list -j', /no option -j/, /--json$/],
  ['one that the command has not, either', 'list --all', /no option --all/, /--(json|help|version)$/],
  ['an option with one dash', 'prod -save', /no option -save/, /--save/],
  ['the opposite of an option that has none', 'prod --no-force', /no option --no-force/, /--/],
  ['an option of minimist', 'prod --__proto__.x 1', /no option/, /--/],
  ['different values', 'prod --region eu-west-1 --region eu-west-2', /--region stands twice/],
  ['different values, one under the other name', 'prod --serial 123456789 --arn 987654321', /--serial stands twice/],
  ['--save and --no-save', 'prod --save --no-save', /exclude each other/],
  ['an option at the end without its value', 'prod --code', /--code lacks its value/, /--code/],
  ['an option followed by one', 'prod --region --save', /--region lacks its value/, /--region/],
  ['an option with nothing behind =', 'prod --source=', /--source lacks its value/, /--source/],
  ['an option with an empty value', ['prod', '--shell', ''], /--shell lacks its value/],
  ['a value for a flag', 'prod --save=no', /--save takes no value/],
  ['a shell that is not spoken', 'prod --shell nushell', /shell nushell/, /bash, zsh, .*nu, pwsh/],
  ['a format that is none', 'prod --format json', /format json/, /process and env/],
  ['--format with --shell', 'prod --format env --shell sh', /exclude each other/],
  ['a duration below 15m', 'prod --duration 14m', /15m to 36h/],
  ['a duration above 36h', 'prod --duration 37h', /36h/],
  ['a duration in words', 'prod --duration long', /not a duration/],
  ['a time to live in words', 'prod --min-ttl soon', /not a duration/],
  ['a region with capitals', 'prod --region EU-WEST-1', /--region is not a region/],
  ['a region with a dot', 'prod --region evil.example', /--region is not a region/],
  ['a region of 64 letters', `prod --region ${'a'.repeat(64)}`, /--region is not a region/],
  ['a device that is none', 'prod --serial ana', /--serial/, /arn:aws:iam::111122223333:mfa/],
  ['no URL', 'prod --endpoint-url nonsense', /^--endpoint-url is not a URL such as/],
  ['no URL of exec', 'exec prod --endpoint-url nonsense -- true', /^--endpoint-url is not a URL/],
  ['no URL of setup', 'setup --endpoint-url nonsense', /^--endpoint-url is not a URL/],
  ['no URL of doctor', 'doctor --endpoint-url nonsense', /^--endpoint-url is not a URL/],
  ['http beyond this machine', 'prod --endpoint-url http://sts.example.com', /^--endpoint-url .*is not encrypted/],
  ['a URL with a password', 'prod --endpoint-url https://a:b@sts.example.com', /^--endpoint-url must not hold a user/],
  ['a word behind list', 'list prod', /mfa-env list takes no further word/],
  ['--shell with a command that prints no statements', 'list --shell bash', /mfa-env list does not take --shell/],
  ['--json without list', 'prod --json', /mfa-env PROFILE does not take --json/, /mfa-env list/],
  ['a word behind unset', 'unset prod', /no further word/],
  ['forget without a profile', 'forget', /forget takes one profile/, /PROFILE/, { AWS_PROFILE: 'prod' }],
  ['forget with two', 'forget prod stage', /forget takes one profile/],
  ['doctor with two', 'doctor prod stage', /doctor takes one profile/],
  ['doctor with an empty name', ['doctor', ''], /doctor takes one profile/],
  ['help for a word that is no command', 'help lsit', /no command lsit/, /list/],
  ['help for two', 'help exec list', /one command/],
];

for (const [title, line, message, hint, env = {}] of refusals)
  test(`refuses ${title}`, () =>
    assert.throws(() => parseRequest(wordsOf(line), env), { message, exitStatus: 2, ...(hint && { hint }) }));

const secretLines: [title: string, line: string][] = [
  ['a code with one digit more', 'prod 1234567'],
  ['a code that stands twice', 'prod 1234567 --code 654321'],
  ['a code behind the code', 'prod 654321 1234567'],
  ['a code behind a dash', 'prod -123456'],
];

for (const [title, line] of secretLines)
  test(`shows nothing of ${title}`, () => {
    const notShown = (error: Error & { hint?: string }) => !/\d{6}/.test(error.message + error.hint);
    assert.throws(() => parseRequest(wordsOf(line), {}), notShown);
  });

const forms: [line: string, expected: FailureForm][] = [
  ['prod', { statement: true, isExec: false, shell: undefined, profile: 'prod' }],
  ['--profile prod 123456', { statement: true, isExec: false, shell: undefined, profile: 'prod' }],
  ['123456', { statement: true, isExec: false, shell: undefined, profile: undefined }],
  ['prod --shell fish --no-such', { statement: true, isExec: false, shell: 'fish', profile: 'prod' }],
  ['prod --shell nosuch', { statement: true, isExec: false, shell: undefined, profile: 'prod' }],
  ['unset x', { statement: true, isExec: false, shell: undefined, profile: undefined }],
  ['init nosuch', { statement: true, isExec: false, shell: undefined, profile: undefined }],
  ['prod --format env', { statement: false, isExec: false, shell: undefined, profile: 'prod' }],
  ['exec prod -- env', { statement: false, isExec: true, shell: undefined, profile: undefined }],
  ['list', { statement: false, isExec: false, shell: undefined, profile: undefined }],
  ['help nosuch', { statement: false, isExec: false, shell: undefined, profile: undefined }],
];

for (const [line, expected] of forms)
  test(`knows how mfa-env ${line} fails`, () => assert.deepEqual(readFailureForm(wordsOf(line)), expected));
