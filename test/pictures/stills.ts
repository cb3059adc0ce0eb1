/** The pictures of `list` and `doctor`: a user with profiles in every state, and one with a few things that are wrong. */

import { chmodSync } from 'node:fs';
import { makeHome, savedLines, sectionsOf } from '../harness.ts';
import type { StsUser } from '../sts/identities.ts';
import type { Sts } from '../sts/server.ts';
import { takeStill } from './still.ts';

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000 + 30_000);

function credentialsOf(user: StsUser): string {
  const saved = (minutes: number) => `region = eu-west-1\n${savedLines({ expiresAt: inMinutes(minutes) })}\n`;
  return [
    sectionsOf('prod', user, saved(560)),
    sectionsOf('stage', user, saved(41)),
    sectionsOf('dev', user, saved(-181)),
    `[sandbox]\naws_access_key_id = ${user.accessKeyId}\n`,
  ].join('');
}

const ofSession = {
  MFA_ENV_PROFILE: 'prod',
  AWS_ACCESS_KEY_ID: 'ASIASAVED00000000001',
  AWS_SECRET_ACCESS_KEY: 'secret/of+the/saved/session',
  AWS_SESSION_TOKEN: 'token//of+the+saved+session==',
};

const config = `[profile admin]
role_arn = arn:aws:iam::444455556666:role/admin
source_profile = prod
region = us-east-1

[profile data]
sso_session = corp
sso_account_id = 777788889999
sso_role_name = analyst
region = eu-central-1
`;

/** @returns the pictures by the names of their files. */
export async function takeStills(sts: Sts): Promise<Record<string, string>> {
  const user = sts.addUser({ account: '111122223333', name: 'ana' });
  const home = makeHome({ credentials: credentialsOf(user), config }, ofSession);
  const list = await takeStill('mfa-env list', home, ['mfa-env list'], {}, 96);
  const env = { AWS_ENDPOINT_URL_STS: sts.url, ...ofSession, AWS_PROFILE: 'stage', NODE_DEBUG: 'http' };
  const ill = makeHome({ credentials: credentialsOf(user), config }, env);
  chmodSync(ill.credentialsFile, 0o644);
  const doctor = await takeStill('mfa-env doctor', ill, ['mfa-env doctor'], {}, 110);
  return { 'list.svg': list.svg, 'doctor.svg': doctor.svg };
}
