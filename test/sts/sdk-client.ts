/** The three actions called through AWS's own JavaScript client, without retries, files or proxies. */
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  type GetSessionTokenCommandInput,
  STSClient,
} from '@aws-sdk/client-sts';
import type { StsUser } from './identities.ts';
import type { Sts } from './server.ts';

Object.assign(process.env, {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface ClientOptions {
  region?: string;
  maxAttempts?: number;
  /** Changes requests after they have been signed. */
  tamper?: (request: { headers: Record<string, string>; body?: string }) => void;
}

export function stsClient(sts: Sts, keys: Keys, options: ClientOptions = {}): STSClient {
  const { region = 'eu-central-1', maxAttempts = 1, tamper = () => {} } = options;
  const client = new STSClient({ endpoint: sts.url, region, credentials: keys, maxAttempts });
  const { requestHandler } = client.config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = (request, ...rest) => {
    tamper(request);
    return handle(request, ...rest);
  };
  return client;
}

export function getIdentity(sts: Sts, keys: Keys, options?: ClientOptions) {
  return stsClient(sts, keys, options).send(new GetCallerIdentityCommand());
}

/** Calls GetSessionToken with the user's device and its code of now, unless the input says otherwise. */
export function getSession(sts: Sts, user: StsUser, input?: GetSessionTokenCommandInput, options?: ClientOptions) {
  const mfa = { SerialNumber: user.device.serialNumber, TokenCode: sts.code(user) };
  return stsClient(sts, user, options).send(new GetSessionTokenCommand({ ...mfa, ...input }));
}

export function assume(sts: Sts, keys: Keys, RoleArn: string, input?: Partial<AssumeRoleCommandInput>) {
  return stsClient(sts, keys).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ana', ...input }));
}

/** Takes the keys out of an answer, to call with them. */
export function keysOf({ Credentials }: { Credentials?: Credentials | undefined }): Keys {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
