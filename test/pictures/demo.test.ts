/** The picture of the demo, recorded anew: what it shows, and what it does not. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { unless } from '../harness.ts';
import { startSts } from '../sts/server.ts';
import { recordDemo } from './demo.ts';
import { readElements } from './elements.ts';
import { textOf } from './screen.ts';

const sts = await startSts();
after(() => sts.close());

test('the demo shows a code, a saved session and a wrong code', {
  skip: unless('bash') || unless('python3'),
}, async () => {
  const { panes, svg } = await recordDemo(sts);
  const [left = [], right = []] = panes.map(({ frames }) => frames.map(({ screen }) => textOf(screen)));
  assert.equal(
    left.at(-1),
    `$ eval "$(mfa-env prod --save)"
MFA code for prod (ana in 111122223333): 492039
Saved prod credentials to /home/ana/.aws/credentials
mfa-env: prod in 111122223333: a new session for 12h
$ whoami-aws
arn:aws:iam::111122223333:user/ana
$`,
  );
  assert.ok(right.at(-1)?.startsWith('$ mfa-env prod\n$ whoami-aws\narn:aws:iam::111122223333:user/ana\n$ '));
  assert.match(
    right.at(-1) ?? '',
    /mfa-env: error: aws refused the MFA code for stage[\s\S]*this shell still has prod\n\$$/,
  );

  // Every key is a frame, and the code is shown as the same one while it is typed.
  assert.ok(left.includes('$ eval "$(mf'));
  assert.ok(left.some((text) => text.endsWith('111122223333): 492')));
  assert.deepEqual(
    sts.requests.map(({ action, outcome }) => [action, outcome]),
    [
      ['GetSessionToken', 'OK'],
      ['GetCallerIdentity', 'OK'],
      ['GetCallerIdentity', 'OK'],
      ['GetSessionToken', 'AccessDenied'],
    ],
  );

  assert.ok(svg.length < 60_000, `${svg.length} bytes`);
  assert.doesNotMatch(svg, /\/tmp|127\.0\.0\.1|<script|href|url\(/);
  for (const { accessKeyId, secretAccessKey, sessionToken } of sts.sessions)
    for (const secret of [accessKeyId, secretAccessKey, sessionToken]) assert.ok(!svg.includes(secret));

  const elements = await readElements(svg);
  const style = elements.find(({ tag }) => tag === 'style')?.text ?? '';
  const named = elements.map(({ attributes }) => /animation-name:(\w+)/.exec(attributes.style ?? '')?.[1]);
  for (const name of named.filter((each) => each !== undefined)) assert.ok(style.includes(`@keyframes ${name}{`), name);
  // What does not move shows the end.
  assert.match(style, /@media \(prefers-reduced-motion:no-preference\)\{\.a\{animation:\d+ms step-end infinite\}\}$/);
  assert.ok(elements.some(({ tag, text }) => tag === 'desc' && text.includes('this shell still has prod')));
});
