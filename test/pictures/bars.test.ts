/** Bars: their names, their lengths and what they are compared with. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { unless } from '../harness.ts';
import { type Bar, drawBars } from './bars.ts';
import { readElements } from './elements.ts';

const bars: Bar[] = [
  { job: 'a start', name: 'node -e 0', ours: false, milliseconds: 100 },
  { job: 'a session', name: 'mfa-env <prod> & "more"', ours: true, milliseconds: 1.6 },
  { job: 'a session', name: 'mfa-env', ours: true, milliseconds: 115 },
  { job: 'a session', name: 'aws', ours: false, milliseconds: 1300 },
];

suite('a picture of bars', { skip: unless('python3') }, () => {
  test('names each bar under its job, with its ratio and its time', async () => {
    const elements = await readElements(drawBars('Times & more', 'medians', bars));
    const texts = elements.filter(({ tag }) => tag === 'text').map(({ text }) => text);
    assert.deepEqual(texts, [
      ...['Times & more', 'medians', '0.01', '0.1', '1', '10', '20'],
      ...['a start', 'node -e 0', '1.00 × · 100 ms'],
      ...['a session', 'mfa-env <prod> & "more"', '0.016 × · 1.6 ms'],
      ...['mfa-env', '1.15 × · 115 ms', 'aws', '13.00 × · 1300 ms'],
      'times node -e 0 (100 ms), logarithmic',
    ]);
    assert.equal(elements.find(({ tag }) => tag === 'title')?.text, 'Times & more');
    assert.match(elements.find(({ tag }) => tag === 'desc')?.text ?? '', /^a session: aws: 13.00 × · 1300 ms$/m);
  });

  test('is as long as the logarithm of the ratio', async () => {
    const times = [100, 0.2, 1, 10, 1000, 30_000];
    const svg = drawBars(
      't',
      'c',
      times.map((milliseconds) => ({ job: 'j', name: 'n', ours: true, milliseconds })),
    );
    const elements = await readElements(svg);
    const lengths = elements.flatMap(({ attributes }) =>
      attributes.class === 'blue' ? [Number(attributes.width)] : [],
    );
    const ticks = elements
      .flatMap(({ attributes }) => /^M([\d.]+) 66V/.exec(attributes.d ?? '')?.[1] ?? [])
      .map(Number);
    const [start = 0, end = 0] = [ticks[0], ticks.at(-1)];
    // From 0.001 to 500.
    for (const [index, milliseconds] of times.entries()) {
      const expected = ((end - start) * Math.log(milliseconds / 100 / 0.001)) / Math.log(500 / 0.001);
      assert.ok(
        Math.abs((lengths[index] ?? 0) - expected) < 0.2,
        `${lengths[index]} for ${milliseconds}, not ${expected}`,
      );
    }
  });

  test('stays within its frame', async () => {
    for (const milliseconds of [0.01, 99, 101, 1999, 99_999]) {
      const elements = await readElements(
        drawBars('t', 'c', [...bars, { job: 'j', name: 'n', ours: false, milliseconds }]),
      );
      for (const { attributes } of elements.filter(({ tag }) => tag === 'rect')) {
        const [x, length] = [Number(attributes.x ?? 0), Number(attributes.width)];
        assert.ok(length >= 0 && x + length <= 800, JSON.stringify(attributes));
      }
    }
  });
});
