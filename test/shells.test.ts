import assert from 'node:assert/strict';
import { pid } from 'node:process';
import { test } from 'node:test';
import { isManyPrograms, isShellName, programOf, programOfArguments, shellOfProgram } from '../src/shells.ts';

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
  ['/usr/bin/tcsh', 'tcsh'],
  ['-csh', 'tcsh'],
  ['/bin/bsd-csh', 'tcsh'],
  ['/usr/bin/elvish', 'elvish'],
  ['xonsh', 'xonsh'],
  ['/usr/bin/nu', 'nu'],
  ['/opt/microsoft/powershell/7/pwsh', 'pwsh'],
  ['C:/Windows/System32/WindowsPowerShell/v1.0/powershell.exe', 'pwsh'],
  ['/usr/bin/dash', 'sh'],
  ['/bin/ksh93', 'sh'],
  ['mksh', 'sh'],
  ['sh', 'sh'],
  ['ash', 'sh'],
  ['/usr/bin/yash', 'sh'],
  // No shells: a script in another language, make, an editor.
  ['/usr/bin/node', 'sh'],
  ['/usr/bin/make', 'sh'],
  ['/usr/bin/bashful', 'sh'],
  ['/home/ana/bash/vim', 'sh'],
  ['/usr/bin/python3.11', 'sh'],
  ['/usr/bin/nuitka', 'sh'],
  ['', 'sh'],
];

for (const [path, shell] of programs)
  test(`"${path}" reads the statements of ${shell}`, () => assert.equal(shellOfProgram(path), shell));

for (const name of ['rc', 'es', 'ion', 'osh', 'ysh'])
  test(`${name} is a shell that is not spoken`, () =>
    assert.deepEqual(shellOfProgram(`/usr/bin/${name}`), { unsupported: name }));

const python = '/usr/bin/python3.11';

const running: [path: string, args: string, program: string][] = [
  [python, 'python3 /usr/bin/xonsh', 'xonsh'],
  [python, 'python3 -W ignore -u /home/ana/.local/bin/xonsh --no-rc', 'xonsh'],
  [python, 'python3 -m xonsh', 'xonsh'],
  [python, 'python3 -X dev -I -m xonsh -c id', 'xonsh'],
  ['/Library/Python.app/Contents/MacOS/Python', 'Python /opt/bin/xonsh', 'xonsh'],
  [python, 'python3 deploy.py xonsh', python],
  [python, 'python3 -m pip install xonsh', python],
  [python, 'python3 -W xonsh deploy.py', python],
  [python, 'python3 -c print(1) /usr/bin/xonsh', python],
  [python, 'python3', python],
  ['/usr/bin/busybox', 'busybox ash -c id', 'ash'],
  ['/usr/bin/busybox', '-ash', '-ash'],
  ['/usr/bin/busybox.static', 'sh', 'sh'],
];

for (const [path, args, program] of running)
  test(`"${args}" is ${program}`, () => {
    assert.ok(isManyPrograms(path));
    assert.equal(programOfArguments(path, args.split(' ')), program);
  });

test('xonsh may name its process', () =>
  assert.equal(programOfArguments(python, ['xonsh --no-rc -c id', '', '']), 'xonsh'));

const names: [name: string, isName: boolean][] = [
  ['sh', true],
  ['fish', true],
  ['tcsh', true],
  ['nu', true],
  ['pwsh', true],
  ['ksh', false],
  ['csh', false],
  ['nushell', false],
  ['powershell', false],
  ['BASH', false],
  ['', false],
];

for (const [name, isName] of names)
  test(`"${name}" is ${isName ? 'a' : 'no'} value of --shell`, () => assert.equal(isShellName(name), isName));

test('the program of a process is its file', { skip: process.platform !== 'linux' && 'there is no /proc' }, () => {
  assert.equal(programOf(pid), process.execPath);
  assert.equal(programOf(2 ** 30), undefined);
});
