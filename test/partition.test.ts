import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultRegionOf,
  isOptInRegion,
  isRegionName,
  isStsHost,
  type PartitionName,
  partitionOfArn,
  partitionOfRegion,
  regionOfFipsName,
  regionOfStsHost,
  stsHost,
} from '../src/partition.ts';

const regions: [region: string, partition: PartitionName][] = [
  ['us-east-1', 'aws'],
  ['us-west-2', 'aws'],
  ['ca-west-1', 'aws'],
  ['mx-central-1', 'aws'],
  ['ap-southeast-7', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-iso-west-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
  ['us-isof-east-1', 'aws-iso-f'],
  ['eusc-de-east-1', 'aws-eusc'],
];

for (const [region, partition] of regions) {
  test(`${region} is of ${partition}`, () => assert.equal(partitionOfRegion(region), partition));
  for (const fips of [false, true])
    for (const dualStack of [false, true])
      test(`${region} is called at a host of AWS's${fips ? ', by FIPS' : ''}${dualStack ? ', by IPv6 too' : ''}`, () =>
        assert.ok(isStsHost(stsHost(region, { fips, dualStack }), partition)));
}

const defaults: [partition: PartitionName, region: string][] = [
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-northwest-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-iso', 'us-iso-east-1'],
  ['aws-iso-b', 'us-isob-east-1'],
  ['aws-iso-e', 'eu-isoe-west-1'],
  ['aws-iso-f', 'us-isof-south-1'],
  ['aws-eusc', 'eusc-de-east-1'],
];

for (const [partition, region] of defaults)
  test(`the region of ${partition} is ${region}`, () => assert.equal(defaultRegionOf(partition), region));

const arns: [arn: string | undefined, partition: PartitionName | undefined][] = [
  ['arn:aws:iam::111122223333:mfa/ana', 'aws'],
  ['arn:aws-us-gov:iam::111122223333:mfa/ana', 'aws-us-gov'],
  ['arn:aws-cn:iam::111122223333:role/deploy', 'aws-cn'],
  ['arn:aws-nosuch:iam::111122223333:mfa/ana', undefined],
  ['arn:constructor:iam::111122223333:mfa/ana', undefined],
  ['GAHT12345678', undefined],
  [undefined, undefined],
];

for (const [arn, partition] of arns)
  test(`${arn} names ${partition ?? 'no partition'}`, () => assert.equal(partitionOfArn(arn), partition));

const hosts: [host: string, partition: PartitionName, isSts: boolean][] = [
  ['sts.eu-west-1.amazonaws.com', 'aws', true],
  ['sts.amazonaws.com', 'aws', true],
  ['sts-fips.us-west-2.amazonaws.com', 'aws', true],
  ['sts.eu-west-1.api.aws', 'aws', true],
  ['vpce-0abc-1234.sts.eu-west-1.vpce.amazonaws.com', 'aws', true],
  ['vpce-0abc-1234-eu-west-1a.sts.eu-west-1.vpce.amazonaws.com', 'aws', true],
  ['vpce-0abc-1234.sts.cn-north-1.vpce.amazonaws.com.cn', 'aws-cn', true],
  ['vpce-0abc-1234.sts.us-gov-west-1.vpce.amazonaws.com', 'aws-us-gov', true],
  ['vpce-0abc-1234.sts.us-gov-west-1.vpce.amazonaws.com', 'aws', false],
  ['vpce-0abc-1234.sts.cn-north-1.vpce.amazonaws.com', 'aws-cn', false],
  ['vpce-0abc-1234.sts-fips.us-east-1.vpce.amazonaws.com', 'aws', true],
  ['vpce-0abc-1234.sts-fips.vpce-svc-0abc.us-east-1.vpce.amazonaws.com', 'aws', false],
  ['vpce-0abc-1234.s3.us-east-1.vpce.amazonaws.com', 'aws', false],
  ['sts.us-gov-west-1.amazonaws.com', 'aws-us-gov', true],
  ['sts.us-gov-west-1.amazonaws.com', 'aws', false],
  ['sts.eu-west-1.amazonaws.com', 'aws-us-gov', false],
  ['sts.eu-west-1.amazonaws.com', 'aws-cn', false],
  ['sts.cn-north-1.amazonaws.com', 'aws-cn', false],
  ['sts.cn-north-1.amazonaws.com.cn', 'aws', false],
  ['sts.amazonaws.com.cn', 'aws-cn', false],
  ['sts.amazonaws.com', 'aws-us-gov', false],
  ['sts-1234.eu-west-1.elb.amazonaws.com', 'aws', false],
  ['sts.eu-west-1.elb.amazonaws.com', 'aws', false],
  ['sts.execute-api.eu-west-1.amazonaws.com', 'aws', false],
  ['abc123.execute-api.eu-west-1.amazonaws.com', 'aws', false],
  ['vpce-svc-0abc.eu-west-1.vpce.amazonaws.com', 'aws', false],
  ['vpce-0abc-1234.vpce-svc-0abc.eu-west-1.vpce.amazonaws.com', 'aws', false],
  ['ec2-192-0-2-1.eu-west-1.compute.amazonaws.com', 'aws', false],
  ['sts.lambda-url.eu-west-1.on.aws', 'aws', false],
  // Buckets can be called `sts` and `sts-fips`.
  ['sts.s3.amazonaws.com', 'aws', false],
  ['sts-fips.s3.amazonaws.com', 'aws', false],
  ['sts.s3-eu-west-1.amazonaws.com', 'aws', false],
  ['sts.s3-accelerate.amazonaws.com', 'aws', false],
  ['sts.s3.eu-west-1.amazonaws.com', 'aws', false],
  ['sts.vpce.amazonaws.com', 'aws', false],
  ['s3.eu-west-1.amazonaws.com', 'aws', false],
  ['xsts.eu-west-1.amazonaws.com', 'aws', false],
  ['x.sts.eu-west-1.amazonaws.com', 'aws', false],
  ['sts.eu-west-1.amazonaws.com.example.com', 'aws', false],
  ['sts.eu-west-1.example-amazonaws.com', 'aws', false],
  ['amazonaws.com', 'aws', false],
  ['', 'aws', false],
];

for (const [host, partition, isSts] of hosts)
  test(`"${host}" is ${isSts ? '' : 'not '}the STS of ${partition}`, () =>
    assert.equal(isStsHost(host, partition), isSts));

const signed: [host: string, partition: PartitionName, region: string][] = [
  ['sts.amazonaws.com', 'aws', 'us-east-1'],
  ['sts.eu-west-1.amazonaws.com', 'aws', 'eu-west-1'],
  ['sts-fips.us-west-2.api.aws', 'aws', 'us-west-2'],
  ['vpce-0abc-1234.sts-fips.us-gov-west-1.vpce.amazonaws.com', 'aws-us-gov', 'us-gov-west-1'],
];

for (const [host, partition, region] of signed)
  test(`"${host}" is signed for ${region}`, () => assert.equal(regionOfStsHost(host, partition), region));

const toBeEnabled: [region: string, isOptIn: boolean][] = [
  ['eu-west-1', false],
  ['ap-northeast-3', false],
  ['eu-north-1', false],
  ['ap-east-1', true],
  ['eu-south-2', true],
  ['mx-central-1', true],
  ['cn-north-1', false],
  ['us-gov-east-1', false],
];

for (const [region, isOptIn] of toBeEnabled)
  test(`${region} ${isOptIn ? 'has to be' : 'is'} enabled`, () => assert.equal(isOptInRegion(region), isOptIn));

const fipsNames: [name: string, region: string | undefined][] = [
  ['fips-us-east-1', 'us-east-1'],
  ['us-gov-west-1-fips', 'us-gov-west-1'],
  ['us-east-1', undefined],
];

for (const [name, region] of fipsNames)
  test(`${name} means ${region ? `${region} by FIPS` : 'itself'}`, () => assert.equal(regionOfFipsName(name), region));

const regionNames: [text: string, isName: boolean][] = [
  ['eu-west-1', true],
  ['a'.repeat(63), true],
  ['a'.repeat(64), false],
  ['', false],
  ['EU-WEST-1', false],
  ['eu-west-1.example.com', false],
  ['eu-west-1/', false],
  ['eu-west-1\n', false],
  ['eu_west_1', false],
];

for (const [text, isName] of regionNames)
  test(`${JSON.stringify(text)} is ${isName ? 'a' : 'no'} region's name`, () =>
    assert.equal(isRegionName(text), isName));
