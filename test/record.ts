/** Makes the pictures of the README anew, from programs that really run. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAwsClis, findPython } from './beside/aws-clis.ts';
import { root } from './harness.ts';
import { recordDemo } from './pictures/demo.ts';
import { takeStills } from './pictures/stills.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
const awsCli = (await findAwsClis(await findPython())).find(({ knowsEndpointVariable }) => knowsEndpointVariable);
const pictures = { 'demo.svg': (await recordDemo(sts, awsCli?.path)).svg, ...(await takeStills(sts)) };
await sts.close();

mkdirSync(join(root, 'docs'), { recursive: true });
for (const [name, svg] of Object.entries(pictures)) {
  writeFileSync(join(root, 'docs', name), svg);
  console.log(`docs/${name}: ${svg.length} bytes`);
}
