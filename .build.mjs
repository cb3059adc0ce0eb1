// Builds dist/: the program, the network stages beside it, and the licences of what is bundled in them.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const networkStage = './sts.cjs';

// The SDK looks for keys, regions and settings in many places. It is given all of them, so none of that is ever called.
const neverCalled = ['@aws-sdk/credential-provider-node'];

const plugins = [
  {
    name: 'mfa-env',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\/sts\.ts$/ }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: networkStage, external: true } : undefined,
      );
      onResolve({ filter: new RegExp(`^(${neverCalled.join('|')})$`) }, ({ path }) => ({
        path,
        namespace: 'never-called',
      }));
      onLoad({ filter: /.*/, namespace: 'never-called' }, () => ({
        contents: 'export const defaultProvider = () => { throw new Error("keys are looked for in vain"); };',
      }));
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

export async function buildAll(root = dirname(new URL(import.meta.url).pathname)) {
  const dist = join(root, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts', 'src/sts.ts'],
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    define: { 'import.meta.dirname': '__dirname' },
    banner: { js: '#!/usr/bin/env node' },
    metafile: true,
    logLevel: 'warning',
    plugins,
  });
  writeLicences(
    findPackages(metafile).map((folder) => join(root, folder)),
    join(dist, 'LICENSES.txt'),
  );
  return metafile;
}
