import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseAwsFile } from '../src/aws-file.ts';
import { checkSave, type Edit, removeSession, rewriteSections, type Saving, saveSession } from '../src/save.ts';
import { makeFolder } from './temp-folder.ts';

const session = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalr/+',
  sessionToken: 'token==',
  expiresAt: new Date('2026-11-24T16:00:00.999Z'),
};

const lines = `aws_access_key_id = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalr/+
aws_session_token = token==
x_security_token_expires = 2026-11-24T16:00:00Z
`;

const pair = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** Saves to `path`. @returns what was said. */
async function save(path: string, more: Partial<Saving> = {}): Promise<string[]> {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  await saveSession({
    path,
    section: 'prod',
    session,
    marks: { source: undefined, role: undefined },
    region: undefined,
    serial: undefined,
    related: [],
    before: undefined,
    say,
    onInterrupt: () => () => {},
    ...more,
  });
  return said;
}

/** A file `credentials` in a folder of its own. */
function makeFile(t: TestContext, text: string | Buffer, mode = 0o600): string {
  const path = join(makeFolder(t), 'credentials');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const contents: [title: string, before: string, after: string, more?: Partial<Saving>][] = [
  ['into an empty file', '', `[prod]\n${lines}`],
  ['behind the other sections', `[prod-default]\n${pair}`, `[prod-default]\n${pair}[prod]\n${lines}`],
  ['over the last one', `[prod]\n${lines.replace('token==', 'old')}`, `[prod]\n${lines}`],
  ['in its place', '# a\n[prod]\nregion = x\n\n[z]\n# b', `# a\n[prod]\nregion = x\n${lines}\n[z]\n# b`],
  ['in lower case', `[prod]\n${lines.toUpperCase()}`, `[prod]\n${lines}`],
  ['without the rests of other tools', `[prod]\n${lines}aws_security_token = x\nExpiration = y\n`, `[prod]\n${lines}`],
  ['over placeholders', '[prod]\naws_access_key_id = <id>\naws_secret_access_key = <secret>\n', `[prod]\n${lines}`],
  ['into another section', '[prod]\n', `[prod]\n[prod-mfa]\n${lines}`, { section: 'prod-mfa' }],
  ['with its device', '[prod]\n', `[prod]\n${lines}aws_arn_mfa = GAHT12345678\n`, { serial: 'GAHT12345678' }],
  ['with CRLF', '[z]\r\nk = v\r\n', `[z]\nk = v\n[prod]\n${lines}`.replaceAll('\n', '\r\n')],
];

for (const [title, before, after, more] of contents)
  test(`saves ${title}`, async (t) => {
    const path = makeFile(t, before);
    checkSave(path, more?.section ?? 'prod');
    assert.deepEqual(await save(path, more), []);
    assert.equal(readFileSync(path, 'utf8'), after);
    assert.deepEqual(readdirSync(dirname(path)), ['credentials']);
  });

test('bytes that are no text stay', async (t) => {
  const odd = Buffer.from([0x23, 0xff, 0xfe, 0xc3, 0x0a]);
  const path = makeFile(t, odd);
  await save(path);
  assert.deepEqual(readFileSync(path), Buffer.concat([odd, Buffer.from(`[prod]\n${lines}`)]));
});

test('a missing file and its folders are made for their owner alone', async (t) => {
  const path = join(makeFolder(t), 'a/.aws/credentials');
  checkSave(path, 'prod');
  assert.equal(existsSync(dirname(path)), false, 'the check makes nothing');
  assert.deepEqual(await save(path), []);
  assert.deepEqual([modeOf(path), modeOf(dirname(path))], ['600', '700']);
  assert.equal(readFileSync(path, 'utf8'), `[prod]\n${lines}`);
});

const modes: [before: number, after: string, said: RegExp | undefined][] = [
  [0o600, '600', undefined],
  [0o400, '400', undefined],
  [0o200, '200', undefined],
  [0o644, '600', /tightened the mode of .*credentials from 0644 to 0600/],
  [0o440, '400', /tightened the mode of .*credentials from 0440 to 0400/],
  [0o700, '600', /tightened the mode of .*credentials from 0700 to 0600/],
];

for (const [before, after, said] of modes)
  test(`a file of mode 0${before.toString(8)} ends with 0${after}`, async (t) => {
    const path = makeFile(t, '', before);
    // Root reads what its owner may not.
    if (before === 0o200 && process.getuid?.() !== 0) return t.skip('not readable');
    const all = await save(path);
    assert.equal(modeOf(path), after);
    assert.equal(all.length, said ? 1 : 0);
    if (said) assert.match(all[0] ?? '', said);
  });

const links: [title: string, link: string, exists: boolean][] = [
  ['a link stays', 'real', true],
  ['a dangling link stays, and its target is made', 'real', false],
  ['the folder of a dangling link is made too', 'a/b/real', false],
];

test("a missing folder is its owner's alone, whatever the umask is", async (t) => {
  const folder = join(makeFolder(t), 'a/b');
  const umask = process.umask(0o177);
  t.after(() => process.umask(umask));
  await save(join(folder, 'credentials'));
  assert.deepEqual(
    [modeOf(folder), modeOf(dirname(folder)), modeOf(join(folder, 'credentials'))],
    ['700', '700', '600'],
  );
});

for (const [title, link, exists] of links)
  test(title, async (t) => {
    const folder = makeFolder(t);
    const path = join(folder, 'credentials');
    symlinkSync(link, path);
    if (exists) writeFileSync(join(folder, link), '# real\n', { mode: 0o600 });
    assert.deepEqual(await save(path), []);
    assert.equal(readlinkSync(path), link);
    assert.equal(readFileSync(join(folder, link), 'utf8'), `${exists ? '# real\n' : ''}[prod]\n${lines}`);
    assert.equal(modeOf(join(folder, link)), '600');
    assert.deepEqual(readdirSync(dirname(join(folder, link))).includes('real'), true);
  });

type Make = (path: string) => void;
const write =
  (text: string): Make =>
  (path) =>
    writeFileSync(path, text, { mode: 0o600 });

const refused: [title: string, make: Make, message: RegExp, more?: Partial<Saving>][] = [
  ['long-lived keys', write(`[prod]\n${pair}`), /\[prod\] in .*credentials holds long-lived keys/],
  ['long-lived keys with a token', write(`[prod]\n${pair}aws_session_token = t\n`), /holds long-lived keys/],
  ['half a pair', write('[prod]\naws_secret_access_key = secret\n'), /holds long-lived keys/],
  [
    'long-lived keys in [prod-mfa]',
    write(`[prod-mfa]\n${pair}`),
    /\[prod-mfa\] .*long-lived keys/,
    { section: 'prod-mfa' },
  ],
  ['a name that no section can have', write(''), /no section can be called \[my prod\]/, { section: 'my prod' }],
  ['the name that stands for all', write(''), /\[DEFAULT\] to every profile/, { section: 'DEFAULT' }],
  ['the section twice', write('[prod]\n[prod]\n'), /credentials:2: \[prod\] stands a second time/],
  ['a malformed header', write('[prod]\n[z\n'), /credentials:2: /],
  ['an indented header', write('[prod]\nk = v\n [z]\n'), /credentials:3: .*indented/],
  ['an ambiguous header', write('[prod]; c\n'), /credentials:1: /],
  ['a fault elsewhere', write('[prod]\n[z]\nno property\n'), /credentials:3: /],
  ['a byte order mark', write('\ufeff[prod]\n'), /credentials:1: .*byte order mark/],
  ['a lone CR', write('[prod]\rk = v\n'), /credentials:1: .*carriage return/],
  ['a NUL', write('[prod]\n\0\n'), /credentials:2: .*NUL/],
  ['a folder in its place', (path) => mkdirSync(path), /is not a regular file/],
  ['a named pipe in its place', (path) => execFileSync('mkfifo', [path]), /is not a regular file/],
  [
    'a hard link',
    (path) => {
      write('# c\n')(path);
      linkSync(path, `${path}2`);
    },
    /hard link/,
  ],
];

/** All that could show a change. */
const picture = (folder: string) =>
  readdirSync(folder).map((name) => {
    const { ino, mode, mtimeMs, size } = lstatSync(join(folder, name));
    return { name, ino, mode, mtimeMs, size };
  });

for (const [title, make, message, more] of refused)
  test(`${title}: refused before and at the save, and nothing is changed`, async (t) => {
    const path = join(makeFolder(t), 'credentials');
    make(path);
    const before = picture(dirname(path));
    const error = { message, hint: /./, exitStatus: 1 };
    assert.throws(() => checkSave(path, more?.section ?? 'prod'), error);
    await assert.rejects(save(path, more), error);
    assert.deepEqual(picture(dirname(path)), before);
  });

test('the id of a long-lived key is not saved as a session', async (t) => {
  const path = makeFile(t, '');
  const saving = save(path, { session: { ...session, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } });
  await assert.rejects(saving, { message: /long-lived key/, exitStatus: 1 });
  assert.equal(readFileSync(path, 'utf8'), '');
});

/** Removes the session of [prod]. */
const remove = (path: string) =>
  removeSession({ path, before: undefined, section: 'prod', say() {}, onInterrupt: () => () => {} });

const removals: [title: string, before: string, after: string][] = [
  ['with the header', `[z]\nk = v\n[prod]\n${lines}`, '[z]\nk = v\n'],
  ['and leaves what else is there', `[prod]\naws_arn_mfa = a\n${lines}# c\n`, '[prod]\naws_arn_mfa = a\n# c\n'],
  ['and changes nothing where there is none', '[z]\nk = v\n', '[z]\nk = v\n'],
];

for (const [title, before, after] of removals)
  test(`removes a session ${title}`, async (t) => {
    const path = makeFile(t, before);
    await remove(path);
    assert.equal(readFileSync(path, 'utf8'), after);
  });

test('removes no long-lived keys', async (t) => {
  const path = makeFile(t, `[prod]\n${pair}`);
  await assert.rejects(remove(path), { message: /long-lived keys/, exitStatus: 1 });
  assert.equal(readFileSync(path, 'utf8'), `[prod]\n${pair}`);
});

test('two removals at once are as one', async (t) => {
  const path = makeFile(t, `[prod]\n${lines}`);
  await Promise.all([remove(path), remove(path)]);
  assert.equal(readFileSync(path, 'utf8'), '');
});

test('rests of the dead go with a save, and nothing else', async (t) => {
  const path = makeFile(t, '');
  const token = '0123456789abcdef';
  const holder = { token, host: hostname(), started: '' };
  const rests = [`${path}.mfa-env-${token}`, `${path}.mfa-env-turn-${token}`];
  const others = [`${path}.mfa-env-turn-fedcba9876543210`, `${path}.mfa-env-notes`, `${path}.bak`, `${rests[0]}.txt`];
  const endedPid = spawnSync(process.execPath, ['--version']).pid;
  for (const file of [...rests, ...others]) {
    const pid = rests.includes(file) ? endedPid : process.pid;
    writeFileSync(file, JSON.stringify({ ...holder, pid }), { mode: 0o600 });
  }
  await save(path);
  assert.deepEqual(rests.filter(existsSync), []);
  assert.deepEqual(others.filter(existsSync), others);
});

test('many saves at once lose nothing', async (t) => {
  const path = makeFile(t, `[prod-default]\n${pair}`);
  const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
  await Promise.all(names.map((section) => save(path, { section })));
  const sections = readFileSync(path, 'utf8').split(/^(?=\[)/m);
  assert.deepEqual(
    sections.toSorted(),
    [`[prod-default]\n${pair}`, ...names.map((name) => `[${name}]\n${lines}`)].toSorted(),
  );
  assert.deepEqual(readdirSync(dirname(path)), ['credentials']);
});

test('an interruption frees the lock, and a save that lost its lock starts over', async (t) => {
  const path = makeFile(t, '');
  const cleanUps = new Set<() => void>();
  const seen: [lock: boolean, text: string][] = [];
  const look = () => void seen.push([existsSync(`${path}.mfa-env-lock`), readFileSync(path, 'utf8')]);
  const onInterrupt = (cleanUp: () => void) => {
    cleanUps.add(cleanUp);
    look();
    if (seen.length === 1) cleanUp();
    look();
    return () => void cleanUps.delete(cleanUp);
  };
  await save(path, { onInterrupt });
  assert.deepEqual(seen.slice(0, 3), [
    [true, ''],
    [false, ''],
    [true, ''],
  ]);
  assert.deepEqual([cleanUps.size, readFileSync(path, 'utf8')], [0, `[prod]\n${lines}`]);
});

test('long-lived keys that were there and are gone are waited for, then the save is refused', async (t) => {
  const before = parseAwsFile('credentials', 'credentials', `[prod-default]\n${pair}[stage]\nregion = a\n`);
  const path = makeFile(t, `[prod-default]\n${pair.replace('= secret', '= another')}`);
  await save(path, { before });
  writeFileSync(path, '[stage]\n[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n');
  await assert.rejects(save(path, { before }), { message: /has taken long-lived keys out of it/ });
  assert.equal(readFileSync(path, 'utf8'), '[stage]\n[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n');
});

const edits: Edit[] = [
  { from: 'prod', to: 'prod-default', keys: ['aws_access_key_id', 'aws_secret_access_key'] },
  { section: 'prod', set: [['aws_arn_mfa', 'GAHT12345678']], remove: [] },
];
const unmoved = `[prod]\n# c\n${pair}[z]\n`;
const movedText = `[prod]\naws_arn_mfa = GAHT12345678\n# c\n[z]\n\n[prod-default]\n${pair}`;

/** Makes the changes, decided by what the file held `before`. */
async function rewrite(path: string, before = readFileSync(path, 'latin1')): Promise<string[]> {
  const said: string[] = [];
  await rewriteSections({
    path,
    edits,
    sections: ['prod', 'prod-default'],
    before: parseAwsFile(path, 'credentials', before),
    say: (line) => void said.push(line),
    onInterrupt: () => () => {},
  });
  return said;
}

test('several changes are one: no reader sees the keys nowhere or twice', async (t) => {
  const path = makeFile(t, unmoved, 0o644);
  const renames = t.mock.method(fs, 'renameSync');
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  assert.match((await rewrite(path)).join(), /^tightened the mode/);
  assert.equal(readFileSync(path, 'utf8'), movedText);
  assert.equal(renames.mock.callCount(), 1);
  assert.deepEqual(readdirSync(dirname(path)), ['credentials']);
});

test('other sections may change meanwhile', async (t) => {
  const path = makeFile(t, unmoved.replace('[z]', '[y]'));
  await rewrite(path, unmoved);
  assert.equal(readFileSync(path, 'utf8'), movedText.replace('[z]', '[y]'));
});

const meanwhile: [title: string, now: string, message: RegExp][] = [
  [
    'another key',
    unmoved.replace('AKIAIOSFODNN7EXAMPLE', 'AKIAOTHERKEY00000000'),
    /^\[prod\] in .* was changed meanwhile/,
  ],
  ['a comment', unmoved.replace('# c', '# d'), /^\[prod\] in .* was changed meanwhile/],
  [
    'a section that was not there',
    `${unmoved}[prod-default]\n${pair}`,
    /^\[prod-default\] in .* was changed meanwhile/,
  ],
  ['an obstacle', `${unmoved}[prod]\n`, /stands a second time, so nothing is changed there/],
];

for (const [title, now, message] of meanwhile)
  test(`several changes are refused where there is ${title} meanwhile`, async (t) => {
    const path = makeFile(t, now);
    await assert.rejects(rewrite(path, unmoved), { message });
    assert.equal(readFileSync(path, 'utf8'), now);
    assert.deepEqual(readdirSync(dirname(path)), ['credentials']);
  });
