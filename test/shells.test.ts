import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findInnerProgram, isManyPrograms, isShellName, shellOfProgram } from '../src/shells.ts';

const programs: [path: string, shell: string | undefined][] = [
  ['/usr/bin/bash', 'bash'],
  ['-bash', 'bash'],
  ['/usr/local/bin/bash-5.2', 'bash'],
  ['/usr/bin/rbash', 'bash'],
  ['/usr/bin/bash (deleted)', 'bash'],
  ['/usr/bin/bash-static', 'bash'],
  ['/nix/store/x-fish-4.0/bin/.fish-wrapped', 'fish'],
  ['C:\\Program Files\\PowerShell\\7\\pwsh.exe', 'pwsh'],
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
  ['/bin/mksh-static', 'sh'],
  ['/usr/bin/rksh93', 'sh'],
  // Not shells: a script in another language, make, an editor.
  ['/usr/bin/node', undefined],
  ['/usr/bin/make', undefined],
  ['/usr/bin/bashful', undefined],
  ['/home/ana/bash/vim', undefined],
  ['/usr/bin/python3.11', undefined],
  ['/usr/bin/nuitka', undefined],
  ['/usr/bin/ssh', undefined],
  ['/usr/bin/rush', undefined],
  ['', undefined],
];

for (const [path, shell] of programs)
  test(`"${path}" ${shell ? `reads the statements of ${shell}` : 'is not a shell'}`, () =>
    assert.equal(shellOfProgram(path), shell));

for (const name of ['rc', 'es', 'ion', 'osh', 'ysh'])
  test(`${name} is a shell that is not spoken`, () =>
    assert.deepEqual(shellOfProgram(`/usr/bin/${name}`), { unsupported: name }));

const python = '/usr/bin/python3.11';
const qemu = '/usr/bin/qemu-aarch64-static';
const loader = '/lib64/ld-linux-x86-64.so.2';

const running: [path: string, args: string, program: string, own: string][] = [
  [python, 'python3 /usr/bin/xonsh', 'xonsh', '/usr/bin/xonsh'],
  [python, 'python3 -W ignore -u /bin/xonsh --no-rc', 'xonsh', '/bin/xonsh --no-rc'],
  [python, 'python3 -m xonsh', 'xonsh', 'xonsh'],
  [python, 'python3 -X dev -I -m xonsh -c id', 'xonsh', 'xonsh -c id'],
  [python, 'python3 /nix/store/x/bin/.xonsh-wrapped', 'xonsh', '/nix/store/x/bin/.xonsh-wrapped'],
  ['/Library/Python.app/Contents/MacOS/Python', 'Python /opt/bin/xonsh', 'xonsh', '/opt/bin/xonsh'],
  [python, 'python3 deploy.py xonsh', python, 'python3 deploy.py xonsh'],
  [python, 'python3 -m pip install xonsh', python, 'python3 -m pip install xonsh'],
  [python, 'python3 -W xonsh deploy.py', python, 'python3 -W xonsh deploy.py'],
  [python, 'python3 -c print(1) /usr/bin/xonsh', python, 'python3 -c print(1) /usr/bin/xonsh'],
  [python, 'python3', python, 'python3'],
  ['/usr/bin/busybox', 'busybox ash -c id', 'ash', 'ash -c id'],
  ['/usr/bin/busybox', '-ash', '-ash', '-ash'],
  ['/usr/bin/busybox', 'busybox', '/usr/bin/busybox', 'busybox'],
  ['/usr/bin/busybox.static', 'sh', 'sh', 'sh'],
  ['/usr/bin/toybox', 'toybox sh mfa', 'sh', 'sh mfa'],
  [qemu, `${qemu} /usr/bin/fish -l`, '/usr/bin/fish', '/usr/bin/fish -l'],
  [qemu, `${qemu} -L /usr/aarch64 -0 -fish /usr/bin/fish`, '/usr/bin/fish', '/usr/bin/fish'],
  [qemu, `${qemu} ${python} -m xonsh`, 'xonsh', 'xonsh'],
  ['/run/rosetta/rosetta', '/run/rosetta/rosetta /bin/busybox busybox sh', 'sh', 'sh'],
  [loader, `${loader} --library-path /opt/bash /usr/bin/node fish`, '/usr/bin/node', '/usr/bin/node fish'],
  ['/lib/ld-musl-x86_64.so.1', 'ld.so /bin/zsh mfa', '/bin/zsh', '/bin/zsh mfa'],
  [loader, loader, loader, loader],
  ['/usr/bin/node', 'node /usr/bin/fish', '/usr/bin/node', 'node /usr/bin/fish'],
];

for (const [path, args, program, own] of running)
  test(`"${args}" is ${program}`, () => {
    assert.equal(isManyPrograms(path), path !== '/usr/bin/node');
    assert.deepEqual(findInnerProgram(path, args.split(' ')), { program, args: own.split(' ') });
  });

test('xonsh may name its process', () =>
  assert.equal(findInnerProgram(python, ['xonsh --no-rc -c id', '', '']).program, 'xonsh'));

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
