/** What traps of bash and zsh see of the secrets while the shell evaluates what mfa-env prints. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { makeHome, run, savedLines, unless } from './harness.ts';

const session = `[prod]\n${savedLines({ secretAccessKey: 'the/secret', sessionToken: 'the/token' })}region = eu-west-1\n`;

const bashTraps = ['DEBUG', 'ERR', 'RETURN', 'EXIT']
  .map((name) => `trap 'printf "%s\\n" "$BASH_COMMAND" >>seen' ${name}`)
  .join('\n');
const zshTrap = `trap 'print -r -- "$ZSH_DEBUG_CMD" >>seen' DEBUG`;
const zshFunction = 'TRAPDEBUG() { print -r -- "$ZSH_DEBUG_CMD" >>seen }';

const withReadonly = 'readonly AWS_SESSION_TOKEN=old';

const rows: [shell: 'bash' | 'zsh', title: string, begin: string, isRefused?: true][] = [
  ['bash', 'as they are', bashTraps],
  ['bash', 'with functrace and errtrace', `${bashTraps}\nset -TE`],
  ['bash', 'with extdebug', `${bashTraps}\nshopt -s extdebug`],
  ['bash', 'with set -eu', `${bashTraps}\nset -eu`],
  ['bash', 'in POSIX mode', `${bashTraps}\nset -o posix -T`],
  ['bash', 'with a read-only variable', `${bashTraps}\nset -TE\n${withReadonly}`, true],
  ['zsh', 'as they are', zshTrap],
  ['zsh', 'as a function', zshFunction],
  ['zsh', 'with set -e', `${zshTrap}\nset -e`],
  ['zsh', 'after each command', `setopt no_debug_before_cmd\nTRAPDEBUG() { print -r -- "$ZSH_DEBUG_CMD" >>seen }`],
  ['zsh', 'with local options and traps', `${zshFunction}\nsetopt local_options local_traps`],
  ['zsh', 'as in ksh', `emulate ksh\n${zshTrap}`],
  ['zsh', 'as in sh', `emulate sh\n${zshTrap}`],
  ['zsh', 'without global_export', `${zshTrap}\nsetopt no_global_export`],
  ['zsh', 'with a read-only variable', `${zshTrap}\n${withReadonly}`, true],
];

const args = { bash: ['--noprofile', '--norc'], zsh: ['-f'] };
const state = {
  bash: 'set +o; shopt; trap; declare -F; compgen -v',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is zsh's.
  zsh: 'set -o; trap; print -rl -- ${(ok)functions} $functions ${(ok)parameters}',
};

suite('traps see no secret, and stay as they are', { concurrency: 2 }, () => {
  for (const [shell, title, begin, isRefused] of rows)
    for (const line of [
      'eval "$(mfa-env prod)"',
      'eval $(mfa-env prod)',
      'evaluate() { eval "$(mfa-env prod)"; }; evaluate',
    ])
      test(`${shell}, ${title}: ${line}`, { skip: unless(shell) }, async () => {
        const home = makeHome({ credentials: session });
        const script = join(home.path, 'script');
        const keep = (name: string) => `{ ${state[shell]}; } >${name} 2>/dev/null`;
        // The first call makes the variables.
        const lines = [
          begin,
          ...(shell === 'zsh' ? ['zmodload zsh/parameter'] : []),
          `${line} || echo refused`,
          keep('before'),
          `${line} || echo refused`,
          keep('after'),
          ': the trap is still there',
          'printenv AWS_SECRET_ACCESS_KEY',
        ];
        writeFileSync(script, `${lines.join('\n')}\n`);
        const { stdout } = await run(shell, [...args[shell], script], home.env);
        assert.equal(stdout, isRefused ? 'refused\nrefused\n' : 'the/secret\n');
        const read = (name: string) => readFileSync(join(home.path, name), 'utf8');
        assert.doesNotMatch(read('seen'), /the\/(secret|token)/);
        if (!title.startsWith('after')) assert.match(read('seen'), /the trap is still there/);
        const unsteady = /^(BASH_\w+|LINENO|RANDOM|SRANDOM|SECONDS|EPOCH\w+|PIPESTATUS|FUNCNAME)$/gm;
        assert.equal(read('after').replace(unsteady, ''), read('before').replace(unsteady, ''));
      });
});
