import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEndpoint } from '../src/endpoint.ts';
import type { Environment } from '../src/environment.ts';
import { readProfile } from '../src/profile.ts';
import { findBySdk } from './sdk-endpoint.ts';
import { filesOf } from './temp-folder.ts';

const keys = '[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';

/** The endpoint by `config`, which stands below `[profile prod]`. */
function find(config: string, env: Environment, asked?: string, region = 'eu-west-1') {
  const profile = readProfile(filesOf(keys, `[profile prod]\n${config}\n`), 'prod');
  return findEndpoint(profile, region, asked, env);
}

const regions = [
  ...['us-east-1', 'us-west-2', 'eu-west-1', 'sa-east-1', 'ca-west-1', 'ap-southeast-7', 'mx-central-1'],
  // Those that an account has to be let into first.
  ...['af-south-1', 'ap-east-1', 'me-central-1', 'me-south-1', 'eu-south-1', 'il-central-1'],
  ...['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'],
  ...['us-iso-east-1', 'us-iso-west-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1', 'us-isof-east-1'],
  'eusc-de-east-1',
];

for (const region of regions)
  for (const fips of [false, true])
    for (const dualStack of [false, true])
      test(`calls in ${region} what AWS's client calls${fips ? ', by FIPS' : ''}${dualStack ? ', by IPv6 too' : ''}`, async (t) => {
        const env = { AWS_USE_FIPS_ENDPOINT: `${fips}`, AWS_USE_DUALSTACK_ENDPOINT: `${dualStack}` };
        const { url, isAws } = find('', env, undefined, region);
        assert.deepEqual([url.href, isAws], [await findBySdk(t, region, '', env), true]);
      });

// What AWS's client takes for regions too.
const noRegions: [region: string, sdk: string, why: string, message: RegExp][] = [
  [
    'fips-us-east-1',
    'https://sts-fips.us-east-1.amazonaws.com/',
    'it is called by the name of the region and the setting',
    /^fips-us-east-1 is no region .*us-east-1 by fips/,
  ],
  [
    'us-east-1-fips',
    'https://sts-fips.us-east-1.amazonaws.com/',
    'it is called by the name of the region and the setting',
    /^us-east-1-fips is no region .*us-east-1 by fips/,
  ],
  [
    'aws-global',
    'https://sts.amazonaws.com/',
    'the sessions of the global endpoint may not be good in every region',
    /^aws-global is no region/,
  ],
  [
    'aws-cn-global',
    'https://sts.aws-cn-global.amazonaws.com.cn/',
    'there is no such host',
    /^aws-cn-global is no region/,
  ],
];

for (const [region, sdk, why, message] of noRegions)
  test(`refuses ${region}, unlike AWS's client: ${why}`, async (t) => {
    assert.throws(() => find('', {}, undefined, region), { message, exitStatus: 1, hint: /^name / });
    assert.equal(await findBySdk(t, region, '', {}), sdk);
  });

const aws = 'https://sts.eu-west-1.amazonaws.com/';
const other = 'https://sts.example.com/';
const local = 'http://127.0.0.1:4566/';
const vpce = 'https://vpce-0abc-1234.sts.eu-west-1.vpce.amazonaws.com/';
const services = `services = local\n[services local]\nsts =\n  endpoint_url = ${other}`;

const rows: [title: string, config: string, env: Environment, url: string, asked?: string][] = [
  ["AWS's regional one", '', {}, aws],
  [
    'the FIPS one by the environment',
    '',
    { AWS_USE_FIPS_ENDPOINT: 'true' },
    'https://sts-fips.eu-west-1.amazonaws.com/',
  ],
  ['the FIPS one by the file', 'use_fips_endpoint = true', {}, 'https://sts-fips.eu-west-1.amazonaws.com/'],
  [
    'the usual one where the environment overrides the file',
    'use_fips_endpoint = true',
    { AWS_USE_FIPS_ENDPOINT: 'false' },
    aws,
  ],
  [
    'the dualstack one by the environment',
    '',
    { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
    'https://sts.eu-west-1.api.aws/',
  ],
  ['the dualstack one by the file', 'use_dualstack_endpoint = true', {}, 'https://sts.eu-west-1.api.aws/'],
  ['any that --endpoint-url names', '', {}, other, other],
  ['that of --endpoint-url before all', `endpoint_url = ${local}`, { AWS_ENDPOINT_URL: local }, other, other],
  ['any that endpoint_url names', `endpoint_url = ${other}`, {}, other],
  ['any that services name', services, {}, other],
  ['any that services name in quotes', services.replace('[services local]', '[services "local"]'), {}, other],
  ['that of services before endpoint_url', `endpoint_url = ${local}\n${services}`, {}, other],
  ['on this machine by AWS_ENDPOINT_URL', '', { AWS_ENDPOINT_URL: local }, local],
  ['on this machine by its name', '', { AWS_ENDPOINT_URL: 'http://localhost:4566' }, 'http://localhost:4566/'],
  ['on this machine by IPv6', '', { AWS_ENDPOINT_URL: 'http://[::1]:4566' }, 'http://[::1]:4566/'],
  ['that of AWS_ENDPOINT_URL_STS first', '', { AWS_ENDPOINT_URL_STS: local, AWS_ENDPOINT_URL: other }, local],
  ["AWS's own by AWS_ENDPOINT_URL", '', { AWS_ENDPOINT_URL: aws }, aws],
  ["a VPC's by AWS_ENDPOINT_URL_STS", '', { AWS_ENDPOINT_URL_STS: vpce }, vpce],
  ["that of the environment before the file's", `endpoint_url = ${other}`, { AWS_ENDPOINT_URL: local }, local],
  ['another that the file names too', `endpoint_url = ${other}`, { AWS_ENDPOINT_URL: other }, other],
  [
    "AWS's where the others are to be ignored",
    `endpoint_url = ${other}`,
    { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_ENDPOINT_URL: other },
    aws,
  ],
  [
    "AWS's where that of STS alone is to be ignored",
    '',
    { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_ENDPOINT_URL_STS: other },
    aws,
  ],
  [
    'another where the environment overrides that the file ignores it',
    `ignore_configured_endpoint_urls = true\nendpoint_url = ${other}`,
    { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' },
    other,
  ],
  [
    'that of --endpoint-url where the others are to be ignored',
    '',
    { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    other,
    other,
  ],
  [
    'that of endpoint_url where services say nothing of STS',
    `endpoint_url = ${other}\nservices = local\n[services local]\ns3 =\n  endpoint_url = ${local}`,
    {},
    other,
  ],
  [
    "AWS's, not one that mfa-env exported for another profile",
    '',
    {
      AWS_ENDPOINT_URL: other,
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      MFA_ENV_SETTINGS: 'AWS_ENDPOINT_URL AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT',
    },
    aws,
  ],
  ["AWS's where the file says so", `ignore_configured_endpoint_urls = true\nendpoint_url = ${other}`, {}, aws],
];

for (const [title, config, env, url, asked] of rows) {
  test(`calls ${title}`, () => assert.equal(find(config, env, asked).url.href, url));
  if (asked === undefined && !env.MFA_ENV_SETTINGS)
    test(`AWS's client, too, calls ${title}`, async (t) => {
      assert.equal(await findBySdk(t, 'eu-west-1', config, env), url);
    });
}

test("calls endpoint_url by FIPS too, unlike AWS's client: it refuses both together", async (t) => {
  const config = `endpoint_url = ${other}\nuse_fips_endpoint = true`;
  assert.equal(find(config, {}).url.href, other);
  await assert.rejects(findBySdk(t, 'eu-west-1', config, {}), /FIPS and custom endpoint/);
});

test('refuses a name of old for FIPS wherever the endpoint is from: no client would sign for it', () =>
  assert.throws(() => find('', {}, local, 'fips-us-east-1'), { hint: /use_fips_endpoint = true/ }));

const whose: [title: string, url: string, region: string, isAws: boolean][] = [
  ["AWS's", aws, 'eu-west-1', true],
  ["AWS's of another region", 'https://sts.us-east-1.amazonaws.com', 'eu-west-1', true],
  ["AWS's of another partition", 'https://sts.us-gov-west-1.amazonaws.com', 'eu-west-1', false],
  ["a VPC's", vpce, 'eu-west-1', true],
  ["a VPC's by FIPS", vpce.replace('.sts.', '.sts-fips.'), 'eu-west-1', true],
  ["a VPC's of another partition", vpce, 'us-gov-west-1', false],
  ["a VPC's in China", 'https://vpce-0abc-1234.sts.cn-north-1.vpce.amazonaws.com.cn', 'cn-northwest-1', true],
  ["a customer's service in a VPC", 'https://vpce-0abc.vpce-svc-0def.eu-west-1.vpce.amazonaws.com', 'eu-west-1', false],
  ["AWS's at another port", 'https://sts.eu-west-1.amazonaws.com:8443', 'eu-west-1', false],
  ["a customer's at AWS", 'https://sts-1.eu-west-1.elb.amazonaws.com', 'eu-west-1', false],
  ['another', other, 'eu-west-1', false],
  ['this machine', local, 'eu-west-1', false],
];

for (const [title, url, region, isAws] of whose)
  test(`a host that is ${title} is ${isAws ? '' : 'not '}taken for AWS's`, () =>
    assert.equal(find('', {}, url, region).isAws, isAws));

const refused: [
  title: string,
  config: string,
  env: Environment,
  message: RegExp,
  exitStatus: number,
  asked?: string,
][] = [
  [
    'one that only AWS_ENDPOINT_URL names',
    '',
    { AWS_ENDPOINT_URL: other },
    /^AWS_ENDPOINT_URL alone names https:\/\/sts\.example\.com/,
    1,
  ],
  ['one that only AWS_ENDPOINT_URL_STS names', '', { AWS_ENDPOINT_URL_STS: other }, /^AWS_ENDPOINT_URL_STS alone/, 1],
  ['another than the file names', `endpoint_url = ${local}`, { AWS_ENDPOINT_URL: other }, /^AWS_ENDPOINT_URL alone/, 1],
  ["a customer's host at AWS", '', { AWS_ENDPOINT_URL: 'https://sts-1.eu-west-1.elb.amazonaws.com' }, /alone names/, 1],
  ['a bucket called sts', '', { AWS_ENDPOINT_URL: 'https://sts.s3.amazonaws.com' }, /alone names/, 1],
  [
    'a name that only looks like this machine',
    '',
    { AWS_ENDPOINT_URL: 'https://127.0.0.1.example.com' },
    /alone names/,
    1,
  ],
  ['http beyond this machine', '', {}, /--endpoint-url .*not encrypted/, 2, 'http://sts.example.com'],
  ['http to AWS', 'endpoint_url = http://sts.eu-west-1.amazonaws.com', {}, /^config:2: .*not encrypted/, 1],
  ['what is no URL', '', {}, /--endpoint-url is not a URL/, 2, 'sts.example.com'],
  ['another scheme', '', { AWS_ENDPOINT_URL: 'file:///etc/hosts' }, /AWS_ENDPOINT_URL is not a URL/, 2],
  ['a URL with a password', '', {}, /--endpoint-url must not hold a user/, 2, 'https://ana:hunter2@sts.example.com'],
  ['a URL with a query', '', {}, /--endpoint-url must not hold/, 2, 'https://sts.example.com/?hunter2'],
];

for (const [title, config, env, message, exitStatus, asked] of refused)
  test(`refuses ${title}`, () => {
    assert.throws(() => find(config, env, asked), { message, exitStatus });
    assert.throws(
      () => find(config, env, asked),
      (error: Error) => !error.message.includes('hunter2'),
    );
  });
