/** A day with mfa-env, in two terminals of each shell: what users do, from the first code in the morning on. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type FunctionShell, functionShells, writeFunction } from './function-shells.ts';
import { formatTime, type Home, makeHome, sectionsOf, unless } from './harness.ts';
import { sitDown } from './pty.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

interface Terminal {
  type(line: string): void;
  sees(what: string | RegExp): Promise<unknown>;
  /** Shows what the shell has now. */
  has(profile: string, region: string): Promise<string>;
  /** Sets and exports a variable. */
  sets(name: string, value: string): void;
  closes(): Promise<unknown>;
}

function openTerminal(shell: FunctionShell, home: Home, file: string): Terminal {
  const person = sitDown(shell.name, shell.interactive, home.env);
  const type = (line: string) => person.type(`${line}\r`);
  type(shell.load(file));
  return {
    type,
    sees: (what) => person.see(what),
    has: async (profile, region) => {
      type('echo "has <$MFA_ENV_PROFILE> <$AWS_REGION> <$AWS_SESSION_TOKEN>"');
      const shown = await person.see(new RegExp(`has <${profile}> <${region}> <[^$>]*>\\r?\\n`));
      return /<([^>]*)>\r?\n/.exec(shown)?.[1] ?? '';
    },
    sets: (name, value) => type(shell.name === 'fish' ? `set -gx ${name} ${value}` : `export ${name}=${value}`),
    closes: () => {
      type('exit');
      return person.ended;
    },
  };
}

suite('a day', { concurrency: 2 }, () => {
  for (const shell of functionShells)
    test(shell.name, { skip: unless(shell.name) }, async () => {
      const ana = sts.addUser();
      const anaInStage = sts.addUser();
      const credentials = [
        sectionsOf('prod', ana, 'region = eu-west-1\nmfa_env_save = true\n'),
        sectionsOf('stage', anaInStage, 'region = us-west-2\nmfa_env_save = true\n'),
      ].join('\n');
      const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
      const file = await writeFunction(shell, home, '--hook');
      writeFileSync(join(home.path, 'calls'), '');
      const calls = () => readFileSync(join(home.path, 'calls'), 'utf8').length / 7;
      const left = openTerminal(shell, home, file);
      const right = openTerminal(shell, home, file);

      // In the morning the code goes into one terminal.
      left.type('mfa-env prod');
      await left.sees('MFA code for prod');
      left.type(sts.code(ana));
      await left.sees('a new session for 12h');
      const morning = await left.has('prod', 'eu-west-1');

      // The other needs none, and no program is started there.
      assert.equal(calls(), 1);
      right.type('mfa-env prod');
      assert.equal(await right.has('prod', 'eu-west-1'), morning);
      assert.equal(calls(), 1);

      // To stage: its account wants a code of its own, and the region follows.
      right.type(`mfa-env stage ${sts.code(anaInStage)}`);
      await right.sees('a new session for 12h');
      const stage = await right.has('stage', 'us-west-2');
      assert.notEqual(stage, morning);

      // A region that was set by hand stays.
      left.sets('AWS_REGION', 'sa-east-1');
      left.type('mfa-env stage');
      assert.equal(await left.has('stage', 'sa-east-1'), stage);

      // It is renewed on the left, and the right one follows as soon as its own nears its end.
      left.type(`mfa-env stage ${sts.code(anaInStage, 1)}`);
      await left.sees('a new session for 12h');
      const renewed = await left.has('stage', 'sa-east-1');
      assert.notEqual(renewed, stage);
      assert.equal(await right.has('stage', 'us-west-2'), stage);
      right.sets('AWS_CREDENTIAL_EXPIRATION', formatTime(new Date(Date.now() + 120_000)));
      assert.equal(await right.has('stage', 'us-west-2'), renewed);

      // Out of it.
      right.type('mfa-env unset');
      assert.equal(await right.has('', ''), '');

      // Overnight the sessions have expired: the shell says so, and a code is asked for.
      const night = formatTime(new Date(Date.now() - 60_000));
      const saved = join(home.path, '.aws/credentials');
      writeFileSync(saved, readFileSync(saved, 'utf8').replace(/(expires = )\S+/g, `$1${night}`));
      left.sets('AWS_CREDENTIAL_EXPIRATION', night);
      await left.sees('mfa-env: the session of stage has expired: type mfa-env stage');
      left.type('mfa-env prod');
      await left.sees('MFA code for prod');
      left.type(sts.wrongCode(ana));
      await left.sees(/mfa-env: aws refused the code|wrong, used before/);
      await left.sees('MFA code for prod');
      left.type(sts.code(ana, 1));
      await left.sees('a new session for 12h');
      await left.has('prod', 'sa-east-1');

      await Promise.all([left.closes(), right.closes()]);
    });

  for (const shell of functionShells.filter(({ name }) => name !== 'fish'))
    test(`${shell.name}: a wrong code in a script stops it`, { skip: unless(shell.name) }, async () => {
      const user = sts.addUser();
      const home = makeHome({ credentials: sectionsOf('prod', user) }, { AWS_ENDPOINT_URL_STS: sts.url });
      const file = await writeFunction(shell, home);
      const script = join(home.path, 'deploy');
      const lines = ['set -e', shell.load(file), `mfa-env prod ${sts.wrongCode(user)}`, 'echo deployed'];
      writeFileSync(script, lines.join('\n'));
      const terminal = sitDown(
        'sh',
        [
          '-c',
          `${shell.name} ${shell.interactive.filter((arg) => arg !== '-i').join(' ')} ${script}; echo "ended with $?"`,
        ],
        home.env,
      );
      await terminal.see(/mfa-env: error: aws refused the MFA code for prod[\s\S]*ended with 1\r?\n/);
      assert.doesNotMatch(terminal.screen(), /deployed/);
      await terminal.ended;
    });
});
