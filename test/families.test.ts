/** What mfa-env prints for one family of shells, evaluated by the others: each finds a fault in the whole, and does nothing. */

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { renderFailure } from '../src/render.ts';
import { type ShellName, shellNames } from '../src/shells.ts';
import { type Home, makeHome, root, run, runMfaEnv, savedLines, unless } from './harness.ts';
import { goOn, posixShells, type Shell, shells } from './shells.ts';

const familyOf = (dialect: ShellName) => (['bash', 'zsh', 'sh'].includes(dialect) ? 'POSIX' : dialect);

const before = { AWS_PROFILE: 'work', AWS_SESSION_TOKEN: 'old', MFA_ENV_PROFILE: 'stage', AWS_REGION: 'sa-east-1' };

/** What could end a quotation, and do something. */
const secretAccessKey = `';>PWNED;'";>PWNED;"\\';>PWNED;$(>PWNED)\`>PWNED\`fi;then>PWNED)`;

const moreForms: Partial<Record<ShellName, Shell['evaluate']>> = {
  fish: { file: (words) => `${words} >text; source text` },
  tcsh: {
    'unquoted backticks': (words) => `eval \`${words}\``,
    file: (words) => `${words} >text; source text`,
  },
};
const posixFile: Shell['evaluate'] = { file: (words) => `${words} >text; . ./text` };

const forms = shells.flatMap((shell) =>
  Object.entries({ ...shell.evaluate, ...(posixShells.includes(shell) ? posixFile : moreForms[shell.dialect]) })
    // The README's command of nushell calls mfa-env itself.
    .filter(([form]) => form !== "the README's command")
    .map(([form, evaluate]) => ({ shell, form, evaluate })),
);

/** Evaluates a text, and goes on only if that did not fail. */
async function evaluateText(shell: Shell, evaluate: (words: string) => string, text: string, home: Home, begin = '') {
  writeFileSync(join(home.path, 'statements'), text);
  const line = evaluate('cat statements');
  const { stdout } = await run(
    shell.command,
    [...shell.args, begin + shell.language.attempt(line, goOn, 'env')],
    home.env,
  );
  const variables = stdout.split('\n').filter((entry) => /^(AWS|MFA_ENV)_/.test(entry));
  return { goesOn: /^GOES-ON$/m.test(stdout), variables: variables.sort() };
}

const variablesOf = (env: Record<string, string | undefined>) =>
  Object.entries(env)
    .filter(([name, value]) => /^(AWS|MFA_ENV)_/.test(name) && value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .sort();

const makeStage = () => makeHome({ credentials: `[prod]\n${savedLines({ secretAccessKey })}` }, before);

/** What mfa-env prints for the shells of a dialect. */
async function printFor(dialect: ShellName): Promise<[words: string, text: string][]> {
  const { env } = makeStage();
  const texts: [string, string][] = [];
  for (const words of ['prod', 'unset']) {
    const { status, stdout } = await runMfaEnv([words, '--shell', dialect], env);
    assert.equal(status, 0);
    texts.push([words, stdout]);
  }
  return texts;
}

suite('the code of each family', { concurrency: 2 }, () => {
  for (const dialect of shellNames) {
    const texts = printFor(dialect);
    for (const { shell, form, evaluate } of forms) {
      const isOwn = familyOf(dialect) === familyOf(shell.dialect);
      const title = `for ${dialect} ${isOwn ? 'is right' : 'fails and does nothing'} in ${shell.name}, ${form}`;
      test(title, { skip: unless(shell.command) }, async () => {
        for (const [words, text] of await texts) {
          const home = makeStage();
          const { goesOn, variables } = await evaluateText(shell, evaluate, text, home);
          assert.equal(goesOn, isOwn, words);
          assert.equal(existsSync(join(home.path, 'PWNED')), false, words);
          if (isOwn) {
            assert.equal(variables.includes(`MFA_ENV_PROFILE=${before.MFA_ENV_PROFILE}`), false, words);
            assert.equal(variables.includes(`AWS_PROFILE=${before.AWS_PROFILE}`), words === 'unset', words);
            assert.equal(variables.includes(`AWS_REGION=${before.AWS_REGION}`), true, words);
          }
          // A shell that ends at the fault has changed nothing either.
          else if (variables.length > 0) assert.deepEqual(variables, variablesOf(home.env), words);
        }
      });
    }
  }
});

suite('the failing statement of each family fails in every other', { concurrency: 2 }, () => {
  for (const { shell, form, evaluate } of forms)
    test(`${shell.name}, ${form}`, { skip: unless(shell.command) }, async () => {
      // Before 0.19 a command that fails is no exception in xonsh otherwise.
      const begin = shell.name === 'xonsh' ? '$RAISE_SUBPROC_ERROR = True\n' : '';
      for (const dialect of shellNames) {
        const text = renderFailure(join(root, 'shell'), dialect);
        assert.equal((await evaluateText(shell, evaluate, text, makeHome({}), begin)).goesOn, false, dialect);
      }
    });
});
