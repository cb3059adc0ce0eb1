/** What users install: the tarball, its contents, and the program as npm puts it in place without a network. */

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { publint } from 'publint';
import { findProgram, makeHome, makeUser, root, run, savedLines } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const npm = makeHome({}, { npm_config_update_notifier: 'false', npm_config_fund: 'false', npm_config_audit: 'false' });
const prefix = join(npm.path, 'prefix');

interface Packed {
  filename: string;
  size: number;
  unpackedSize: number;
  files: { path: string; mode: number }[];
}

/** Packs what has been built; building here would pull dist/ away from under the other tests. */
async function pack(): Promise<Packed> {
  const { status, stdout, stderr } = await run(
    'npm',
    ['pack', root, '--ignore-scripts', '--json', '--pack-destination', npm.path],
    npm.env,
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout)[0];
}

const packed = await pack();

test('the tarball holds what was built, the files of the shells, what is to be read, and nothing else', () => {
  const filesOf = (folder: string) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  const files = ['dist', 'shell'].flatMap(filesOf);
  const pages = ['.github/CONTRIBUTING.md', '.github/SECURITY.md', ...filesOf('docs')];
  assert.deepEqual(
    packed.files.map(({ path }) => path).sort(),
    [...files, ...pages, 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'].sort(),
  );
  const isProgram = (path: string) =>
    /^dist\/([\w-]+\.cjs|LICENSES\.txt|mfa-env\.1|mfa-env\.cdx\.json)$|^shell\/[\w.-]+$/.test(path);
  assert.deepEqual(
    files.filter((path) => !isProgram(path)),
    [],
  );
  for (const path of [
    'dist/cli.cjs',
    'dist/main.cjs',
    'dist/refusal.cjs',
    'dist/LICENSES.txt',
    'dist/mfa-env.1',
    'dist/mfa-env.cdx.json',
    'shell/fish.template',
  ])
    assert.ok(files.includes(path), path);
  assert.equal((packed.files.find(({ path }) => path === 'dist/cli.cjs')?.mode ?? 0) & 0o111, 0o111);
});

test('the links between its pages lead to files in it', () => {
  const paths = packed.files.map(({ path }) => path);
  const links = paths.filter((path) => path.endsWith('.md')).flatMap(linksOf);
  assert.ok(links.includes('docs/demo.svg') && links.includes('.github/SECURITY.md'));
  assert.deepEqual(
    links.filter((link) => !paths.includes(link)),
    [],
  );
});

/** The files that a page leads to, outside of its code. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const links = [...text.matchAll(/\]\((?!https:)([^)#]+)/g)];
  return links.map(([, link = '']) => posix.join(posix.dirname(page), link));
}

test('publint finds no fault in it', async () => {
  const { buffer: tarball } = Uint8Array.from(readFileSync(join(npm.path, packed.filename)));
  const { messages } = await publint({ pack: { tarball }, strict: true });
  assert.deepEqual(messages, []);
});

test('the changes begin with this version', () => {
  const [, newest] = /^## (\S+) /m.exec(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')) ?? [];
  assert.equal(newest, version);
});

test('it is under 1.5 MB, and as large as docs/single-file.md says, to a fifth', () => {
  assert.ok(packed.unpackedSize < 1_500_000, `${packed.unpackedSize} bytes`);
  const page = readFileSync(join(root, 'docs/single-file.md'), 'utf8');
  const said = /^\| npm package \| ([\d.]+) MB \| ([\d.]+) MB /m.exec(page)?.slice(1).map(Number) ?? [];
  const ratios = [packed.unpackedSize, packed.size].map((bytes, index) => bytes / 1e6 / (said[index] ?? 0));
  assert.ok(
    ratios.every((ratio) => ratio > 0.8 && ratio < 1.2),
    `${ratios}`,
  );
});

test('npm installs it without a network, and nothing beside it', async () => {
  const { status, stderr } = await run(
    'npm',
    ['install', '--global', '--prefix', prefix, '--offline', join(npm.path, packed.filename)],
    npm.env,
  );
  assert.equal(status, 0, stderr);
  assert.deepEqual(readdirSync(join(prefix, 'lib/node_modules')), [name]);
  assert.equal(existsSync(join(prefix, 'lib/node_modules', name, 'node_modules')), false);
});

const installed = join(prefix, 'bin/mfa-env');

test('the installed program says its version and explains itself', async () => {
  assert.deepEqual(await run(installed, ['--version'], npm.env), {
    ...{ status: 0, signal: null, stderr: '' },
    stdout: `mfa-env ${version}\n`,
  });
  const { status, stdout, stderr } = await run(installed, ['--help'], npm.env);
  assert.deepEqual([status, stderr], [0, '']);
  assert.match(stdout, /eval "\$\(mfa-env prod/);
});

test('the installed manual page is found', () => {
  assert.equal(
    readFileSync(join(prefix, 'share/man/man1/mfa-env.1'), 'utf8'),
    readFileSync(join(root, 'dist/mfa-env.1'), 'utf8'),
  );
});

test('the installed program gives a new session and a saved one', async () => {
  const { user, home } = makeUser(sts, { more: savedLines() });
  for (const [words, id] of [
    ['prod', /^ASIASAVED00000000001\n$/],
    [`prod ${sts.code(user)}`, /^ASIA\w{16}\n$/],
  ] as const) {
    const script = `eval "$(${installed} ${words})" && printenv AWS_ACCESS_KEY_ID`;
    const { status, stdout, stderr } = await run('sh', ['-c', script], home.env);
    assert.equal(status, 0, stderr);
    assert.match(stdout, id);
  }
  assert.equal(sts.sessions.length, 1);
});

test('a fresh clone builds in a folder with blanks and other letters, in production too', async () => {
  const clone = join(npm.path, 'my projects/übung');
  for (const part of ['src', 'package.json', 'package-lock.json', 'CHANGELOG.md', '.build.mjs', '.setup.mjs'])
    cpSync(join(root, part), join(clone, part), { recursive: true });
  // What npm would leave out is asked of npm itself; what it would bring is here already.
  const bin = join(npm.path, 'bin-without-network');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh\nshift; '${findProgram('npm')}' config get omit "$@" >omitted && ln -s '${root}/node_modules' node_modules\n`,
    { mode: 0o755 },
  );
  const env = { ...npm.env, PATH: `${bin}:${npm.env.PATH}`, NODE_ENV: 'production', npm_config_omit: 'optional' };
  const built = await run('sh', ['-c', `cd '${clone}' && node .setup.mjs && dist/cli.cjs --version`], env);
  assert.deepEqual(built, {
    ...{ status: 0, signal: null, stderr: 'installing what package-lock.json says …\n' },
    stdout: `mfa-env ${version}\n`,
  });
  assert.equal(readFileSync(join(clone, 'omitted'), 'utf8').trim(), '');
});

test('the licence of every bundled package is in it, and a line of the bill of materials', async () => {
  const copy = makeHome({}).path;
  for (const part of ['src', 'package.json', 'package-lock.json', 'CHANGELOG.md', '.build.mjs'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const { buildAll } = await import(pathToFileURL(join(copy, '.build.mjs')).href);
  const { inputs } = await buildAll(copy);
  const names = Object.keys(inputs).map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const bundled = [...new Set(names)].filter((each) => each !== undefined);
  assert.ok(bundled.length > 5 && bundled.includes('ini') && bundled.includes('@aws-sdk/client-sts'), String(bundled));
  const licences = readFileSync(join(prefix, 'lib/node_modules', name, 'dist/LICENSES.txt'), 'utf8');
  for (const each of bundled) {
    const folder = join(root, 'node_modules', each);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    assert.ok(licences.includes(`${each} ${version} (${license})\n`), each);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file && readFileSync(join(folder, file), 'utf8').trim();
    assert.ok(text && licences.includes(text), `the licence of ${each}`);
  }
  const installedBill = readFileSync(join(prefix, 'lib/node_modules', name, 'dist/mfa-env.cdx.json'), 'utf8');
  assert.equal(readFileSync(join(copy, 'dist/mfa-env.cdx.json'), 'utf8'), installedBill, 'two builds differ');
  checkBill(JSON.parse(installedBill), bundled);
});

interface Component {
  'bom-ref': string;
  type: string;
  name: string;
  version: string;
  purl: string;
  licenses: { license: { id: string } }[];
  hashes?: { alg: string; content: string }[];
}

interface Bill {
  bomFormat: string;
  specVersion: string;
  version: number;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** Checks what CycloneDX requires, and that each bundled package is there as package-lock.json has it. */
function checkBill(bill: Bill, bundled: string[]): void {
  assert.deepEqual([bill.bomFormat, bill.specVersion, bill.version], ['CycloneDX', '1.5', 1]);
  assert.deepEqual(bill.components.map((component) => component.name).sort(), bundled.sort());
  const { component: own } = bill.metadata;
  assert.deepEqual([own.type, own.name, own.version], ['application', name, version]);
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const component of bill.components) {
    const locked = packages[`node_modules/${component.name}`];
    const purl = `pkg:npm/${component.name.replace('@', '%40')}@${locked.version}`;
    assert.deepEqual(component, {
      ...{ type: 'library', 'bom-ref': purl, name: component.name, version: locked.version },
      ...{ licenses: [{ license: { id: locked.license } }], purl },
      hashes: [{ alg: 'SHA-512', content: Buffer.from(locked.integrity.slice(7), 'base64').toString('hex') }],
    });
  }
  const refs = bill.components.map((component) => component['bom-ref']);
  assert.equal(new Set(refs).size, refs.length);
  assert.deepEqual(bill.dependencies, [{ ref: own['bom-ref'], dependsOn: refs }]);
}
