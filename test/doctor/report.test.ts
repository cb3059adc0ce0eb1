/** How findings are told: to people, to programs, and of very many profiles. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHome, program, runMfaEnv } from '../harness.ts';
import { sitDown } from '../pty.ts';
import { examine, healthy, keys, sts, user, version } from './examine.ts';

test('--json has the same findings under keys that stay', async () => {
  const ended = await examine({ words: ['prod', '--json'], credentials: `${healthy}mfa_process = no-such-program\n` });
  const { findings, ...rest } = JSON.parse(ended.stdout);
  const [found, ...more] = findings.filter(({ about }: { about: string }) => about !== 'program');
  const oldNode = findings.length - 1;
  assert.deepEqual(found, {
    level: 'error',
    about: 'profiles',
    profile: 'prod',
    what: 'CREDENTIALS:7: mfa_process runs no-such-program, which is not there',
    hint: 'install it, or write its whole path',
  });
  assert.deepEqual(more, []);
  assert.deepEqual(rest, {
    version,
    errors: 1,
    warnings: oldNode,
    checked: ['files', 'profiles', 'environment', 'shells', 'network', 'program'],
    profiles: [
      {
        name: 'prod',
        source: 'prod-default',
        device: user.device.serialNumber,
        region: 'eu-west-1',
        endpoint: sts.url,
      },
    ],
    profilesLeftOut: 0,
    endpointsLeftOut: 0,
  });
  assert.deepEqual([ended.status, ended.stderr], [1, '']);
});

test('of very many profiles the first are looked at, and those of the environment, and all lines', async () => {
  const names = Array.from({ length: 3000 }, (_, index) => `p${index}`);
  const credentials = `${names.map((name) => `[${name}]\nmfa_serial = GAHT12345678\n${keys}`).join('')}x\n`;
  const begin = performance.now();
  const { stdout, status } = await examine({ credentials, env: { AWS_PROFILE: 'p2998' }, words: ['--json'] });
  const { profiles, profilesLeftOut, findings } = JSON.parse(stdout);
  assert.deepEqual([profiles.length, profiles[0].name, profilesLeftOut, status], [1000, 'p2998', 2000, 1]);
  assert.equal(findings[0].what, "CREDENTIALS:12001: expected an '=' sign defining a property");
  assert.ok(performance.now() - begin < 10_000);
});

test('a report comes whatever line of a profile is at fault', async () => {
  const device = `aws_arn_mfa = ${user.device.serialNumber}\n`;
  for (const credentials of [
    `[prod-default]\n=x\n${keys}[prod]\n${device}`,
    `[prod]\n${keys}source_profile = nosuch\n[prod-default]\n=x\n`,
    `[prod]\n${keys}${device}=x\n`,
    `[prod]\n${keys}${device}[prod-mfa]\n=x\n`,
    `[prod]\nsource_profile = x\n${device}[x]\n=x\nsource_profile = y\n[y]\n${keys}`,
    `[prod]\nrole_arn = arn:aws:iam::444455556666:role/x\nsource_profile = x\n[x]\n=x\n${keys}`,
  ]) {
    const { stdout, stderr } = await examine({ credentials, words: ['prod', '--json'] });
    assert.equal(stderr, '');
    const { findings } = JSON.parse(stdout);
    const found = findings.filter(({ what }: { what: string }) => /property did not have a name$/.test(what));
    assert.equal(found.length, 1, stdout);
  }
});

test('colours are for terminals, and not for those who want none', async () => {
  const home = makeHome({ credentials: `${healthy}mfa_env_save = 1\n` }, { AWS_ENDPOINT_URL_STS: sts.url });
  const onTerminal = async (env: Record<string, string>) => {
    const seat = sitDown('node', [program, 'doctor'], { ...home.env, ...env });
    await seat.ended;
    return seat.screen();
  };
  assert.ok((await onTerminal({})).includes('\x1b[1;31merror\x1b[m: '));
  assert.ok(!(await onTerminal({ NO_COLOR: '1' })).includes('\x1b['));
  assert.ok(!(await onTerminal({ TERM: 'dumb' })).includes('\x1b['));
  assert.ok(!(await runMfaEnv(['doctor'], home.env)).stdout.includes('\x1b['));
});

test('names from files cannot move the cursor', async () => {
  const { stdout } = await examine({ credentials: `${healthy}[\x1b[31mx]\n` });
  assert.match(stdout, /^warning: CREDENTIALS:7: \[\\x1b\[31mx\] is no profile in this file/m);
  const odd = 'GAHT\x9b\u202e1234';
  const credentials = `[prod-default]\n${keys}[prod]\naws_arn_mfa = ${odd}\n`;
  for (const name of ['prod', odd]) {
    const { stdout } = await examine({ credentials, words: [name, '--json'] });
    assert.match(stdout, /^[ -~\n]*$/);
    const { profiles, findings } = JSON.parse(stdout);
    assert.deepEqual([profiles[0]?.device ?? odd, findings[0].profile], [odd, name]);
  }
});
