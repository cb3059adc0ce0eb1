/** What `mfa-env PROFILE` and `mfa-env exec` are asked for: which session, and how it gets out. */

import { cleanCode, isCode, parseCode } from './code.ts';
import { parseDuration, parseSessionDuration } from './duration.ts';
import { parseEndpointUrl } from './endpoint-url.ts';
import type { Environment } from './environment.ts';
import { usage } from './errors.ts';
import { findMeantCommand } from './mistyped-command.ts';
import { didYouMean } from './nearest.ts';
import { checkForm, type Parsed, readValue, textOf } from './parsed-words.ts';
import { isRegionName } from './partition.ts';
import { isShellName, type ShellName, shellNames } from './shells.ts';
import { quoteOutside } from './visible.ts';

export const formatNames = ['process', 'env'] as const;

export type FormatName = (typeof formatNames)[number];

/** How statements get out. */
interface Output {
  /** `--shell`; nothing means the calling one. */
  shell: ShellName | undefined;
  print: boolean;
  quiet: boolean;
}

/** Which session is wanted, and how it may be got. */
export interface SessionChoice {
  /** Who gets the session: a program asks for it by itself, and nobody can give a code to that. */
  usedBy: 'shell' | 'program' | 'command';
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
  prompt: boolean;
  quiet: boolean;
  /** MFA_ENV_ONLY_SAVED, by which direnv's function says that no new session is wanted. */
  onlySaved: boolean;
}

export interface SessionRequest extends SessionChoice, Output {
  command: 'session';
  format: FormatName | undefined;
}

export interface ExecRequest extends SessionChoice {
  command: 'exec';
  program: string;
  args: string[];
}

const standardMinTtlSeconds = 300;

/** The device's ARN or serial number, by the pattern of STS's API reference. */
const serialForm = /^[\w+=/:,.@-]{9,256}$/;

/** How statements get out. @throws {UserError} status 2, for a shell that is not spoken. */
export function readOutput(parsed: Parsed): Output {
  const shell = textOf(parsed, 'shell');
  if (shell !== undefined && !isShellName(shell)) {
    throw usage(
      `there are no statements for the shell ${quoteOutside(shell)}`,
      didYouMean(shell, shellNames) ?? `the shells are ${shellNames.join(', ')}`,
    );
  }
  return { shell, print: parsed.print === true, quiet: parsed.quiet === true };
}

/** `mfa-env [PROFILE] [CODE]`. @throws {UserError} status 2. */
export function readSession(parsed: Parsed, words: string[], env: Environment): SessionRequest {
  const output = readOutput(parsed);
  const format = textOf(parsed, 'format');
  if (format !== undefined && output.shell) throw usage('--format and --shell exclude each other');
  if (format !== undefined && format !== 'process' && format !== 'env') {
    throw usage(`there is no format ${quoteOutside(format)}`, `the formats are ${formatNames.join(' and ')}`);
  }
  const usedBy = format === 'process' ? 'program' : 'shell';
  return { command: 'session', usedBy, ...readChoice(parsed, words, env), ...output, format };
}

/** What is wrong with an exec of nothing, or without what its command stands behind. */
export function noCommand({ npm_config_user_agent }: Environment): Error {
  const hint = 'it stands behind --: mfa-env exec PROFILE -- COMMAND';
  const isNpm = npm_config_user_agent?.startsWith('npm/');
  return usage('there is no command to run', isNpm ? `${hint}; npm takes the first -- of a line for itself` : hint);
}

/** `mfa-env exec [PROFILE] [CODE] -- COMMAND [ARG…]`. @throws {UserError} status 2. */
export function readExec(parsed: Parsed, words: string[], env: Environment): ExecRequest {
  const [program = '', ...args] = parsed['--'] ?? [];
  if (program === '') throw noCommand(env);
  return { command: 'exec', usedBy: 'command', ...readChoice(parsed, words, env), program, args };
}

function readChoice(parsed: Parsed, words: string[], env: Environment): Omit<SessionChoice, 'usedBy'> {
  const { profile, code } = readWords(words, textOf(parsed, 'profile'), textOf(parsed, 'code'));
  const duration = textOf(parsed, 'duration');
  const serial = readSerial(parsed);
  const source = readValue(parsed, 'source', checkNameLength);
  const forceSource = parsed.force === true || source !== undefined || serial !== undefined;
  return {
    profile: readProfileName(profile, env),
    code: code === undefined || code === '-' ? code : readCode(code, words),
    serial,
    source,
    save: parsed.save === null ? undefined : parsed.save === true,
    saveByDefault: env.MFA_ENV_SAVE === '1',
    force: forceSource || duration !== undefined,
    forceSource,
    minTtlSeconds: readValue(parsed, 'min-ttl', parseDuration) ?? standardMinTtlSeconds,
    durationSeconds: readValue(parsed, 'duration', parseSessionDuration),
    region: readRegion(parsed),
    endpointUrl: readEndpointUrl(parsed),
    prompt: parsed.prompt !== false,
    quiet: parsed.quiet === true,
    onlySaved: env.MFA_ENV_ONLY_SAVED === '1',
  };
}

/** `--serial`. @throws {UserError} status 2, where it can be no device. */
export function readSerial(parsed: Parsed): string | undefined {
  return checkForm(textOf(parsed, 'serial'), (text) => serialForm.test(text), {
    message: '--serial is neither an ARN nor a serial number',
    hint: 'aws shows it under Security credentials: arn:aws:iam::111122223333:mfa/NAME, or the number on the device',
  });
}

/** `--region`. @throws {UserError} status 2, where it can be no region. */
export function readRegion(parsed: Parsed): string | undefined {
  return checkForm(textOf(parsed, 'region'), isRegionName, {
    message: '--region is not a region',
    hint: 'a region is written like eu-west-1',
  });
}

/** `--endpoint-url`. @throws {UserError} status 2, where no STS can be called there. */
export function readEndpointUrl(parsed: Parsed): string | undefined {
  const text = textOf(parsed, 'endpoint-url');
  if (text !== undefined) parseEndpointUrl(text, (what) => usage(`--endpoint-url ${what}`));
  return text;
}

/** [PROFILE] [CODE], of which the options may already have said one. One word of six digits is the code. */
function readWords(words: string[], profileOption: string | undefined, codeOption: string | undefined) {
  const codeAlone = words.length === 1 && (words[0] === '-' || isCode(words[0] ?? ''));
  const [word, codeWord, ...more] = codeAlone ? [undefined, ...words] : words;
  const codeOnly =
    profileOption !== undefined && word !== undefined && codeWord === undefined && word !== profileOption;
  if (more.length > 0) {
    throw usage('too many words: mfa-env takes a profile and a code', askForCommand(words) ?? 'mfa-env PROFILE CODE');
  }
  if (codeOnly || (profileOption !== undefined && word !== undefined && word !== profileOption)) {
    throw usage('the profile stands twice with different names, in --profile and as a word');
  }
  if (codeWord !== undefined && codeOption !== undefined && cleanCode(codeWord) !== cleanCode(codeOption)) {
    throw usage('the code stands twice with different values, in --code and as a word');
  }
  return { profile: word ?? profileOption, code: codeWord ?? codeOption };
}

/** @throws {UserError} status 2, where it is no code, perhaps since the first word was to be a command. */
function readCode(code: string, words: string[]): string {
  const hint = /\d/.test(code) ? undefined : askForCommand(words);
  if (hint) throw usage('there is a word in place of the MFA code', hint);
  return parseCode(code);
}

function askForCommand([first = '']: string[]): string | undefined {
  const command = findMeantCommand(first);
  return command && `did you mean the command ${command}`;
}

/** No file has longer names; what searches for a name need not bear them. */
const longestName = 1024;

/** @throws {UserError} status 2 if the name of a profile is too long to be one; the message does not show it. */
export function checkNameLength(name: string): string {
  if (name.length <= longestName) return name;
  throw usage(`the name of the profile has more than ${longestName} characters`, 'check the word or AWS_PROFILE');
}

function readProfileName(profile: string | undefined, env: Environment): string {
  if (profile !== undefined) checkNameLength(profile);
  if (profile !== undefined && /\s\d{3}\s*\d{3}\s*$/.test(profile)) {
    throw usage('the profile and the code stand in one word', 'give them as two: mfa-env PROFILE CODE');
  }
  if (profile === '') throw usage('the name of the profile is empty', 'mfa-env PROFILE CODE');
  const name = profile ?? (env.AWS_PROFILE || env.MFA_ENV_PROFILE);
  if (!name) throw usage('no profile was named', 'mfa-env PROFILE, or set AWS_PROFILE');
  return checkNameLength(name);
}
