/** Whatever is in a credentials file is afterwards what it was, for all that read it: mfa-env, botocore and the JavaScript SDK. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { allSections, decodeValues, parseAwsFile, readProperties } from '../src/aws-file.ts';
import { lookUpIn } from '../src/aws-files.ts';
import { findObstacle } from '../src/aws-splice.ts';
import { attempt, isUserError } from '../src/errors.ts';
import { holdsLongLivedKeys } from '../src/keys.ts';
import { removeSession } from '../src/save.ts';
import { unlessBotocore } from './aws-clis.ts';
import { root } from './harness.ts';
import { linesOf } from './numbered-sessions.ts';
import { saveHere } from './save-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'mfa-env-unit-'));
after(() => rmSync(folder, { recursive: true, force: true }));

// Files as people and tools leave them, one character a byte.

const bytesOf = (text: string) => Buffer.from(text).toString('latin1');
const value = fc.constantFrom(
  ...[
    'x',
    'eu-west-1',
    'a b',
    'a=b==',
    'a#b',
    'a;b',
    'v ; c',
    'v # [prod]',
    '"q"',
    "it's",
    '[x]',
    '[prod]',
    '\\',
    '%(a)s',
  ],
  ...[
    '$HOME',
    'true',

    '<placeholder>',
    'arn:aws:iam::111122223333:mfa/ana',
    '1:2',
    'é',
    'ключ',
    '\u2028',
    '\ud83d\udd11',
  ],
);
const sign = fc.constantFrom('=', ' = ', '\t=  ', ' =');
const lineOf = (key: fc.Arbitrary<string>, values: fc.Arbitrary<string>) =>
  fc.tuple(key, sign, values).map((parts) => [parts.join('')]);
const otherKey = fc.constantFrom(
  ...[
    'region',
    'Output',
    'mfa_serial',
    'aws_arn_mfa',
    'mfa_env_save',
    's3',
    'a.b',
    'a/b',
    'in valid',
    '__proto__',
    'k[]',
  ],
  ...['"quoted"', 'ключ', 'constructor', '1', 'expiration_date', 'x-y', '\u00a0region', '\fregion'],
);
const nested = fc
  .tuple(fc.constantFrom('s3', 'sts'), fc.array(lineOf(fc.constantFrom('a', 'region', 'aws_session_token'), value)))
  .map(([key, lines]) => [`${key} =`, ...lines.map(([line]) => `  ${line}`)]);
const continued = fc.constantFrom(['note = a', '  b', '\tc = d'], ['note = a', '', '  b']);
const filler = fc
  .constantFrom('', '   ', '\t', '#', '# aws_session_token = x', '; [prod]', '#[x]', '# é')
  .map((line) => [line]);
const ordinary = fc.oneof(
  { weight: 4, arbitrary: lineOf(otherKey, value) },
  { weight: 2, arbitrary: filler },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: continued },
);
const keyOf = (name: string) => fc.constantFrom(name, name, name.toUpperCase(), name.replace('aws_', 'Aws_'));
const credential = lineOf(fc.constantFrom('aws_access_key_id', 'aws_secret_access_key', 'aws_session_token'), value);
const otherHeader = fc.constantFrom(
  ...[
    '[prod-default]',
    '[default]',
    '[x] ; c',
    '[x]# c',
    '[a.b]',
    '[in valid]',
    '[profile prod]',
    '[sso-session prod]',
  ],
  ...['[PROD]', '[prod2]', '[prod-mfa]', '[é]', '[a[b]', '[a]b]', '[[x]]', '[ y ]', '[team/prod]', '[123]', '[p] # [q'],
);
const otherBody = fc.array(fc.oneof({ weight: 3, arbitrary: ordinary }, { weight: 1, arbitrary: credential }), {
  maxLength: 5,
});
const others = fc
  .uniqueArray(fc.tuple(otherHeader, otherBody), { maxLength: 3, selector: ([header]) => header })
  .map((sections) => sections.flatMap(([header, body]) => [[header], ...body]));
const saved = fc
  .tuple(
    lineOf(keyOf('aws_session_token'), value),
    fc.subarray([
      'aws_access_key_id',
      'aws_secret_access_key',
      'x_security_token_expires',
      'aws_security_token',
      'expiration',
    ]),
  )
  .chain(([token, keys]) =>
    fc.tuple(...keys.map((key) => lineOf(keyOf(key), value))).map((lines) => [token, ...lines]),
  );
const target = fc
  .tuple(
    fc.constantFrom('[prod]', '[prod]', '[prod] ; c', '[prod]\t# c'),
    fc.tuple(fc.array(ordinary, { maxLength: 4 }), fc.oneof(fc.constant([]), saved)).chain((parts) => {
      const lines: (readonly string[])[] = parts.flat();
      return fc.shuffledSubarray(lines, { minLength: lines.length });
    }),
  )
  .map(([header, body]) => [[header], ...body]);
const randomFile = fc
  .record({
    top: fc.array(filler, { maxLength: 2 }),
    before: others,
    target: fc.option(target, { freq: 3 }),
    behind: others,
    lineEnd: fc.constantFrom('\n', '\n', '\r\n'),
    isCut: fc.boolean(),
  })
  .map(({ top, before, target, behind, lineEnd, isCut }) => {
    const lines = [...top, ...before, ...(target ?? []), ...behind].flat();
    const text = bytesOf(lines.join(lineEnd) + (isCut || lines.length === 0 ? '' : lineEnd));
    return { text, isNew: target === null };
  });

const parse = (text: string) => parseAwsFile('credentials', 'credentials', text);
const sectionKeys = [...linesOf(1).matchAll(/^\w+/gm)].map(([key]) => key);
const staleKeys = ['aws_security_token', 'expiration'];
const isOurs = (key: string) => [...sectionKeys, ...staleKeys].includes(key.toLowerCase());

/** Each file as it was, after a save, and after the session was forgotten again. */
const rounds: { before: string; saved: string; forgotten: string }[] = [];
const path = join(folder, 'credentials');

const read = () => readFileSync(path, 'latin1');
const save = (number: number) => saveHere(path, 'prod', number);
const forget = () => removeSession({ path, section: 'prod', before: undefined, say() {}, onInterrupt: () => () => {} });

/** The text with the session of another number, wherever its lines are. */
function renumber(text: string, from: number, to: number): string {
  const lines = linesOf(to).split('\n');
  return linesOf(from)
    .split('\n')
    .reduce((changed, line, index) => changed.replace(line, lines[index] ?? ''), text);
}

test('a save and a removal of the session leave all else', async () => {
  const property = fc.asyncProperty(randomFile, async ({ text: before, isNew }) => {
    const file = parse(before);
    fc.pre(!findObstacle(file, 'prod'));
    const values = attempt(() => lookUpIn(file, 'prod'));
    fc.pre(!isUserError(values) && !holdsLongLivedKeys(values));
    rmSync(path, { force: true });
    writeFileSync(path, before, { mode: 0o600, encoding: 'latin1' });
    // What another program may be about to write is waited for.
    utimesSync(path, 0, 0);
    await save(1);
    const saved = read();
    await save(2);
    assert.equal(read(), renumber(saved, 1, 2), 'twice is as once');
    await forget();
    const forgotten = read();
    if (isNew && /(^|\n)$/.test(before)) assert.equal(forgotten, before, 'to the byte');
    rounds.push({ before, saved, forgotten });
  });
  await fc.assert(property, { numRuns: 2000 });
});

type Profiles = Record<string, Record<string, unknown>>;

/** Reads texts as one program does; nothing for a file that it refuses. */
type Read = (texts: string[]) => Promise<(Profiles | undefined)[]>;

const readOwn: Read = async (texts) =>
  texts.map((text) => {
    const file = parse(text);
    const named = allSections(file).map((section) => {
      const values = decodeValues(readProperties(file, section, ({ message }) => assert.fail(message)));
      return [section.name ?? `(${section.title})`, Object.fromEntries(values)];
    });
    return Object.fromEntries(named);
  });

const botocoreScript = `
import json, sys
from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError
path = sys.argv[1]
def read(text):
    with open(path, 'w', encoding='latin1', newline='') as file:
        file.write(text)
    try:
        return raw_config_parse(path)
    except ConfigParseError:
        return None
print(json.dumps([read(text) for text in json.load(sys.stdin)]))`;

const readBotocore: Read = async (texts) => {
  const env = { PATH: process.env.PATH, PYTHONUTF8: '1' };
  const input = JSON.stringify(texts);
  const options = { input, env, encoding: 'utf8', maxBuffer: 1e9 } as const;
  const { stdout, stderr } = spawnSync('python3', ['-c', botocoreScript, join(folder, 'python')], options);
  assert.equal(stderr, '');
  return JSON.parse(stdout).map((profiles: Profiles | null) => profiles ?? undefined);
};

const sdk = join(root, 'node_modules/@smithy/core/config.js');

const readSdk: Read = async (texts) => {
  const { loadSharedConfigFiles } = createRequire(import.meta.url)(sdk);
  const filepath = join(folder, 'sdk');
  const all: Profiles[] = [];
  for (const text of texts) {
    writeFileSync(filepath, text, 'latin1');
    const options = { filepath, configFilepath: '/dev/null', ignoreCache: true };
    all.push((await loadSharedConfigFiles(options)).credentialsFile);
  }
  return all;
};

const readers: [name: string, read: Read, skip: string | false][] = [
  ['mfa-env', readOwn, false],
  ['botocore', readBotocore, unlessBotocore()],
  ['the JavaScript SDK', readSdk, existsSync(sdk) ? false : '@smithy/core is not where it was'],
];

for (const [name, read, skip] of readers)
  test(`${name} reads the session, and all else as before`, { skip }, async () => {
    assert.ok(rounds.length > 1000);
    const [session] = await read([`[prod]\n${linesOf(1)}`]);
    const before = await read(rounds.map((round) => round.before));
    const saved = await read(rounds.map((round) => round.saved));
    const forgotten = await read(rounds.map((round) => round.forgotten));
    let compared = 0;
    rounds.forEach((round, index) => {
      const profiles = before[index];
      // A file that it refused before is none of its files.
      if (!profiles) return;
      compared += 1;
      const kept = Object.fromEntries(Object.entries(profiles.prod ?? {}).filter(([key]) => !isOurs(key)));
      assertProfiles(saved[index], { ...profiles, prod: { ...kept, ...session?.prod } }, round.saved);
      assertProfiles(forgotten[index], { ...profiles, prod: kept }, round.forgotten);
    });
    assert.ok(compared > 500, `only ${compared} of ${rounds.length} files were read`);
  });

/** A section without keys is as good as none. */
function assertProfiles(found: Profiles | undefined, expected: Profiles, text: string): void {
  assert.deepEqual({ ...found, prod: found?.prod ?? {} }, expected, `${found ? 'misread' : 'refused'}:\n${text}`);
}

const traps: [title: string, text: string][] = [
  ['a comment at a header elsewhere', '[a]# c\nk = v\n[prod]\n'],
  ['a colon before the first =', '[prod]\naws_session_token : x==\n'],
  ['a comment behind the header that ends in ]', '[prod] ; c]\nk = v\n'],
  ['a key with a dot and the value null', '[prod]\na.b = null\n'],
];

for (const [title, before] of traps)
  test(`${title} is refused, or read by all`, async () => {
    rmSync(path, { force: true });
    writeFileSync(path, before, { mode: 0o600 });
    if (findObstacle(parse(before), 'prod')) return assert.rejects(save(1), { exitStatus: 1 });
    await save(1);
    for (const [name, readFile, skip] of readers) {
      if (skip !== false) continue;
      const [session, profiles, saved] = await readFile([`[prod]\n${linesOf(1)}`, before, read()]);
      const kept = Object.fromEntries(Object.entries(profiles?.prod ?? {}).filter(([key]) => !isOurs(key)));
      assertProfiles(saved, { ...profiles, prod: { ...kept, ...session?.prod } }, `${name}: ${read()}`);
    }
  });
