/** Who there is: IAM users (or account owners) with their key and device, and roles with their trust. */
import { randomAccount, randomId, randomSecret } from './random.ts';
import { type Device, newTotpSecret } from './totp.ts';

/** What GetCallerIdentity and trust policies see of a caller. */
export interface Principal {
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  partition: string;
  /** 12 digits. */
  account: string;
  arn: string;
  userId: string;
  /** Every name by which a role's trust may mean this principal: ARNs and the account. */
  trustedAs: string[];
}

/** An IAM user, or the account's owner, with one long-lived key and one MFA device. */
export interface StsUser extends Principal {
  name: string;
  root: boolean;
  /** Whether the key is active; may be switched at any time. */
  active: boolean;
  accessKeyId: string;
  secretAccessKey: string;
  device: Device;
}

export interface StsRole {
  partition: string;
  account: string;
  name: string;
  arn: string;
  roleId: string;
  /** User or role ARNs, account ids or `arn:…:root`. The caller's own policy is taken to allow the call. */
  trusts: string[];
  /** Whether the trust has the condition `aws:MultiFactorAuthPresent`. */
  mfaRequired: boolean;
  externalId: string | undefined;
  /** 3600 to 43 200 s. */
  maxSessionSeconds: number;
}

export type UserOptions = Partial<
  Pick<StsUser, 'name' | 'partition' | 'account' | 'root' | 'active' | 'accessKeyId' | 'secretAccessKey'>
> &
  Partial<Pick<Device, 'serialNumber' | 'totpSecret'>>;

export type RoleOptions = Pick<StsRole, 'trusts'> & Partial<Omit<StsRole, 'trusts' | 'arn' | 'roleId'>>;

/** Makes a user; what is not given is `ana` in a random account, with a random key and a virtual device. */
export function newUser(options: UserOptions = {}): StsUser {
  const { name = 'ana', partition = 'aws', account = randomAccount(), root = false } = options;
  const iam = `arn:${partition}:iam::${account}`;
  const arn = root ? `${iam}:root` : `${iam}:user/${name}`;
  return {
    name,
    partition,
    account,
    arn,
    root,
    userId: root ? account : randomId('AIDA'),
    trustedAs: [arn, account, `${iam}:root`],
    active: options.active ?? true,
    accessKeyId: options.accessKeyId ?? randomId('AKIA'),
    secretAccessKey: options.secretAccessKey ?? randomSecret(),
    device: {
      serialNumber: options.serialNumber ?? `${iam}:mfa/${root ? 'root-account-mfa-device' : name}`,
      totpSecret: options.totpSecret ?? newTotpSecret(),
      usedStep: 0,
    },
  };
}

/** Makes a role; what is not given is `deploy` in a random account, without conditions, for at most 1 h. */
export function newRole(options: RoleOptions): StsRole {
  const { name = 'deploy', partition = 'aws', account = randomAccount(), trusts } = options;
  return {
    name,
    partition,
    account,
    trusts,
    arn: `arn:${partition}:iam::${account}:role/${name}`,
    roleId: randomId('AROA'),
    mfaRequired: options.mfaRequired ?? false,
    externalId: options.externalId,
    maxSessionSeconds: options.maxSessionSeconds ?? 3600,
  };
}
