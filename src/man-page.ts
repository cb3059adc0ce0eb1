/** The manual page, from the same tables as `mfa-env help`; the build writes it. Of AT&T's roff it uses what every man reads. */

import { misleading, ofSession, regionVariables, settingVariables } from './environment.ts';
import { exitStatusMeanings, explanations } from './explanations.ts';
import { usageOf } from './help.ts';
import { type CommandName, commands, namedCommands, optionNames, optionOf } from './options.ts';

const names = ['session', ...namedCommands] as const;

const files: [string, string][] = [
  [
    '~/.aws/credentials, ~/.aws/config',
    `The two files of the AWS CLI; the credentials file wins. [prod-default] holds the long-lived keys, [prod]
names the MFA device, and --save puts the session there. Only the credentials file is ever written, by
--save, forget and setup.`,
  ],
  [
    'credentials.mfa-env-lock, credentials.mfa-env-turn-…',
    'Beside the credentials file while a session is on its way.',
  ],
];

/** What is read in the sections of both files. */
const keys: [string, string][] = [
  ['aws_access_key_id, aws_secret_access_key', 'The long-lived keys, in the source.'],
  [
    'credential_process',
    `In a source, instead of the keys: a command that prints them in the JSON form of AWS. If it prints a session,
no code is needed.`,
  ],
  [
    'source_profile',
    `The source; with role_arn, the profile whose session assumes the role. Without it: PROFILE-default,
PROFILE-long-term, PROFILE-permanent, the first that exists, else PROFILE itself.`,
  ],
  [
    'aws_arn_mfa, mfa_serial, aws_mfa_device',
    'The MFA device: its ARN or a hardware serial number. This and what follows count in the profile, then in the source.',
  ],
  ['mfa_process', 'A command that prints the code.'],
  ['region', 'The region to export and to call.'],
  [
    'duration_seconds',
    'How long a new session lives: 900 to 129600, else 43200. In a profile with role_arn 900 to 43200, else 3600.',
  ],
  ['ca_bundle', 'A file with certificates in place of those of Node, where AWS_CA_BUNDLE names none.'],
  ['endpoint_url', 'Another STS.'],
  ['services', 'The NAME of a section [services NAME], where endpoint_url stands below sts.'],
  ['ignore_configured_endpoint_urls', 'With true, neither endpoint_url nor its variables count.'],
  ['use_fips_endpoint, use_dualstack_endpoint', 'With true, the FIPS or the dual-stack endpoint of AWS is called.'],
  [
    'role_arn, external_id, role_session_name',
    `In the profile alone: a role that is assumed with the session of the source, the external id that it asks
for, and what its session is called, else like the device.`,
  ],
  ['mfa_env_save', 'In the profile alone: true or false, whether its sessions are saved.'],
  [
    'aws_session_token, x_security_token_expires',
    'With the keys of a session beside them: the saved session, and when it ends.',
  ],
];

const environment: [string, string][] = [
  ['AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE', 'Other places of the two files.'],
  ['AWS_PROFILE, MFA_ENV_PROFILE', 'The profile where none is named, in this order.'],
  [
    'MFA_ENV_SAVE',
    'With 1, sessions are saved where neither an option nor mfa_env_save in the profile says otherwise.',
  ],
  ['MFA_ENV_QUIET', 'With 1, the same as --quiet: no message on success.'],
  ['AWS_REGION, AWS_DEFAULT_REGION', 'A region that you have set yourself stays.'],
  [
    'AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL',
    'Another STS; followed only where it is one of AWS, is this machine, or stands in the files too.',
  ],
  [
    'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT',
    'With true or false, in place of the keys of these names.',
  ],
  ['HTTPS_PROXY, NO_PROXY', 'The proxy, and the hosts that go without it.'],
  ['AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS', 'Certificates in place of those of Node, and beside them.'],
  ['NO_COLOR', 'Not empty: no colours, as with TERM=dumb.'],
  ['XDG_CACHE_HOME', 'In place of ~/.cache: where what Node compiles is kept, in a folder mfa-env, from Node 22.8 on.'],
  ['NODE_DISABLE_COMPILE_CACHE', 'With 1, it is not kept.'],
  ['NODE_DEBUG', 'Where it would print what is sent, STS is not called.'],
];

/** @returns the page in roff, ASCII alone; the same for the same version and its date, on every day and machine. */
export function manPage(version: string, date: string): string {
  return [
    `.TH MFA\\-ENV 1 "${date}" "mfa\\-env ${escaped(version)}" "User Commands"`,
    // A word that is broken by a hyphen cannot be copied.
    '.nh',
    '.ad l',
    heading('NAME'),
    escaped('mfa-env - turn an MFA code into AWS credentials in the shell that asked for them'),
    heading('SYNOPSIS'),
    verbatim(names.map((name) => commands[name].usage)),
    heading('DESCRIPTION'),
    escaped(`mfa-env asks AWS STS for a session, with your long-lived keys and the code of your MFA device, and prints
what puts that session into the calling shell. With --save it is kept in the credentials file too, and
serves every other terminal until it ends.`),
    '.PP',
    escaped(`In a script, mfa-env exec is the form to use, or s=$(mfa-env prod) && eval "$s" && deploy: what cannot
start prints nothing, and eval "" succeeds.`),
    heading('COMMANDS'),
    ...names.map(commandEntry),
    heading('OPTIONS'),
    ...optionNames.map((name) => entry(usageOf(name), [optionOf(name).does, takers(optionOf(name).of)])),
    heading('FILES'),
    ...files.map(([left, right]) => entry(left, [right])),
    heading('KEYS IN THE FILES'),
    ...keys.map(([left, right]) => entry(left, [right])),
    heading('ENVIRONMENT'),
    ...environment.map(([left, right]) => entry(left, [right])),
    '.PP',
    escaped(`Set: ${list([...ofSession, ...regionVariables])}; the region variables only where a region is known.`),
    '.PP',
    escaped(
      `Set if the profile has the setting: ${list(Object.values(settingVariables))}; MFA_ENV_SETTINGS lists them.`,
    ),
    '.PP',
    escaped(`Unset before: ${list(misleading)}.`),
    heading('EXIT STATUS'),
    ...exitStatusMeanings.map(([status, meaning]) => entry(status, [meaning])),
    entry('126, 127', ['exec alone: COMMAND cannot be run, COMMAND is not there']),
    '.PP',
    'A signal ends it as a signal does.',
    heading('EXAMPLES'),
    ...names.flatMap((name) => explanations[name].examples).map(([line, does]) => entry(line, [does])),
    heading('SEE ALSO'),
    '.BR aws (1),',
    '.BR direnv (1)',
    '',
  ].join('\n');
}

function commandEntry(name: CommandName): string {
  const taken = optionNames.filter((option) => optionOf(option).of.includes(name)).map((option) => `--${option}`);
  const { does, usage } = commands[name];
  return entry(usage, [does, explanations[name].explains, `Options: ${list(taken)}`]);
}

/** `Of every command.`, or the names. */
function takers(of: readonly CommandName[]): string {
  if (of.length === names.length) return 'Of every command';
  return `Of ${list(of.map((name) => (name === 'session' ? 'mfa-env PROFILE' : name)))}`;
}

function list(words: readonly string[]): string {
  return words.join(', ');
}

function heading(title: string): string {
  return `.SH ${title}`;
}

/** A term in bold with paragraphs that are set in below it. */
function entry(term: string, [first = '', ...more]: string[]): string {
  return ['.TP', `\\fB${escaped(term)}\\fR`, escaped(first), ...more.flatMap((text) => ['.IP', escaped(text)])].join(
    '\n',
  );
}

function verbatim(lines: string[]): string {
  return ['.nf', ...lines.map((line) => `\\fB${escaped(line)}\\fR`), '.fi'].join('\n');
}

const glyphs: Record<string, string> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '"': '\\(dq',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** Text as roff that prints it as it is: what could be typed can be copied from the page. */
function escaped(text: string): string {
  return text
    .replace(/[\\\-'`"^~]/g, (character) => glyphs[character] ?? character)
    .replace(
      /[^\n -~]/gu,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^(?=\.)/gm, '\\&');
}
