import assert from 'node:assert/strict';
import { pid } from 'node:process';
import { test } from 'node:test';
import { isShellName, programOf, shellOfProgram } from '../src/shells.ts';

const programs: [path: string, shell: string][] = [
  ['/usr/bin/bash', 'bash'],
  ['-bash', 'bash'],
  ['/usr/local/bin/bash-5.2', 'bash'],
  ['/usr/bin/rbash', 'bash'],
  ['/usr/bin/bash (deleted)', 'bash'],
  ['C:/Program Files/Git/bin/bash.exe', 'bash'],
  ['/usr/bin/zsh', 'zsh'],
  ['/usr/bin/zsh-5.9', 'zsh'],
  ['-zsh', 'zsh'],
  ['/usr/bin/fish', 'fish'],
  ['-fish', 'fish'],
  ['/usr/bin/dash', 'sh'],
  ['/bin/ksh93', 'sh'],
  ['mksh', 'sh'],
  ['sh', 'sh'],
  ['ash', 'sh'],
  // No shells: a script in another language, make, an editor.
  ['/usr/bin/node', 'sh'],
  ['/usr/bin/make', 'sh'],
  ['/usr/bin/bashful', 'sh'],
  ['/home/ana/bash/vim', 'sh'],
  ['', 'sh'],
];

for (const [path, shell] of programs)
  test(`"${path}" reads the statements of ${shell}`, () => assert.equal(shellOfProgram(path), shell));

for (const name of ['tcsh', 'csh', 'elvish', 'xonsh', 'nu', 'pwsh'])
  test(`${name} is a shell that is not spoken`, () =>
    assert.deepEqual(shellOfProgram(`/usr/bin/${name}`), { unsupported: name }));

const names: [name: string, isName: boolean][] = [
  ['sh', true],
  ['fish', true],
  ['ksh', false],
  ['BASH', false],
  ['', false],
];

for (const [name, isName] of names)
  test(`"${name}" is ${isName ? 'a' : 'no'} value of --shell`, () => assert.equal(isShellName(name), isName));

test('the program of a process is its file', { skip: process.platform !== 'linux' && 'there is no /proc' }, () => {
  assert.equal(programOf(pid), process.execPath);
  assert.equal(programOf(2 ** 30), undefined);
});
