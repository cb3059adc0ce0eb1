/** People who come from other tools: what these tools tell them to have in the AWS files is enough, and stays as it is. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type Ended, type Home, makeHome, run, runMfaEnv, unless } from './harness.ts';
import type { StsUser } from './sts/identities.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

interface Newcomer {
  /** From where, and with what. */
  title: string;
  profile: string;
  /** The section that the session is saved in. */
  section: string;
  credentials(user: StsUser): string;
  config?(user: StsUser): string;
  /** The region that is exported. */
  region?: string;
  /** A program that the files name, which prints the code. */
  codeProgram?: string;
}

const keysOf = ({ accessKeyId, secretAccessKey }: StsUser) => `aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
`;

const oldSession = `aws_access_key_id = ASIAOLD0000000000001
aws_secret_access_key = an/old+secret
aws_session_token = an//old+token==
aws_security_token = an//old+token==
`;

const newcomers: Newcomer[] = [
  {
    title: 'aws-mfa, before its first session',
    profile: 'default',
    section: 'default',
    credentials: (user) => `[default-long-term]
${keysOf(user)}aws_mfa_device = ${user.device.serialNumber}
`,
  },
  {
    title: 'aws-mfa, with the section as its manual shows it',
    profile: 'default',
    section: 'default',
    credentials: (user) => `[default-long-term]
${keysOf(user)}aws_mfa_device = ${user.device.serialNumber}


[default]
aws_access_key_id = <POPULATED_BY_AWS-MFA>
aws_secret_access_key = <POPULATED_BY_AWS-MFA>
aws_security_token = <POPULATED_BY_AWS-MFA>
`,
  },
  {
    title: 'aws-mfa, with a session of its own and other accounts around it',
    profile: 'prod',
    section: 'prod',
    credentials: (user) => `[stage-long-term]
aws_access_key_id = AKIASTAGE00000000001
aws_secret_access_key = of/stage
aws_mfa_device = arn:aws:iam::444455556666:mfa/ana

[prod-long-term]
${keysOf(user)}aws_mfa_device = ${user.device.serialNumber}

[prod]
assumed_role = False
${oldSession}expiration = 2026-11-24 01:02:03

[stage]
assumed_role = False
${oldSession}expiration = 2026-11-24 01:02:03

`,
    config: () => '[profile prod]\nregion = eu-west-1\n',
    region: 'eu-west-1',
  },
  {
    title: 'awsume, with its own sections beside',
    profile: 'prod',
    section: 'prod-mfa',
    credentials: (user) => `# for awsume
[default]
aws_access_key_id = AKIAOTHER00000000001
aws_secret_access_key = of/another

[prod]
${keysOf(user)}mfa_serial = ${user.device.serialNumber}

[autoawsume-stage]
${oldSession}region = us-west-2
expiration = 2026-11-24 01:02:03
manager = awsume
autoawsume = True
`,
    config: () => '[default]\nregion = us-east-1\n\n[profile prod]\nregion = eu-west-1\noutput = json\n',
    region: 'eu-west-1',
  },
  {
    title: 'the AWS CLI, with the device beside the keys',
    profile: 'prod',
    section: 'prod-mfa',
    credentials: (user) => `[prod]\n${keysOf(user)}mfa_serial = ${user.device.serialNumber}\n`,
    config: () => '[profile prod]\nregion = eu-central-1\noutput = json\ncli_pager =\n',
    region: 'eu-central-1',
  },
  {
    title: 'the AWS CLI, with the device beside the region, and the default profile',
    profile: 'default',
    section: 'default-mfa',
    credentials: (user) => `[default]\n${keysOf(user)}`,
    config: (user) => `[default]
region = ap-southeast-2
s3 =
  max_concurrent_requests = 20
  addressing_style = path
mfa_serial = ${user.device.serialNumber}
`,
    region: 'ap-southeast-2',
  },
  {
    title: 'aws-vault, with the device of the source profile',
    profile: 'prod',
    section: 'prod',
    credentials: (user) => `[jonsmith]\n${keysOf(user)}`,
    config: (user) => `[default]
region=us-east-1

; the device is inherited
[profile jonsmith]
mfa_serial=${user.device.serialNumber}

[profile prod]
source_profile=jonsmith
region=eu-west-3
`,
    region: 'eu-west-3',
  },
  {
    title: 'aws-vault, with a mfa_process',
    profile: 'jonsmith',
    section: 'jonsmith-mfa',
    credentials: (user) => `[jonsmith]\n${keysOf(user)}`,
    config: ({ device }) => `[profile jonsmith]
mfa_serial=${device.serialNumber}
mfa_process=ykman oath accounts code --single "${device.serialNumber}"
`,
    codeProgram: 'ykman',
  },
  {
    title: 'the script of 2018, before its first session',
    profile: 'prod',
    section: 'prod',
    credentials: (user) => `[prod]
aws_arn_mfa = ${user.device.serialNumber}

[prod-default]
${keysOf(user)}`,
  },
  {
    title: 'the script of 2018, with a session of its own',
    profile: 'prod',
    section: 'prod',
    credentials: (user) => `[prod-default]
${keysOf(user).replaceAll(' = ', '=')}
[prod]
aws_arn_mfa = ${user.device.serialNumber}
${oldSession.replace(/^aws_security_token.*\n/m, '')}
[stage-default]
aws_access_key_id=AKIASTAGE00000000001
aws_secret_access_key=of/stage`,
    config: () => '[profile prod]\r\nregion = eu-west-1\r\n',
    region: 'eu-west-1',
  },
];

function arrive({ credentials, config, codeProgram }: Newcomer): { user: StsUser; home: Home } {
  const user = sts.addUser({ name: 'jonsmith' });
  const files = { credentials: credentials(user), config: config?.(user) ?? '' };
  const home = makeHome(files, { AWS_ENDPOINT_URL_STS: sts.url, AWS_PAGER: '' });
  if (codeProgram) {
    writeFileSync(join(home.path, 'bin', codeProgram), `#!/bin/sh\necho ${sts.code(user)}\n`, { mode: 0o700 });
  }
  return { user, home };
}

/** `mfa-env PROFILE CODE --save` */
function save({ profile, codeProgram }: Newcomer, user: StsUser, home: Home): Promise<Ended> {
  return runMfaEnv([profile, ...(codeProgram ? [] : [sts.code(user)]), '--save'], home.env);
}

function sessionOf(user: StsUser) {
  return sts.sessions.find(({ principal }) => principal === user) ?? assert.fail('no session was given');
}

const sessionLine =
  /^(aws_access_key_id|aws_secret_access_key|aws_session_token|aws_security_token|x_security_token_expires|expiration|mfa_env_\w+)\b/;

/** The file without the keys of the session in the section. */
function besideSession(text: string, section: string): string[] {
  let header = '';
  return text.split('\n').filter((line) => {
    if (line.startsWith('[')) header = line;
    // A section of the session's own gets the profile's region too.
    const isRegion = section.endsWith('-mfa') && line.startsWith('region = ');
    return header !== `[${section}]` || !(sessionLine.test(line) || isRegion);
  });
}

for (const newcomer of newcomers) {
  const { title, profile, section, region } = newcomer;
  suite(title, () => {
    test('saves a session, changes nothing else, and then needs no code', async () => {
      const { user, home } = arrive(newcomer);
      const [credentials, config] = [home.credentials(), readFileSync(home.configFile, 'utf8')];
      const { status, stderr } = await save(newcomer, user, home);
      const where = section === profile ? '' : ` as [${section}]`;
      assert.equal(status, 0, stderr);
      assert.ok(stderr.includes(`Saved ${profile} credentials to ${home.credentialsFile}${where}\n`), stderr);

      const isThere = credentials.includes(`[${section}]\n`);
      const before = isThere ? credentials : `${credentials}${credentials.endsWith('\n') ? '' : '\n'}[${section}]\n`;
      assert.deepEqual(besideSession(home.credentials(), section), besideSession(before, section));
      assert.equal(readFileSync(home.configFile, 'utf8'), config);
      // What other tools leave would be read before the session's token, or would date it.
      const saved = home.credentials().split(`[${section}]\n`)[1]?.split('\n[')[0] ?? '';
      assert.doesNotMatch(saved, /^(aws_security_token|expiration)\b/m);

      const calls = sts.requests.length;
      const { stdout, ...again } = await runMfaEnv([profile], home.env);
      assert.deepEqual(again, { status: 0, signal: null, stderr: '' });
      assert.ok(stdout.includes(`export AWS_SESSION_TOKEN='${sessionOf(user).sessionToken}';\n`));
      assert.equal(/^export AWS_REGION='(.*)';$/m.exec(stdout)?.[1], region);
      assert.equal(sts.requests.length, calls);
    });

    test(`the AWS CLI reads the session as ${section}`, { skip: unless('aws') }, async () => {
      const { user, home } = arrive(newcomer);
      assert.equal((await save(newcomer, user, home)).status, 0);
      const words = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text', '--profile', section];
      const ended = await run('aws', [...words, '--region', 'eu-west-1', '--endpoint-url', sts.url], home.env);
      assert.deepEqual(ended, { status: 0, signal: null, stdout: `${user.arn}\n`, stderr: '' });
      assert.equal(sts.requests.at(-1)?.headers['x-amz-security-token'], sessionOf(user).sessionToken);
    });
  });
}
