import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCode, parseCode } from '../src/code.ts';

const codes: [text: string, code: string][] = [
  ['012345', '012345'],
  ['012 345', '012345'],
  [' 0 1 2\t3 4 5\r\n', '012345'],
];

for (const [text, code] of codes)
  test(`${JSON.stringify(text)} is the code ${code}`, () =>
    assert.deepEqual([isCode(text), parseCode(text)], [true, code]));

const wrong = ['', '12345', '1234567', '12345a', '-12345', '1234.5', '١٢٣٤٥٦', '１２３４５６', '123456\0'];

for (const text of wrong)
  test(`${JSON.stringify(text)} is no code, and not shown`, () => {
    assert.equal(isCode(text), false);
    assert.throws(() => parseCode(text), { message: 'the MFA code is not six digits', exitStatus: 2 });
  });
