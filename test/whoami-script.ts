/** `whoami-aws`: what asks the STS on loopback who a shell is, on a machine without the AWS CLI too. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Home, root } from './harness.ts';

/** Puts `whoami-aws` on the home's PATH. */
export function writeWhoami(home: Home): void {
  const tsx = join(root, 'node_modules/tsx/dist/loader.mjs');
  const script = `#!/bin/sh
export AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
exec "${process.execPath}" --import "${tsx}" "${join(root, 'test/whoami.ts')}"
`;
  writeFileSync(join(home.path, 'bin/whoami-aws'), script, { mode: 0o755 });
}
