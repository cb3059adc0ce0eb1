import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkCommand } from '../src/command-lookup.ts';
import { isUserError } from '../src/errors.ts';
import { makeFolder } from './temp-folder.ts';

/** In `a` there is one program, in `b` another, and what is none. */
const rows: [title: string, program: string, path: string | undefined, status: number | undefined][] = [
  ['in the first folder', 'first', 'a:b', undefined],
  ['in the second one', 'second', 'a:b', undefined],
  ['in neither', 'third', 'a:b', 127],
  ['behind a folder of the name', 'twice', 'b:a', undefined],
  ['a folder', 'twice', 'b', 126],
  ['a file that cannot be run', 'text', 'a:b', 126],
  ['a link that leads nowhere', 'dangling', 'a:b', 127],
  ['links in a circle, which the system is to judge', 'circle', 'b', undefined],
  ['in a file in place of a folder', 'first', 'a/first', 127],
  ['behind a folder that is not there', 'first', 'none:a', undefined],
  ['by its path', './a/first', '', undefined],
  ['by a path that leads nowhere', './a/none', '', 127],
  ['somewhere, where there is no PATH', 'third', undefined, undefined],
];

for (const [title, program, path, status] of rows)
  test(`a command is looked for: ${title}`, (t) => {
    const folder = makeFolder(t);
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    for (const name of ['a/first', 'a/twice', 'b/second']) writeFileSync(join(folder, name), '', { mode: 0o755 });
    mkdirSync(join(folder, 'b/twice'));
    writeFileSync(join(folder, 'b/text'), '');
    chmodSync(join(folder, 'b/text'), 0o644);
    symlinkSync('none', join(folder, 'b/dangling'));
    symlinkSync('circle', join(folder, 'b/circle'));
    const PATH = path?.split(':').map((name) => join(folder, name));
    const check = () =>
      checkCommand(program.replace(/^\./, folder), PATH === undefined ? {} : { PATH: PATH.join(':') });
    if (status === undefined) check();
    else assert.throws(check, (error) => isUserError(error) && error.exitStatus === status);
  });
