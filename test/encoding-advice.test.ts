/** The advice is typed in real shells; the file is then what it was meant to be, and its mode is the same. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { adviseEncoding } from '../src/encoding-advice.ts';
import { showTyped } from '../src/show-typed.ts';
import { root } from './harness.ts';
import { makeFolder } from './temp-folder.ts';

const text = '[prod]\r\nregion = eu-west-1\r\n';
const utf16 = (of: string, mark = '') => Buffer.from(mark + of, 'utf16le');

const files: [title: string, bytes: Buffer, fixed: string][] = [
  ['UTF-8 with a mark', Buffer.from(`\ufeff${text}# é\n`), `${text}# é\n`],
  ['UTF-16', utf16(text, '\ufeff'), text],
  ['UTF-16 without a mark', utf16(text), text],
  ['UTF-16 with big ends first', utf16(text, '\ufeff').swap16(), text],
  ['UTF-16 with an accent', utf16(`${text}# é\n`, '\ufeff'), `${text}# é\n`],
  ['UTF-8 with UTF-16 behind it', Buffer.concat([Buffer.from(`# é\n${text}`), utf16(text)]), `# é\n${text}${text}`],
  ['a NUL', Buffer.from('[prod]\0\n'), '[prod]\n'],
  ['line ends of old Macs', Buffer.from('[prod]\rregion = a\r'), '[prod]\nregion = a\n'],
];

for (const shell of ['sh', 'fish', 'tcsh'] as const)
  for (const [title, bytes, fixed] of files)
    test(`${title}, in ${shell}`, (t) => {
      const path = join(makeFolder(t), "a user's file");
      writeFileSync(path, bytes, { mode: 0o600 });
      const advice = adviseEncoding({ path, text: bytes.toString('latin1') });
      const read = { env: { LANG: 'C.UTF-8' }, shellFolder: join(root, 'shell'), shell: () => shell };
      execFileSync(shell, ['-c', showTyped(advice?.replace(/^[^:]*: /, '') ?? 'false', read)]);
      assert.equal(readFileSync(path, 'utf8'), fixed);
      assert.equal(statSync(path).mode & 0o777, 0o600);
    });

test('a sound file needs none', () => assert.equal(adviseEncoding({ path: 'config', text }), undefined));
