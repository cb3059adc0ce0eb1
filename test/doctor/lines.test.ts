/** Lines that tools refuse, or do not agree on. */

import { healthy, type Row, testRows } from './examine.ts';

const lines: Row[] = [
  [
    'every line that is at fault',
    { credentials: `${healthy}nonsense\n[x]\n[x]\nregion : a\n  [y]\n[z\n[w]; c\n= b\n` },
    [
      /^error: CREDENTIALS:7: expected an '=' sign defining a property: fix that line/,
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
    [
      /^error: CREDENTIALS:1: the file begins with a byte order mark.*: save it as UTF-8 without BOM: cp -p CREDENTIALS .* tail -c \+4 CREDENTIALS/,
    ],
    1,
  ],
  [
    'a byte order mark, and what is wrong besides',
    { credentials: `\ufeff${healthy}duration_seconds = 1\n`, words: ['prod'] },
    [
      /^error: CREDENTIALS:1: the file begins with a byte order mark/,
      /^error: CREDENTIALS:7: aws gives sessions of 15m to 36h, not of 1: write duration_seconds = /,
      /^prod: source prod-default/,
    ],
    1,
  ],
  [
    'a NUL',
    { credentials: `${healthy}# \0\n` },
    [/^error: CREDENTIALS:7: there is a NUL byte: convert it to UTF-8: cp -p CREDENTIALS/],
    1,
  ],
  [
    "UTF-16 that PowerShell's >> appended",
    { credentials: `${healthy}${Buffer.from('[x]\r\n', 'utf16le').toString('latin1')}` },
    [/^error: CREDENTIALS:7: there is UTF-16 text, as PowerShell 5 writes it: convert it to UTF-8: cp -p CREDENTIALS/],
    1,
  ],
  [
    'a lone carriage return',
    { credentials: `${healthy}# \rx\n` },
    [/^error: CREDENTIALS:7: there is a carriage return that ends no line: convert its line ends: cp -p CREDENTIALS/],
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
    { credentials: `${healthy}[profile x]\n`, config: '[y]\n[sso-session s]\n[services t]\n[Profile z]\n' },
    [
      /^warning: CREDENTIALS:7: \[profile x\] is no profile in this file: write \[x\]/,
      /^warning: CONFIG:1: \[y\] is no profile in this file: write \[profile y\]$/,
      /^warning: CONFIG:4: \[Profile z\] is no profile in this file: write \[profile z\]$/,
    ],
    0,
  ],
  [
    'names that only some tools take',
    { credentials: `${healthy}[jürgen]\n`, config: '[my role]\n[profile my role]\n' },
    [
      /^warning: CREDENTIALS:7: \[jürgen\] is no profile in this file: rename it, for example to \[jurgen\]: some AWS tools/,
      /^warning: CONFIG:1: \[my role\] is no profile in this file: rename it, for example to \[profile my-role\]/,
      /^warning: CONFIG:2: \[profile my role\] is no profile in this file: rename it, for example to \[profile my-role\]/,
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

testRows('lines', lines);
