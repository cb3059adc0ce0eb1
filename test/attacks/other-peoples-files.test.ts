/**
 * Another user of the machine puts text where the AWS files are looked for. He gets no session, role, command, address or
 * certificate of his into the user's shell.
 */

import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { functionShells, runWithFunction, writeFunction } from '../function-shells.ts';
import { type Home, makeHome, runMfaEnv, savedLines, start, unless } from '../harness.ts';
import { startSts } from '../sts/server.ts';

const sts = await startSts();
after(() => sts.close());

const isRoot = process.getuid?.() === 0;
const needsRoot = !isRoot && 'only root can make files that belong to another user';
const attacker = 12_345;
const user = sts.addUser();
const attackersArn = 'arn:aws:iam::666666666666:role/trap';

/** Who could have written the file, and how the user is told. */
interface Way {
  title: string;
  /** Changes a home whose files are all right, before anything is read. */
  prepare: (home: Home, file: string) => void;
  why: RegExp;
  /** Only root can prepare it. */
  isForRoot?: true;
  /** Bash and fish have no builtin that shows a mode. */
  isMode?: true;
}

const give = (path: string) => chownSync(path, attacker, attacker);

const ways: Way[] = [
  {
    title: 'a file that everyone can write',
    prepare: (_, file) => chmodSync(file, 0o666),
    why: /others can write the file/,
    isMode: true,
  },
  {
    title: 'a file that its group can write',
    prepare: (_, file) => chmodSync(file, 0o660),
    why: /others can write the file/,
    isMode: true,
  },
  {
    title: "another user's file",
    prepare: (_, file) => give(file),
    why: /the file belongs to another user/,
    isForRoot: true,
  },
  {
    title: "another user's file with mode 666",
    prepare: (_, file) => {
      give(file);
      chmodSync(file, 0o666);
    },
    why: /the file belongs to another user/,
    isForRoot: true,
  },
  {
    title: 'a folder that its group can write',
    prepare: ({ path }) => chmodSync(join(path, '.aws'), 0o775),
    why: /others can write the folder \S+\.aws\b/,
    isMode: true,
  },
  {
    title: 'a folder that everyone can write, though it is sticky',
    prepare: ({ path }) => {
      if (isRoot) chownSync(join(path, '.aws'), attacker, attacker);
      chmodSync(join(path, '.aws'), 0o1777);
    },
    why: /the folder \S+\.aws belongs to another user|others can write the folder \S+\.aws\b/,
    isMode: true,
  },
  {
    title: 'a home that everyone can write',
    prepare: ({ path }) => chmodSync(path, 0o777),
    why: /others can write the folder \S+/,
    isMode: true,
  },
  {
    title: "another user's folder",
    prepare: ({ path }) => give(join(path, '.aws')),
    why: /the folder \S+\.aws belongs to another user/,
    isForRoot: true,
  },
  {
    title: "another user's folder above",
    prepare: ({ path }) => give(path),
    why: /the folder \S+ belongs to another user/,
    isForRoot: true,
  },
  {
    title: "another user's link to the user's own file",
    prepare: ({ path }, file) => {
      renameSync(file, join(path, 'own'));
      symlinkSync(join(path, 'own'), file);
      lchownSync(file, attacker, attacker);
    },
    why: /the link \S+ belongs to another user/,
    isForRoot: true,
  },
  {
    title: "a link to a file in another user's folder",
    prepare: ({ path }, file) => {
      mkdirSync(join(path, 'theirs'));
      renameSync(file, join(path, 'theirs/file'));
      symlinkSync('../theirs/file', file);
      give(join(path, 'theirs'));
    },
    why: /the folder \S+theirs belongs to another user/,
    isForRoot: true,
  },
  {
    title: "a folder's link through another user's folder",
    prepare: ({ path }) => {
      renameSync(join(path, '.aws'), join(path, 'real'));
      mkdirSync(join(path, 'theirs'));
      symlinkSync('../real', join(path, 'theirs/aws'));
      symlinkSync('theirs/aws', join(path, '.aws'));
      give(join(path, 'theirs'));
    },
    why: /the folder \S+theirs belongs to another user/,
    isForRoot: true,
  },
];

const keys = `[prod-default]\naws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
const device = `aws_arn_mfa = ${user.device.serialNumber}\n`;

interface Bait {
  title: string;
  file: 'credentials' | 'config';
  credentials: string;
  config?: (home: string) => string;
}

/** What decides something, and where a call of the program must fail because of it. */
const lines: Bait[] = [
  {
    title: 'a credential_process',
    file: 'config',
    credentials: `[prod]\n${device}`,
    config: (home) => `[profile prod-default]\ncredential_process = touch ${home}/hurt\n`,
  },
  {
    title: 'an mfa_process',
    file: 'config',
    credentials: `${keys}[prod]\n${device}`,
    config: (home) => `[profile prod]\nmfa_process = touch ${home}/hurt\n`,
  },
  {
    title: 'an endpoint_url',
    file: 'config',
    credentials: `${keys}[prod]\n${device}`,
    config: () => `[profile prod]\nendpoint_url = ${sts.url}\n`,
  },
  {
    title: 'services',
    file: 'config',
    credentials: `${keys}[prod]\n${device}`,
    config: () => `[profile prod]\nservices = trap\n[services trap]\nsts =\n  endpoint_url = ${sts.url}\n`,
  },
  {
    title: 'a ca_bundle',
    file: 'config',
    credentials: `${keys}[prod]\n${device}`,
    config: () => '[profile prod]\nca_bundle = /etc/ssl/certs/ca-certificates.crt\n',
  },
  {
    title: 'a role',
    file: 'config',
    credentials: `${keys}[prod]\n${device}`,
    config: () =>
      `[profile prod]\nrole_arn = ${attackersArn}\nsource_profile = prod-default\nendpoint_url = ${sts.url}\n`,
  },
  {
    title: 'a source',
    file: 'credentials',
    credentials: `[old]\naws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n[prod]\nsource_profile = old\n${device}`,
  },
];

for (const { title, prepare, why, isForRoot, isMode } of ways)
  suite(`in ${title}`, { concurrency: 2, skip: isForRoot && needsRoot }, () => {
    const saved = `${keys}[prod]\n${device}${savedLines({ sessionToken: 'token-of-the-attacker' })}`;

    test('a saved session is not used by the program, exec and formats, and list and doctor say why', async () => {
      const home = makeHome({ credentials: saved });
      prepare(home, home.credentialsFile);
      for (const words of [
        ['prod', '--no-prompt'],
        ['prod', '--no-prompt', '-q', '--format', 'process'],
        ['prod', '--no-prompt', '--format', 'env'],
        ['exec', 'prod', '--no-prompt', '--', 'env'],
      ]) {
        const { status, stdout, stderr } = await runMfaEnv(words, home.env);
        assert.notEqual(status, 0, words.join(' '));
        assert.doesNotMatch(stdout, /attacker/);
        assert.match(stderr, why);
        assert.match(stderr, /the saved session of prod is in \S+, and .*, so it is not used\nmfa-env: hint: \S/);
      }
      const list = await runMfaEnv(['list', '--json'], home.env);
      const row = JSON.parse(list.stdout).find(({ profile }: { profile: string }) => profile === 'prod');
      assert.equal(row.session, null);
      assert.match(row.notUsed, why);
      const doctor = await runMfaEnv(['doctor', 'prod', '--endpoint-url', 'http://127.0.0.1:9'], home.env);
      assert.match(doctor.stdout, /saved session of prod is in \S+, and .*, so it is not used/);
    });

    for (const shell of functionShells)
      test(`the function of ${shell.name} ${isMode ? 'and the program agree, as far as its builtins tell' : 'loads no saved session'}`, {
        skip: unless(shell.name) || (isMode && shell.name !== 'zsh' && 'no builtin shows a mode'),
      }, async () => {
        const home = makeHome({ credentials: saved });
        const file = await writeFunction(shell, home);
        prepare(home, home.credentialsFile);
        const { status, stderr, calls, variables } = await runWithFunction(
          shell,
          home,
          'cd /; mfa-env prod; READ-BACK; mfa-env prod </dev/null',
          file,
        );
        assert.equal(variables.AWS_SESSION_TOKEN, undefined);
        assert.equal(calls, 2);
        assert.notEqual(status, 0);
        assert.match(stderr, why);
      });

    for (const { title: what, file, credentials, config } of lines)
      test(`${what} does not count, and no code is sent`, async () => {
        const home = makeHome({ credentials });
        if (config) writeFileSync(home.configFile, config(home.path), { mode: 0o600 });
        prepare(home, file === 'config' ? home.configFile : home.credentialsFile);
        const before = sts.requests.length;
        const words = ['prod', ...(what === 'an mfa_process' ? [] : ['123456']), '--no-prompt', '--no-save'];
        const { status, stdout, stderr } = await runMfaEnv(words, home.env);
        assert.equal(status, 1, stderr);
        assert.equal(stdout, 'false;\n');
        assert.match(stderr, /: \w+ (does not count|is not run): /);
        assert.match(stderr, why);
        assert.equal(sts.requests.length, before);
        assert.ok(!existsSync(join(home.path, 'hurt')));
      });
  });

const allowed: { title: string; prepare: Way['prepare']; isForRoot?: true; isLink?: true }[] = [
  { title: 'a file that others can read', prepare: (_, file) => chmodSync(file, 0o644) },
  {
    title: 'a sticky folder that belongs to root',
    prepare: (home, file) => {
      const shared = join(home.path, 'shared');
      mkdirSync(shared);
      chmodSync(shared, 0o1777);
      renameSync(file, join(shared, 'credentials'));
      home.env.AWS_SHARED_CREDENTIALS_FILE = join(shared, 'credentials');
    },
    isForRoot: true,
  },
  {
    title: "the user's own link",
    prepare: ({ path }, file) => {
      renameSync(file, join(path, 'own'));
      symlinkSync('../own', file);
    },
    isLink: true,
  },
  {
    title: "the user's own link to a folder",
    prepare: ({ path }) => {
      renameSync(join(path, '.aws'), join(path, 'dotfiles'));
      symlinkSync(join(path, 'dotfiles'), join(path, '.aws'));
    },
    isLink: true,
  },
  { title: 'a file with a second name', prepare: ({ path }, file) => linkSync(file, join(path, 'second')) },
];

for (const { title, prepare, isForRoot, isLink } of allowed)
  suite(`in ${title}`, { skip: isForRoot && needsRoot }, () => {
    const credentials = `${keys}[prod]\n${device}${savedLines()}`;
    test('a saved session is used by the program', async () => {
      const home = makeHome({ credentials });
      prepare(home, home.credentialsFile);
      const { status, stderr } = await runMfaEnv(['prod', '--no-prompt'], home.env);
      assert.deepEqual([status, stderr], [0, '']);
    });
    for (const shell of functionShells)
      test(`a saved session is ${isLink ? 'left to the program' : 'loaded'} by the function of ${shell.name}`, {
        skip: unless(shell.name),
      }, async () => {
        const home = makeHome({ credentials });
        const file = await writeFunction(shell, home);
        prepare(home, home.credentialsFile);
        const { calls, variables } = await runWithFunction(shell, home, 'mfa-env prod; READ-BACK', file);
        assert.deepEqual([calls, variables.MFA_ENV_PROFILE], [isLink ? 1 : 0, 'prod']);
      });
  });

test('who swaps the file for a link to his own is not believed, however often he tries', {
  skip: needsRoot,
}, async () => {
  // The folder is the attacker's; it holds a file of the user's with a command that harms nobody.
  const home = makeHome({});
  const folder = join(home.path, 'theirs');
  mkdirSync(folder);
  const config = (command: string) => `[profile prod]\n${device}credential_process = ${command}\n`;
  writeFileSync(join(folder, 'own'), config('true'), { mode: 0o600 });
  writeFileSync(join(folder, 'trap'), config(`touch ${home.path}/hurt`), { mode: 0o600 });
  give(join(folder, 'trap'));
  give(folder);
  symlinkSync('own', join(folder, 'config'));
  lchownSync(join(folder, 'config'), attacker, attacker);
  const swap =
    'const fs = require("fs"); const end = Date.now() + 20000; for (let i = 0; Date.now() < end; i++) {' +
    'try { fs.unlinkSync("new") } catch {} fs.symlinkSync(["own", "trap"][i % 2], "new"); fs.renameSync("new", "config"); }';
  const swapper = start('setpriv', [`--reuid=${attacker}`, '--clear-groups', process.execPath, '-e', swap], {
    ...home.env,
    HOME: folder,
  });
  home.env.AWS_CONFIG_FILE = join(folder, 'config');
  try {
    for (let tries = 0; tries < 20; tries += 1) {
      const { status, stderr } = await runMfaEnv(['prod', '123456', '--no-prompt'], home.env);
      assert.equal(status, 1);
      assert.match(stderr, /belongs to another user|is replaced again and again/);
    }
  } finally {
    swapper.kill('SIGKILL');
  }
  assert.ok(!existsSync(join(home.path, 'hurt')));
});

const textless: [title: string, path: string][] = [
  ["what the system makes up of a process's arguments", '/proc/self/cmdline'],
  ["another process's arguments", '/proc/1/cmdline'],
  ["the user's own variables", '/proc/self/environ'],
];

for (const [title, path] of textless)
  test(`${title} is no text of an AWS file`, { skip: !existsSync(path) && 'there is no /proc' }, async () => {
    const home = makeHome({ credentials: `[prod]\n${device}` });
    symlinkSync(path, home.configFile);
    home.env.TRAP = `\n[profile prod-default]\ncredential_process = touch ${home.path}/hurt\n`;
    const { status, stderr } = await runMfaEnv(['prod', '123456', '--no-prompt'], home.env);
    assert.equal(status, 1);
    assert.match(stderr, /prod has no source/);
    assert.ok(!existsSync(join(home.path, 'hurt')));
  });

const unreadable: [title: string, prepare: (file: string) => void, why: RegExp][] = [
  ['over 32 MB', (file) => writeFileSync(file, Buffer.alloc(33_554_433, 0x0a)), /has more than 32 MB/],
  ['that is a folder', (file) => mkdirSync(file), /is not a regular file/],
  ['that is a device', (file) => symlinkSync('/dev/zero', file), /is not a regular file/],
];

for (const [title, prepare, why] of unreadable)
  test(`a file ${title} is refused at once`, async () => {
    for (const kind of ['credentialsFile', 'configFile'] as const) {
      const home = makeHome({});
      prepare(home[kind]);
      const { status, stderr } = await runMfaEnv(['prod', '123456', '--no-prompt'], home.env);
      assert.equal(status, 1);
      assert.match(stderr, why);
      rmSync(home[kind], { recursive: true });
    }
  });

const outside: [title: string, lines: string][] = [
  ['endpoint_url', 'endpoint_url = https://sts.evil.test\n'],
  ['services', 'services = trap\n[services trap]\nsts =\n  endpoint_url = https://sts.evil.test\n'],
];

for (const [key, text] of outside)
  suite(`${key} in a file outside ~/.aws that only a variable names`, () => {
    const place = (file: string) => {
      const home = makeHome({ credentials: `${keys}[prod]\n${device}` });
      mkdirSync(join(home.path, 'repo'));
      const path = join(home.path, file);
      writeFileSync(path, `[profile prod]\nregion = eu-west-1\n${text}`, { mode: 0o600 });
      return { home, path };
    };

    for (const name of ['repo/aws.conf', '.aws/../repo/aws.conf'])
      test(`names no host (${name})`, async () => {
        const { home, path } = place(name);
        home.env.AWS_CONFIG_FILE = name.includes('..') ? `${home.path}/${name}` : path;
        const { status, stdout, stderr } = await runMfaEnv(['prod', '123456', '--no-prompt'], home.env);
        assert.deepEqual([status, stdout], [1, 'false;\n']);
        assert.match(stderr, /endpoint_url names https:\/\/sts\.evil\.test, and does not count: only a variable names/);
        assert.match(stderr, /hint: move the line to a file in ~\/\.aws, or call with --endpoint-url/);
      });

    for (const name of ['.aws/work.conf', '.aws/config'])
      test(`names one in ${name}`, async () => {
        const { home, path } = place(name);
        home.env.AWS_CONFIG_FILE = path;
        const { stderr } = await runMfaEnv(['prod', '123456', '--no-prompt'], home.env);
        assert.match(stderr, /sts\.evil\.test, which is not aws/i);
      });
  });

test('an endpoint_url in such a file is not exported to other tools', async () => {
  const home = makeHome({ credentials: `${keys}[prod]\n${device}${savedLines()}` });
  const path = join(home.path, 'aws.conf');
  writeFileSync(path, '[profile prod]\nendpoint_url = https://s3.evil.test\n', { mode: 0o600 });
  const { status, stdout, stderr } = await runMfaEnv(['prod', '--no-prompt'], { ...home.env, AWS_CONFIG_FILE: path });
  assert.deepEqual([status, stdout], [1, 'false;\n']);
  assert.match(stderr, /only a variable names that file/);
});

test('such a file may name this machine, and everything else as ever', async () => {
  const home = makeHome({ credentials: `${keys}[prod]\n${device}` });
  const path = join(home.path, 'aws.conf');
  writeFileSync(path, `[profile prod]\nregion = eu-west-1\nendpoint_url = ${sts.url}\n`, { mode: 0o600 });
  const code = sts.code(user);
  const { status, stdout } = await runMfaEnv(['prod', code], { ...home.env, AWS_CONFIG_FILE: path });
  assert.equal(status, 0);
  assert.match(stdout, /AWS_REGION='eu-west-1'/);
});

test('a bundle of certificates that others can write is refused before a code is asked for', async () => {
  const home = makeHome({ credentials: `${keys}[prod]\n${device}` });
  const bundle = join(home.path, 'ca.pem');
  writeFileSync(bundle, readFileSync('/etc/ssl/certs/ca-certificates.crt'));
  chmodSync(bundle, 0o666);
  for (const [env, config] of [
    [{ AWS_CA_BUNDLE: bundle }, ''],
    [{}, `[profile prod]\nca_bundle = ${bundle}\n`],
  ] as const) {
    writeFileSync(home.configFile, config, { mode: 0o600 });
    const { status, stderr } = await runMfaEnv(['prod', '123456', '--no-prompt'], { ...home.env, ...env });
    assert.equal(status, 1);
    assert.match(stderr, /ca\.pem, which does not count: others can write the file/);
    assert.match(stderr, /hint: chmod go-w \S+ca\.pem/);
  }
});
