/** Names that the AWS CLI takes and mfa-env does not: the hint is one that works. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makeHome, runMfaEnv } from './harness.ts';

const keys =
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEYa\n';

const rows: [title: string, name: string, credentials: string, config: string, hint: RegExp][] = [
  [
    'a space',
    'my keys',
    `[my keys]\n${keys}`,
    '',
    /rename the section at \S+credentials:1, for example to \[my-keys\]/,
  ],
  [
    'an umlaut',
    'jürgen',
    `[x]\n[jürgen]\n${keys}`,
    '',
    /rename the section at \S+credentials:2, for example to \[jurgen\]/,
  ],
  [
    'a space, in the config file',
    'my role',
    '',
    '[profile my role]\n',
    /rename .*config:1, for example to \[profile my-role\]/,
  ],
  ['quotes', 'my role', '', '[profile "my role"]\n', /rename .*config:1, for example to \[profile my-role\]/],
  ['other characters', 'a!(b)', `[a!(b)]\n${keys}`, '', /rename .* to \[a-b\]/],
  ['only others', 'プロ', `[プロ]\n${keys}`, '', /rename .* to \[prod\]/],
  ['no section', 'my keys', `[prod]\n${keys}`, '', /name a profile with letters, digits and _-\/\.%@:\+: mfa-env list/],
  [
    'a source with a space',
    'prod',
    `[my keys]\n${keys}`,
    '[profile prod]\nsource_profile = my keys\nmfa_serial = GAHT12345678\n',
    /rename the section at \S+credentials:1, for example to \[my-keys\]/,
  ],
];

suite('the hint for a profile with', { concurrency: 2 }, () => {
  for (const [title, name, credentials, config, hint] of rows)
    test(title, async () => {
      const { env } = makeHome({ credentials, config });
      for (const words of [
        [name, '123456'],
        ['exec', name, '--', 'true'],
        ['doctor', name],
      ]) {
        const { status, stdout, stderr } = await runMfaEnv(words, env);
        assert.notEqual(status, 0);
        assert.match(stdout + stderr, hint);
        assert.doesNotMatch(stdout + stderr, /mfa-env setup/);
      }
      const { env: byVariable } = makeHome({ credentials, config }, { AWS_PROFILE: name });
      assert.match((await runMfaEnv(['123456'], byVariable)).stderr, hint);
    });
});
