import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { makeHome, runMfaEnv, savedLines } from './harness.ts';

const session = savedLines();
const marked = `${session}mfa_env_source = AKIAOLD0000000000001\n`;
const keys =
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEYa\n';
const role = 'role_arn = arn:aws:iam::444455556666:role/admin\nsource_profile = me\n';
const other = `[me]\n${keys}`;

interface Row {
  credentials: string;
  config?: string;
  /** What is left in the credentials file. */
  left: string;
  message: RegExp;
  status?: 1;
  name?: string;
}

const removed = /^Removed the saved session of old(-mfa)? from /;

const rows: Record<string, Row> = {
  'the session of a profile that is gone': { credentials: `${other}[old]\n${session}`, left: other, message: removed },
  'the session in [old-mfa] of a profile that is gone': {
    credentials: `${other}[old-mfa]\n${session}`,
    left: other,
    message: removed,
  },
  'the same by the name of the section': {
    credentials: `${other}[old-mfa]\n${session}`,
    left: other,
    message: removed,
    name: 'old-mfa',
  },
  'the same with a region': {
    credentials: `${other}[old-mfa]\n${marked}region = eu-west-1\n`,
    left: other,
    message: removed,
  },
  'both sessions of a profile that had keys of its own': {
    credentials: `${other}[old]\n${session}[old-mfa]\n${session}`,
    left: other,
    message: removed,
  },
  'a session of mfa-env that a role hides, too': {
    credentials: `${other}[old]\n${marked}[old-mfa]\n${session}`,
    config: `[profile old]\n${role}`,
    left: other,
    message: removed,
  },
  "not another tool's session next to a role": {
    credentials: `${other}[old]\n${session}[old-mfa]\n${session}`,
    config: `[profile old]\n${role}`,
    left: `${other}[old]\n${session}`,
    message: removed,
  },
  'no session of a profile called old-mfa': {
    credentials: `${other}[old-mfa]\n${session}`,
    config: '[profile old-mfa]\ncredential_process = true\n',
    left: `${other}[old-mfa]\n${session}`,
    message: /error: there is no profile old /,
    status: 1,
  },
  'no session of a profile old-mfa that has a source': {
    credentials: `[old-mfa-default]\n${keys}[old-mfa]\n${session}`,
    left: `[old-mfa-default]\n${keys}[old-mfa]\n${session}`,
    message: /error: there is no profile old /,
    status: 1,
  },
  'no long-term keys': {
    credentials: `[old-mfa]\n${keys}`,
    left: `[old-mfa]\n${keys}`,
    message: /error: there is no profile old /,
    status: 1,
  },
  'no keys without an expiry': {
    credentials: `[old]\n${session.replace(/x_security.*\n/, '')}`,
    left: `[old]\n${session.replace(/x_security.*\n/, '')}`,
    message: /error: the keys in \[old\] in \S+ are not a session that mfa-env saved/,
    status: 1,
  },
  'nothing of a file that is damaged': {
    credentials: `[old]\n${session}[old]\n${session.replace('ASIA', 'ASIB')}`,
    left: `[old]\n${session}[old]\n${session.replace('ASIA', 'ASIB')}`,
    message: /error: /,
    status: 1,
  },
};

suite('forget removes', { concurrency: 2 }, () => {
  for (const [title, { credentials, config, left, message, status = 0, name = 'old' }] of Object.entries(rows))
    test(title, async () => {
      const home = makeHome(config === undefined ? { credentials } : { credentials, config });
      const ended = await runMfaEnv(['forget', name], home.env);
      assert.equal(readFileSync(home.credentialsFile, 'utf8'), left);
      assert.match(ended.stderr, message);
      assert.deepEqual([ended.status, ended.stdout], [status, '']);
    });
});
