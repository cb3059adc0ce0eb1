/** Asks the STS of AWS_ENDPOINT_URL_STS who the credentials in the environment are, and prints the ARN. */

import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const client = new STSClient({ region: process.env.AWS_REGION ?? 'us-east-1' });
const { Arn } = await client.send(new GetCallerIdentityCommand({}));
console.log(Arn);
