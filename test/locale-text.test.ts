import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { toAsciiJson, toLocale } from '../src/locale-text.ts';
import { makeHome, makeUser, run, runMfaEnv, savedLines, unless } from './harness.ts';
import { sitDown } from './pty.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const locales: [env: Record<string, string>, isUtf8: boolean][] = [
  [{ LANG: 'C.UTF-8' }, true],
  [{ LANG: 'de_DE.utf8' }, true],
  [{ LC_CTYPE: 'UTF-8' }, true],
  [{ LC_ALL: '', LC_CTYPE: '', LANG: 'en_US.UTF-8' }, true],
  [{ OS: 'Windows_NT' }, true],
  [{}, false],
  [{ LANG: 'de_DE@euro' }, false],
  [{ LANG: 'de_DE.ISO-8859-1' }, false],
  [{ LC_ALL: 'C', LANG: 'C.UTF-8' }, false],
  [{ LC_CTYPE: 'POSIX', LANG: 'C.UTF-8' }, false],
  [{ LC_ALL: 'C.UTF-8', LC_CTYPE: 'C', LANG: 'C' }, true],
];

for (const [env, isUtf8] of locales)
  test(`${JSON.stringify(env)} is ${isUtf8 ? '' : 'not '}UTF-8`, () =>
    assert.equal(toLocale('a…b', env), isUtf8 ? 'a…b' : 'a...b'));

const texts: [text: string, ascii: string][] = [
  ['key …7ABC', 'key ...7ABC'],
  ['██░░ 50 %', '##-- 50 %'],
  ['a → b', 'a -> b'],
  ['prod · valid – for “1h”', 'prod - valid - for "1h"'],
  ['longna…     role', 'longna...   role'],
  ['…7ABC   x', '...7ABC x'],
  ['jürgen 😀', 'j\\xc3\\xbcrgen \\xf0\\x9f\\x98\\x80'],
  ['\x1b[1mplain\x1b[m', '\x1b[1mplain\x1b[m'],
];

for (const [text, ascii] of texts) test(`${text} is ${ascii} in ASCII`, () => assert.equal(toLocale(text, {}), ascii));

test('JSON means the same in ASCII', () => {
  const json = JSON.stringify({ what: 'ü … 😀' });
  assert.match(toAsciiJson(json), /^[ -~]*$/);
  assert.deepEqual(JSON.parse(toAsciiJson(json)), JSON.parse(json));
});

const odd = '[profile jürgen]\nregion = é\n[profile x]\nrole_arn = ü\nsource_profile = prod\n';
const calls = [
  'list',
  'list --json',
  'doctor',
  'doctor --json',
  'help',
  'help exec',
  'exec',
  'jürgen 123456',
  'x 123456',
  `${'n'.repeat(300)} 123456`,
];

suite('in the C locale all output is ASCII:', { concurrency: 2 }, () => {
  for (const call of calls)
    for (const env of [{ LC_ALL: 'C' }, { LANG: '' }])
      test(`${call} with ${JSON.stringify(env)}`, async () => {
        const { home } = makeUser(sts, { config: odd, more: savedLines(), env });
        const { stdout, stderr } = await runMfaEnv(call.split(' '), home.env);
        assert.match(stdout + stderr, /^[\n\x1b -~]+$/);
        if (call.endsWith('--json')) assert.ok(JSON.parse(stdout));
      });

  test('the bar and the cut name of a list on a terminal', { skip: unless('script') }, async () => {
    const { home } = makeUser(sts, { config: `[profile ${'n'.repeat(90)}]\n`, more: savedLines() });
    const list = async (env: Record<string, string>) =>
      (await run('script', ['-qc', 'stty cols 80; mfa-env list', '/dev/null'], { ...home.env, ...env })).stdout;
    assert.match(await list({}), /█/);
    const ascii = await list({ LC_ALL: 'C' });
    assert.match(ascii, /#/);
    assert.match(ascii, /^[\r\n\t\x1b -~]+$/);
  });

  test('what is asked on the terminal', async () => {
    const home = makeHome({}, { LC_ALL: 'C', AWS_ENDPOINT_URL_STS: sts.url });
    const typist = sitDown('mfa-env', ['setup', 'prod'], home.env);
    await typist.see('Access key id: ');
    typist.type('AKIAUNKNOWN234567ABC\r');
    await typist.see('Secret access key');
    typist.type(`${'w'.repeat(40)}\r`);
    await typist.see('the key ...7ABC of prod-default');
    await typist.see('Access key id [...7ABC]: ');
    typist.type('\x03');
    await typist.ended;
    assert.match(typist.screen(), /^[\r\n\t\x1b -~]+$/);
  });
});

test('shell code is the same in every locale', async () => {
  const token = { sessionToken: 'token//of+the+saved+session==' };
  const { home } = makeUser(sts, { more: savedLines(token), env: { AWS_CA_BUNDLE: '' } });
  const [utf8, ascii] = await Promise.all(
    ['C.UTF-8', 'C'].map((LC_ALL) => runMfaEnv(['prod', '--shell', 'bash'], { ...home.env, LC_ALL })),
  );
  assert.equal(utf8?.status, 0, utf8?.stderr);
  assert.equal(ascii?.stdout, utf8?.stdout);
});
