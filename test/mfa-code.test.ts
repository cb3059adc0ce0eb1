import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { secondsToNextStep } from '../src/code.ts';
import { UserError } from '../src/errors.ts';
import { askForCode, describePrompt } from '../src/mfa-code.ts';
import { root } from './harness.ts';

const prompts: [...Parameters<typeof describePrompt>, prompt: string][] = [
  ['prod', 'arn:aws:iam::111122223333:mfa/ana', 'MFA code for prod (ana in 111122223333): '],
  ['prod', 'arn:aws-cn:iam::111122223333:mfa/team/ana', 'MFA code for prod (ana in 111122223333): '],
  ['prod', 'GAHT12345678', 'MFA code for prod (GAHT12345678): '],
  ['a\x1bb', 'GAHT\n', 'MFA code for a\\x1bb (GAHT\\x0a): '],
];

for (const [profile, serial, prompt] of prompts)
  test(`asks for ${JSON.stringify(serial)}`, () => assert.equal(describePrompt(profile, serial), prompt));

const refusal = () => new UserError('aws refused the MFA code', { hint: 'wait', codeRefused: true });
const breakdown = () => new UserError('no network');

/** A user who types these lines, then Ctrl-D, while AWS takes one code; behind the lines comes what another process saves. */
async function converse(lines: string[], right: string, refuse: () => Error = refusal, newer?: string) {
  const typed = [...lines];
  const told: string[] = [];
  const sent: string[] = [];
  const terminal = {
    async ask(question: string, isOver: () => boolean) {
      told.push(question);
      if (typed.length === 0) isOver();
      return typed.shift();
    },
    tell: (line: string) => void told.push(line),
    close() {},
  };
  const use = async (code: string) => {
    sent.push(code);
    if (code !== right) throw refuse();
    return code;
  };
  const find = () => (typed.length === 0 ? newer : undefined);
  const now = () => new Date('2026-11-24T16:00:18Z');
  const result = await askForCode(terminal, '? ', find, use, now).catch((error: UserError) => error);
  return { result, sent, told, left: typed };
}

const right = '123456';
const takes: [title: string, lines: string[], sent: string[]][] = [
  ['the first code', ['123456', 'x'], ['123456']],
  ['a code with blanks', [' 123 456 '], ['123456']],
  ['the second after a refusal', ['000000', '123456'], ['000000', '123456']],
  ['the third after two refusals', ['000000', '111111', '123456'], ['000000', '111111', '123456']],
  ['one after lines that are none, which are not sent', ['12345', 'abcdef', '123456'], ['123456']],
  ['another after one typed again, which is not sent', ['000000', '000 000', '123456'], ['000000', '123456']],
];

for (const [title, lines, sent] of takes)
  test(`takes ${title}`, async () => {
    const end = await converse(lines, right);
    assert.deepEqual([end.result, end.sent], [right, sent]);
  });

const failures: [title: string, lines: string[], refuse: () => Error, sent: string[], error: object, left: number][] = [
  [
    'three refusals',
    ['000000', '111111', '222222', right],
    refusal,
    ['000000', '111111', '222222'],
    { message: /refused/, exitStatus: 1 },
    1,
  ],
  ['three lines that are no codes', ['a', 'b', 'c', right], refusal, [], { message: /six digits/, exitStatus: 1 }, 1],
  [
    'a refusal and two lines that are none',
    ['000000', '000000', '', right],
    refusal,
    ['000000'],
    { message: /six digits/, exitStatus: 1 },
    1,
  ],
  ['Ctrl-D', [], refusal, [], { message: /no code was typed/, exitStatus: 3 }, 0],
  ['Ctrl-D after a refusal', ['000000'], refusal, ['000000'], { message: /no code was typed/, exitStatus: 3 }, 0],
  [
    'what another code does not help',
    ['000000', right],
    breakdown,
    ['000000'],
    { message: /no network/, exitStatus: 1 },
    1,
  ],
];

for (const [title, lines, refuse, sent, error, left] of failures)
  test(`ends with ${title}`, async () => {
    const end = await converse(lines, right, refuse);
    assert.throws(() => {
      throw end.result;
    }, error);
    assert.deepEqual([end.sent, end.left.length], [sent, left]);
  });

for (const lines of [[], ['000000']])
  test(`ends by itself after ${lines.length} codes, once another process has saved a session`, async () => {
    const end = await converse(lines, right, refusal, 'saved');
    assert.deepEqual([end.result, end.sent], ['saved', lines]);
  });

test('says why it asks again, and never a code', async () => {
  const { told } = await converse(['12345', '000000', right], right);
  assert.match(told.join(' '), /six digits.*aws refused the MFA code: wait/);
  assert.doesNotMatch(told.join(' '), /\d{5}/);
});

test('says when the next code comes after each refusal, and only then', async () => {
  const { told } = await converse(['000000', '12345', '000000'], right);
  const next = 'mfa-env: the next code comes in 12 s';
  assert.deepEqual(told, [
    '? ',
    'mfa-env: aws refused the MFA code: wait',
    next,
    '? ',
    'mfa-env: the MFA code is not six digits: type the six digits that the device shows now',
    '? ',
  ]);
});

const steps: [time: string, seconds: number][] = [
  ['16:00:00.000', 30],
  ['16:00:00.001', 30],
  ['16:00:01.000', 29],
  ['16:00:18.000', 12],
  ['16:00:29.000', 1],
  ['16:00:29.999', 1],
  ['16:00:30.000', 30],
  ['16:00:45.500', 15],
  ['23:59:59.000', 1],
];

for (const [time, seconds] of steps)
  test(`at ${time} the next code comes in ${seconds} s`, () =>
    assert.equal(secondsToNextStep(new Date(`2026-11-24T${time}Z`)), seconds));

const inputs: [title: string, input: string, stdout: string, stderr: RegExp][] = [
  ['a line', '012345\n', '012345', /^$/],
  ['the first of several', '012 345\r\n654321\n', '012345', /^$/],
  ['text without a line end', '012345', '012345', /^$/],
  ['nothing', '', '', /not six digits/],
  ['another line', 'code: 012345\n', '', /not six digits/],
];

for (const [title, input, stdout, stderr] of inputs)
  test(`reads ${title} from standard input`, () => {
    const script =
      "import { readCodeFromStdin } from './src/mfa-code.ts'; process.stdout.write(await readCodeFromStdin());";
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    const ended = spawnSync(process.execPath, args, { cwd: root, input, encoding: 'utf8' });
    assert.equal(ended.stdout, stdout);
    assert.match(ended.stderr, stderr);
  });
