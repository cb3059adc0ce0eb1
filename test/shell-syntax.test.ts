import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviseShell, findShellSyntax } from '../src/shell-syntax.ts';

const commands: [command: string, syntax: string | undefined][] = [
  ['get-code --account prod', undefined],
  ['~/bin/otp', '~'],
  ['~ana/bin/otp', '~'],
  ['cat ~/code', '~'],
  ['get a~b --file=x~', undefined],
  ['$HOME/bin/otp', '$'],
  ['"$HOME/bin/otp"', '$'],
  ['$' + '{HOME}/bin/otp', '$'],
  ['get "$(pass x)"', '$'],
  ['get `pass x`', '`'],
  ['get "`pass x`"', '$'],
  ["get '$HOME' '|' 'a;b'", undefined],
  ['get "\\$HOME" \\$HOME \\| \\~', undefined],
  ['get price$ $', undefined],
  ['get "it\'s" | head -1', '|'],
  ["get \"it's\" 'a|b'", undefined],
  ['a|b', '|'],
  ['a || b', '||'],
  ['a && b', '&&'],
  ['a; b', ';'],
  ['a > b', '>'],
  ['a 2>/dev/null', '>'],
  ['a < b', '<'],
  ['a &', '&'],
  ['curl https://localhost/?a=1&b=2', undefined],
  ['OTP=1 get', 'OTP'],
  ['get OTP=1', undefined],
  ['cd /opt', 'cd'],
  ['. ./env', '.'],
  ['./get', undefined],
  ["sh -c 'a | b'", undefined],
];

for (const [command, syntax] of commands)
  test(`${command} needs ${syntax === undefined ? 'no shell' : `a shell for ${syntax}`}`, () =>
    assert.equal(findShellSyntax(command), syntax));

test('the advice shows nothing of the command', () =>
  assert.equal(
    adviseShell('mfa_process', 'get --key hunter2 | head -1'),
    "write mfa_process = sh -c '…' with the command in the quotes: no shell reads it, so | has no meaning",
  ));

test('the advice says what to do with quotes', () =>
  assert.match(adviseShell('mfa_process', "get 'a b' | head") ?? '', /and each ' in it as '\\''/));
