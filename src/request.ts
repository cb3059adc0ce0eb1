/** argv and environment → one Request. Whatever is wrong with them is a usage error, before any file is read. */

import minimist from 'minimist';
import { compactCode, isCode, parseCode } from './code.ts';
import { parseDuration, parseSessionDuration } from './duration.ts';
import type { Environment } from './environment.ts';
import { usage } from './errors.ts';
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
import { isRegionName } from './partition.ts';
import { isShellName, type ShellName, shellNames } from './shells.ts';
import { quoteOutside } from './visible.ts';

export const formatNames = ['process', 'env'] as const;

export type FormatName = (typeof formatNames)[number];

/** What decides how a session gets out: as statements for a shell, or in a format for programs. */
interface Output {
  /** `--shell`; nothing means the calling one. */
  shell: ShellName | undefined;
  print: boolean;
  quiet: boolean;
}

export interface SessionRequest extends Output {
  command: 'session';
  profile: string;
  /** Six digits, `-` for a line from standard input, nothing where none was given. */
  code: string | undefined;
  serial: string | undefined;
  source: string | undefined;
  /** `--save`, `--no-save`; nothing where the profile decides, then `saveByDefault`. */
  save: boolean | undefined;
  /** MFA_ENV_SAVE. */
  saveByDefault: boolean;
  /** `--force`, and what counts as it. */
  force: boolean;
  /** The same for the session that assumes a role, which `--duration` says nothing of. */
  forceSource: boolean;
  minTtlSeconds: number;
  durationSeconds: number | undefined;
  region: string | undefined;
  endpointUrl: string | undefined;
  format: FormatName | undefined;
  prompt: boolean;
  /** MFA_ENV_ONLY_SAVED, by which direnv's function says that no new session is wanted. */
  onlySaved: boolean;
}

/** The shells that have a function, and direnv. */
export const initShells = ['bash', 'zsh', 'fish', 'direnv'] as const;

export interface InitRequest {
  command: 'init';
  shell: (typeof initShells)[number];
  /** What the function is to be called. */
  functionName: string;
  /** Whether it is also to follow renewed sessions before each prompt. */
  hook: boolean;
}

export type Request =
  | SessionRequest
  | ({ command: 'unset' } & Output)
  | { command: 'forget'; profile: string; quiet: boolean }
  | InitRequest
  | { command: 'help'; topic: CommandName | undefined }
  | { command: 'version' };

const standardMinTtlSeconds = 300;

/** The device's ARN or serial number, by the pattern of STS's API reference. */
const serialForm = /^[\w+=/:,.@-]{9,256}$/;

type Parsed = Record<string, string | boolean | string[] | null | undefined> & { _: string[]; '--'?: string[] };

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
  checkOptions(argv);
  const parsed = parse(argv);
  const [first] = parsed._;
  const command = namedCommands.find((name) => name === first) ?? 'session';
  const words = [...(command === 'session' ? parsed._ : parsed._.slice(1)), ...(parsed['--'] ?? [])];
  if (parsed.version) return { command: 'version' };
  if (parsed.help) return { command: 'help', topic: command === 'session' || command === 'help' ? undefined : command };
  for (const name of optionNames) checkOption(name, parsed, command);
  if (!commands[command].there) throw usage(`mfa-env ${command} is not there yet`, 'mfa-env help shows what is');
  if (command === 'help') return { command, topic: readTopic(words) };
  if (command === 'unset') {
    if (words.length > 0) throw usage('mfa-env unset takes no further word');
    return { command, ...readOutput(parsed) };
  }
  if (command === 'forget') return readForget(parsed, words);
  if (command === 'init') return readInit(parsed, words);
  return readSession(parsed, words, env);
}

/** How a failure is to look, read as far as it can be from words that may be wrong. */
export interface FailureForm {
  /** Whether standard output gets the failing statement. */
  statement: boolean;
  shell: ShellName | undefined;
  /** What was asked for, where that can be told. */
  profile: string | undefined;
}

export function readFailureForm(argv: readonly string[]): FailureForm {
  const parsed = parse(argv);
  const [first] = parsed._;
  const command = namedCommands.find((name) => name === first);
  const shell = textOf(parsed, 'shell');
  return {
    statement: (!command || command === 'unset' || command === 'init') && parsed.format === undefined,
    shell: shell !== undefined && isShellName(shell) ? shell : undefined,
    profile: textOf(parsed, 'profile') || (command || isCode(first ?? '') ? undefined : first),
  };
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

/** `--force` → `--force=true`: a flag takes no value, but minimist would take `true` or `false` out of the words behind it. */
function spellOut(word: string, index: number, argv: readonly string[]): string {
  const end = argv.indexOf('--');
  const name = /^--?([a-z]+)$/.exec(word)?.[1];
  const option = name === undefined ? undefined : findOption(name);
  const isFlag = option !== undefined && !optionOf(option).value && !option.startsWith('no-');
  return isFlag && (end === -1 || index < end) ? `--${option}=true` : word;
}

/** Refuses the words that minimist would take for options, though there are none of the kind. */
function checkOptions(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  for (const word of words) {
    if (!word.startsWith('-') || word === '-') continue;
    if (!word.startsWith('--')) {
      for (const letter of word.slice(1)) if (!findOption(letter) || letter.length > 1) throw unknownOption(word);
      continue;
    }
    const [given = ''] = word.slice(2).split('=', 1);
    const name = given.length > 1 ? findOption(given) : undefined;
    if (!name) throw unknownOption(`--${given}`);
    if (!optionOf(name).value && word.includes('=')) throw usage(`--${given} takes no value`);
  }
  for (const name of ['save', 'prompt']) {
    if (words.includes(`--${name}`) && words.includes(`--no-${name}`)) {
      throw usage(`--${name} and --no-${name} exclude each other`);
    }
  }
}

function unknownOption(word: string): Error {
  const names = optionNames.flatMap((name) => [name, optionOf(name).alias ?? name]).filter((name) => name.length > 1);
  const nearest = findNearestOf(word.replace(/^-+/, ''), names);
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

/** The value of an option; given twice with the same value, it is one. */
function textOf(parsed: Parsed, name: OptionName): string | undefined {
  const [value] = [parsed[name]].flat();
  return typeof value === 'string' ? value : undefined;
}

/** PROFILE must be named: what is to be removed is not taken from the environment. */
function readForget(parsed: Parsed, words: string[]): Request {
  const names = new Set([...words, textOf(parsed, 'profile')].filter((name) => name !== undefined));
  const [profile] = names;
  if (!profile || names.size > 1) throw usage('mfa-env forget takes one profile', commands.forget.usage);
  return { command: 'forget', profile, quiet: parsed.quiet === true };
}

// What would not be a function's name in one of the shells, or would take a word of theirs that the functions need.
const takenNames = new Set(
  [
    'if then elif else fi do done case esac in for while until select function time coproc begin end and or not switch',
    'alias argparse break builtin cd command commandline compadd compdef complete contains continue date declare emulate enable',
    'eval exec exit export false functions hash local math path precmd print printf read readonly return set setopt shift shopt',
    'source status string sysread test trap true type typeset unalias unfunction unset use watch_file whence zmodload',
  ].flatMap((line) => line.split(' ')),
);

function readInit(parsed: Parsed, words: string[]): InitRequest {
  const [word, ...more] = words;
  const shell = initShells.find((name) => name === word);
  if (word === undefined || more.length > 0) throw usage('mfa-env init takes one shell', commands.init.usage);
  if (!shell) {
    throw usage(
      `there is no function for the shell ${quoteOutside(word)}`,
      didYouMean(word, initShells) ?? `the shells are ${initShells.join(', ')}`,
    );
  }
  if (shell === 'direnv' && (parsed.hook || textOf(parsed, 'cmd') !== undefined)) {
    throw usage('--cmd and --hook are not for direnv', 'mfa-env init direnv');
  }
  const functionName = checkForm(
    textOf(parsed, 'cmd'),
    (text) => /^[A-Za-z_][\w-]{0,63}$/.test(text) && !takenNames.has(text) && !text.startsWith('__mfa_env_'),
    { message: '--cmd is no name for a function', hint: 'letters, digits, - and _, such as mfa' },
  );
  return { command: 'init', shell, functionName: functionName ?? 'mfa-env', hook: parsed.hook === true };
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

function readOutput(parsed: Parsed): Output {
  const shell = textOf(parsed, 'shell');
  if (shell !== undefined && !isShellName(shell)) {
    throw usage(
      `there are no statements for the shell ${quoteOutside(shell)}`,
      didYouMean(shell, shellNames) ?? `the shells are ${shellNames.join(', ')}`,
    );
  }
  return { shell, print: parsed.print === true, quiet: parsed.quiet === true };
}

function readSession(parsed: Parsed, words: string[], env: Environment): SessionRequest {
  const output = readOutput(parsed);
  const format = textOf(parsed, 'format');
  if (format !== undefined && output.shell) throw usage('--format and --shell exclude each other');
  if (format !== undefined && format !== 'process' && format !== 'env') {
    throw usage(`there is no format ${quoteOutside(format)}`, `the formats are ${formatNames.join(' and ')}`);
  }
  const { profile, code } = readWords(words, textOf(parsed, 'profile'), textOf(parsed, 'code'));
  const duration = textOf(parsed, 'duration');
  const serial = checkForm(textOf(parsed, 'serial'), (text) => serialForm.test(text), {
    message: '--serial is neither an ARN nor a serial number',
    hint: 'aws shows it under Security credentials: arn:aws:iam::111122223333:mfa/NAME, or the number on the device',
  });
  const source = textOf(parsed, 'source');
  const forceSource = parsed.force === true || source !== undefined || serial !== undefined;
  return {
    command: 'session',
    ...output,
    profile: readProfileName(profile, env),
    code: code === undefined || code === '-' ? code : parseCode(code),
    serial,
    source,
    save: parsed.save === null ? undefined : parsed.save === true,
    saveByDefault: env.MFA_ENV_SAVE === '1',
    force: forceSource || duration !== undefined,
    forceSource,
    minTtlSeconds: parseOption('min-ttl', parsed, parseDuration) ?? standardMinTtlSeconds,
    durationSeconds: parseOption('duration', parsed, parseSessionDuration),
    region: checkForm(textOf(parsed, 'region'), isRegionName, {
      message: '--region is not a region',
      hint: 'a region is written like eu-west-1',
    }),
    endpointUrl: textOf(parsed, 'endpoint-url'),
    format,
    prompt: parsed.prompt !== false,
    onlySaved: env.MFA_ENV_ONLY_SAVED === '1',
  };
}

/** [PROFILE] [CODE], of which the options may already have said one. One word of six digits is the code. */
function readWords(words: string[], profileOption: string | undefined, codeOption: string | undefined) {
  const codeAlone = words.length === 1 && (words[0] === '-' || isCode(words[0] ?? ''));
  const [word, codeWord, ...more] = codeAlone ? [undefined, ...words] : words;
  const codeOnly =
    profileOption !== undefined && word !== undefined && codeWord === undefined && word !== profileOption;
  if (more.length > 0) throw usage('too many words: mfa-env takes a profile and a code', 'mfa-env PROFILE CODE');
  if (codeOnly || (profileOption !== undefined && word !== undefined && word !== profileOption)) {
    throw usage('the profile stands twice with different names, in --profile and as a word');
  }
  if (codeWord !== undefined && codeOption !== undefined && compactCode(codeWord) !== compactCode(codeOption)) {
    throw usage('the code stands twice with different values, in --code and as a word');
  }
  return { profile: word ?? profileOption, code: codeWord ?? codeOption };
}

function readProfileName(profile: string | undefined, env: Environment): string {
  if (profile !== undefined && /\s\d{3}\s*\d{3}\s*$/.test(profile)) {
    throw usage('the profile and the code stand in one word', 'give them as two: mfa-env PROFILE CODE');
  }
  if (profile === '') throw usage('the name of the profile is empty', 'mfa-env PROFILE CODE');
  const name = profile ?? (env.AWS_PROFILE || env.MFA_ENV_PROFILE);
  if (!name) throw usage('no profile was named', 'mfa-env PROFILE, or set AWS_PROFILE');
  return name;
}

function parseOption(name: OptionName, parsed: Parsed, read: (text: string) => number): number | undefined {
  const text = textOf(parsed, name);
  return text === undefined ? undefined : read(text);
}

function checkForm(
  text: string | undefined,
  isRight: (text: string) => boolean,
  wrong: { message: string; hint: string },
) {
  if (text !== undefined && !isRight(text)) throw usage(wrong.message, wrong.hint);
  return text;
}
