/** The shell functions, and the universal variables of fish. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { makeHome, program, run, runMfaEnv, unless } from '../harness.ts';
import { examine, healthy, put, type Row, split, sts, testRows, version } from './examine.ts';

const shells: Row[] = [
  [
    'an older function',
    { env: { MFA_ENV_FUNCTION: '0.0.1' } },
    [/^warning: this shell's function is of mfa-env 0\.0\.1, and this is/],
    0,
  ],
  ['a function of this version', { env: { MFA_ENV_FUNCTION: version } }, [], 0],
  [
    'universal variables of fish',
    {
      prepare: (home) =>
        put(
          home,
          '.config/fish/fish_variables',
          'SETUVAR --export AWS_PROFILE:hunter2\nSETUVAR MFA_ENV_PROFILE:hunter2\nSETUVAR AWS_SESSION_TOKEN:hunter2\n' +
            'SETUVAR --export AWS_REGION:eu\\x2dwest\\x2d1\n',
        ),
    },
    [
      /^error: AWS_PROFILE is a universal variable of fish, and in force in each of its shells: set -eU AWS_PROFILE$/,
      /^error: HOME\/\.config\/fish\/fish_variables holds the universal variable AWS_SESSION_TOKEN: a secret on the disk: set -eU/,
    ],
    1,
  ],
  [
    'named pipes in place of what fish and the shells keep',
    {
      prepare: (home) => {
        for (const path of ['.config/fish/fish_variables', '.mfa-env.bash']) {
          mkdirSync(dirname(join(home.path, path)), { recursive: true });
          execFileSync('mkfifo', [join(home.path, path)]);
        }
      },
    },
    [],
    0,
  ],
  ['a file in place of the folder for functions', { prepare: (home) => put(home, '.config', '') }, [], 0],
  [
    'a file without a function',
    { prepare: (home) => put(home, '.mfa-env.bash', 'false;\n') },
    [/^warning: HOME\/\.mfa-env\.bash holds no function of mfa-env: mfa-env init bash > HOME\/\.mfa-env\.bash$/],
    0,
  ],
];

testRows('shells', shells);

suite('the functions in their files', { concurrency: 2 }, () => {
  const kept: [shell: string, words: string[], path: string][] = [
    ['bash', [], '.mfa-env.bash'],
    ['bash', ['--cmd', 'mfa', '--hook'], '.mfa-env.bash'],
    ['zsh', ['--hook'], '.mfa-env.zsh'],
    ['zsh', ['--cmd', 'mfa'], '.mfa-env.zsh'],
    ['fish', ['--cmd', 'mfa', '--hook'], '.config/fish/conf.d/mfa-env.fish'],
    ['fish', [], '.config/fish/conf.d/mfa-env.fish'],
    ['direnv', [], '.config/direnv/lib/mfa-env.sh'],
  ];
  for (const [shell, words, path] of kept)
    test(`${shell} ${words.join(' ')}`, async () => {
      const made = await runMfaEnv(['init', shell, ...words], makeHome({}).env);
      const found = async (text: string, mode = 0o644) =>
        split(await examine({ prepare: (home) => put(home, path, text, mode) })).lines;
      const anew = `mfa-env init ${[shell, ...words].join(' ')} > HOME/${path}`;
      assert.deepEqual(await found(made.stdout), []);
      assert.deepEqual(
        await found(made.stdout.replaceAll(`MFA_ENV_FUNCTION='${version}'`, "MFA_ENV_FUNCTION='0.0.1'")),
        [`warning: HOME/${path} is of mfa-env 0.0.1, and this is ${version}: ${anew}`],
      );
      for (const called of [`'${program}'`, `'${realpathSync(process.execPath)}'`])
        assert.deepEqual(await found(made.stdout.replaceAll(called, "'/nonexistent/cli.cjs'")), [
          `warning: HOME/${path} calls /nonexistent/cli.cjs, which is not there any more: ${anew}`,
        ]);
      assert.deepEqual(await found(made.stdout.replaceAll(program, '/bin/sh')), [
        `warning: HOME/${path} calls /bin/sh, and this is ${program}: if this one is meant: ${anew}`,
      ]);
      assert.deepEqual(await found(made.stdout, 0o666), [
        `error: others can write HOME/${path}, which your shells run: chmod go-w HOME/${path}`,
      ]);
    });

  test('the function hands its version on', { skip: unless('bash') }, async () => {
    const home = makeHome({ credentials: healthy }, { AWS_ENDPOINT_URL_STS: sts.url });
    const made = await runMfaEnv(['init', 'bash'], home.env);
    writeFileSync(join(home.path, 'old.bash'), made.stdout.replaceAll(`='${version}'`, "='0.0.1'"));
    const { stdout } = await run('bash', ['--norc', '-c', '. ./old.bash && mfa-env doctor prod'], home.env);
    assert.match(stdout, /^warning: this shell's function is of mfa-env 0\.0\.1/m);
  });
});
