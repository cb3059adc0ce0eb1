/** The main job for real: an STS on loopback, a throw-away HOME with two accounts, and the shells that this machine has. */

import { findProgram, makeHome, run, sectionsOf } from './harness.ts';
import { type Shell, shells } from './shells.ts';
import { type Sts, startSts } from './sts/server.ts';
import { writeWhoami } from './whoami-script.ts';

const shown = ['bash', 'zsh', 'fish'];

const sts = await startSts();
try {
  console.log(
    `An STS that checks signatures and codes as AWS does is at ${sts.url}. No AWS account is used; keys and tokens are shown cut.`,
  );
  for (const shell of shells.filter(({ name }) => shown.includes(name))) {
    if (findProgram(shell.command)) await showShell(shell, sts);
    else console.log(`\n${shell.name} is not installed: ${shell.install}`);
  }
} finally {
  await sts.close();
}

async function showShell(shell: Shell, sts: Sts): Promise<void> {
  const prod = sts.addUser({ name: 'ana', account: '111122223333' });
  const stage = sts.addUser({ name: 'ana', account: '444455556666' });
  const credentials = `${sectionsOf('prod', prod, 'region = eu-west-1\n')}\n${sectionsOf('stage', stage)}`;
  const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url });
  try {
    writeWhoami(home);
    const load = Object.values(shell.evaluate)[0] ?? String;
    const steps: [what: string, command: string][] = [
      [
        'a code becomes a session in this shell, and is saved for the others',
        load(`mfa-env prod ${sts.code(prod)} --save`),
      ],
      ['what the shell has now', "env | grep -E '^(AWS_[^E]|MFA_)' | sort"],
      ['who STS says we are', 'whoami-aws'],
      ['another account, not saved', load(`mfa-env stage ${sts.code(stage)}`)],
      ['who STS says we are', 'whoami-aws'],
      ['back again: the saved session needs no code', load('mfa-env prod')],
      ['who STS says we are', 'whoami-aws'],
      ['a wrong code stops what comes after it', stopping(shell, load(`mfa-env stage ${sts.wrongCode(stage)}`))],
      ['… and leaves what was there', 'whoami-aws'],
      ['out again', load('mfa-env unset')],
      ['what the shell has now: nothing', "env | grep -E '^(AWS_[^E]|MFA_)'"],
    ];
    console.log(`\n── ${shell.name} ${'─'.repeat(70 - shell.name.length)}`);
    const script = steps.map(([what, command]) => {
      return `echo; echo ${quote(`# ${what}`)}; echo ${quote(`$ ${command}`)}\n${command}\n`;
    });
    // One stream for both outputs, as on a terminal.
    const args = ['-c', 'exec "$@" 2>&1', 'sh', shell.command, ...shell.args, script.join('')];
    const { stdout } = await run('sh', args, home.env);
    console.log(shorten(stdout, home.path));
  } finally {
    home.remove();
  }
}

function stopping(shell: Shell, command: string): string {
  return shell.dialect === 'fish' ? `${command}; and echo deploying` : `${command} && echo deploying`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** What a screen may show: no whole secret, and ~ for the throw-away HOME. */
function shorten(text: string, home: string): string {
  return text
    .replaceAll(home, '~')
    .replace(/^(AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN)=(.{4}).*/gm, '$1=$2…')
    .replace(/^(AWS_ACCESS_KEY_ID)=(.{4}).*(.{4})/gm, '$1=$2…$3');
}
