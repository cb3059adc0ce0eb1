/** The README's transcript of setup and its recipes for prompts, as they stand there, in the real shells. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatTime, makeHome, root, run, unless } from './harness.ts';
import { blocks, follow } from './transcript.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('what setup asks and says is what is seen', { skip: unless('bash') }, async () => {
  const [, part = ''] = /## Begin: `mfa-env setup`\n([\s\S]*?)\n## /.exec(readme) ?? [];
  assert.equal(await follow(part), blocks(part, 'console').replace(/\b\d{6}\b/g, '123456'));
});

/** The one block of a language under `In the prompt`. */
function recipe(language: string): string {
  const [, part = ''] = /### In the prompt\n([\s\S]*?)\n#/.exec(readme) ?? [];
  const [, text = assert.fail(`no ${language}`)] =
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(part) ?? [];
  return text;
}

const end = new Date(Date.now() + 90 * 60_000 + 20_000);
const until = `${formatTime(end).slice(11, 16)}Z`;
const session = { MFA_ENV_PROFILE: 'prod%x', AWS_CREDENTIAL_EXPIRATION: formatTime(end) };

const prompts: [shell: string, args: string[], language: string, behind: string, shown: string][] = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's.
  ['bash', ['--norc', '--noprofile'], 'bash', 'printf %s "${PS1@P}"', `prod%x until ${until} > `],
  ['zsh', ['-f'], 'zsh', 'p10k() { print -rn -- "$@" }; prompt_mfa_env', 'segment -f 208 -t prod%%x 90m'],
  ['fish', ['--no-config'], 'fish', 'fish_right_prompt', `prod%x until ${until}\n`],
];

for (const [shell, args, language, behind, shown] of prompts)
  test(`${shell}'s recipe shows the profile and its end`, { skip: unless(shell) }, async () => {
    for (const [env, expected] of [
      [session, shown],
      [{}, shell === 'bash' ? '> ' : ''],
    ] as const) {
      const home = makeHome({}, { TZ: 'Asia/Kathmandu', ...env });
      const script = join(home.path, 'script');
      writeFileSync(script, `${shell === 'bash' ? "PS1='> '" : ''}\n${recipe(language)}\n${behind}\n`);
      const { stdout, stderr } = await run(shell, [...args, script], home.env);
      assert.deepEqual([stdout, stderr], [expected, '']);
    }
  });
