/** Which STS AWS's own JavaScript client calls, found without a network. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { Environment } from '../src/environment.ts';
import { makeFolder } from './temp-folder.ts';

/** The URL that the client calls by these variables and by `config`, which stands below `[profile prod]`. */
export async function findBySdk(t: TestContext, region: string, config: string, env: Environment): Promise<string> {
  const configFile = join(makeFolder(t), 'config');
  writeFileSync(configFile, `[profile prod]\n${config}\n`);
  replaceEnvironment(t, {
    ...env,
    // Not by the client's own `profile`, which it forgets where it looks for endpoint_url.
    AWS_PROFILE: 'prod',
    AWS_CONFIG_FILE: configFile,
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  const urls: string[] = [];
  const requestHandler = {
    async handle(request: { protocol: string; hostname: string; port?: number; path: string }) {
      const { protocol, hostname, port, path } = request;
      urls.push(`${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
      throw new Error('nothing is sent');
    },
  } as unknown as NonNullable<STSClientConfig['requestHandler']>;
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
  const client = new STSClient({ region, credentials, maxAttempts: 1, requestHandler });
  await client.send(new GetCallerIdentityCommand()).catch((error: Error) => {
    if (error.message !== 'nothing is sent') throw error;
  });
  return urls.join(' ');
}

/** Sets the variables for the test's duration, in place of all that AWS's client reads. */
function replaceEnvironment(t: TestContext, env: Environment): void {
  const before = { ...process.env };
  t.after(() => {
    process.env = before;
  });
  const others = Object.entries(before).filter(([name]) => !name.startsWith('AWS_'));
  process.env = Object.fromEntries([...others, ...Object.entries(env)]);
}
