/** Node, and which mfa-env is called. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { checkNodeVersion } from '../../src/doctor/program.ts';
import { makeHome, run } from '../harness.ts';
import { examine, put } from './examine.ts';

const nodes: [version: string, day: string, found: string[]][] = [
  ['v20.20.2', '2026-04-30', []],
  ['v20.20.2', '2026-05-01', ['warning']],
  ['v24.1.0', '2026-11-24', []],
  ['v27.0.0', '2030-01-01', []],
];
for (const [text, day, found] of nodes)
  test(`Node ${text} on ${day}: ${found[0] ?? 'well'}`, () => {
    const levels = checkNodeVersion(text, new Date(`${day}T12:00:00Z`)).map(({ level }) => level);
    assert.deepEqual(levels, found);
  });

test('another mfa-env on the PATH, and none', async () => {
  const other = await examine({
    prepare: (home) => {
      rmSync(join(home.path, 'bin/mfa-env'));
      put(home, 'old/dist/cli.cjs', '', 0o755);
      put(home, 'old/package.json', '{ "name": "mfa-env", "version": "0.0.1" }');
      symlinkSync(join(home.path, 'old/dist/cli.cjs'), join(home.path, 'bin/mfa-env'));
    },
  });
  assert.match(
    other.stdout,
    /^warning: the mfa-env on the PATH is HOME\/bin\/mfa-env \(0\.0\.1\), and this is .+ \(\d/m,
  );
  const piped = await examine({
    prepare: (home) => {
      rmSync(join(home.path, 'bin/mfa-env'));
      put(home, 'old/dist/cli.cjs', '', 0o755);
      execFileSync('mkfifo', [join(home.path, 'old/package.json')]);
      symlinkSync(join(home.path, 'old/dist/cli.cjs'), join(home.path, 'bin/mfa-env'));
    },
  });
  assert.match(piped.stdout, /^warning: the mfa-env on the PATH is HOME\/bin\/mfa-env, and this is/m);
  const none = await examine({ prepare: (home) => rmSync(join(home.path, 'bin/mfa-env')) });
  assert.match(
    none.stdout,
    /^warning: mfa-env is not on the PATH: npm install .*: ln -s \S+\/dist\/cli\.cjs mfa-env$/m,
  );
  const home = makeHome({});
  const { stdout } = await run(join(home.path, 'bin/mfa-env'), ['doctor'], {
    ...home.env,
    PATH: dirname(process.execPath),
  });
  assert.ok(stdout.includes(`: mfa-env is not on the PATH: add the folder ${home.path}/bin to it\n`), stdout);
});
