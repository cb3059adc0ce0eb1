/** Paths in what somebody is to type. */

import assert from 'node:assert/strict';
import { chmodSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { type Home, makeHome, runMfaEnv } from '../harness.ts';
import { healthy, put, sts, version } from './examine.ts';

suite('quoted paths', { concurrency: 2 }, () => {
  const inHome: [what: string, prepare: (home: Home) => void, hint: string][] = [
    ['a file', (home) => chmodSync(home.credentialsFile, 0o644), "chmod 600 'HOME/.aws/credentials'"],
    ['a folder', (home) => chmodSync(dirname(home.credentialsFile), 0o777), "chmod go-w 'HOME/.aws'"],
    [
      'the folder of a file that is not there',
      (home) => {
        rmSync(home.credentialsFile);
        chmodSync(dirname(home.credentialsFile), 0o777);
      },
      "chmod o-w 'HOME/.aws'",
    ],
    [
      'a hard link',
      (home) => linkSync(home.credentialsFile, join(home.path, 'second')),
      "cp -p 'HOME/.aws/credentials' 'HOME/.aws/credentials'.new",
    ],
    [
      'a command that is not run',
      (home) => {
        writeFileSync(home.configFile, '[profile x]\ncredential_process = sh\n');
        chmodSync(home.configFile, 0o666);
      },
      "credential_process is not run: others can write the file: chmod go-w 'HOME/.aws/config'",
    ],
    [
      'a folder in the place of a file',
      (home) => mkdirSync(home.configFile),
      "mv 'HOME/.aws/config' 'HOME/.aws/config'.old",
    ],
    [
      'a function',
      (home) => put(home, '.mfa-env.bash', `MFA_ENV_FUNCTION='${version}0'`),
      "mfa-env init bash > 'HOME/.mfa-env.bash'",
    ],
  ];
  for (const [what, prepare, hint] of inHome)
    test(`a HOME with a blank: ${what}`, async () => {
      const outer = makeHome({});
      const path = join(outer.path, 'a b');
      mkdirSync(join(path, '.aws'), { recursive: true, mode: 0o700 });
      const [credentialsFile, configFile] = [join(path, '.aws/credentials'), join(path, '.aws/config')];
      writeFileSync(credentialsFile, healthy, { mode: 0o600 });
      const home = { ...outer, path, credentialsFile, configFile };
      prepare(home);
      const { stdout } = await runMfaEnv(['doctor'], { ...outer.env, HOME: path, AWS_ENDPOINT_URL_STS: sts.url });
      assert.ok(stdout.replaceAll(path, 'HOME').includes(`: ${hint}`), stdout);
    });
});
