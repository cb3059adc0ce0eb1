/** AWS's partitions: which one a region or an ARN belongs to, and what STS is called there. */

interface Partition {
  /** What the regions of the partition begin with; empty for the commercial one, which has no prefix of its own. */
  regionPrefix: string;
  defaultRegion: string;
  dnsSuffix: string;
  dualStackDnsSuffix: string;
}

// From the partitions.json that AWS's SDKs share (botocore 1.43 and @aws-sdk/client-sts 3.1173 agree on it).
const partitions = {
  aws: { regionPrefix: '', defaultRegion: 'us-east-1', dnsSuffix: 'amazonaws.com', dualStackDnsSuffix: 'api.aws' },
  'aws-cn': {
    regionPrefix: 'cn-',
    defaultRegion: 'cn-northwest-1',
    dnsSuffix: 'amazonaws.com.cn',
    dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
  },
  'aws-us-gov': {
    regionPrefix: 'us-gov-',
    defaultRegion: 'us-gov-west-1',
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
  },
  'aws-iso': {
    regionPrefix: 'us-iso-',
    defaultRegion: 'us-iso-east-1',
    dnsSuffix: 'c2s.ic.gov',
    dualStackDnsSuffix: 'api.aws.ic.gov',
  },
  'aws-iso-b': {
    regionPrefix: 'us-isob-',
    defaultRegion: 'us-isob-east-1',
    dnsSuffix: 'sc2s.sgov.gov',
    dualStackDnsSuffix: 'api.aws.scloud',
  },
  'aws-iso-e': {
    regionPrefix: 'eu-isoe-',
    defaultRegion: 'eu-isoe-west-1',
    dnsSuffix: 'cloud.adc-e.uk',
    dualStackDnsSuffix: 'api.cloud-aws.adc-e.uk',
  },
  'aws-iso-f': {
    regionPrefix: 'us-isof-',
    defaultRegion: 'us-isof-south-1',
    dnsSuffix: 'csp.hci.ic.gov',
    dualStackDnsSuffix: 'api.aws.hci.ic.gov',
  },
  'aws-eusc': {
    regionPrefix: 'eusc-',
    defaultRegion: 'eusc-de-east-1',
    dnsSuffix: 'amazonaws.eu',
    dualStackDnsSuffix: 'api.amazonwebservices.eu',
  },
} as const satisfies Record<string, Partition>;

export type PartitionName = keyof typeof partitions;

const names = Object.keys(partitions) as PartitionName[];

// It becomes a part of a host name.
const regionName = /^[a-z0-9-]{1,63}$/;

/** Whether a text may be used as a region. */
export function isRegionName(text: string): boolean {
  return regionName.test(text);
}

/**
 * Whether a region may become a part of the name of AWS's host: letters, then at least two more parts, the last a number.
 * What else stands before AWS's suffix is a service (`sts.s3.amazonaws.com` is a customer's bucket).
 */
export function isHostRegion(region: string): boolean {
  return /^[a-z]{2,5}(-[a-z]+){1,3}-\d{1,2}$/.test(region);
}

/** The region that is meant where a name of old says FIPS too, such as `fips-us-east-1`; nothing for other names. */
export function regionOfFipsName(region: string): string | undefined {
  return /^fips-(.+)$/.exec(region)?.[1] ?? /^(.+)-fips$/.exec(region)?.[1];
}

/** The partition whose regions look like `region`; `aws` where none of the others claims it. */
export function partitionOfRegion(region: string): PartitionName {
  return names.find((name) => name !== 'aws' && region.startsWith(partitions[name].regionPrefix)) ?? 'aws';
}

/** The partition that an ARN names (`arn:aws-cn:iam::…`), or nothing where the text is no ARN of a partition known here. */
export function partitionOfArn(arn: string | undefined): PartitionName | undefined {
  const name = arn?.match(/^arn:([^:]+):/)?.[1];
  return names.find((known) => known === name);
}

/** The region to call where none is named: the partition's implicit global one. */
export function defaultRegionOf(partition: PartitionName): string {
  return partitions[partition].defaultRegion;
}

// Those that AWS opened before 20 March 2019 (its account management guide, "Enable or disable AWS Regions").
const alwaysEnabled =
  'us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 sa-east-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 ' +
  'ap-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2';

/** Whether an account has to enable a region before it is known there. */
export function isOptInRegion(region: string): boolean {
  return partitionOfRegion(region) === 'aws' && !alwaysEnabled.split(' ').includes(region);
}

/** How a call is to reach STS: by a FIPS endpoint, by one that speaks IPv6 too. */
export interface EndpointVariant {
  fips: boolean;
  dualStack: boolean;
}

/** The regional STS host, such as `sts.eu-west-1.amazonaws.com`. GovCloud's usual host is its FIPS one. */
export function stsHost(region: string, variant: EndpointVariant): string {
  const name = partitionOfRegion(region);
  const { dnsSuffix, dualStackDnsSuffix } = partitions[name];
  const fips = variant.fips && (name !== 'aws-us-gov' || variant.dualStack);
  return `${fips ? 'sts-fips' : 'sts'}.${region}.${variant.dualStack ? dualStackDnsSuffix : dnsSuffix}`;
}

/**
 * Whether `host` is one that AWS alone can give to STS in this partition: the regional ones, the commercial partition's
 * global one, and STS's VPC endpoints (`sts` and `sts-fips` in AWS PrivateLink's list of services). Other names below AWS's
 * suffixes (load balancers, instances) belong to its customers.
 */
export function isStsHost(host: string, partition: PartitionName): boolean {
  return regionOfStsHost(host, partition) !== undefined;
}

/** The region for which a call of such a host is signed; nothing where `host` is none. */
export function regionOfStsHost(host: string, partition: PartitionName): string | undefined {
  const { dnsSuffix, dualStackDnsSuffix, defaultRegion } = partitions[partition];
  if (partition === 'aws' && host === `sts.${dnsSuffix}`) return defaultRegion;
  const labels = suffixedLabels(host, dnsSuffix) ?? suffixedLabels(host, dualStackDnsSuffix);
  if (!labels) return undefined;
  if (labels.at(-1) === 'vpce') labels.splice(0, labels.length - 3);
  const [service, region = '', vpce, ...rest] = labels;
  if (rest.length > 0 || (vpce !== undefined && vpce !== 'vpce')) return undefined;
  const isSts = service === 'sts' || service === 'sts-fips';
  return isSts && isHostRegion(region) && partitionOfRegion(region) === partition ? region : undefined;
}

function suffixedLabels(host: string, suffix: string): string[] | undefined {
  return host.endsWith(`.${suffix}`) ? host.slice(0, -suffix.length - 1).split('.') : undefined;
}
