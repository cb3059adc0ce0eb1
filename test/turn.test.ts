import assert from 'node:assert/strict';
import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inTurn } from '../src/turn.ts';
import { makeFolder } from './temp-folder.ts';

const onInterrupt = () => () => {};
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('one does the work, and the others use its result', async (t) => {
  const folder = realpathSync(makeFolder(t));
  const path = join(folder, '.aws/credentials');
  let saved: string | undefined;
  let works = 0;
  const work = async () => {
    works += 1;
    assert.equal(readdirSync(join(folder, '.aws')).length, 1, 'the turn is a file of a name that any section may have');
    await wait(100);
    saved = 'session';
    return saved;
  };
  const turns = Array.from({ length: 5 }, () => inTurn(path, 'team/prod', onInterrupt, () => saved, work));
  assert.deepEqual(await Promise.all(turns), Array(5).fill('session'));
  assert.equal(works, 1);
  assert.deepEqual(readdirSync(join(folder, '.aws')), []);
});

test('a turn that fails is followed by the next', async (t) => {
  const path = join(makeFolder(t), 'credentials');
  const fails = async () => {
    await wait(50);
    throw new Error('refused');
  };
  const first = inTurn(path, 'prod', onInterrupt, () => undefined, fails);
  const second = inTurn(
    path,
    'prod',
    onInterrupt,
    () => undefined,
    async () => 'session',
  );
  await assert.rejects(first, /refused/);
  assert.equal(await second, 'session');
});

test('other sections do not wait', async (t) => {
  const path = join(makeFolder(t), 'credentials');
  const order: string[] = [];
  const turn = (section: string, milliseconds: number) =>
    inTurn(
      path,
      section,
      onInterrupt,
      () => undefined,
      async () => {
        await wait(milliseconds);
        order.push(section);
      },
    );
  await Promise.all([turn('slow', 300), turn('fast', 0)]);
  assert.deepEqual(order, ['fast', 'slow']);
});
