/** Names that every plain object of JavaScript has, wherever a word can come from: each is a name like any other. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isUserError } from '../src/errors.ts';
import { optionNames, optionOf } from '../src/options.ts';
import { parseRequest, readFailureForm } from '../src/request.ts';
import { type Ended, makeHome, program, runMfaEnv, savedLines, sectionsOf, start } from './harness.ts';
import { startSts } from './sts/server.ts';

const names = [...Object.getOwnPropertyNames(Object.prototype), 'prototype'];
const before = Reflect.ownKeys(Object.prototype);
const promptly = 10_000;

const optionForms = [
  '--N',
  '--no-N',
  '-N',
  '--N=x',
  '--N=',
  '--N.a=1',
  '--a.N',
  '--a.N.b=1',
  '--profile.N=x',
  '-qN',
  '--save.N',
];
const valueForms = optionNames.flatMap((name) => (optionOf(name).value ? [`--${name} N`, `--${name}=N`] : []));
const wordForms = ['N', 'N N', 'N 123456', 'prod N', '-- N', '-- --N', 'N -- N'];
const commands = ['', 'exec ', 'unset ', 'list ', 'forget ', 'setup ', 'doctor ', 'init ', 'help '];
const lines = commands.flatMap((command) =>
  [...optionForms, ...valueForms, ...wordForms].flatMap((form) => [
    `${command}${form}`,
    `${command}${form} prod`,
    `${command}prod ${form} -- true`,
  ]),
);
const wordsOf = (line: string, name: string) => line.split(' ').map((word) => word.replace('N', name));

test('each is read as a word, or refused as one', () => {
  for (const line of lines)
    for (const name of names) {
      const words = wordsOf(line, name);
      try {
        parseRequest(words, { AWS_PROFILE: name });
      } catch (error) {
        assert.ok(isUserError(error), `${words}: ${error}`);
      }
      assert.equal(typeof readFailureForm(words).statement, 'boolean', String(words));
    }
  assert.deepEqual(Reflect.ownKeys(Object.prototype), before);
});

/** A credentials file in which each is a profile, a source, a key and a value. */
function filesOf() {
  const sections = names.map((name, index) => {
    const session = savedLines({
      accessKeyId: `ASIA${String(index).padStart(16, '0')}`,
      sessionToken: `token-of-${index}`,
    });
    return `[${name}]\n${name} = ${name}\nregion = eu-west-1\n${session}\n[${name}-default]\nmfa_serial = ${name}\n`;
  });
  const config = names.map(
    (name) => `[profile ${name}]\n${name} =\n  ${name} = ${name}\n[services ${name}]\n[${name}]\n`,
  );
  return { credentials: `${sections.join('')}[prod]\nsource_profile = constructor\n`, config: config.join('') };
}

/** Checks that a call has come to an end of its own, in words. */
function assertEnded({ status, signal, stdout, stderr }: Ended, call: string): void {
  assert.deepEqual(
    [signal, [0, 1, 2, 3, 125, 126, 127].includes(status ?? -1)],
    [null, true],
    `${call}: ${status} ${stderr}`,
  );
  assert.doesNotMatch(stdout + stderr, /this is a bug|cannot start|at \w+ \(|\[object Object\]|native code/, call);
  assert.ok(stderr.length < 10_000, call);
}

test('each comes to an end in the program', async () => {
  const variables = [
    'AWS_PROFILE',
    'MFA_ENV_PROFILE',
    'AWS_REGION',
    'MFA_ENV_SAVE',
    'AWS_CONFIG_FILE',
    'AWS_CA_BUNDLE',
    'MFA_ENV_FUNCTION',
  ];
  const call = fc.record({
    line: fc.constantFrom(...lines),
    name: fc.constantFrom(...names),
    variable: fc.constantFrom('NAME', ...variables),
  });
  const property = fc.asyncProperty(call, async ({ line, name, variable }) => {
    const home = makeHome(filesOf(), { [variable === 'NAME' ? name : variable]: name });
    const words = wordsOf(line, name);
    const running = start(process.execPath, [program, ...words], home.env);
    const late = setTimeout(() => running.kill('SIGKILL'), promptly);
    const ended = await running.ended;
    clearTimeout(late);
    home.remove();
    assertEnded(ended, `${variable}: ${words.join(' ')}`);
    // What a shell would evaluate is a failure then.
    if (ended.status !== 0 && readFailureForm(words).statement) assert.equal(ended.stdout, 'false;\n');
  });
  await fc.assert(property, { numRuns: 120, endOnFailure: true });
});

test('each is a profile with a session of its own', async () => {
  const home = makeHome(filesOf());
  for (const [index, name] of names.entries()) {
    const { status, stdout, stderr } = await runMfaEnv([name, '--format', 'env'], home.env);
    assert.deepEqual([status, stderr], [0, ''], name);
    assert.match(stdout, new RegExp(`^AWS_SESSION_TOKEN=token-of-${index}$`, 'm'), name);
    assert.match(stdout, new RegExp(`^MFA_ENV_PROFILE=${name}$`, 'm'), name);
  }
  const list = await runMfaEnv(['list', '--json'], home.env);
  const listed = JSON.parse(list.stdout).map(({ profile }: { profile: string }) => profile);
  assert.deepEqual(
    names.filter((name) => !listed.includes(name)),
    [],
  );
  assertEnded(await runMfaEnv(['doctor', '--json'], home.env), 'doctor');
});

test('each is a variable that a command gets as it is', async () => {
  const env = Object.fromEntries(names.map((name) => [name, `value of ${name}`]));
  const home = makeHome({ credentials: `[prod]\n${savedLines()}` }, env);
  const { status, stdout } = await runMfaEnv(['exec', 'prod', '--', 'env', '-0'], home.env);
  assert.equal(status, 0);
  for (const name of names)
    assert.ok(stdout.includes(`\0${name}=value of ${name}\0`) || stdout.startsWith(`${name}=`), name);
});

test('each gets a new session, saves it and forgets it', async (t) => {
  const sts = await startSts();
  t.after(() => sts.close());
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const user = sts.addUser();
    const home = makeHome({ credentials: sectionsOf(name, user) }, { AWS_ENDPOINT_URL_STS: sts.url });
    const empty = home.credentials();
    const saved = await runMfaEnv([name, sts.code(user), '--save'], home.env);
    assert.equal(saved.status, 0, saved.stderr);
    assert.ok(saved.stdout.includes(`export MFA_ENV_PROFILE='${name}';\n`));
    const again = await runMfaEnv([name], home.env);
    assert.equal(again.stdout, saved.stdout);
    assert.equal((await runMfaEnv(['forget', name], home.env)).status, 0);
    assert.equal(home.credentials(), empty);
  }
});
