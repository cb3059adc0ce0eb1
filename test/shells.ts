/** The real shells that read the statements, each without the user's startup files, and how each evaluates them. */

import type { ShellName } from '../src/shells.ts';

export interface Shell {
  name: string;
  /** The program on the PATH. */
  command: string;
  args: readonly string[];
  /** The value of mfa-env's `--shell`. */
  dialect: ShellName;
  /** What installs it. */
  install: string;
  /** Ways to evaluate what `WORDS` prints; the first is the README's. */
  evaluate: Record<string, (words: string) => string>;
  language: Language;
}

/** What the tests have to say in a shell's language, besides plain commands. */
interface Language {
  /** Runs `next` only where `first` has not failed; a failure is that of the whole. */
  andThen: (first: string, next: string) => string;
  /** Runs `next` only where `first` has not failed, and `last` in any case. */
  attempt: (first: string, next: string, last: string) => string;
  /** What the failing statement has to say for itself on standard error. */
  complaint: RegExp;
}

const posixForms = {
  'quoted eval': (words: string) => `eval "$(${words})"`,
  'unquoted eval': (words: string) => `eval $(${words})`,
  backticks: (words: string) => `eval "\`${words}\`"`,
};

/** Shows that a script goes on: a process, since nushell prints only the last value of a block. */
export const goOn = 'sh -c "echo GOES-ON"';

/** Where a status decides. */
const statuses: Language = {
  andThen: (first, next) => `${first} && ${next}`,
  attempt: (first, next, last) => `${first} && ${next}; ${last}`,
  complaint: /^$/,
};

/** Where a failure is an exception, which ends the script. */
const exceptions: Pick<Language, 'andThen'> = { andThen: (first, next) => `${first}\n${next}` };

const debian = (name: string) => `apt-get install -y ${name}`;

const posixShell = (name: string, dialect: 'bash' | 'zsh' | 'sh', args: readonly string[]): Shell => ({
  ...{ name, command: name, args, dialect, install: debian(name) },
  ...{ evaluate: posixForms, language: statuses },
});

const nuLine = (words: string) => `for change in (${words} | from json --objects) { load-env $change }`;

const cShell = (name: string, install: string): Shell => ({
  ...{ name, command: name, args: ['-f', '-c'], dialect: 'tcsh', install },
  ...{ evaluate: { 'quoted backticks': (words) => `eval "\`${words}\`"` }, language: statuses },
});

export const posixShells: readonly Shell[] = [
  posixShell('bash', 'bash', ['--noprofile', '--norc', '-c']),
  posixShell('zsh', 'zsh', ['-f', '-c']),
  posixShell('dash', 'sh', ['-c']),
  posixShell('ksh', 'sh', ['-c']),
  posixShell('mksh', 'sh', ['-c']),
  posixShell('busybox', 'sh', ['sh', '-c']),
  posixShell('yash', 'sh', ['--noprofile', '--norcfile', '-c']),
];

export const shells: readonly Shell[] = [
  ...posixShells,
  {
    name: 'fish',
    command: 'fish',
    args: ['--no-config', '-c'],
    dialect: 'fish',
    install: debian('fish'),
    evaluate: {
      'pipe to source': (words) => `${words} | source`,
      'eval of a list': (words) => `eval (${words})`,
      'eval of a string': (words) => `eval "$(${words})"`,
    },
    language: statuses,
  },
  cShell('tcsh', debian('tcsh')),
  cShell('bsd-csh', debian('csh')),
  {
    name: 'elvish',
    command: 'elvish',
    args: ['-norc', '-c'],
    dialect: 'elvish',
    install: debian('elvish'),
    evaluate: {
      'pipe to eval': (words) => `${words} | eval (slurp)`,
      'eval of a capture': (words) => `eval (${words} | slurp)`,
    },
    language: {
      ...exceptions,
      attempt: (first, next, last) => `try { ${first}; ${next} } catch e { nop }; ${last}`,
      complaint: /^Exception: .*mfa-env failed/,
    },
  },
  {
    name: 'xonsh',
    command: 'xonsh',
    args: ['--no-rc', '-c'],
    dialect: 'xonsh',
    install: debian('xonsh'),
    evaluate: { 'execx of a capture': (words) => `execx($(${words}))` },
    language: {
      ...exceptions,
      attempt: (first, next, last) => `try:\n    ${first}\n    ${next}\nexcept Exception:\n    pass\n${last}`,
      complaint: /^RuntimeError: mfa-env failed$/m,
    },
  },
  {
    name: 'nu',
    command: 'nu',
    args: ['--no-config-file', '-c'],
    dialect: 'nu',
    install: 'npm install -g nushell',
    evaluate: {
      'load-env of each record': nuLine,
      "the README's command": (words) =>
        `def --env --wrapped mfa [...words: string] { ${nuLine('mfa-env ...$words')} }; ${words.replace('mfa-env', 'mfa')}`,
    },
    language: {
      ...exceptions,
      attempt: (first, next, last) => `try { ${first}; ${next} }; ${last}`,
      complaint: /can't convert bool to [Rr]ecord/,
    },
  },
];
