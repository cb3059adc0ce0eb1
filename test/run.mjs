// Runs every test, or those whose path holds one of the words given (`attacks` is a folder), and says which programs are missing.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const all = readdirSync(folder, { recursive: true })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => `test/${path}`)
  .sort();
const unknown = words.filter((word) => !all.some((path) => path.includes(word)));
if (unknown.length > 0) {
  console.error(`No test's path holds ${unknown.join(' or ')}`);
  process.exit(1);
}
const files = all.filter((path) => words.length === 0 || words.some((word) => path.includes(word)));

// The programs that tests want; Debian's packages are called the same, but for a few, and it has no nushell.
const wanted = [
  ...'bash zsh fish dash ksh mksh busybox yash tcsh bsd-csh elvish xonsh nu'.split(' '),
  ...'make direnv shellcheck shfmt strace openssl setpriv unshare ip mandb mandoc'.split(' '),
];
const packages = { 'bsd-csh': 'csh', setpriv: 'util-linux', unshare: 'util-linux', ip: 'iproute2', mandb: 'man-db' };
const isThere = (command) =>
  process.env.PATH.split(delimiter).some((path) => statSync(join(path, command), { throwIfNoEntry: false })?.isFile());
const missing = wanted.filter((command) => !isThere(command));
if (missing.length > 0) {
  const ofDebian = [
    ...new Set(missing.filter((command) => command !== 'nu').map((command) => packages[command] ?? command)),
  ];
  console.log(`Not installed, so their tests are skipped: ${missing.join(', ')}. They come with`);
  if (ofDebian.length > 0) console.log(`  apt-get install -y ${ofDebian.join(' ')}`);
  if (missing.includes('nu')) console.log('  npm install -g nushell');
}

if (!process.env.MFA_ENV_TEST_NODES) {
  const aliases = [12, 14, 16, 18, 20, 22, 24, 26]
    .filter((major) => !process.version.startsWith(`v${major}.`))
    .map((major) => `node${major}@npm:node-${process.platform}-${process.arch}@${major}`);
  console.log('Under other versions of Node nothing is run. For that, in an empty folder,');
  console.log(`  npm install --prefix . ${aliases.join(' ')}`);
  console.log('  export MFA_ENV_TEST_NODES="$(printf %s: "$PWD"/node_modules/node*/bin)"');
}

const args = ['--import', 'tsx', '--test', '--test-reporter=spec', ...files];
// A sh in between, with another standard output, is the shell that calls mfa-env, whatever shell calls the tests.
const posix = ['sh', '-c', '("$@") >&3 3>&-; exit $?', 'sh'];
const [command, ...rest] = [...(process.platform === 'win32' ? [] : posix), process.execPath, ...args];
const stdio = command === 'sh' ? ['inherit', 'ignore', 'inherit', 1] : 'inherit';
const { status } = spawnSync(command, rest, { stdio, cwd: join(folder, '..') });
process.exit(status ?? 1);
