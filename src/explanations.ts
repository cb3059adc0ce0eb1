/** What the help and the manual page say of each command beyond its line in the table of `options.ts`. */

import type { CommandName } from './options.ts';

interface Explanation {
  /** A few sentences, in lines of at most 100 characters. */
  explains: string;
  examples: readonly (readonly [line: string, does: string])[];
}

export const explanations: Record<CommandName, Explanation> = {
  session: {
    explains: `Where a saved session of PROFILE lives, it is used: no code, no network. Else a new one is got, with
the code that is given, the one that the profile's mfa_process prints, or the one that is typed at a
prompt on the terminal, even inside of $(…). PROFILE left out is AWS_PROFILE, then MFA_ENV_PROFILE.
When it fails, what it prints is a statement that fails, so that && and set -e stop.`,
    examples: [
      ['eval "$(mfa-env prod 123456)"', 'put a session into bash, zsh, any POSIX shell'],
      ['mfa-env prod 123456 | source', '… into fish'],
      ['eval "$(mfa-env prod --save)"', 'ask for the code, and save the session for the other terminals'],
      [
        'mfa-env prod --format env > FILE && docker run --env-file FILE IMAGE',
        'for a container; FILE holds secrets: make it under umask 077, and remove it',
      ],
    ],
  },
  exec: {
    explains: `The form for scripts: COMMAND gets the session, the calling shell stays as it is. Where no session
is to be had, COMMAND is not started. The exit status is COMMAND's, and 125 where mfa-env itself
failed.`,
    examples: [
      ['mfa-env exec prod -- terraform apply', 'with the saved session, or by a code that is asked for'],
      ['mfa-env exec prod 123456 -- aws s3 ls', 'with a code'],
    ],
  },
  unset: {
    explains: `Takes out of the shell what mfa-env PROFILE has set, and AWS_SECURITY_TOKEN. A region that is your
own stays, and so do AWS_PROFILE and the session in the credentials file.`,
    examples: [
      ['eval "$(mfa-env unset)"', 'in bash, zsh, any POSIX shell'],
      ['mfa-env unset | source', 'in fish'],
    ],
  },
  list: {
    explains: `For each profile: account, MFA device, source of the keys, region, role, and how long the saved
session still lives. It reads the two AWS files; no code, no network.`,
    examples: [
      ['mfa-env list', 'a table'],
      ['mfa-env list --json', 'the same for programs'],
    ],
  },
  forget: {
    explains: `Takes the session's keys out of the profile's section, and the section's header too if nothing else
stands below it. Long-lived keys are never touched. AWS itself goes on taking the session until it
ends, and shells that have it keep it.`,
    examples: [['mfa-env forget prod', 'the next mfa-env prod asks for a code']],
  },
  setup: {
    explains: `Asks for an access key and asks AWS whose it is, proposes the MFA device, and writes [PROFILE-default],
which holds the keys, and [PROFILE], which names the device, both at once; then it gets the first
session. Where [PROFILE] holds keys already, it offers to move them. The secret is never an argument.`,
    examples: [
      ['mfa-env setup prod', 'ask for everything'],
      ['mfa-env setup prod --secret-stdin < secret', 'read the secret key from a file, or a pipe'],
    ],
  },
  doctor: {
    explains: `Looks at the files and their modes, the device, the clock, the network and the environment, and says
for each fault what to do. It changes nothing. The exit status is 1 where there is an error; warnings leave it 0.`,
    examples: [
      ['mfa-env doctor', 'everything, and all profiles'],
      ['mfa-env doctor prod', 'everything, and one profile'],
      ['mfa-env doctor --json', 'the same for programs'],
    ],
  },
  init: {
    explains: `The function evaluates what the program prints, so that mfa-env prod and mfa-env unset are the whole
line. A saved session it loads itself, without starting a process. Keep it in a file, which costs a
new shell nothing, and write that file anew after an update.`,
    examples: [
      ['mfa-env init bash --hook > ~/.mfa-env.bash', 'and in ~/.bashrc: . ~/.mfa-env.bash'],
      ['mfa-env init zsh --hook > ~/.mfa-env.zsh', 'and in ~/.zshrc: . ~/.mfa-env.zsh'],
      [
        'mkdir -p ~/.config/fish/conf.d && mfa-env init fish --hook > ~/.config/fish/conf.d/mfa-env.fish',
        'fish reads that folder by itself',
      ],
      [
        'mkdir -p ~/.config/direnv/lib && mfa-env init direnv > ~/.config/direnv/lib/mfa-env.sh',
        'and in an .envrc: use mfa_env prod',
      ],
    ],
  },
  help: {
    explains: 'Without COMMAND: all commands, and the options of mfa-env PROFILE.',
    examples: [['mfa-env help exec', 'the same as mfa-env exec --help']],
  },
};

export const exitStatusMeanings: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'done'],
  ['1', 'failed'],
  ['2', 'wrong usage'],
  ['3', 'a code or an answer is needed and there is no terminal to ask on'],
  ['125', 'exec alone: mfa-env itself failed; other statuses are those of COMMAND'],
];
