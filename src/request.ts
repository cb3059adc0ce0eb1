/** argv and environment → one Request. Whatever is wrong with them is a usage error, before any file is read. */

import minimist from 'minimist';
import { isCode } from './code.ts';
import type { Environment } from './environment.ts';
import { usage } from './errors.ts';
import { type InitRequest, readInit } from './init-request.ts';
import { didYouMean, findNearestOf } from './nearest.ts';
import {
  type CommandName,
  commands,
  findOption,
  namedCommands,
  type OptionName,
  optionNames,
  optionOf,
} from './options.ts';
import { type Parsed, textOf } from './parsed-words.ts';
import {
  checkNameLength,
  type ExecRequest,
  noCommand,
  readEndpointUrl,
  readExec,
  readOutput,
  readSession,
  type SessionRequest,
} from './session-request.ts';
import { readSetup, type SetupRequest } from './setup-request.ts';
import { isShellName, type ShellName } from './shells.ts';
import { asWord } from './typed.ts';
import { quoteOutside } from './visible.ts';

export type Request =
  | SessionRequest
  | ExecRequest
  | ({ command: 'unset' } & ReturnType<typeof readOutput>)
  | { command: 'forget'; profile: string; quiet: boolean }
  | { command: 'list'; json: boolean }
  | { command: 'doctor'; profile: string | undefined; json: boolean; endpointUrl: string | undefined }
  | InitRequest
  | SetupRequest
  | { command: 'help'; topic: CommandName | undefined }
  | { command: 'version' };

const aliases = Object.fromEntries(
  optionNames.flatMap((name) => {
    const { alias } = optionOf(name);
    return alias ? [[name, alias]] : [];
  }),
);
const valueOptions = optionNames.filter((name) => optionOf(name).value);
// minimist knows `--no-save` as the opposite of `--save`; null marks a flag that was not given.
const flags = optionNames.filter((name) => !optionOf(name).value).map((name) => name.replace(/^no-/, ''));

/**
 * Reads how the program was called.
 *
 * @param argv The words behind the program's name.
 * @throws {UserError} status 2.
 */
export function parseRequest(argv: readonly string[], env: Environment): Request {
  if (argv[0] === 'exec' && !argv.some((word) => /^(--|-h|--help|--version)$/.test(word))) throw noCommand(env);
  const parsed = parse(argv);
  const [first] = parsed._;
  const command = namedCommands.find((name) => name === first) ?? 'session';
  checkOptions(argv, command);
  const words = [...(command === 'session' ? parsed._ : parsed._.slice(1)), ...(parsed['--'] ?? [])];
  if (parsed.version) return { command: 'version' };
  if (parsed.help) return { command: 'help', topic: command === 'session' || command === 'help' ? undefined : command };
  for (const name of optionNames) checkOption(name, parsed, command);
  if (env.MFA_ENV_QUIET === '1') parsed.quiet = true;
  if (command === 'help') return { command, topic: readTopic(words) };
  if (command === 'unset') {
    if (words.length > 0) throw usage('mfa-env unset takes no further word');
    return { command, ...readOutput(parsed) };
  }
  if (command === 'list') {
    if (words.length > 0) throw usage('mfa-env list takes no further word');
    return { command, json: parsed.json === true };
  }
  if (command === 'forget') return readForget(parsed, words);
  if (command === 'doctor') return readDoctor(parsed, words);
  if (command === 'init') return readInit(parsed, words);
  if (command === 'setup') return readSetup(parsed, words);
  if (command === 'exec') return readExec(parsed, parsed._.slice(1), env);
  return readSession(parsed, words, env);
}

/** How a failure is to look, read as far as it can be from words that may be wrong. */
export interface FailureForm {
  /** Whether standard output gets the failing statement. */
  statement: boolean;
  /** Whether the exit status is to be none that a command behind `exec` would have. */
  isExec: boolean;
  shell: ShellName | undefined;
  /** What was asked for, where that can be told. */
  profile: string | undefined;
}

export function readFailureForm(argv: readonly string[]): FailureForm {
  const parsed = parse(argv);
  const [first] = parsed._;
  const command = namedCommands.find((name) => name === first);
  const shell = textOf(parsed, 'shell');
  const isEvaluated = !command || command === 'unset' || command === 'init';
  return {
    statement: isEvaluated && parsed.format === undefined && !parsed.help && !parsed.version,
    isExec: command === 'exec',
    shell: shell !== undefined && isShellName(shell) ? shell : undefined,
    profile: textOf(parsed, 'profile') || (command || isCode(first ?? '') ? undefined : first),
  };
}

/** What a failure leaves in the shell; undefined if nothing is left, or what is left is what was asked for. */
export function describeLeftSession({ statement, profile }: FailureForm, env: Environment): string | undefined {
  const left = env.MFA_ENV_PROFILE;
  const asked = profile ?? (env.AWS_PROFILE || left);
  return statement && left && left !== asked ? `this shell still has ${asWord(left)}` : undefined;
}

function parse(argv: readonly string[]): Parsed {
  return minimist(argv.map(spellOut), {
    string: ['_', ...valueOptions],
    boolean: flags,
    alias: aliases,
    default: Object.fromEntries(flags.map((name) => [name, null])),
    '--': true,
  }) as Parsed;
}

/**
 * `--force` → `--force=true`: a flag takes no value, but minimist would take `true` or `false` out of the words behind it.
 * `--__proto__` → `--unknown`: minimist makes a key of every option, and some of them break it.
 */
function spellOut(word: string, index: number, argv: readonly string[]): string {
  const end = argv.indexOf('--');
  if (end !== -1 && index >= end) return word;
  if (isUnknown(word)) return word.includes('=') ? '--unknown=' : '--unknown';
  const name = /^--?([a-z]+)$/.exec(word)?.[1];
  const option = name === undefined ? undefined : findOption(name);
  const isFlag = option !== undefined && !optionOf(option).value && !option.startsWith('no-');
  return isFlag ? `--${option}=true` : word;
}

/** Whether a word has the form of an option, and there is no such option. */
function isUnknown(word: string): boolean {
  if (!word.startsWith('-') || word === '-') return false;
  if (!word.startsWith('--')) return [...word.slice(1)].some((letter) => !findOption(letter));
  const [name = ''] = word.slice(2).split('=', 1);
  return name.length < 2 || !findOption(name);
}

/** Refuses the words that minimist would take for options, though there are none of the kind. */
function checkOptions(argv: readonly string[], command: CommandName): void {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  for (const word of words) {
    const [given = ''] = word.startsWith('--') ? word.split('=', 1) : [word];
    if (isUnknown(word)) throw unknownOption(given, command);
    const name = word.startsWith('--') ? findOption(given.slice(2)) : undefined;
    if (name && !optionOf(name).value && word.includes('=')) throw usage(`${given} takes no value`);
  }
  for (const name of ['save', 'prompt']) {
    if (words.includes(`--${name}`) && words.includes(`--no-${name}`)) {
      throw usage(`--${name} and --no-${name} exclude each other`);
    }
  }
}

function unknownOption(word: string, command: CommandName): Error {
  const names = optionNames
    .filter((name) => optionOf(name).of.includes(command))
    .flatMap((name) => [name, optionOf(name).alias ?? name])
    .filter((name) => name.length > 1);
  const nearest = word === '-?' ? 'help' : findNearestOf(word.replace(/^-+/, ''), names);
  // `-123456` may be a code that was typed wrong.
  return usage(`there is no option ${quoteOutside(word.replace(/\d/g, '*'))}`, `the nearest one is --${nearest}`);
}

/** Refuses an option that the command does not take, that lacks its value, or that stands twice with different values. */
function checkOption(name: OptionName, parsed: Parsed, command: CommandName): void {
  const value = name.startsWith('no-') ? parsed[name.slice(3)] === false || null : parsed[name];
  if (value === undefined || value === null) return;
  if (name === 'save' && value === false) return;
  const option = optionOf(name);
  if (!option.of.includes(command)) {
    const takers = option.of.map((taker) => (taker === 'session' ? 'mfa-env PROFILE' : `mfa-env ${taker}`));
    throw usage(
      `${command === 'session' ? 'mfa-env PROFILE' : `mfa-env ${command}`} does not take --${name}`,
      `it is for ${takers.join(', ')}`,
    );
  }
  if (!option.value) return;
  const values = new Set([value].flat());
  if (values.has('') || values.has(false))
    throw usage(`--${name} lacks its value`, `--${name} ${option.value}: ${option.does}`);
  if (values.size > 1) throw usage(`--${name} stands twice with different values`);
}

/** PROFILE must be named: what is to be removed is not taken from the environment. */
function readForget(parsed: Parsed, words: string[]): Request {
  const names = new Set([...words, textOf(parsed, 'profile')].filter((name) => name !== undefined));
  const [profile] = names;
  if (!profile || names.size > 1) throw usage('mfa-env forget takes one profile', commands.forget.usage);
  return { command: 'forget', profile: checkNameLength(profile), quiet: parsed.quiet === true };
}

/** PROFILE left out means all of them. */
function readDoctor(parsed: Parsed, words: string[]): Request {
  const names = new Set([...words, textOf(parsed, 'profile')].filter((name) => name !== undefined));
  const [profile] = names;
  if (profile === '' || names.size > 1) throw usage('mfa-env doctor takes one profile', commands.doctor.usage);
  if (profile !== undefined) checkNameLength(profile);
  return { command: 'doctor', profile, json: parsed.json === true, endpointUrl: readEndpointUrl(parsed) };
}

function readTopic(words: string[]): CommandName | undefined {
  const [word, ...more] = words;
  if (more.length > 0) throw usage('mfa-env help takes one command');
  const topic = namedCommands.find((name) => name === word);
  if (word !== undefined && !topic) {
    throw usage(
      `there is no command ${quoteOutside(word)}`,
      didYouMean(word, namedCommands) ?? `the commands are ${namedCommands.join(', ')}`,
    );
  }
  return topic;
}
