/**
 * The pages in docs/, as their readers would follow them: their ```ini blocks are the AWS files, their ```console blocks are typed
 * into bash on a terminal, and what they show there must be what is seen.
 */

import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findOption } from '../src/options.ts';
import { makeHome, root, unless } from './harness.ts';
import { sitDown } from './pty.ts';
import type { StsUser } from './sts/identities.ts';
import { type Sts, startSts } from './sts/server.ts';

const folder = join(root, 'docs');
const pages = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const ways = pages.filter(({ name }) => name.startsWith('from-'));

/** What stands in the blocks of a kind, such as `ini credentials`. */
function blocks(text: string, kind: string): string {
  return [...text.matchAll(new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block]) => block).join('');
}

/** The user that all pages are about, with the keys that stand in Amazon's own examples. */
function addAna(sts: Sts): StsUser {
  const ana = sts.addUser({
    name: 'ana',
    account: '111122223333',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  });
  sts.addRole({ name: 'admin', account: '444455556666', trusts: [ana.arn], mfaRequired: true });
  return ana;
}

/** What the screen shows when the commands of a transcript are typed, with any code as 123456; only that STS is here is left out. */
async function follow(page: string): Promise<string> {
  const sts = await startSts();
  const ana = addAna(sts);
  const home = makeHome(
    { credentials: blocks(page, 'ini credentials'), config: blocks(page, 'ini config') },
    { AWS_ENDPOINT_URL_STS: sts.url },
  );
  // Programs of the other tool that the files name.
  for (const [, name = '', text = ''] of page.matchAll(/^<!-- program (\S+)\n([\s\S]*?)^-->/gm)) {
    writeFileSync(join(home.path, 'bin', name), text);
    chmodSync(join(home.path, 'bin', name), 0o700);
  }
  const commands = [...blocks(page, 'console').matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command);
  const script = commands.map(
    (line) => `printf '%s\\n' ${quote(`$ ${line}`)}\n${line.replace('123456', sts.code(ana))}\n`,
  );
  writeFileSync(join(home.path, 'transcript'), script.join(''));
  const typist = sitDown('bash', ['--norc', '--noprofile', join(home.path, 'transcript')], home.env);
  for (const [prompt] of blocks(page, 'console').matchAll(/^MFA code for .*: (?=\d{6}$)/gm)) {
    await typist.see(prompt);
    typist.type(`${sts.code(ana)}\r`);
  }
  await typist.ended;
  await sts.close();
  const screen = typist
    .screen()
    .replace(/\r+\n/g, '\n')
    .replace(/^mfa-env: sts is called at .*, which is not aws\n/gm, '');
  return screen.replaceAll(home.path, '/home/ana').replace(/\b\d{6}\b/g, '123456');
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

suite('the ways to mfa-env', { concurrency: 2 }, () => {
  for (const { name, text } of ways)
    test(`${name}: what its files and commands show is what is seen`, { skip: unless('bash') }, async () => {
      const transcript = blocks(text, 'console');
      assert.ok(blocks(text, 'ini credentials') + blocks(text, 'ini config') !== '' && transcript !== '');
      assert.equal(await follow(text), transcript);
    });
});

const headings = [
  'What you have',
  'The same with mfa-env',
  'What is what',
  'Over, and back',
  'does that mfa-env does not',
];

for (const { name, text } of ways) {
  test(`${name} has the shape of all of them, on 40 to 90 lines`, () => {
    const found = [...text.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
    assert.deepEqual(
      headings.map((heading, index) => found[index]?.endsWith(heading)),
      headings.map(() => true),
    );
    const lines = text.split('\n').length;
    assert.ok(lines >= 40 && lines <= 90, `${lines} lines`);
  });

  test(`the index names ${name}`, () => {
    const index = pages.find((page) => page.name === 'README.md')?.text ?? '';
    assert.ok(index.includes(`](${name})`));
  });
}

for (const { name, text } of pages) {
  test(`the links of ${name} lead somewhere`, () => {
    const links = [...text.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, link = '']) => link);
    assert.deepEqual(
      links.filter((link) => !existsSync(join(folder, link))),
      [],
    );
  });

  test(`the options of mfa-env in ${name} are there`, () => {
    const commands = [...text.matchAll(/`([^`]*mfa-env [^`]*)`|^\$ (.*mfa-env .*)$/gm)].map(([, a, b]) => a ?? b ?? '');
    const words = commands.flatMap((command) => [
      ...(/mfa-env (.*?)(?: -- |$)/.exec(command)?.[1] ?? '').matchAll(/(?<=^|[\s"])--?([a-z][\w-]*)/g),
    ]);
    assert.deepEqual(
      words.map(([, word = '']) => word).filter((word) => !findOption(word)),
      [],
    );
  });
}
