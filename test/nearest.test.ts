import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean, findNearest, findNearestOf } from '../src/nearest.ts';

const rows: [title: string, name: string, known: string[], near: string[]][] = [
  ['two letters swapped', 'prdo', ['prod', 'stage'], ['prod']],
  ['another case', 'PROD', ['prod'], ['prod']],
  ['one letter of a short name', 'ab', ['ac', 'xy'], ['ac']],
  ['a third of a long name', 'customer-eu-prd', ['customer-us-prod'], ['customer-us-prod']],
  ['the nearest first', 'prod', ['prod22', 'prod2'], ['prod2', 'prod22']],
  ['three at the most', 'dev', ['dev1', 'dev2', 'dev3', 'dev4'], ['dev1', 'dev2', 'dev3']],
  ['nothing that is far', 'prod', ['stage', 'sandbox', 'p'], []],
  ['nothing among nothing', 'prod', [], []],
  ['nothing near a name that nobody typed', 'a'.repeat(80_000), [`${'a'.repeat(80_000)}b`], []],
];

for (const [title, name, known, near] of rows)
  test(`finds ${title}`, () => assert.deepEqual(findNearest(name, known), near));

test('finds the nearest of all, however far', () =>
  assert.equal(findNearestOf('sav', ['force', 'save', 'serial']), 'save'));
test('finds what begins with it first, then what holds it', () => {
  assert.equal(findNearestOf('MIN', ['arn', 'print', 'min-ttl']), 'min-ttl');
  assert.equal(findNearestOf('ttl', ['arn', 'all', 'min-ttl']), 'min-ttl');
});
test('finds the nearest of all without comparing all of a long name', () => {
  const begin = performance.now();
  assert.equal(findNearestOf(`sav${'e'.repeat(1_000_000)}`, ['force', 'save', 'serial']), 'save');
  assert.ok(performance.now() - begin < 1000);
});
test('asks for one name', () => assert.equal(didYouMean('prdo', ['prod']), 'did you mean prod'));
test('asks for two names', () => assert.equal(didYouMean('prod', ['prod1', 'prod2']), 'did you mean prod1 or prod2'));
test('asks for none', () => assert.equal(didYouMean('prod', ['stage']), undefined));
