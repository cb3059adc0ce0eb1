/** Completion in bash, zsh and fish, through the shells' own machinery, and without Node. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { namedCommands } from '../src/options.ts';
import { functionShells, runWithFunction, writeFunction } from './function-shells.ts';
import { type Home, makeHome, unless } from './harness.ts';
import { sitDown } from './pty.ts';

const inParallel = { concurrency: 2 };

const shellOf = (name: string) => functionShells.find((shell) => shell.name === name) ?? assert.fail();

const files = {
  credentials: [
    '# [comment]',
    ...[
      '[prod-default]',
      'aws_access_key_id = AKIAIOSFODNN7EXAMPLE',
      '[prod]',
      'note = a [value]',
      '[stage-long-term]',
    ],
    ...[
      '[we:ird]',
      '[odd name]',
      '[x$(touch hurt)]',
      '[`touch hurt`]',
      '[glob*]',
      '[123456]',
      '[-dash]',
      '[a.b/c+d_e]',
    ],
  ].join('\n'),
  config: [
    '[default]',
    '[profile dev.eu]',
    '[profile prod]',
    '[sso-session corp]',
    '[profile "quoted"]',
    '[plain]',
  ].join('\n'),
};

const profiles = ['a.b/c+d_e', 'default', 'dev.eu', 'prod', 'prod-default', 'stage', 'stage-long-term'];
const commands = [...namedCommands].sort();

/** What stands before the cursor, and what may come there. */
const rows: Record<string, string[]> = {
  'mfa-env ': [...commands, ...profiles],
  'mfa-env pr': ['prod', 'prod-default'],
  'mfa-env f': ['forget'],
  'mfa-env prod ': [],
  'mfa-env prod 1': [],
  'mfa-env forget ': profiles,
  'mfa-env forget prod ': [],
  'mfa-env unset ': [],
  'mfa-env init ': ['bash', 'direnv', 'fish', 'zsh'],
  'mfa-env init bash --h': ['--help', '--hook'],
  'mfa-env help ': commands,
  'mfa-env --f': ['--force', '--format'],
  'mfa-env prod --re': ['--region'],
  'mfa-env prod --region ': [],
  'mfa-env prod --region eu-west-1 --fo': ['--force', '--format'],
  'mfa-env prod --format ': ['env', 'process'],
  'mfa-env prod --shell ': ['bash', 'elvish', 'fish', 'nu', 'pwsh', 'sh', 'tcsh', 'xonsh', 'zsh'],
  'mfa-env list -': ['--help', '--json', '--version'],
  'mfa-env unset -': ['--help', '--print', '--quiet', '--shell', '--version'],
  'mfa-env --profile s': ['stage', 'stage-long-term'],
  'mfa-env --source ': profiles,
  'mfa-env --profile prod ': [],
  'mfa-env -q pro': ['prod', 'prod-default'],
  'mfa-env -- ': profiles,
};

type Completer = (home: Home, file: string, line: string) => Promise<string[]>;

const completers: Record<'bash' | 'fish', Completer> = {
  // compgen calls the function as a key does, but for the words of the line, which readline would put there.
  bash: async (home, file, line) => {
    const words = line.split(' ').map((word) => `'${word}'`);
    const script = `COMP_LINE='${line}' COMP_POINT=${line.length} COMP_WORDS=(${words.join(' ')}) COMP_CWORD=${words.length - 1}
      complete -p mfa-env >spec; grep -q -- '-F __mfa_env_complete mfa-env' spec || exit 9
      __mfa_env_complete mfa-env ${words.at(-1)} ${words.at(-2)}; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf(await runWithFunction(shellOf('bash'), home, `cd; ${script}`, file));
  },
  fish: async (home, file, line) => {
    const ended = await runWithFunction(shellOf('fish'), home, `cd; complete -C '${line}'`, file);
    return linesOf(ended).map((candidate) => candidate.split('\t')[0] ?? '');
  },
};

function linesOf({ status, stdout, stderr, calls }: Awaited<ReturnType<typeof runWithFunction>>): string[] {
  assert.deepEqual([status, stderr, calls], [0, '', 0]);
  return stdout.split('\n').filter(Boolean).sort();
}

for (const [name, complete] of Object.entries(completers))
  suite(`${name} completes`, inParallel, () => {
    for (const [line, expected] of Object.entries(rows))
      test(line, { skip: unless(name) }, async () => {
        const home = makeHome(files);
        const file = await writeFunction(shellOf(name), home);
        assert.deepEqual(await complete(home, file, line), expected.sort());
        assert.throws(() => readFileSync(join(home.path, 'hurt')), /ENOENT/);
      });
  });

/** Starts a shell at a terminal, with the function. */
async function sitDownWithFunction(name: string, before: string, after: string) {
  const home = makeHome(files);
  const shell = shellOf(name);
  const file = await writeFunction(shell, home);
  const person = sitDown(name, shell.interactive, home.env);
  person.type(`${before}cd; PS1='> '; ${shell.load(file)}; ${after}echo rea""dy\r`);
  await person.see(/ready\r?\n/);
  return { home, person };
}

const compinit = 'autoload -Uz compinit; compinit -D -u; ';

/** Lines with tabs, and the words that they become. */
const typed: [line: string, words: string][] = [
  ['mfa-env sta\t', 'stage'],
  ['mfa-env dev\t', 'dev.eu'],
  ['mfa-env fo\tdev\t', 'forget dev.eu'],
  ['mfa-env init fi\t', 'init fish'],
  ['mfa-env prod --forc\t', 'prod --force'],
  ['mfa-env prod --format=pro\t', 'prod --format=process'],
  ['mfa-env prod --format pro\t', 'prod --format process'],
  ['mfa-env --serial arn:aws:iam::1:mfa/x dev\t', '--serial arn:aws:iam::1:mfa/x dev.eu'],
  ['mfa-env --endpoint-url=http://localhost:1 dev\t', '--endpoint-url=http://localhost:1 dev.eu'],
  ['mfa-env we\t', 'we'],
  ['mfa-env x\t', 'x'],
];

suite('at a terminal, a tab completes', inParallel, () => {
  for (const [name, before, after] of [
    ['bash', '', ''],
    ['zsh', compinit, ''],
    ['zsh', '', compinit],
  ] as const)
    test(`${name}${before && ', compinit before'}${after && ', compinit after'}`, { skip: unless(name) }, async () => {
      const { home, person } = await sitDownWithFunction(name, before, after);
      person.type('mfa-env() { echo "<$*>"; }\r');
      for (const [line, words] of typed) {
        await person.see('> ');
        person.type(line);
        person.type('\r');
        await person.see(`<${words}>`);
      }
      assert.throws(() => readFileSync(join(home.path, 'hurt')), /ENOENT/);
      person.type('exit\r');
      await person.ended;
    });
});

test('the function is completed by its own name', { skip: unless('bash') }, async () => {
  const home = makeHome(files);
  const file = await writeFunction(shellOf('bash'), home, '--cmd', 'mfa');
  const { stdout } = await runWithFunction(shellOf('bash'), home, 'complete -p', file);
  assert.equal(stdout, 'complete -F __mfa_env_complete mfa\n');
});

test('what only the program can read is not completed, and says nothing', async () => {
  for (const { name } of functionShells.filter((shell) => shell.name !== 'zsh' && !unless(shell.name))) {
    const home = makeHome({});
    writeFileSync(join(home.path, '.aws/credentials'), `[prod]\n${'x'.repeat(500_000)}\n`);
    const file = await writeFunction(shellOf(name), home);
    assert.deepEqual(await completers[name as 'bash']?.(home, file, 'mfa-env '), commands, name);
  }
});
