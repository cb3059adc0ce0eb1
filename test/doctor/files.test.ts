/** What lies in the folder of the two files, and whose it is. */

import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Home } from '../harness.ts';
import { healthy, keys, put, type Row, testRows } from './examine.ts';

const holder = (pid: number) =>
  JSON.stringify({ token: '0123456789abcdef', pid, host: hostname(), processes: '', started: '' });

// No process has a number above the kernel's limit, which is 2^22 at most (proc(5)).
const gone = holder(5_000_000);

function link(home: Home, target: string): void {
  rmSync(home.credentialsFile);
  symlinkSync(join(home.path, target), home.credentialsFile);
}

const files: Row[] = [
  ['two plain sections', {}, [], 0],
  [
    'no files at all',
    { prepare: (home) => rmSync(home.credentialsFile) },
    [/^error: there is neither CREDENTIALS nor CONFIG: type mfa-env setup/],
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
    [/^error: CREDENTIALS is not a regular file: move it out of the way: mv CREDENTIALS CREDENTIALS\.old$/],
    1,
  ],
  [
    'a symbolic link',
    {
      prepare: (home) => {
        put(home, 'dotfiles/credentials', healthy);
        link(home, 'dotfiles/credentials');
      },
    },
    [],
    0,
  ],
  [
    'a link that leads nowhere',
    { prepare: (home) => symlinkSync(join(home.path, 'none'), home.configFile) },
    [
      /^warning: CONFIG is a link to what does not exist: HOME\/none: let it lead to a file, or take it away: rm CONFIG$/,
    ],
    0,
  ],
  [
    'a link for the keys that leads nowhere',
    { prepare: (home) => link(home, 'none') },
    [/^error: CREDENTIALS is a link to what does not exist: HOME\/none/],
    1,
  ],
  [
    'a link to itself',
    { prepare: (home) => link(home, '.aws/credentials') },
    [/^error: cannot read CREDENTIALS: ELOOP: it is a link to itself: rm CREDENTIALS$/],
    1,
  ],
  [
    'a file in place of the folder',
    {
      prepare: (home) => {
        rmSync(dirname(home.credentialsFile), { recursive: true });
        put(home, '.aws', '');
      },
    },
    [/^error: there is neither/, /^error: HOME\/\.aws is not a folder: move it away/],
    1,
  ],
  [
    'an empty file',
    { credentials: '' },
    [/^warning: there is no profile in CREDENTIALS or CONFIG: type mfa-env setup/],
    0,
  ],
  [
    'a folder of a link that everyone can write',
    {
      prepare: (home) => {
        put(home, 'dotfiles/credentials', healthy);
        link(home, 'dotfiles/credentials');
        chmodSync(dirname(home.credentialsFile), 0o777);
      },
    },
    [/^error: everyone can write into the folder HOME\/\.aws: chmod go-w HOME\/\.aws$/],
    1,
  ],
  [
    'a folder of the file behind a link that everyone can write',
    {
      prepare: (home) => {
        put(home, 'dotfiles/aws/credentials', healthy);
        link(home, 'dotfiles/aws/credentials');
        chmodSync(join(home.path, 'dotfiles/aws'), 0o777);
        chmodSync(join(home.path, 'dotfiles'), 0o777);
      },
    },
    [
      /^error: everyone can write into the folder HOME\/dotfiles\/aws: chmod/,
      /^error: everyone can write into the folder HOME\/dotfiles, and put other files into the place of yours: chmod o-w/,
    ],
    1,
  ],
  [
    'a HOME that everyone can write',
    { prepare: (home) => chmodSync(home.path, 0o777) },
    [/^error: everyone can write into the folder HOME, and put other files into the place of yours: chmod o-w HOME$/],
    1,
  ],
  [
    'a HOME that everyone can write, where each can take away only what is theirs',
    { prepare: (home) => chmodSync(home.path, 0o1777) },
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

testRows('files', files);
