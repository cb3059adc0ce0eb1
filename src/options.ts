/** Every command and option there is: what the parser takes and what the help tells, in one table. */

interface Command {
  usage: string;
  does: string;
  /** What its first word is: a profile, a shell that has a function, a command. */
  takes: 'profile' | 'function' | 'command' | undefined;
}

/** The commands; the one without a name puts a session into the shell. */
export const commands = {
  session: {
    usage: 'mfa-env [PROFILE] [CODE]',
    does: "print what puts PROFILE's session into the calling shell",
    takes: 'profile',
  },
  exec: {
    usage: 'mfa-env exec [PROFILE] [CODE] -- COMMAND [ARG…]',
    does: 'run COMMAND with the session in its environment alone',
    takes: 'profile',
  },
  unset: { usage: 'mfa-env unset', does: 'print what takes it out of the shell again', takes: undefined },
  list: {
    usage: 'mfa-env list [--json]',
    does: 'show the profiles and how long their sessions live',
    takes: undefined,
  },
  forget: {
    usage: 'mfa-env forget PROFILE',
    does: 'remove the saved session from the credentials file',
    takes: 'profile',
  },
  setup: {
    usage: 'mfa-env setup [PROFILE]',
    does: 'make the two sections for a newcomer, by asking',
    takes: 'profile',
  },
  doctor: { usage: 'mfa-env doctor [PROFILE] [--json]', does: 'find what is wrong', takes: 'profile' },
  init: {
    usage: 'mfa-env init SHELL [--cmd NAME] [--hook]',
    does: 'print the shell function: SHELL is bash, zsh, fish or direnv',
    takes: 'function',
  },
  help: { usage: 'mfa-env help [COMMAND]', does: 'explain a command', takes: 'command' },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;

/** The commands that a word can name. */
export const namedCommands = (Object.keys(commands) as CommandName[]).filter((name) => name !== 'session');

interface Option {
  /** What its value is called; an option without one is a flag. */
  value?: string;
  /** Which words its value may be, where a shell can complete it. */
  values?: 'profile' | 'statements' | 'format';
  alias?: string;
  does: string;
  /** The commands that take it. */
  of: readonly CommandName[];
}

const sessions = ['session', 'exec'] as const satisfies CommandName[];
const statements = ['session', 'unset'] as const satisfies CommandName[];

export const options = {
  profile: {
    value: 'NAME',
    values: 'profile',
    does: 'the profile, as the first word',
    of: [...sessions, 'forget', 'setup', 'doctor'],
  },
  code: {
    value: 'CODE',
    does: 'the MFA code, which may be the second word; - reads it from standard input',
    of: [...sessions, 'setup'],
  },
  'access-key-id': { value: 'ID', does: 'the id of the long-lived key', of: ['setup'] },
  serial: {
    value: 'ID',
    alias: 'arn',
    does: 'the MFA device: its ARN or a hardware serial number',
    of: [...sessions, 'setup'],
  },
  source: {
    value: 'NAME',
    values: 'profile',
    does: 'the profile with the long-lived keys',
    of: [...sessions, 'setup'],
  },
  save: { does: 'also save the session in the credentials file', of: [...sessions, 'setup'] },
  'no-save': { does: 'do not save it, whatever mfa_env_save or MFA_ENV_SAVE say', of: [...sessions, 'setup'] },
  force: { does: 'ask sts even where a saved session lives', of: sessions },
  'min-ttl': { value: 'D', does: 'do not use a saved session with less than D left (5m)', of: sessions },
  duration: {
    value: 'D',
    does: 'how long the new session lives: 15m to 36h (12h), with a role 15m to 12h (1h)',
    of: sessions,
  },
  region: { value: 'NAME', does: 'the region to export and to call', of: [...sessions, 'setup'] },
  'endpoint-url': { value: 'URL', does: 'the sts to call', of: [...sessions, 'setup', 'doctor'] },
  shell: {
    value: 'NAME',
    values: 'statements',
    does: 'bash, zsh, fish, sh, tcsh, elvish, xonsh, nu, pwsh (the calling one)',
    of: statements,
  },
  format: {
    value: 'NAME',
    values: 'format',
    does: 'process (credential_process JSON) or env (KEY=value lines)',
    of: ['session'],
  },
  print: { does: 'print even to a terminal', of: statements },
  'no-prompt': { does: 'never ask', of: [...sessions, 'setup'] },
  quiet: {
    alias: 'q',
    does: 'no message on success; the same as MFA_ENV_QUIET=1',
    of: [...sessions, 'unset', 'forget', 'setup'],
  },
  json: { does: 'for programs', of: ['list', 'doctor'] },
  cmd: { value: 'NAME', does: "the function's name (mfa-env)", of: ['init'] },
  hook: { does: 'also take over, before a prompt, what another terminal renewed', of: ['init'] },
  move: { does: 'move long-lived keys out of [PROFILE] without asking', of: ['setup'] },
  'secret-stdin': { does: 'read the secret key from standard input', of: ['setup'] },
  help: { alias: 'h', does: 'explain the command', of: Object.keys(commands) as CommandName[] },
  version: { does: 'print the version', of: Object.keys(commands) as CommandName[] },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof options;

export const optionNames = Object.keys(options) as OptionName[];

/** The option of the table, with the parts that not every one has. */
export function optionOf(name: OptionName): Option {
  return options[name];
}

/** The option that a word without its dashes names, by its name or its alias. */
export function findOption(word: string): OptionName | undefined {
  return optionNames.find((name) => name === word || optionOf(name).alias === word);
}
