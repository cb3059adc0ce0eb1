// Makes a fresh clone ready: installs what package-lock.json says, if it is not there yet, and builds.
import { execFileSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
  process.stderr.write('installing what package-lock.json says …\n');
  // NODE_ENV=production and npm's own settings would leave the tools out that build it.
  const all = ['--include=dev', '--include=optional'];
  execFileSync('npm', ['ci', ...all, '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'], {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
}
const { buildAll } = await import('./.build.mjs');
await buildAll();
chmodSync('dist/cli.cjs', 0o755);
