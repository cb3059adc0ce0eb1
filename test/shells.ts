/** The real shells that read the statements, each without the user's startup files, and how each evaluates them. */

export interface Shell {
  name: string;
  /** The program on the PATH. */
  command: string;
  args: readonly string[];
  /** The value of mfa-env's `--shell`. */
  dialect: 'bash' | 'zsh' | 'fish' | 'sh';
  /** The Debian package that brings it. */
  package: string;
  /** Ways to evaluate what `WORDS` prints; the first is the README's. */
  evaluate: Record<string, (words: string) => string>;
}

const posixForms = {
  'quoted eval': (words: string) => `eval "$(${words})"`,
  'unquoted eval': (words: string) => `eval $(${words})`,
  backticks: (words: string) => `eval "\`${words}\`"`,
};

export const shells: readonly Shell[] = [
  {
    name: 'bash',
    command: 'bash',
    args: ['--noprofile', '--norc', '-c'],
    dialect: 'bash',
    package: 'bash',
    evaluate: posixForms,
  },
  { name: 'zsh', command: 'zsh', args: ['-f', '-c'], dialect: 'zsh', package: 'zsh', evaluate: posixForms },
  { name: 'dash', command: 'dash', args: ['-c'], dialect: 'sh', package: 'dash', evaluate: posixForms },
  { name: 'ksh', command: 'ksh', args: ['-c'], dialect: 'sh', package: 'ksh', evaluate: posixForms },
  { name: 'mksh', command: 'mksh', args: ['-c'], dialect: 'sh', package: 'mksh', evaluate: posixForms },
  { name: 'busybox', command: 'busybox', args: ['sh', '-c'], dialect: 'sh', package: 'busybox', evaluate: posixForms },
  {
    name: 'fish',
    command: 'fish',
    args: ['--no-config', '-c'],
    dialect: 'fish',
    package: 'fish',
    evaluate: {
      'pipe to source': (words) => `${words} | source`,
      'eval of a list': (words) => `eval (${words})`,
      'eval of a string': (words) => `eval "$(${words})"`,
    },
  },
];
