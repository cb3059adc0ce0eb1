/** Still pictures of a command, as a terminal shows it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, runMfaEnv, unless } from '../harness.ts';
import { readElements } from './elements.ts';
import { textOf } from './screen.ts';
import { takeStill } from './still.ts';

test('a still shows the line typed and what came', { skip: unless('bash') || unless('python3') }, async () => {
  const home = makeHome({ credentials: '' });
  const { stdout } = await runMfaEnv(['help', 'help'], home.env);
  const { pane, svg } = await takeStill('help', home, ['mfa-env help help', 'echo ~ "<&>"']);
  const shown = pane.frames[0] ? textOf(pane.frames[0].screen) : '';
  assert.equal(shown, `$ mfa-env help help\n${stdout}$ echo ~ "<&>"\n/home/ana <&>\n$`);

  const texts = (await readElements(svg)).filter(({ tag }) => tag === 'text').map(({ text }) => text);
  assert.ok(texts.includes('/home/ana <&>'), texts.join('\n'));
  assert.doesNotMatch(svg, /keyframes/);
});
