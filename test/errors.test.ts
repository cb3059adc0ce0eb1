import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUserError, UserError, usage } from '../src/errors.ts';

test("an error of the user's has status 1 and its cause", () => {
  const cause = new Error('cause');
  const { message, hint, exitStatus, cause: kept, ...refused } = new UserError('words', { hint: 'do', cause });
  assert.deepEqual([message, hint, exitStatus, kept], ['words', 'do', 1, cause]);
  assert.deepEqual([refused.codeRefused, refused.keysRefused], [false, false]);
});

test('a usage error has status 2', () => assert.equal(usage('words').exitStatus, 2));

const rows: [title: string, error: unknown, isUsers: boolean][] = [
  ['a UserError', new UserError('words'), true],
  ['one of the other bundle', Object.assign(new Error('words'), { exitStatus: 1 }), true],
  ['a bug', new TypeError('x is not a function'), false],
  ['no error', { exitStatus: 1 }, false],
];

for (const [title, error, isUsers] of rows)
  test(`${title} is ${isUsers ? '' : 'not '}the user's`, () => assert.equal(isUserError(error), isUsers));
