/** Files of many profiles are read and saved like any other; what that costs is measured in bench.ts. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, test } from 'node:test';
import { makeHome, routeLine, runMfaEnv, savedLines, sectionsOf } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

/** Profiles of an id, a secret and a region. */
function manyProfiles(count: number, prefix: string): string {
  const names = Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  return names
    .map((name) => `[${name}]\naws_access_key_id = AKIA${name}\naws_secret_access_key = secret\nregion = eu-west-1\n\n`)
    .join('');
}

for (const count of [10_000, 100_000])
  test(`${count} profiles`, async () => {
    const user = sts.addUser();
    const [before, behind] = [manyProfiles(count / 2, 'a'), manyProfiles(count / 2, 'z')];
    const own = sectionsOf('prod', user);
    const last = `[last]\n${savedLines()}`;
    const credentials = before + own + behind + last;
    const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });

    const read = await runMfaEnv(['last'], home.env);
    assert.deepEqual([read.status, read.stderr], [0, '']);
    assert.match(read.stdout, /^export AWS_SESSION_TOKEN='token\/\/of\+the\+saved\+session==';$/m);

    const saved = await runMfaEnv(['prod', sts.code(user), '--save', '--quiet'], home.env);
    assert.deepEqual([saved.status, saved.stderr], [0, routeLine(sts)]);
    const session = sts.sessions.at(-1);
    assert.ok(session);
    assert.ok(
      home.credentials() ===
        before +
          sectionsOf('prod', user, `${savedLines(session)}mfa_env_source = ${user.accessKeyId}\n`) +
          behind +
          last,
    );
    assert.deepEqual(readdirSync(dirname(home.credentialsFile)), ['credentials']);

    const forgotten = await runMfaEnv(['forget', 'prod', '--quiet'], home.env);
    assert.deepEqual([forgotten.status, forgotten.stderr], [0, '']);
    assert.ok(home.credentials() === credentials);
  });
