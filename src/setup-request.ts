/** What `mfa-env setup` is asked for: everything but the secret may be said in advance. */

import { parseAccessKeyId } from './access-key.ts';
import { parseCode } from './code.ts';
import { checkDevice } from './device.ts';
import { usage } from './errors.ts';
import { commands } from './options.ts';
import { checkForm, type Parsed, readValue, textOf } from './parsed-words.ts';
import { isProfileName } from './section-title.ts';
import { checkNameLength, readEndpointUrl, readRegion, readSerial } from './session-request.ts';

export interface SetupRequest {
  command: 'setup';
  /** Nothing where it is to be asked for, or the environment names it. */
  profile: string | undefined;
  accessKeyId: string | undefined;
  /** Whether the first line of standard input is the secret. */
  secretStdin: boolean;
  serial: string | undefined;
  source: string | undefined;
  region: string | undefined;
  endpointUrl: string | undefined;
  /** Six digits, or `-` for a line from standard input. */
  code: string | undefined;
  /** Whether the profile's sessions are to be saved; nothing where the user is asked. */
  save: boolean | undefined;
  /** Whether the user has agreed to move keys. */
  move: boolean;
  prompt: boolean;
  quiet: boolean;
}

/** `mfa-env setup [PROFILE]`. @throws {UserError} status 2. */
export function readSetup(parsed: Parsed, words: string[]): SetupRequest {
  const names = new Set([...words, textOf(parsed, 'profile')].filter((name) => name !== undefined));
  // A word too many may be a key: it is not shown.
  if (names.size > 1) throw usage('mfa-env setup takes one profile', commands.setup.usage);
  const [profile] = names;
  const serial = readSerial(parsed);
  const code = textOf(parsed, 'code');
  const save = parsed.save === null ? undefined : parsed.save === true;
  if (save === false && code !== undefined) {
    throw usage('--code is for the first session, which is saved: --no-save gets none');
  }
  return {
    command: 'setup',
    profile: profile === undefined ? undefined : parseProfileName(profile),
    accessKeyId: readValue(parsed, 'access-key-id', parseAccessKeyId),
    secretStdin: parsed['secret-stdin'] === true,
    serial: serial === undefined ? undefined : checkDevice(serial),
    source: readValue(parsed, 'source', parseProfileName),
    region: readRegion(parsed),
    endpointUrl: readEndpointUrl(parsed),
    code: code === undefined || code === '-' ? code : parseCode(code),
    save,
    move: parsed.move === true,
    prompt: parsed.prompt !== false,
    quiet: parsed.quiet === true,
  };
}

/** A name that a section can have, and that means one profile to all tools. @throws {UserError} status 2. */
export function parseProfileName(text: string): string {
  if (text === 'DEFAULT') throw usage('the AWS CLI gives the keys of [DEFAULT] to every profile', 'name another one');
  return checkForm(checkNameLength(text), isProfileName, {
    message: 'that is no name for a profile',
    hint: 'letters, digits and . _ - / + @ : %, such as prod',
  }) as string;
}
