// Builds dist/: the program, the stages that it loads only when they are needed, the manual page, and the licences and the
// bill of materials of what is bundled in them.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// Whatever is imported with import() is a bundle of its own: what a saved session does not need is then not even compiled.
const bundles = [
  ...[
    'ca-bundle',
    'code-command',
    'commands/doctor',
    'commands/exec',
    'commands/forget',
    'commands/init',
    'commands/list',
    'commands/setup',
    'key-command',
    'new-session',
    'proxy',
    'saver',
  ],
  ...['sts', 'terminal', 'tunnel'],
];

// What an old Node reads, to say that it is old: `cli` is the file that is called.
const forOldNodes = { cli: 'src/start.ts', refusal: 'src/refusal.ts' };

// What the one call of STS never comes to: keys, region and settings are handed over, its answer is no stream of events, its
// signature is for one region, and no ticket is shown to a proxy. Each is a package or a public entry of one.
const neverCalled = [
  '@aws-sdk/credential-provider-node',
  '@aws-sdk/signature-v4-multi-region',
  '@smithy/core/event-streams',
  'bowser',
  'proxy-agent-negotiate',
];

// With DEBUG set it would print the proxy's URL, password and all.
const silenced = ['debug'];

// Parts of Node that are slow to load (zlib and https 6 ms, fs/promises 3 ms) and that the SDK has for what is never called.
const lateBuiltins = ['node:zlib', 'node:fs/promises', 'node:https'];

const plugins = [
  {
    name: 'late-stages',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path }) => {
        if (kind !== 'dynamic-import') return undefined;
        const name = basename(path, '.ts');
        if (!bundles.some((bundle) => basename(bundle) === name))
          throw new Error(`${name} is imported late, and is no bundle`);
        return { path: `./${name}.cjs`, external: true };
      });
    },
  },
  {
    name: 'never-called',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path }) =>
        neverCalled.includes(path) ? { path, namespace: 'never-called' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'never-called' }, () => ({ contents: 'module.exports = {};' }));
    },
  },
  {
    name: 'silenced',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path }) => (silenced.includes(path) ? { path, namespace: 'silenced' } : undefined));
      onLoad({ filter: /./, namespace: 'silenced' }, () => ({ contents: 'module.exports = () => () => {};' }));
    },
  },
  {
    name: 'late-builtins',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^node:/ }, ({ path, namespace, importer }) =>
        namespace !== 'late' && importer.includes('node_modules') && lateBuiltins.includes(path)
          ? { path, namespace: 'late' }
          : undefined,
      );
      onLoad({ filter: /./, namespace: 'late' }, ({ path }) => {
        const names = Object.keys(createRequire(import.meta.url)(path)).filter((name) => /^\w+$/.test(name));
        const getters = names.map((name) => `get ${name}() { return late().${name}; }`);
        return { contents: `const late = () => require('${path}'); module.exports = { ${getters.join(', ')} };` };
      });
    },
  },
];

/** What stands between the package's name and its file, once for every bundled package. */
function findPackages(metafile) {
  const folders = Object.keys(metafile.inputs)
    .map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0])
    .filter(Boolean);
  return [...new Set(folders)].sort();
}

function describeLicence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((file) => join(folder, file)).find((path) => isThere(path));
  return { title: `${name} ${version} (${license})`, text: file ? readFileSync(file, 'utf8').trim() : '' };
}

function isThere(path) {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Each licence once, below the packages that come with it. */
function writeLicences(folders, file) {
  const byText = new Map();
  for (const { title, text } of folders.map(describeLicence)) byText.set(text, [...(byText.get(text) ?? []), title]);
  const parts = [...byText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`);
  writeFileSync(file, `What is bundled in this folder, and its licences.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`);
}

/**
 * Writes a bill of materials, CycloneDX 1.5. It depends only on what is bundled: it has no time, and no random number.
 *
 * - A package's hash is that of its tarball in the registry, from package-lock.json.
 */
function writeBillOfMaterials(root, folders, file) {
  const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const { packages } = readJson('package-lock.json');
  const describe = ({ name, version, license }) => {
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    return { 'bom-ref': purl, name, version, licenses: [{ license: { id: license } }], purl };
  };
  const components = folders.map((folder) => {
    const described = describe(readJson(join(folder, 'package.json')));
    // The folder can be a link that leads out of the clone.
    const { integrity, version } = packages[folder.slice(folder.indexOf('node_modules/'))];
    if (version !== described.version) throw new Error(`${folder} is not the version in package-lock.json`);
    const [, algorithm, digest] = /^sha(256|384|512)-(\S+)$/.exec(integrity);
    const content = Buffer.from(digest, 'base64').toString('hex');
    return { type: 'library', ...described, hashes: [{ alg: `SHA-${algorithm}`, content }] };
  });
  const program = describe(readJson('package.json'));
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', ...program } },
    components,
    dependencies: [{ ref: program['bom-ref'], dependsOn: components.map((component) => component['bom-ref']) }],
  };
  writeFileSync(file, `${JSON.stringify(bill, undefined, 2)}\n`);
}

/** The page comes from the tables of the help, which are TypeScript; its date is that of the newest release. */
async function writeManPage(root, file) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/man-page.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const { manPage } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
  const [, date] = /^## \S+ – (\S+)$/m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
  writeFileSync(file, manPage(version, date));
}

/** Bundles files, each under a name in dist/, for one version of Node. */
async function bundle(root, target, entryPoints, define = {}) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: join(root, 'dist'),
    entryNames: '[name]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target,
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename', ...define },
    // As import() a late bundle would go through the loader of ES modules, which reads it twice: 27 ms more.
    supported: { 'dynamic-import': false },
    metafile: true,
    logLevel: 'warning',
    plugins,
  });
  return metafile;
}

/**
 * Writes what is not ASCII as `\uNNNN`, which esbuild does in strings but not in patterns: V8 compiles ASCII in two thirds of the
 * time.
 */
function toAscii(file) {
  const text = readFileSync(file, 'utf8');
  const ascii = text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  if (ascii !== text) writeFileSync(file, ascii);
}

export async function buildAll(root = dirname(fileURLToPath(import.meta.url))) {
  const dist = join(root, 'dist');
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const oldest = engines.node.replace('>=', '');
  const started = await bundle(root, 'node12', forOldNodes, {
    OLDEST_NODE: JSON.stringify(oldest.split('.').map(Number)),
  });
  const program = {
    main: 'src/cli.ts',
    ...Object.fromEntries(bundles.map((name) => [basename(name), `src/${name}.ts`])),
  };
  // Node loads the two when they are first named (4 ms); what its http module answers with is neither.
  const metafile = await bundle(root, `node${oldest}`, program, { ReadableStream: 'undefined', Blob: 'undefined' });
  for (const part of ['inputs', 'outputs']) Object.assign(metafile[part], started[part]);
  const built = Object.keys(metafile.outputs).map((path) => basename(path));
  for (const name of built) if (name.endsWith('.cjs')) toAscii(join(dist, name));
  for (const name of readdirSync(dist)) if (!built.includes(name)) rmSync(join(dist, name));
  const packages = findPackages(metafile);
  writeLicences(
    packages.map((folder) => join(root, folder)),
    join(dist, 'LICENSES.txt'),
  );
  writeBillOfMaterials(root, packages, join(dist, 'mfa-env.cdx.json'));
  await writeManPage(root, join(dist, 'mfa-env.1'));
  return metafile;
}
