import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUserError } from '../src/errors.ts';
import { applyEdits } from '../src/save.ts';
import { type Answers, editsOf, type KeyPlan, planSetup } from '../src/setup-plan.ts';
import type { SetupRequest } from '../src/setup-request.ts';
import { filesOf } from './temp-folder.ts';

const plain: SetupRequest = {
  command: 'setup',
  profile: 'prod',
  accessKeyId: undefined,
  secretStdin: false,
  serial: undefined,
  source: undefined,
  region: undefined,
  endpointUrl: undefined,
  code: undefined,
  save: undefined,
  move: false,
  prompt: true,
  quiet: false,
};

const device = 'arn:aws:iam::111122223333:mfa/ana';
const pair = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = of/ana\n';
const keys = { name: 'prod-default', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'of/ana' };
const written: Answers = { keys, isNew: true, move: false, device, region: 'eu-west-1', save: true };
const kept: Answers = { ...written, isNew: false };
const moved: Answers = { ...kept, move: true };
const lines = `aws_arn_mfa = ${device}\nregion = eu-west-1\nmfa_env_save = true\n`;

interface Row {
  title: string;
  credentials?: string;
  config?: string;
  request?: Partial<SetupRequest>;
  answers?: Partial<Answers>;
  from: KeyPlan['from'];
  after: string;
}

const rows: Row[] = [
  { title: 'nothing', from: 'user', after: `[prod-default]\n${pair}\n[prod]\n${lines}` },
  {
    title: 'other sections',
    credentials: '[a]\nk = v',
    from: 'user',
    after: `[a]\nk = v\n\n[prod-default]\n${pair}\n[prod]\n${lines}`,
  },
  {
    title: 'neither region nor saving',
    answers: { region: undefined, save: false },
    from: 'user',
    after: `[prod-default]\n${pair}\n[prod]\naws_arn_mfa = ${device}\n`,
  },
  {
    title: 'the profile with a session and a comment',
    credentials: '[prod]\n# mine\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n# end\n',
    from: 'user',
    after: `[prod]\n# mine\naws_access_key_id = ASIA\naws_secret_access_key = s\naws_session_token = t\n${lines}# end\n\n[prod-default]\n${pair}`,
  },
  {
    title: 'what the config file says already',
    config: `[profile prod]\nregion = eu-west-1\nmfa_serial = ${device}\nmfa_env_save = true\n`,
    from: 'user',
    after: `[prod-default]\n${pair}`,
  },
  {
    title: 'another device and another region in the config file',
    config: '[profile prod]\nregion = us-east-1\nmfa_serial = GAHT12345678\n',
    from: 'user',
    after: `[prod-default]\n${pair}\n[prod]\n${lines}`,
  },
  {
    title: 'placeholders, and what a session left, in the source',
    credentials: '[prod-default]\naws_access_key_id = <id>\nAWS_SESSION_TOKEN = t\noutput = json\n',
    from: 'user',
    after: `[prod-default]\n${pair.split('\n')[0]}\noutput = json\n${pair.split('\n')[1]}\n\n[prod]\n${lines}`,
  },
  {
    title: 'keys in the source',
    credentials: `[prod-default]\n${pair}`,
    answers: kept,
    from: 'source',
    after: `[prod-default]\n${pair}\n[prod]\n${lines}`,
  },
  {
    title: 'keys in a source with a suffix of aws-mfa',
    credentials: `[prod-long-term]\n${pair}aws_mfa_device = ${device}\n`,
    answers: kept,
    from: 'source',
    after: `[prod-long-term]\n${pair}aws_mfa_device = ${device}\n\n[prod]\nregion = eu-west-1\nmfa_env_save = true\n`,
  },
  {
    title: 'keys in a source that the config file names',
    credentials: `[jonsmith]\n${pair}`,
    config: '[profile prod]\nsource_profile = jonsmith\n',
    answers: kept,
    from: 'source',
    after: `[jonsmith]\n${pair}\n[prod]\n${lines}`,
  },
  {
    title: 'keys behind a further source',
    credentials: `[prod-default]\nsource_profile = jonsmith\n[jonsmith]\n${pair}`,
    answers: kept,
    from: 'source',
    after: `[prod-default]\nsource_profile = jonsmith\n[jonsmith]\n${pair}\n[prod]\n${lines}`,
  },
  {
    title: 'a source of another name',
    request: { source: 'ana' },
    from: 'user',
    after: `[ana]\n${pair}\n[prod]\nsource_profile = ana\n${lines}`,
  },
  {
    title: 'a source of another name beside the usual one',
    credentials: '[prod-default]\nregion = x\n',
    request: { source: 'prod-long-term' },
    from: 'user',
    after: `[prod-default]\nregion = x\n\n[prod-long-term]\n${pair}\n[prod]\nsource_profile = prod-long-term\n${lines}`,
  },
  {
    title: 'keys in the profile that move',
    credentials: `[prod]\n# c\n${pair}output = json\n`,
    answers: moved,
    from: 'profile',
    after: `[prod]\n# c\noutput = json\n${lines}\n[prod-default]\n${pair}`,
  },
  {
    title: 'keys in the profile that move to a name',
    credentials: `[prod]\n${pair}`,
    request: { source: 'ana' },
    answers: moved,
    from: 'profile',
    after: `[prod]\nsource_profile = ana\n${lines}\n[ana]\n${pair}`,
  },
  {
    title: 'keys in the profile that names itself, and that move',
    credentials: `[prod]\nsource_profile = prod\n${pair}`,
    answers: moved,
    from: 'profile',
    after: `[prod]\nsource_profile = prod\n${lines}\n[prod-default]\n${pair}`,
  },
  {
    title: 'keys in the profile that stay',
    credentials: `[prod]\n${pair}`,
    answers: kept,
    from: 'profile',
    after: `[prod]\n${pair}${lines}`,
  },
  {
    title: 'the key of the source in the profile too, which goes',
    credentials: `[prod-default]\n${pair}\n[prod]\n# c\n${pair}aws_session_token = t\noutput = json\n`,
    request: { move: true },
    answers: moved,
    from: 'source',
    after: `[prod-default]\n${pair}\n[prod]\n# c\noutput = json\n${lines}`,
  },
  {
    title: 'the key of the source in the profile too, which stays',
    credentials: `[prod-default]\n${pair}[prod]\n${pair}`,
    answers: kept,
    from: 'source',
    after: `[prod-default]\n${pair}[prod]\n${pair}${lines}`,
  },
  {
    title: 'a command for the keys',
    config: '[profile prod]\ncredential_process = op\n',
    answers: kept,
    from: 'command',
    after: `[prod]\n${lines}`,
  },
  {
    title: 'a command for the keys in the source',
    config: '[profile prod-default]\ncredential_process = op\n',
    answers: kept,
    from: 'command',
    after: `[prod]\n${lines}`,
  },
];

for (const { title, credentials = '', config = '', request, answers, from, after } of rows)
  test(`where there is ${title}`, () => {
    const files = filesOf(credentials, config);
    const plan = planSetup(files, 'prod', { ...plain, ...request });
    assert.equal(plan.keys.from, from);
    assert.equal(applyEdits(files.credentials, editsOf(plan, { ...written, ...answers })).text, after);
  });

const given = { accessKeyId: 'AKIAOTHERKEY00000000' };

const otherPair = pair.replace(keys.accessKeyId, given.accessKeyId);

const refusals: [
  title: string,
  credentials: string,
  config: string,
  request: Partial<SetupRequest>,
  message: RegExp,
][] = [
  ['a role', '', '[profile prod]\nrole_arn = x\n', {}, /^config:2: prod is a role/],
  ['a role for a source', '', '[profile prod-default]\nrole_arn = x\n', {}, /^config:2: prod-default is a role/],
  ['a login', '', '[profile prod]\nsso_session = x\n', {}, /^config:2: prod logs in by SSO/],
  ['itself as its source', '', '', { source: 'prod' }, /^--source names prod itself$/],
  ['keys in the config file', '', `[profile prod]\n${pair}`, {}, /^\[profile prod\] in config holds long-lived keys/],
  ['another key in the profile', `[prod]\n${pair}`, '', given, /^\[prod\] holds another key, …MPLE$/],
  [
    'a command, and a key',
    '',
    '[profile prod]\ncredential_process = op\n',
    given,
    /^config:2: prod has its keys from a command/,
  ],
  [
    'a further source, and a key',
    `[prod-default]\nsource_profile = j\n[j]\n${pair}`,
    '',
    given,
    /stand in \[j\] already$/,
  ],
  ['mfa_env_save = maybe', '[prod]\nmfa_env_save = maybe\n', '', {}, /^credentials:2: mfa_env_save is true or false/],
  [
    'another key beside that of its source, which is to move',
    `[prod-default]\n${pair}[prod]\n${otherPair}`,
    '',
    { move: true },
    /^\[prod\] holds the long-lived key …0000, which is not that of \[prod-default\]: it cannot move there$/,
  ],
  [
    'the same key beside that of its source, which is to move from the config file',
    `[prod-default]\n${pair}`,
    `[profile prod]\n${pair}`,
    { move: true },
    /^\[profile prod\] in config holds long-lived keys/,
  ],
  [
    'a key beside a command, which is to move',
    `[prod]\n${pair}`,
    '[profile prod-default]\ncredential_process = op\n',
    { move: true },
    /…MPLE, which is not that of \[prod-default\]/,
  ],
  [
    'mfa_env_save = false, and a code',
    '[prod]\nmfa_env_save = false\n',
    '',
    { code: '123456' },
    /^credentials:2: sessions are not saved/,
  ],
];

for (const [title, credentials, config, request, message] of refusals)
  test(`refuses a profile with ${title}`, () =>
    assert.throws(
      () => planSetup(filesOf(credentials, config), 'prod', { ...plain, ...request }),
      (error) => isUserError(error) && message.test(error.message),
    ));

test('the same key again is no other one', () => {
  const files = filesOf(`[prod-default]\n${pair}`);
  assert.equal(planSetup(files, 'prod', { ...plain, accessKeyId: keys.accessKeyId }).keys.from, 'source');
  assert.deepEqual(planSetup(files, 'prod', { ...plain, ...given }).keys, { from: 'user', replaced: keys });
});

test('refuses where the section for sessions would be a profile of its own', () => {
  const files = filesOf(`[prod]\n${pair}[prod-mfa]\nsource_profile = x\n`);
  assert.throws(() => editsOf(planSetup(files, 'prod', plain), kept), { message: /is a profile of its own/ });
});
