import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFileCommand } from '../src/file-command.ts';
import { splitCommand } from '../src/split-command.ts';

const commands: [command: string, words: string[] | undefined][] = [
  ['get-code', ['get-code']],
  ['  get-code \t --account  prod ', ['get-code', '--account', 'prod']],
  ['sh -c \'echo "$1" | cat\' - a', ['sh', '-c', 'echo "$1" | cat', '-', 'a']],
  ['"/opt/my tools/get" "a \\"b\\" \\$c \\d"', ['/opt/my tools/get', 'a "b" $c \\d']],
  ['a\\ b \\\'c\\"', ['a b', '\'c"']],
  [`a'b'"c"d`, ['abcd']],
  [`get '' ""`, ['get', '', '']],
  [
    'echo $HOME `id` ~ * ; a | b > c & # d',
    ['echo', '$HOME', '`id`', '~', '*', ';', 'a', '|', 'b', '>', 'c', '&', '#', 'd'],
  ],
  ["get 'a", undefined],
  ['get "a', undefined],
  ['get "a\\"', undefined],
  ['get a\\', undefined],
  ['', undefined],
  [' \t', undefined],
];

for (const [command, words] of commands)
  test(`${command} is ${words ? JSON.stringify(words) : 'no command'}`, () =>
    assert.deepEqual(splitCommand(command), words));

/** Runs a command as the value of mfa_process in the third line of a file. */
async function runFrom(command: string, onInterrupt = (_: () => void) => () => {}) {
  const env = { PATH: process.env.PATH, WORD: 'word' };
  return runFileCommand('mfa_process', { value: command, place: 'config:3', path: 'config' }, env, onInterrupt);
}

const outputs: [title: string, command: string, output: string][] = [
  ['what it prints', 'printf %s 123456', '123456'],
  ['an empty standard input', 'cat', ''],
  ['the environment, with a mark', `sh -c 'echo "$WORD $MFA_ENV_COMMAND"'`, 'word mfa_process\n'],
  ['no shell around it', 'printf %s $WORD', '$WORD'],
];

for (const [title, command, output] of outputs)
  test(`a command has ${title}`, async () => assert.equal(await runFrom(command), output));

const failures: [title: string, command: string, message: RegExp][] = [
  ['with another status than 0', "sh -c 'echo 123456; exit 3'", /^config:3: mfa_process .*status 3$/],
  ['by a signal', "sh -c 'kill -TERM $$'", /^config:3: mfa_process .*SIGTERM$/],
  ['where there is no such program', '/nosuch', /^config:3: mfa_process cannot run \/nosuch: ENOENT$/],
  ['with too much', 'yes', /^config:3: mfa_process printed more/],
  ['at a quote that is not closed', "sh 'a", /^config:3: mfa_process .*quote/],
];

for (const [title, command, message] of failures)
  test(`a command fails ${title}`, () => assert.rejects(runFrom(command), { message, hint: /./, exitStatus: 1 }));

for (const command of ['~/bin/otp', '$HOME/bin/otp', 'false | head', 'false > out', 'cd /nosuch && ls', 'OTP=1 true'])
  test(`${command} fails with the advice to call a shell`, () =>
    assert.rejects(runFrom(command), { hint: /^write mfa_process = sh -c '…' with the command in the quotes/ }));

test('an interruption ends the command at once', async () => {
  const start = performance.now();
  const onInterrupt = (cleanUp: () => void) => {
    setTimeout(cleanUp, 100);
    return () => {};
  };
  await assert.rejects(runFrom('sleep 30', onInterrupt), { message: /SIGTERM/ });
  assert.ok(performance.now() - start < 5000);
});
