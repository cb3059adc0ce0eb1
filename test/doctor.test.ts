/** `mfa-env doctor`: what it finds in files, profiles, environment, shells and network, and what it calls wrong. */

import assert from 'node:assert/strict';
import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { after, afterEach, suite, test } from 'node:test';
import { checkNodeVersion } from '../src/doctor/program.ts';
import { makeAuthority } from './authority.ts';
import { startProxy } from './connect-proxy.ts';
import {
  type Ended,
  formatTime,
  type Home,
  makeHome,
  program,
  root,
  run,
  runMfaEnv,
  savedLines,
  sectionsOf,
  unless,
} from './harness.ts';
import { sitDown } from './pty.ts';
import { agreesOnNoEncryption, answersNothing, takesNoConnections } from './silent-servers.ts';
import { startSts } from './sts/server.ts';
import { startTlsFront } from './tls-front.ts';

const sts = await startSts();
after(() => sts.close());
const user = sts.addUser();
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** Six lines. */
const healthy = sectionsOf('prod', user, 'region = eu-west-1\n').replace('\n\n', '\n');
const keys = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
const long = new Date(Date.now() - 3 * 3_600_000 - 60_000);
const secrets = [
  user.accessKeyId,
  user.secretAccessKey,
  'ASIASAVED00000000001',
  'secret/of+the',
  'token//of',
  'hunter2',
];

/** Lines of what was found, without that of an old Node, which is this machine's, and the summary behind them. */
function split({ stdout }: Ended): { lines: string[]; summary: string } {
  const lines = stdout.split('\n').slice(0, -1);
  const summary = lines.pop() ?? '';
  return { lines: lines.filter((line) => !/^warning: Node v\d/.test(line)), summary };
}

interface SetUp {
  credentials?: string;
  config?: string;
  env?: Record<string, string>;
  words?: string[];
  prepare?: (home: Home) => void;
}

type Row = [title: string, setUp: SetUp, found: RegExp[], status: 0 | 1];

/** In expected lines CREDENTIALS, CONFIG and HOME stand for the paths. */
async function examine({ credentials = healthy, config, env, words = [], prepare }: SetUp) {
  const files = config === undefined ? { credentials } : { credentials, config };
  const home = makeHome(files, { AWS_ENDPOINT_URL_STS: sts.url, ...env });
  prepare?.(home);
  const before = readdirSync(dirname(home.credentialsFile));
  const ended = await runMfaEnv(['doctor', ...words], home.env);
  assert.deepEqual(readdirSync(dirname(home.credentialsFile)), before, 'nothing is changed');
  const told = { ...ended, stdout: ended.stdout.replaceAll(home.path, 'HOME') };
  for (const secret of secrets) assert.ok(!(told.stdout + told.stderr).includes(secret), secret);
  told.stdout = told.stdout.replaceAll('HOME/.aws/credentials', 'CREDENTIALS').replaceAll('HOME/.aws/config', 'CONFIG');
  return told;
}

function put(home: Home, path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(join(home.path, path)), { recursive: true });
  writeFileSync(join(home.path, path), text, { mode });
  chmodSync(join(home.path, path), mode);
}

const holder = (pid: number) =>
  JSON.stringify({ token: '0123456789abcdef', pid, host: hostname(), processes: '', started: '' });

// No process has a number above the kernel's limit, which is 2^22 at most (proc(5)).
const gone = holder(5_000_000);

const files: Row[] = [
  ['two plain sections', {}, [], 0],
  [
    'no files at all',
    { prepare: (home) => rmSync(home.credentialsFile) },
    [/^error: there is neither CREDENTIALS nor CONFIG: write \[NAME-default\]/],
    1,
  ],
  [
    'a file that others can read',
    { prepare: (home) => chmodSync(home.credentialsFile, 0o644) },
    [/^error: others can read CREDENTIALS \(mode 0644\): chmod 600 CREDENTIALS$/],
    1,
  ],
  [
    'a config file that others can read, which is usual',
    { config: '[default]\n', prepare: (home) => chmodSync(home.configFile, 0o644) },
    [],
    0,
  ],
  [
    'a config file that others can read, with keys',
    { config: `[profile x]\n${keys}`, prepare: (home) => chmodSync(home.configFile, 0o644) },
    [/^error: others can read CONFIG/],
    1,
  ],
  [
    'a config file that the group can write',
    { config: '[default]\n', prepare: (home) => chmodSync(home.configFile, 0o664) },
    [/^warning: others can write CONFIG \(mode 0664\): chmod go-w CONFIG$/],
    0,
  ],
  [
    'a config file that everyone can write',
    { config: '[default]\n', prepare: (home) => chmodSync(home.configFile, 0o666) },
    [/^error: others can write CONFIG \(mode 0666\)/],
    1,
  ],
  [
    'a folder that everyone can write',
    { prepare: (home) => chmodSync(dirname(home.credentialsFile), 0o777) },
    [/^error: everyone can write into the folder HOME\/\.aws: chmod/],
    1,
  ],
  [
    'a folder that its group can write',
    { prepare: (home) => chmodSync(dirname(home.credentialsFile), 0o770) },
    [/^warning: the group of the folder HOME\/\.aws can write into it/],
    0,
  ],
  [
    'a hard link',
    { prepare: (home) => linkSync(home.credentialsFile, join(home.path, 'second')) },
    [/^error: CREDENTIALS has a second name/],
    1,
  ],
  [
    'a folder in place of a file',
    {
      prepare: (home) => {
        rmSync(home.credentialsFile);
        mkdirSync(home.credentialsFile);
      },
    },
    [/^error: CREDENTIALS is not a regular file/],
    1,
  ],
  [
    'a symbolic link',
    {
      prepare: (home) => {
        put(home, 'dotfiles/credentials', healthy);
        rmSync(home.credentialsFile);
        symlinkSync(join(home.path, 'dotfiles/credentials'), home.credentialsFile);
      },
    },
    [],
    0,
  ],
  [
    'a variable that names no file',
    { env: { AWS_CONFIG_FILE: '/nonexistent/config' } },
    [/^warning: AWS_CONFIG_FILE names \/nonexistent\/config, which does not exist/],
    0,
  ],
  [
    'a path that is not whole',
    { env: { AWS_CONFIG_FILE: '.aws/none' } },
    [/^warning: AWS_CONFIG_FILE is another file in each folder: \.aws\/none: write the whole path$/],
    0,
  ],
  ['no HOME', { env: { HOME: '' } }, [/^error: HOME is not set/], 1],
  [
    'a lock and a draft of a process that is gone',
    {
      prepare: (home) => {
        put(home, '.aws/credentials.mfa-env-lock', gone);
        put(home, '.aws/credentials.mfa-env-0123456789abcdef', 'half');
      },
    },
    [
      /^warning: CREDENTIALS\.mfa-env-0123456789abcdef is left from an mfa-env that was killed: the next save removes it$/,
      /^warning: CREDENTIALS\.mfa-env-lock is left from/,
    ],
    0,
  ],
  [
    'a lock and a draft of a process that lives',
    {
      prepare: (home) => {
        put(home, '.aws/credentials.mfa-env-lock', holder(process.pid));
        put(home, '.aws/credentials.mfa-env-0123456789abcdef', 'half');
      },
    },
    [],
    0,
  ],
  [
    'a folder in the way of the lock',
    { prepare: (home) => mkdirSync(join(home.path, '.aws/credentials.mfa-env-lock')) },
    [/^error: CREDENTIALS\.mfa-env-lock is in the way of a lock/],
    1,
  ],
];

const lines: Row[] = [
  [
    'every line that is at fault',
    { credentials: `${healthy}nonsense\n[x]\n[x]\nregion : a\n  [y]\n[z\n[w]; c\n= b\n` },
    [
      /^error: CREDENTIALS:7: expected an '=' sign defining a property: mend that line/,
      /^error: CREDENTIALS:9: \[x\] stands a second time: make one section of the two/,
      /^error: CREDENTIALS:10: expected an '=' sign/,
      /^error: CREDENTIALS:11: a profile definition is indented/,
      /^error: CREDENTIALS:12: a profile definition must end with '\]'/,
      /^error: CREDENTIALS:13: a blank is missing between the header and its comment/,
      /^error: CREDENTIALS:14: property did not have a name/,
    ],
    1,
  ],
  [
    'a byte order mark',
    { credentials: `\ufeff${healthy}` },
    [/^error: CREDENTIALS:1: the file begins with a byte order mark/, /^error: prod has no source/],
    1,
  ],
  ['a NUL', { credentials: `${healthy}# \0\n` }, [/^error: CREDENTIALS:7: there is a NUL byte/], 1],
  [
    'a lone carriage return',
    { credentials: `${healthy}# \rx\n` },
    [/^error: CREDENTIALS:7: there is a carriage return/],
    1,
  ],
  [
    'lines that tools understand differently',
    { credentials: `${healthy}[x]\nregion = a ; b\nREGION2 = "c"\n[DEFAULT]\noutput = json\n` },
    [
      /^warning: CREDENTIALS:8: the AWS CLI takes the comment/,
      /^warning: CREDENTIALS:9: the JavaScript SDK does not know keys in capitals/,
      /^warning: CREDENTIALS:10: the AWS CLI gives the keys of \[DEFAULT\]/,
    ],
    0,
  ],
  [
    'those of other profiles, where one is named',
    { words: ['prod'], credentials: `${healthy}[x]\nregion = a ; b\n` },
    [/^prod: source prod-default, device arn:aws:iam::\d{12}:mfa\/\S+, region eu-west-1, sts http:\/\/127/],
    0,
  ],
  [
    'a key twice',
    { credentials: `${healthy}region = b\n` },
    [/^error: CREDENTIALS:7: the AWS CLI refuses a file in which region/],
    1,
  ],
  [
    'headers in the form of the other file',
    { credentials: `${healthy}[profile x]\n`, config: '[y]\n[sso-session s]\n[services t]\n' },
    [
      /^warning: CREDENTIALS:7: \[profile x\] is no profile in this file: write \[x\]/,
      /^warning: CONFIG:1: \[y\] is no profile in this file: write \[profile y\]$/,
    ],
    0,
  ],
  [
    'blanks in a header',
    { credentials: `${healthy}[ x ]\n` },
    [/^error: CREDENTIALS:7: blanks in the header: write it \[x\]/],
    1,
  ],
  [
    '[default] twice in two forms',
    { config: '[default]\nregion = a\n[profile default]\nregion = b\n' },
    [/^warning: CONFIG:1: \[default\] does not count beside \[profile default\]/],
    0,
  ],
];

const role = 'role_arn = arn:aws:iam::444455556666:role/admin\n';

const profiles: Row[] = [
  [
    'a profile that needs none',
    { config: '[profile s]\nsso_session = a\n', words: ['s'] },
    [/^error: CONFIG:2: s logs in by SSO, without an MFA code for STS: aws sso login --profile s$/, /^s: sts http/],
    1,
  ],
  [
    'a profile that is the source of another one',
    { credentials: healthy + savedLines({ expiresAt: long }), config: `[profile r]\n${role}source_profile = prod\n` },
    [/^warning: the saved session of prod has expired/],
    0,
  ],
  [
    'no profile for MFA',
    { credentials: `[plain]\n${keys}` },
    [/^warning: no profile names an MFA device: add a line such as aws_arn_mfa = arn:aws:iam::111122223333:mfa\/NAME/],
    0,
  ],
  [
    'profiles without MFA',
    { credentials: `${healthy}[plain]\n${keys}`, config: '[profile s]\nsso_session = a\n' },
    [],
    0,
  ],
  [
    'no such profile',
    { words: ['prd'] },
    [/^error: there is no profile prd in CREDENTIALS or CONFIG: did you mean prod/],
    1,
  ],
  [
    'half a pair of keys',
    { credentials: `${healthy}[x]\naws_secret_access_key = hunter2\n` },
    [/^error: CREDENTIALS:8: x has half a pair of keys: aws_access_key_id is missing: add/],
    1,
  ],
  [
    'a source that is still a placeholder',
    {
      credentials:
        '[prod-default]\naws_access_key_id = <id>\naws_secret_access_key = <secret>\n[prod]\naws_arn_mfa = <arn>\n',
    },
    [/^error: prod-default holds no long-lived keys/, /^error: CREDENTIALS:5: aws_arn_mfa is still a placeholder/],
    1,
  ],
  [
    'sources in a circle',
    {
      config: '[profile a]\nsource_profile = b\nmfa_serial = GAHT12345678\n[profile b]\nsource_profile = a\n',
      words: ['a'],
    },
    [/^error: the source profiles go round in a circle: a → b → a/, /^a: device GAHT12345678/],
    1,
  ],
  ['no device', { credentials: `[prod-default]\n${keys}[prod]\n` }, [/^error: prod has no MFA device: add a line/], 1],
  [
    'a security key',
    { credentials: `[prod-default]\n${keys}[prod]\naws_arn_mfa = arn:aws:iam::111122223333:u2f/user/ana/key-ABC\n` },
    [/^error: CREDENTIALS:5: arn:aws:iam::111122223333:u2f\/user\/ana\/key-ABC is a security key/],
    1,
  ],
  [
    'a user in place of a device',
    { credentials: `[prod-default]\n${keys}[prod]\naws_arn_mfa = arn:aws:iam::111122223333:user/team/ana\n` },
    [/^error: CREDENTIALS:5: \S+ names a user, not an MFA device: .* arn:aws:iam::111122223333:mfa\/ana$/],
    1,
  ],
  [
    'a malformed device, region and duration at once',
    {
      credentials: `[prod-default]\n${keys}[prod]\naws_arn_mfa = no device\nregion = Ireland\nduration_seconds = 60\n`,
    },
    [
      /^error: CREDENTIALS:5: no device is neither an ARN nor a serial number/,
      /^error: CREDENTIALS:6: Ireland is not a region/,
      /^error: CREDENTIALS:7: aws gives sessions of 15m to 36h/,
    ],
    1,
  ],
  [
    'a role that is none, and lives too long',
    { credentials: healthy, config: '[profile r]\nrole_arn = admin\nsource_profile = prod\n' },
    [/^error: CONFIG:2: role_arn is not one: admin/],
    1,
  ],
  ['a role', { config: `[profile r]\n${role}source_profile = prod\n` }, [], 0],
  [
    'a role without a source, which has no device either',
    { config: `[profile r]\n${role}`, words: ['r'] },
    [/^error: r has role_arn, and no source_profile/, /^error: r has no MFA device/, /^r: sts http/],
    1,
  ],
  [
    'mfa_env_save with another word',
    { credentials: `${healthy}mfa_env_save = yes\n` },
    [/^error: CREDENTIALS:7: mfa_env_save is true or false/],
    1,
  ],
  ['a living session', { credentials: healthy + savedLines() }, [], 0],
  [
    'an expired session',
    { credentials: healthy + savedLines({ expiresAt: long }) },
    [
      /^warning: the saved session of prod has expired 3h 1m ago: mfa-env prod --save gets another, mfa-env forget prod takes it out$/,
    ],
    0,
  ],
  [
    'an expiry of another form',
    { credentials: healthy + savedLines().replace(/(expires = ).*/, '$11700000000') },
    [/^warning: CREDENTIALS:10: x_security_token_expires is no time/],
    0,
  ],
  [
    'a session of another tool',
    { credentials: healthy + savedLines().replace(/x_security.*\n/, '') },
    [/^warning: CREDENTIALS:9: the session of prod has no x_security_token_expires, and is not used/],
    0,
  ],
  [
    'half a session',
    { credentials: healthy + savedLines().replace(/aws_session_token.*\n/, '') },
    // What is no session looks like keys, and the session of keys stands elsewhere.
    [],
    0,
  ],
  [
    'what other tools left beside a session',
    {
      credentials: `${healthy}${savedLines()}aws_security_token = hunter2\nexpiration = ${formatTime(long)}\n`,
    },
    [
      /^error: CREDENTIALS:11: aws_security_token is another token than aws_session_token, and the AWS CLI reads it first/,
      /^warning: CREDENTIALS:12: expiration is another time than x_security_token_expires/,
    ],
    1,
  ],
  [
    'a token beside long-lived keys',
    { credentials: healthy.replace('[prod]', 'aws_session_token = hunter2\n[prod]') },
    [/^error: CREDENTIALS:4: a session token stands beside the long-lived key of prod-default/],
    1,
  ],
  [
    'a session that a role hides',
    { credentials: `${healthy}[r]\n${savedLines()}`, config: `[profile r]\n${role}source_profile = prod\n` },
    [/^warning: CREDENTIALS:10: the session in \[r\] is not read/],
    0,
  ],
  [
    'a section for the session that is a profile of its own',
    { credentials: `[prod]\n${keys}aws_arn_mfa = ${user.device.serialNumber}\n[prod-mfa]\n${role}` },
    [/^warning: CREDENTIALS:6: \[prod-mfa\] is a profile of its own/],
    0,
  ],
  [
    'the same where sessions are to be saved',
    {
      credentials: `[prod]\n${keys}aws_arn_mfa = ${user.device.serialNumber}\nmfa_env_save = true\n[prod-mfa]\n${role}`,
    },
    [/^error: CREDENTIALS:7: \[prod-mfa\] is a profile of its own/],
    1,
  ],
  [
    'commands',
    {
      credentials: `${healthy}mfa_process = no-such-program --key hunter2\n`,
      config: `[profile c]\ncredential_process = sh -c "echo hunter2\n[profile d]\ncredential_process = sh -c 'echo hunter2'\n`,
    },
    [
      /^error: CREDENTIALS:7: mfa_process runs no-such-program, which is not there/,
      /^error: CONFIG:2: credential_process is no command: a quote is not closed/,
    ],
    1,
  ],
  [
    'a command in a file that the group can write',
    {
      config: '[profile c]\ncredential_process = sh -c true\n',
      prepare: (home) => chmodSync(home.configFile, 0o620),
    },
    [
      /^warning: others can write CONFIG \(mode 0620\)/,
      /^error: CONFIG:2: credential_process is not run: others can write the file: chmod go-w CONFIG$/,
    ],
    1,
  ],
  [
    'a command that calls mfa-env for the same profile',
    { config: '[profile loop]\ncredential_process = mfa-env loop --format process\n' },
    [/^error: CONFIG:2: the credential_process of loop calls mfa-env, which would call it again/],
    1,
  ],
  [
    'a command that calls mfa-env for another profile, or for its own with keys elsewhere',
    {
      config:
        '[profile cli]\ncredential_process = mfa-env prod --format process\n' +
        '[profile prod]\ncredential_process = mfa-env prod --format process\n',
    },
    [],
    0,
  ],
];

const session = {
  AWS_ACCESS_KEY_ID: 'ASIASAVED00000000001',
  AWS_SECRET_ACCESS_KEY: 'hunter2',
  AWS_SESSION_TOKEN: 'hunter2t',
};

const environment: Row[] = [
  ['a session of mfa-env', { env: { ...session, MFA_ENV_PROFILE: 'prod' } }, [], 0],
  [
    'a profile beside keys',
    { env: { ...session, AWS_PROFILE: 'prod' } },
    [/^error: AWS_PROFILE is set beside keys: some tools take the keys, others the profile: unset AWS_PROFILE/],
    1,
  ],
  [
    'long-lived keys',
    { env: { AWS_ACCESS_KEY_ID: user.accessKeyId, AWS_SECRET_ACCESS_KEY: 'hunter2' } },
    [/^warning: every program that this shell starts gets the long-lived key/],
    0,
  ],
  [
    'long-lived keys with a token',
    { env: { ...session, AWS_ACCESS_KEY_ID: user.accessKeyId } },
    [/^error: a session token stands beside a long-lived key in the environment/],
    1,
  ],
  [
    'an id alone',
    { env: { AWS_ACCESS_KEY_ID: 'ASIASAVED00000000001' } },
    [/^error: AWS_ACCESS_KEY_ID is set, and AWS_SECRET/],
    1,
  ],
  [
    'a secret alone',
    { env: { AWS_SECRET_ACCESS_KEY: 'hunter2' } },
    [/^error: AWS_SECRET_ACCESS_KEY is set, and AWS_ACC/],
    1,
  ],
  ['a token alone', { env: { AWS_SESSION_TOKEN: 'hunter2' } }, [/^error: AWS_SESSION_TOKEN is set without keys/], 1],
  [
    "a session's keys without a token",
    { env: { ...session, AWS_SESSION_TOKEN: '' } },
    [/^error: AWS_ACCESS_KEY_ID is a session's/],
    1,
  ],
  [
    'another token',
    { env: { ...session, AWS_SECURITY_TOKEN: 'hunter2o' } },
    [/^error: AWS_SECURITY_TOKEN is another token/],
    1,
  ],
  ['the same token', { env: { ...session, AWS_SECURITY_TOKEN: 'hunter2t' } }, [], 0],
  ['an account', { env: { ...session, AWS_ACCOUNT_ID: '1' } }, [/^warning: AWS_ACCOUNT_ID is set/], 0],
  [
    "other tools' sessions",
    { env: { ...session, MFA_ENV_PROFILE: 'prod', AWS_VAULT: 'x', AWSUME_PROFILE: 'y' } },
    [/^warning: AWS_VAULT is set beside a session/, /^warning: AWSUME_PROFILE is set beside/],
    0,
  ],
  [
    'a session that has expired',
    { env: { ...session, MFA_ENV_PROFILE: 'prod', AWS_CREDENTIAL_EXPIRATION: formatTime(long) } },
    [/^error: this shell's session of prod has expired 3h 1m ago: mfa-env prod gets another/],
    1,
  ],
  [
    'no expiry',
    { env: { ...session, AWS_CREDENTIAL_EXPIRATION: 'soon' } },
    [/^warning: AWS_CREDENTIAL_EXPIRATION is no time/],
    0,
  ],
  [
    'two regions',
    { env: { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' } },
    [/^warning: AWS_REGION and AWS_DEFAULT_REGION name different regions/],
    0,
  ],
  ['no region', { env: { AWS_REGION: 'Ireland' } }, [/^error: AWS_REGION is not a region/], 1],
  [
    'profiles that are not there',
    { env: { AWS_PROFILE: 'prd', MFA_ENV_PROFILE: 'nosuch' } },
    [
      /^error: AWS_PROFILE: there is no profile prd in CREDENTIALS or CONFIG: did you mean prod/,
      /^warning: MFA_ENV_PROFILE: there is no profile nosuch/,
    ],
    1,
  ],
  [
    'two profiles',
    { env: { AWS_PROFILE: 'prod', AWS_DEFAULT_PROFILE: 'prod-default' } },
    [/^warning: AWS_PROFILE and AWS_DEFAULT_PROFILE name different/],
    0,
  ],
  [
    'an endpoint that the environment alone names',
    { env: { AWS_ENDPOINT_URL_STS: 'https://ana:hunter2@sts.test.example' } },
    [/^error: AWS_ENDPOINT_URL_STS must not hold a user, a password/],
    1,
  ],
  [
    'the same without a password',
    { env: { AWS_ENDPOINT_URL_STS: 'https://sts.test.example/x?hunter2' } },
    [/^error: AWS_ENDPOINT_URL_STS must not hold/],
    1,
  ],
  [
    'the same as a plain host',
    { env: { AWS_ENDPOINT_URL_STS: 'https://sts.test.example' } },
    [/^error: AWS_ENDPOINT_URL_STS alone names https:\/\/sts\.test\.example, which is not aws/],
    1,
  ],
  ['harmless options of Node', { env: { NODE_OPTIONS: '--max-old-space-size=400' } }, [], 0],
  [
    'telling options of Node',
    { env: { NODE_OPTIONS: '--report-on-signal --require=/dev/null --tls_keylog=/dev/null' } },
    [
      /^error: NODE_OPTIONS has --report-on-signal, which shows or stores/,
      /^warning: NODE_OPTIONS has --require: other code runs in mfa-env/,
      /^error: NODE_OPTIONS has --tls-keylog/,
    ],
    1,
  ],
  ['NODE_DEBUG', { env: { NODE_DEBUG: 'x,htt*' } }, [/^error: NODE_DEBUG would print keys and tokens/], 1],
  [
    'certificates that are not checked',
    { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
    [/^warning: NODE_TLS_REJECT_UNAUTHORIZED=0 lets other programs/],
    0,
  ],
  [
    'certificates for Node',
    { env: { NODE_EXTRA_CA_CERTS: '/dev/null' } },
    [/^warning: NODE_EXTRA_CA_CERTS slows each start of mfa-env/],
    0,
  ],
  [
    'MFA_ENV_SAVE with a word',
    { env: { MFA_ENV_SAVE: 'true' } },
    [/^warning: MFA_ENV_SAVE counts only where it is 1/],
    0,
  ],
  ['MFA_ENV_SAVE=0', { env: { MFA_ENV_SAVE: '0' } }, [], 0],
  [
    "the mark of mfa-env's commands",
    { env: { MFA_ENV_COMMAND: 'mfa_process' } },
    [/^error: mfa-env was started by the mfa_process/],
    1,
  ],
  [
    'ALL_PROXY alone',
    { env: { ALL_PROXY: 'http://ana:hunter2@h', HTTPS_PROXY: '' } },
    [/^warning: ALL_PROXY does not count/],
    0,
  ],
];

const shells: Row[] = [
  [
    'an older function',
    { env: { MFA_ENV_FUNCTION: '0.0.1' } },
    [/^warning: this shell's function is of mfa-env 0\.0\.1, and this is/],
    0,
  ],
  ['a function of this version', { env: { MFA_ENV_FUNCTION: version } }, [], 0],
  [
    'universal variables of fish',
    {
      prepare: (home) =>
        put(
          home,
          '.config/fish/fish_variables',
          'SETUVAR --export AWS_PROFILE:hunter2\nSETUVAR MFA_ENV_PROFILE:hunter2\nSETUVAR AWS_SESSION_TOKEN:hunter2\n' +
            'SETUVAR --export AWS_REGION:eu\\x2dwest\\x2d1\n',
        ),
    },
    [
      /^error: AWS_PROFILE is a universal variable of fish, and in force in each of its shells: set -eU AWS_PROFILE$/,
      /^error: HOME\/\.config\/fish\/fish_variables holds the universal variable AWS_SESSION_TOKEN: a secret on the disk: set -eU/,
    ],
    1,
  ],
  [
    'a file without a function',
    { prepare: (home) => put(home, '.mfa-env.bash', 'false;\n') },
    [/^warning: HOME\/\.mfa-env\.bash holds no function of mfa-env: mfa-env init bash > HOME\/\.mfa-env\.bash$/],
    0,
  ],
];

for (const [title, rows] of Object.entries({ files, lines, profiles, environment, shells }))
  suite(title, { concurrency: 2 }, () => {
    for (const [what, setUp, found, status] of rows)
      test(what, async () => {
        const ended = await examine(setUp);
        const { lines, summary } = split(ended);
        assert.equal(lines.length, found.length, ended.stdout + ended.stderr);
        for (const [index, pattern] of found.entries()) assert.match(lines[index] ?? '', pattern);
        assert.deepEqual([ended.status, ended.stderr], [status, '']);
        assert.match(summary, status === 1 ? /^\d+ errors?\b.*; checked: / : /^(all is well|\d+ warnings?); checked: /);
      });
  });

suite('the functions in their files', { concurrency: 2 }, () => {
  const kept: [shell: string, words: string[], path: string][] = [
    ['bash', [], '.mfa-env.bash'],
    ['bash', ['--cmd', 'mfa', '--hook'], '.mfa-env.bash'],
    ['zsh', ['--hook'], '.mfa-env.zsh'],
    ['zsh', ['--cmd', 'mfa'], '.mfa-env.zsh'],
    ['fish', ['--cmd', 'mfa', '--hook'], '.config/fish/conf.d/mfa-env.fish'],
    ['fish', [], '.config/fish/conf.d/mfa-env.fish'],
    ['direnv', [], '.config/direnv/lib/mfa-env.sh'],
  ];
  for (const [shell, words, path] of kept)
    test(`${shell} ${words.join(' ')}`, async () => {
      const made = await runMfaEnv(['init', shell, ...words], makeHome({}).env);
      const found = async (text: string, mode = 0o644) =>
        split(await examine({ prepare: (home) => put(home, path, text, mode) })).lines;
      const anew = `mfa-env init ${[shell, ...words].join(' ')} > HOME/${path}`;
      assert.deepEqual(await found(made.stdout), []);
      assert.deepEqual(
        await found(made.stdout.replaceAll(`MFA_ENV_FUNCTION='${version}'`, "MFA_ENV_FUNCTION='0.0.1'")),
        [`warning: HOME/${path} is of mfa-env 0.0.1, and this is ${version}: ${anew}`],
      );
      assert.deepEqual(await found(made.stdout.replaceAll(program, '/nonexistent/cli.cjs')), [
        `warning: HOME/${path} calls /nonexistent/cli.cjs, which is not there any more: ${anew}`,
      ]);
      assert.deepEqual(await found(made.stdout.replaceAll(program, '/bin/sh')), [
        `warning: HOME/${path} calls /bin/sh, and this is ${program}: if this one is meant: ${anew}`,
      ]);
      assert.deepEqual(await found(made.stdout, 0o666), [
        `error: others can write HOME/${path}, which your shells run: chmod go-w HOME/${path}`,
      ]);
    });

  test('the function hands its version on', { skip: unless('bash') }, async () => {
    const home = makeHome({ credentials: healthy }, { AWS_ENDPOINT_URL_STS: sts.url });
    const made = await runMfaEnv(['init', 'bash'], home.env);
    writeFileSync(join(home.path, 'old.bash'), made.stdout.replaceAll(`='${version}'`, "='0.0.1'"));
    const { stdout } = await run('bash', ['--norc', '-c', '. ./old.bash && mfa-env doctor prod'], home.env);
    assert.match(stdout, /^warning: this shell's function is of mfa-env 0\.0\.1/m);
  });
});

suite('the network', () => {
  afterEach(() => {
    sts.clearFaults();
    sts.clockOffsetSeconds = 0;
  });

  const clocks: [seconds: number, found: RegExp[], status: number][] = [
    [10, [], 0],
    [-100, [/^warning: this machine's clock is (99|100|101) seconds ahead of aws: set it right/], 0],
    [1020, [/^error: this machine's clock is 17 minutes behind aws: set it right/], 1],
  ];
  for (const [seconds, found, status] of clocks)
    test(`AWS's clock is ${seconds} s ahead`, async () => {
      sts.clockOffsetSeconds = seconds;
      const ended = await examine({});
      const { lines } = split(ended);
      assert.equal(lines.length, found.length, ended.stdout);
      for (const [index, pattern] of found.entries()) assert.match(lines[index] ?? '', pattern);
      assert.equal(ended.status, status);
    });

  test('STS is called once for all profiles, without keys, and NODE_DEBUG keeps it from being called', async () => {
    const before = sts.requests.length;
    const credentials = healthy + sectionsOf('stage', user);
    await examine({ credentials });
    const [request, ...more] = sts.requests.slice(before);
    assert.deepEqual([more.length, request?.headers.authorization, request?.path], [0, undefined, '/']);
    await examine({ env: { NODE_DEBUG: 'https' } });
    assert.equal(sts.requests.length, before + 1);
  });

  test('a server that fails is worth knowing', async () => {
    sts.fault('http-503');
    const ended = await examine({});
    assert.match(ended.stdout, /^warning: http:\/\/127\.0\.0\.1:\d+ answers with status 503: try again later$/m);
    assert.equal(ended.status, 0);
  });

  test('a connection that breaks, and a host that refuses', async () => {
    sts.fault('reset-before');
    assert.match(
      (await examine({})).stdout,
      /^error: http:\/\/127\.0\.0\.1:\d+ broke the connection \(ECONNRESET\): check/m,
    );
    const { stdout, status } = await examine({ env: { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:9' } });
    assert.match(stdout, /^error: http:\/\/127\.0\.0\.1:9 refuses connections: check the network$/m);
    assert.equal(status, 1);
  });

  test('profiles with silent servers are waited for together', async () => {
    const servers = await Promise.all([takesNoConnections(), agreesOnNoEncryption(), answersNothing()]);
    const sections = servers.map(({ url }, index) => sectionsOf(`p${index}`, user, `endpoint_url = ${url}\n`));
    const begin = performance.now();
    const { stdout, status } = await examine({ credentials: sections.join('\n'), env: { AWS_ENDPOINT_URL_STS: '' } });
    const seconds = (performance.now() - begin) / 1000;
    for (const server of servers) server.close();
    assert.equal(stdout.match(/^error: https?:\/\/127\.0\.0\.1:\d+ did not answer within 5 s/gm)?.length, 2, stdout);
    assert.match(stdout, /^error: http:\/\/127\.0\.0\.1:\d+ took the connection and did not answer within 5 s/m);
    assert.equal(status, 1);
    assert.ok(seconds > 5 && seconds < 9, `${seconds} s`);
  });

  test('--endpoint-url is called, and a wrong one is wrong usage', async () => {
    const before = sts.requests.length;
    const { status } = await examine({ words: ['--endpoint-url', sts.url], env: { AWS_ENDPOINT_URL_STS: '' } });
    assert.deepEqual([status, sts.requests.length], [0, before + 1]);
    const wrong = await examine({ words: ['--endpoint-url', 'nonsense'] });
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /^mfa-env: error: --endpoint-url is not a URL/);
  });

  test('by proxies and certificates', { skip: unless('openssl') }, async () => {
    const aws = 'sts.eu-west-1.amazonaws.com';
    const company = makeAuthority('Company');
    const front = await startTlsFront(sts.url, company.issue(`DNS:${aws}`));
    const open = await startProxy({ [`${aws}:443`]: front.port });
    const guarded = await startProxy({}, { credentials: 'ana:else' });
    const by = (proxy: string, more: Record<string, string> = {}) =>
      examine({ env: { AWS_ENDPOINT_URL_STS: '', HTTPS_PROXY: proxy, AWS_CA_BUNDLE: company.file, ...more } });

    const well = await by(`http://ana:hunter2@${open.host}`);
    assert.deepEqual([split(well).lines, well.status], [[], 0], well.stdout);
    assert.match(
      well.stdout,
      /https:\/\/sts\.eu-west-1\.amazonaws\.com through the proxy http:\/\/127\.0\.0\.1:\d+ with the cert/,
    );
    const rows: [Promise<Ended>, RegExp][] = [
      [
        by(`http://${open.host}`, { AWS_CA_BUNDLE: '' }),
        /^error: the certificate of https:\S+, through the proxy http:\S+, is not to/m,
      ],
      [
        by(`http://ana:hunter2@${guarded.host}`),
        /^error: the proxy http:\/\/127\S+ refused the user and password \(407\): put/m,
      ],
      [by('http://127.0.0.1:9'), /^error: the proxy http:\/\/127\.0\.0\.1:9 refuses connections: check HTTPS_PROXY/m],
      [by('socks5://ana:hunter2@127.0.0.1:9'), /^error: HTTPS_PROXY names a proxy of the kind socks5/m],
      [
        by(`http://${open.host}`, { AWS_CA_BUNDLE: '/nonexistent' }),
        /^error: AWS_CA_BUNDLE names \/nonexistent, which does not/m,
      ],
    ];
    for (const [ended, pattern] of rows) {
      const { stdout, status } = await ended;
      assert.match(stdout, pattern);
      assert.equal(status, 1);
    }
    front.close();
    open.close();
    guarded.close();
  });
});

const nodes: [version: string, day: string, found: string[]][] = [
  ['v18.20.0', '2026-01-01', ['error']],
  ['v20.20.2', '2026-04-30', []],
  ['v20.20.2', '2026-05-01', ['warning']],
  ['v24.1.0', '2026-11-24', []],
  ['v27.0.0', '2030-01-01', []],
];
for (const [text, day, found] of nodes)
  test(`Node ${text} on ${day}: ${found[0] ?? 'well'}`, () => {
    const levels = checkNodeVersion(text, new Date(`${day}T12:00:00Z`)).map(({ level }) => level);
    assert.deepEqual(levels, found);
  });

test('another mfa-env on the PATH, and none', async () => {
  const other = await examine({
    prepare: (home) => {
      rmSync(join(home.path, 'bin/mfa-env'));
      put(home, 'old/dist/cli.cjs', '', 0o755);
      put(home, 'old/package.json', '{ "name": "mfa-env", "version": "0.0.1" }');
      symlinkSync(join(home.path, 'old/dist/cli.cjs'), join(home.path, 'bin/mfa-env'));
    },
  });
  assert.match(
    other.stdout,
    /^warning: the mfa-env on the PATH is HOME\/bin\/mfa-env \(0\.0\.1\), and this is \S+ \(\d/m,
  );
  const none = await examine({ prepare: (home) => rmSync(join(home.path, 'bin/mfa-env')) });
  assert.match(none.stdout, /^warning: mfa-env is not on the PATH: add the folder of/m);
});

test('--json has the same findings under keys that stay', async () => {
  const ended = await examine({ words: ['prod', '--json'], credentials: `${healthy}mfa_process = no-such-program\n` });
  const { findings, ...rest } = JSON.parse(ended.stdout);
  const [found, ...more] = findings.filter(({ about }: { about: string }) => about !== 'program');
  const oldNode = findings.length - 1;
  assert.deepEqual(found, {
    level: 'error',
    about: 'profiles',
    profile: 'prod',
    what: 'CREDENTIALS:7: mfa_process runs no-such-program, which is not there',
    hint: 'install it, or write its whole path: there is no shell, so ~ and variables mean nothing',
  });
  assert.deepEqual(more, []);
  assert.deepEqual(rest, {
    version,
    errors: 1,
    warnings: oldNode,
    checked: ['files', 'profiles', 'environment', 'shells', 'network', 'program'],
    profiles: [
      {
        name: 'prod',
        source: 'prod-default',
        device: user.device.serialNumber,
        region: 'eu-west-1',
        endpoint: sts.url,
      },
    ],
    profilesLeftOut: 0,
  });
  assert.deepEqual([ended.status, ended.stderr], [1, '']);
});

test('of very many profiles the first are looked at, and those of the environment, and all lines', async () => {
  const names = Array.from({ length: 3000 }, (_, index) => `p${index}`);
  const credentials = `${names.map((name) => `[${name}]\nmfa_serial = GAHT12345678\n${keys}`).join('')}x\n`;
  const begin = performance.now();
  const { stdout, status } = await examine({ credentials, env: { AWS_PROFILE: 'p2998' }, words: ['--json'] });
  const { profiles, profilesLeftOut, findings } = JSON.parse(stdout);
  assert.deepEqual([profiles.length, profiles[0].name, profilesLeftOut, status], [100, 'p2998', 2900, 1]);
  assert.equal(findings[0].what, "CREDENTIALS:12001: expected an '=' sign defining a property");
  assert.ok(performance.now() - begin < 10_000);
});

test('colours are for terminals, and not for those who want none', async () => {
  const home = makeHome({ credentials: `${healthy}mfa_env_save = 1\n` }, { AWS_ENDPOINT_URL_STS: sts.url });
  const onTerminal = async (env: Record<string, string>) => {
    const seat = sitDown('node', [program, 'doctor'], { ...home.env, ...env });
    await seat.ended;
    return seat.screen();
  };
  assert.ok((await onTerminal({})).includes('\x1b[1;31merror\x1b[m: '));
  assert.ok(!(await onTerminal({ NO_COLOR: '1' })).includes('\x1b['));
  assert.ok(!(await onTerminal({ TERM: 'dumb' })).includes('\x1b['));
  assert.ok(!(await runMfaEnv(['doctor'], home.env)).stdout.includes('\x1b['));
});

test('certificates for Node that are not there', async () => {
  const { stdout, status } = await examine({ env: { NODE_EXTRA_CA_CERTS: '/nonexistent.pem' } });
  assert.match(
    stdout,
    /^warning: NODE_EXTRA_CA_CERTS names \/nonexistent\.pem, which cannot be read: Node goes on without/m,
  );
  assert.equal(status, 0);
});

test('names from files cannot move the cursor', async () => {
  const { stdout } = await examine({ credentials: `${healthy}[\x1b[31mx]\n` });
  assert.match(stdout, /^warning: CREDENTIALS:7: \[\\x1b\[31mx\] is no profile in this file/m);
});
