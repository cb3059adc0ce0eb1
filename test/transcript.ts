/** Transcripts in Markdown, typed anew: ```ini blocks are the AWS files, ```console blocks what is typed into bash on a terminal. */

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeHome } from './harness.ts';
import { sitDown } from './pty.ts';
import type { StsUser } from './sts/identities.ts';
import { type Sts, startSts } from './sts/server.ts';

/** The questions of mfa-env and of its setup, and what stands behind them. */
const question =
  /^(MFA code for .*: |Access key id: |Secret access key .*: |MFA device \[.*\]: |Region, .*: |Save sessions.*\] )(.*)$/gm;

/** What stands in the blocks of a kind, such as `ini credentials`. */
export function blocks(text: string, kind: string): string {
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

/**
 * What the screen shows when the commands and answers of a page's transcripts are typed, with any code as 123456; only that STS is
 * here is left out.
 */
export async function follow(page: string): Promise<string> {
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
  // A code counts once, and a secret is not shown.
  const answerTo = (prompt: string) => {
    if (prompt.startsWith('MFA code')) return sts.code(ana);
    return prompt.startsWith('Secret') ? ana.secretAccessKey : undefined;
  };
  const commands = [...blocks(page, 'console').matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command);
  const script = commands.map(
    (line) => `printf '%s\\n' ${quote(`$ ${line}`)}\n${line.replace('123456', sts.code(ana))}\n`,
  );
  // What a program prints right before its end may not be read any more on a machine that is busy.
  writeFileSync(join(home.path, 'transcript'), `${script.join('')}read -r -p '${theEnd}'\n`);
  const typist = sitDown('bash', ['--norc', '--noprofile', join(home.path, 'transcript')], home.env);
  for (const [, prompt = '', shown = ''] of blocks(page, 'console').matchAll(question)) {
    await typist.see(prompt);
    typist.type(`${answerTo(prompt) ?? shown}\r`);
  }
  await typist.see(theEnd);
  const [seen = ''] = typist.screen().split(theEnd);
  typist.type('\r');
  await typist.ended;
  await sts.close();
  const screen = seen
    .replace(/\r+\n/g, '\n')
    // Where a line is edited, the cursor is put behind the question.
    .replace(/\x1b\[\d*[GJ]/g, '')
    .replace(/^mfa-env: sts is called at .*, which is not aws\n/gm, '');
  return screen.replaceAll(home.path, '/home/ana').replace(/\b\d{6}\b/g, '123456');
}

const theEnd = 'the end of the transcript';

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
