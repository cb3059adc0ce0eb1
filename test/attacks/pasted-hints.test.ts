/** Whoever chooses a name or a path puts a command into it. The user pastes what a hint says, and only what it says is run. */

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { makeHome, run, runMfaEnv, savedLines, unless } from '../harness.ts';

const hostile = [
  'prod;touch hurt',
  'prod|touch hurt',
  '$(touch hurt)',
  '`touch hurt`',
  "a'b",
  'a"b',
  'a b',
  'a\\b',
  "a\\'b",
  'a!b',
  'a*b?[c]',
  '~root',
  '=ls',
  '#a',
  '{a,b}',
  '$HOME',
  'a&touch hurt&',
  '(touch hurt)',
  '<hurt',
  '>hurt',
  '%self',
  '',
];

/** Types a line into a shell in which some programs only write down their arguments; returns these, one call a line. */
async function paste(shell: string, args: string[], line: string): Promise<{ calls: string[][]; isHurt: boolean }> {
  const home = makeHome({});
  const bin = join(home.path, 'stand-ins');
  mkdirSync(bin);
  const calls = join(home.path, 'calls');
  for (const name of ['mfa-env', 'chmod', 'cp', 'mv', 'aws']) {
    const path = join(bin, name);
    writeFileSync(path, `#!/bin/sh\nprintf '%s\\0' ${name} "$@" >>${calls}\nprintf '\\n\\0' >>${calls}\n`);
    chmodSync(path, 0o755);
  }
  const script = join(home.path, 'script');
  writeFileSync(script, `${line}\n`);
  await run(shell, [...args, script], { ...home.env, PATH: `${bin}:${process.env.PATH}` });
  const words = existsSync(calls) ? readFileSync(calls, 'utf8').split('\0') : [];
  const all: string[][] = [[]];
  for (const word of words.slice(0, -1)) {
    if (word === '\n') all.push([]);
    else all.at(-1)?.push(word);
  }
  return { calls: all.slice(0, -1), isHurt: existsSync(join(home.path, 'hurt')) };
}

suite('a hint is pasted', { concurrency: 2 }, () => {
  for (const name of hostile.filter((each) => each !== '' && each !== '%self'))
    test(`for a name that no profile can have: ${name}`, async () => {
      const { env } = makeHome({ config: `[profile "${name}"]\nregion = eu-west-1\n` });
      for (const given of [{ AWS_PROFILE: name }, { MFA_ENV_PROFILE: name }]) {
        const { status, stderr } = await runMfaEnv(['--no-prompt'], { ...env, ...given });
        assert.notEqual(status, 0);
        const hints = stderr.split('\n').filter((line) => line.startsWith('mfa-env: hint: '));
        assert.ok(hints.length > 0 && !hints.some((hint) => hint.includes(name)), stderr);
      }
    });

  for (const name of hostile.filter((each) => each !== '' && !/[\\<>"#]/.test(each)))
    test(`for a mode that is too open, below a folder called ${name}`, { skip: unless('bash') }, async () => {
      const { path, env } = makeHome({});
      const folder = join(path, name.replaceAll('/', ''));
      mkdirSync(join(folder, '.aws'), { recursive: true, mode: 0o700 });
      const file = join(folder, '.aws/credentials');
      writeFileSync(file, `[prod]\n${savedLines()}`);
      chmodSync(file, 0o666);
      const { stderr } = await runMfaEnv(['prod', '--no-prompt'], { ...env, HOME: folder });
      const [, hint = ''] = /^mfa-env: hint: (chmod .*)$/m.exec(stderr) ?? [];
      const { calls, isHurt } = await paste('bash', ['--norc', '--noprofile'], hint);
      assert.deepEqual(calls, [['chmod', 'go-w', file]]);
      assert.ok(!isHurt);
    });
});
