/**
 * Somebody who chooses a name or a path (the author of an .envrc, an archive, a shared file) waits for a user to paste a hint.
 *
 * The program runs below each shell, with hostile names. The hints that it gives are pasted into that shell, whole, and each command
 * in them alone; commands on the PATH record what they are called with. Nothing else may run, and the names have to arrive as they are.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findProgram, makeHome, program, root, unless } from '../harness.ts';

interface Case {
  title: string;
  /** What is hostile: a name, or the HOME in which the files are. */
  is: 'name' | 'HOME';
  args: (name: string) => string[];
  env?: (name: string) => Record<string, string>;
  /** Writes the files. @param aws The folder of the AWS files. */
  prepare?: (aws: string, name: string) => void;
  /** A command in the hint: what is before the hostile word, the end of that word, and what is after it. */
  command?: [before: string, end: string, after: string];
  /** Some names never get as far as the hint. */
  except?: RegExp;
}

const keys =
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n';
const device = 'aws_arn_mfa = arn:aws:iam::111122223333:mfa/ana\n';
const sections = `[prod-default]\n${keys}${device}\n[prod]\nregion = eu-west-1\n`;
const put = (path: string, text: string, mode = 0o600) => {
  writeFileSync(path, text);
  chmodSync(path, mode);
};
const quotedInFile = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
const session = { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEEXAMPLE00', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'x' };

const cases: Case[] = [
  {
    title: 'a variable says which session the shell has',
    is: 'name',
    args: () => ['doctor'],
    env: (name) => ({ MFA_ENV_PROFILE: name }),
    command: ['mfa-env ', '', ' gets one'],
  },
  {
    title: "this shell's session has expired",
    is: 'name',
    args: () => ['doctor'],
    env: (name) => ({ MFA_ENV_PROFILE: name, ...session, AWS_SESSION_EXPIRATION: '2020-01-01T00:00:00Z' }),
    command: ['mfa-env ', '', ' gets another'],
  },
  {
    title: 'a profile and a code in one word',
    is: 'name',
    args: (name) => [`--profile=${name}:123456`],
    command: ['mfa-env ', '', ' CODE'],
    except: /\n/,
  },
  {
    title: "a profile for AWS's own tools, whose command names another one",
    is: 'name',
    args: () => ['x'],
    prepare: (aws, name) =>
      put(join(aws, 'config'), `[profile x]\ncredential_process = mfa-env ${quotedInFile(name)} --format process\n`),
    command: ['type mfa-env ', '', ': the name'],
    except: /\n|^-/,
  },
  {
    title: 'mfa-env below its own command',
    is: 'name',
    args: (name) => [`--profile=${name}`],
    env: () => ({ MFA_ENV_COMMAND: 'credential_process' }),
  },
  {
    title: 'a session of another profile stays in the shell',
    is: 'name',
    args: () => ['nosuch'],
    env: (name) => ({ MFA_ENV_PROFILE: name }),
  },
  { title: 'a profile that is not there', is: 'name', args: () => [], env: (name) => ({ AWS_PROFILE: name }) },
  { title: 'a source that is not there', is: 'name', args: (name) => ['prod', `--source=${name}`] },
  { title: 'setup', is: 'name', args: (name) => ['setup', `--profile=${name}`, '--no-prompt'] },
  { title: 'setup, for the name of a source', is: 'name', args: (name) => ['setup', `--profile=${name}-default`] },
  { title: 'forget', is: 'name', args: (name) => ['forget', `--profile=${name}`] },
  { title: 'exec', is: 'name', args: (name) => ['exec', `--profile=${name}`, '--', 'true'] },
  {
    title: 'a source_profile of the files',
    is: 'name',
    args: () => ['x'],
    prepare: (aws, name) => put(join(aws, 'config'), `[profile x]\nsource_profile = ${name}\n`),
  },
  {
    title: 'a section',
    is: 'name',
    args: (name) => [`--profile=${name}`],
    prepare: (aws, name) => put(join(aws, 'config'), `[profile ${name}]\nregion = eu-west-1\n`),
  },
  {
    title: 'services',
    is: 'name',
    args: () => ['doctor'],
    prepare: (aws, name) => put(join(aws, 'config'), `[profile prod]\nservices = ${name}\n`),
  },
  {
    title: 'others can read the credentials file',
    is: 'HOME',
    args: () => ['doctor'],
    prepare: (aws) => put(join(aws, 'credentials'), sections, 0o644),
    command: ['chmod 600 ', '/.aws/credentials', ''],
  },
  {
    title: 'others can write into the folder',
    is: 'HOME',
    args: () => ['doctor'],
    prepare: (aws) => chmodSync(aws, 0o777),
    command: ['chmod go-w ', '/.aws', ''],
  },
  {
    title: 'others can write into the folder, and a session is to be saved',
    is: 'HOME',
    args: () => ['prod', '123456', '--save'],
    prepare: (aws) => chmodSync(aws, 0o777),
    command: ['chmod o-w ', '/.aws', ''],
  },
  {
    title: 'the credentials file has a second name',
    is: 'HOME',
    args: () => ['prod', '123456', '--save'],
    prepare: (aws) => linkSync(join(aws, 'credentials'), join(aws, 'second')),
    command: ['cp -p ', '/.aws/credentials', ' '],
  },
  {
    title: 'a file with a byte order mark',
    is: 'HOME',
    args: () => ['prod', '123456', '--save'],
    prepare: (aws) => put(join(aws, 'credentials'), `\ufeff${sections}`),
    command: ['cp -p ', '/.aws/credentials', ' '],
  },
  {
    title: 'others can write a file with a command',
    is: 'HOME',
    args: () => ['x', '123456'],
    prepare: (aws) => put(join(aws, 'config'), `[profile x]\n${device}credential_process = true\n`, 0o666),
    command: ['chmod go-w ', '/.aws/config', ''],
  },
  {
    title: 'a link that leads nowhere',
    is: 'HOME',
    args: () => ['doctor'],
    prepare: (aws) => {
      rmSync(join(aws, 'credentials'));
      symlinkSync('nowhere', join(aws, 'credentials'));
    },
    command: ['rm ', '/.aws/credentials', ''],
  },
  {
    title: 'a folder in the place of a file',
    is: 'HOME',
    args: () => ['doctor'],
    prepare: (aws) => mkdirSync(join(aws, 'config')),
    command: ['mv ', '/.aws/config', ' '],
  },
  {
    title: 'a profile without a device',
    is: 'HOME',
    args: () => ['prod', '--no-prompt'],
    prepare: (aws) => put(join(aws, 'credentials'), `[prod-default]\n${keys}`),
  },
  {
    title: 'a profile without keys',
    is: 'HOME',
    args: () => ['prod', '--no-prompt'],
    prepare: (aws) => put(join(aws, 'credentials'), `[prod]\n${device}`),
  },
  {
    title: 'a header of the other file',
    is: 'HOME',
    args: () => ['prod'],
    prepare: (aws) => put(join(aws, 'credentials'), `[profile prod]\n${keys}`),
  },
  {
    title: 'a file that is not there',
    is: 'HOME',
    args: () => ['prod'],
    prepare: (aws) => rmSync(join(aws, 'credentials')),
  },
];

// CANARY is a path in a variable, so that the names have no slash.
const names = {
  statements: 'p;touch $CANARY;#|touch $CANARY|&touch $CANARY&',
  'quotes that end': `p';touch $CANARY;'";touch $CANARY;"\\';touch $CANARY;\\'\\`,
  expansions: '~$(touch $CANARY)`touch $CANARY`<>*?[a]{b,c}(touch $CANARY)!1',
  'a line end': 'p\ntouch $CANARY\n',
  'escape sequences': 'p\x1b[2K\u202e;touch $CANARY;\x07',
  'an option': '-p;touch $CANARY',
};

interface Reader {
  name: string;
  command: string;
  args: string[];
  /** Whether it can be told bytes that are not shown. */
  hasEscapes: boolean;
}

const readers: Reader[] = [
  { name: 'bash', command: 'bash', args: ['--norc', '-c'], hasEscapes: true },
  { name: 'zsh', command: 'zsh', args: ['-f', '-c'], hasEscapes: true },
  { name: 'dash', command: 'dash', args: ['-c'], hasEscapes: false },
  { name: 'fish', command: 'fish', args: ['--no-config', '-c'], hasEscapes: false },
  { name: 'tcsh', command: 'tcsh', args: ['-f', '-c'], hasEscapes: false },
];

/** A HOME, whose own name is as hostile as it is to be, and a PATH on which every command of hints only records. */
function makePlace(hostile: string) {
  const outer = makeHome({});
  // The program takes slashes and backslashes from the end of HOME.
  const home = join(outer.path, `${hostile}.d`);
  const aws = join(home, '.aws');
  mkdirSync(aws, { recursive: true, mode: 0o700 });
  put(join(aws, 'credentials'), sections);
  const stage = join(outer.path, 'stage');
  mkdirSync(stage);
  for (const name of 'mfa-env aws chmod chown sudo rm mv cp ls ln iconv env tr tail'.split(' '))
    put(join(stage, name), '#!/bin/sh\nprintf "%s\\0" "$#" "$(basename "$0")" "$@" >> "$RECORD"\n', 0o755);
  for (const name of ['touch', 'basename']) symlinkSync(findProgram(name) ?? '', join(stage, name));
  const [record, canary] = [join(outer.path, 'record'), join(outer.path, 'canary')];
  return {
    home,
    aws,
    canary,
    env: { ...outer.env, HOME: home, CANARY: canary, AWS_REGION: 'eu-west-1' } as Record<string, string>,
    paste({ command, args }: Reader, text: string): string[] {
      rmSync(record, { force: true });
      spawnSync(findProgram(command) ?? command, [...args, text], {
        cwd: stage,
        env: { HOME: outer.path, LANG: 'C.UTF-8', PATH: stage, RECORD: record, CANARY: canary },
        timeout: 10_000,
      });
      return existsSync(record) ? readFileSync(record, 'utf8').split('\0').slice(0, -1) : [];
    },
  };
}

/** Calls the program below a shell, which shows what it is called by. @returns its hints. */
function askForHints({ command, args }: Reader, words: string[], env: Record<string, string>): string[] {
  const json = words[0] === 'doctor' ? [...words, '--json'] : words;
  // A shell that has more to do stays, and a launcher in between is looked through.
  const launcher = `require('child_process').spawnSync(process.execPath, JSON.parse(process.env.WORDS), { stdio: 'inherit' })`;
  const { stdout, stderr } = spawnSync(command, [...args, '"$NODE" -e "$LAUNCHER"; true'], {
    env: { ...env, NODE: process.execPath, LAUNCHER: launcher, WORDS: JSON.stringify([program, ...json]) },
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.ok(!/this is a bug/.test(stderr), stderr);
  if (words[0] === 'doctor') return JSON.parse(stdout).findings.map(({ hint }: { hint: string }) => hint);
  const hints = stderr.split('\n').flatMap((line) => /^mfa-env: hint: (.*)/.exec(line)?.slice(1) ?? []);
  assert.ok(/^mfa-env: error: /m.test(stderr), stderr);
  return hints;
}

const byHand = 'a command by hand, since a name in it cannot be typed here';

suite('who chooses a name or a path gets nothing run by those who paste a hint', { concurrency: 4 }, () => {
  for (const reader of readers)
    for (const { title, is, args, env, prepare, command, except } of cases) {
      // A sentence is the same in all of them.
      if (!command && !['bash', 'fish'].includes(reader.name)) continue;
      test(`${title}, in ${reader.name}`, { skip: unless(reader.command) }, () => {
        for (const [what, name] of Object.entries(names)) {
          if (except?.test(name)) continue;
          const place = makePlace(is === 'HOME' ? name : 'home');
          prepare?.(place.aws, name);
          const hints = askForHints(reader, args(name), { ...place.env, ...env?.(name) });
          for (const hint of hints) place.paste(reader, hint);
          assert.ok(!existsSync(place.canary), `${what}: ${hints.join('\n')}`);
          if (!command) continue;
          const [before, end, after] = command;
          const word = is === 'HOME' ? place.home + end : name.startsWith('-') ? `--profile=${name}` : name;
          const isSeen = !/[\x00-\x1f\u202e]/.test(name);
          if (!isSeen && !reader.hasEscapes) {
            assert.ok(
              hints.some((hint) => hint.includes(byHand)),
              `${what}: ${hints.join('\n')}`,
            );
            continue;
          }
          // The hint has the command, and the words that the shell reads from it are those that were meant.
          const found = hints.some((hint) => {
            const start = hint.indexOf(before);
            const stop = after === '' ? hint.length : hint.indexOf(after, start + before.length + word.length);
            if (start === -1 || stop === -1) return false;
            const text = `${before.replace('type ', '')}${hint.slice(start + before.length, stop)}`;
            const calls = place.paste(reader, text);
            const [first = ''] = before.replace('type ', '').split(' ');
            return calls[1] === first && calls.includes(word);
          });
          assert.ok(found, `${what}: ${hints.join('\n')}`);
          assert.ok(!existsSync(place.canary), what);
        }
      });
    }
});

suite('commands in messages have one builder', () => {
  const commands = 'mfa-env|aws|chmod|chown|sudo|rm|mv|cp|ls|ln|iconv|tail|use mfa_env|export|unset';
  // Their own words: subcommands, options and modes. After others it is a sentence.
  const own =
    'exec|forget|setup|init|doctor|configure|export-credentials|sso|login|chown|"\\$\\(id -u\\)"|-\\S+|[ugo]*[-+][rwx]+|\\d+';
  const pattern = new RegExp(
    `(typed)?\`[^\`]*?(?<![\\w-]|of )(?:${commands}) (?:(?:${own}) )*(?:--\\S+=)?\\$\\{([^}]*)\\}`,
    'g',
  );
  // What is ours: names of commands, options, shells and variables, versions, and words that are typed already.
  const ours =
    /^(?:taker|command|nearest|topic|world\.version|version|shell|words|key|name|value|names\.join\(' '\)|shell\}\$\{.*|asWord\(.*|option.*|process\.version)$/;
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });

  for (const path of sources.filter((name) => name.endsWith('.ts')))
    test(`src/${path} puts no word into a command by hand`, () => {
      const text = readFileSync(join(root, 'src', path), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
      const found = [...text.matchAll(pattern)].filter(([, tag, value = '']) => !tag && !ours.test(value));
      assert.deepEqual(
        found.map(([match]) => match),
        [],
      );
    });

  for (const [shown, isFound] of [
    ['`mfa-env §{name_}`', true],
    ['`remove it: mfa-env forget §{quoteOutside(name)} now`', true],
    ['`chmod go-w §{shown}`', true],
    ['`sudo chown "$(id -u)" §{shown}`', true],
    ['`aws configure export-credentials --profile §{shown}`', true],
    ['typed`chmod go-w §{path}`', false],
    ['`mfa-env §{command}`', false],
    ['`aws gives no session to §{name_}`', false],
  ] as const)
    test(`that finds ${isFound ? '' : 'nothing in '}${shown}`, () => {
      const text = shown.replace('§', '$');
      const found = [...text.matchAll(pattern)].filter(([, tag, value = '']) => !tag && !ours.test(value));
      assert.equal(found.length > 0, isFound);
    });
});
