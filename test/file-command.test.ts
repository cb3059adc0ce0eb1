import assert from 'node:assert/strict';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runFileCommand } from '../src/file-command.ts';
import { splitCommand } from '../src/split-command.ts';
import { makeFolder } from './temp-folder.ts';

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

/** Runs a command as the value of mfa_process in the third line of a file of this mode. */
async function runFrom(t: TestContext, command: string, mode = 0o600, onInterrupt = (_: () => void) => () => {}) {
  const path = join(makeFolder(t), 'config');
  writeFileSync(path, '');
  chmodSync(path, mode);
  const env = { PATH: process.env.PATH, WORD: 'word' };
  return runFileCommand('mfa_process', { value: command, place: 'config:3', path }, env, onInterrupt);
}

const outputs: [title: string, command: string, output: string][] = [
  ['what it prints', 'printf %s 123456', '123456'],
  ['an empty standard input', 'cat', ''],
  ['the environment, with a mark', `sh -c 'echo "$WORD $MFA_ENV_COMMAND"'`, 'word mfa_process\n'],
  ['no shell around it', 'printf %s $WORD', '$WORD'],
];

for (const [title, command, output] of outputs)
  test(`a command has ${title}`, async (t) => assert.equal(await runFrom(t, command), output));

const failures: [title: string, command: string, message: RegExp, mode?: number][] = [
  ['with another status than 0', "sh -c 'echo 123456; exit 3'", /^config:3: mfa_process .*status 3$/],
  ['by a signal', "sh -c 'kill -TERM $$'", /^config:3: mfa_process .*SIGTERM$/],
  ['where there is no such program', '/nosuch', /^config:3: mfa_process cannot run \/nosuch: ENOENT$/],
  ['with too much', 'yes', /^config:3: mfa_process printed more/],
  ['at a quote that is not closed', "sh 'a", /^config:3: mfa_process .*quote/],
  ['in a file that its group can write', 'echo', /others can write the file/, 0o660],
  ['in a file that everyone can write', 'echo', /others can write the file/, 0o602],
];

for (const [title, command, message, mode] of failures)
  test(`a command fails ${title}`, (t) =>
    assert.rejects(runFrom(t, command, mode), { message, hint: /./, exitStatus: 1 }));

for (const command of ['~/bin/otp', '$HOME/bin/otp', 'false | head', 'false > out', 'cd /nosuch && ls', 'OTP=1 true'])
  test(`${command} fails with the advice to call a shell`, (t) =>
    assert.rejects(runFrom(t, command), { hint: /^write mfa_process = sh -c '…' with the command in the quotes/ }));

test("a command in another user's file is not run", async (t) => {
  const path = join(makeFolder(t), 'config');
  writeFileSync(path, '', { mode: 0o600 });
  const owner = process.getuid?.() ?? 0;
  if (owner === 0) chownSync(path, 12_345, 12_345);
  else t.mock.method(process as { getuid(): number }, 'getuid', () => owner + 1);
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  const found = { value: 'echo', place: 'config:3', path };
  const run = async () => runFileCommand('mfa_process', found, {}, () => () => {});
  await assert.rejects(run, { message: /belongs to another user/, exitStatus: 1 });
});

test('an interruption ends the command at once', async (t) => {
  const start = performance.now();
  const onInterrupt = (cleanUp: () => void) => {
    setTimeout(cleanUp, 100);
    return () => {};
  };
  await assert.rejects(runFrom(t, 'sleep 30', 0o600, onInterrupt), { message: /SIGTERM/ });
  assert.ok(performance.now() - start < 5000);
});
