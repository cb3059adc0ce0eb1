import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AwsFile,
  allSections,
  decodeValues,
  lineNumber,
  parseAwsFile,
  readProperties,
  sectionsOf,
} from '../src/aws-file.ts';
import type { Fault } from '../src/fault.ts';
import type { AwsFileKind } from '../src/section-title.ts';
import { filesOf } from './temp-folder.ts';

interface Case {
  name: string;
  input: { configFile?: string; credentialsFile?: string };
  output: { config: { profiles: Record<string, Record<string, string>> } } | { errorContaining: string };
}

/** The values of one profile in one file. */
function valuesOf(file: AwsFile, name: string): Map<string, string> {
  return decodeValues(sectionsOf(file, name).flatMap((section) => readProperties(file, section, () => {})));
}

/** The names of a file's profiles, each once. */
function namesOf(file: AwsFile): string[] {
  return [...new Set(allSections(file).flatMap(({ name }) => name ?? []))];
}

/** What is wrong in a file, in the order of its lines. */
function faultsOf(file: AwsFile): Fault[] {
  const faults = [...file.faults];
  for (const section of allSections(file)) readProperties(file, section, (fault) => faults.push(fault));
  return faults.sort((a, b) => a.offset - b.offset);
}

const suite = join(import.meta.dirname, 'conformance/profile-parser-tests.json');
const cases: Case[] = JSON.parse(readFileSync(suite, 'utf8')).tests;

for (const { name, input, output } of cases)
  test(`as AWS's SDKs: ${name}`, () => {
    const { credentials, config } = filesOf(input.credentialsFile ?? '', input.configFile);
    const faults = [config, credentials].flatMap(faultsOf).map(({ message }) => message);
    if ('errorContaining' in output) {
      assert.ok(faults[0]?.toLowerCase().includes(output.errorContaining.toLowerCase()), faults[0] ?? 'no fault');
      return;
    }
    const names = new Set([...namesOf(config), ...namesOf(credentials)]);
    const profiles = [...names].map((profile) => {
      const values = new Map([...valuesOf(config, profile), ...valuesOf(credentials, profile)]);
      return [profile, Object.fromEntries(values)];
    });
    assert.deepEqual(Object.fromEntries(profiles), output.config.profiles);
    assert.deepEqual(faults, []);
  });

const values: [title: string, lines: string, values: Record<string, string>][] = [
  ['keys in capitals', 'AWS_Access_Key_ID = x', { aws_access_key_id: 'x' }],
  ['# and ; inside', 'k = a#b;c', { k: 'a#b;c' }],
  ['a comment behind a tab', 'k = v\t# c', { k: 'v' }],
  ['a comment in place of a value', 'k = ; c', { k: '' }],
  ['quotes, which are a part of it', `k = "v"\nl = 'w'`, { k: '"v"', l: "'w'" }],
  ['backslashes', 'k = \\;\\\\srv\\n', { k: '\\;\\\\srv\\n' }],
  ['the words of JSON', 'a = true\nb = null\nc = 0123\nd = "true"', { a: 'true', b: 'null', c: '0123', d: '"true"' }],
  ['brackets', 'k = [a]', { k: '[a]' }],
  ['dots in a key', 'a.b = v', { 'a.b': 'v' }],
  ['a base64 token', 'k = IQoJb3JpZ2luX2VjE//+ab==', { k: 'IQoJb3JpZ2luX2VjE//+ab==' }],
  ['Unicode', 'k = ü\u2028日本\u2029🦊', { k: 'ü\u2028日本\u2029🦊' }],
  ['blanks of other alphabets at its ends', 'k = \u00a0v\u3000', { k: '\u00a0v\u3000' }],
  ["JavaScript's own names", 'constructor = v\ntostring = w', { constructor: 'v', tostring: 'w' }],
  ['__proto__, which is left out', '__proto__ = v\nk = w', { k: 'w' }],
];

for (const [title, lines, expected] of values)
  test(`reads a value with ${title}`, () => {
    const { credentials } = filesOf(`[prod]\n${lines}\n`);
    assert.deepEqual(Object.fromEntries(valuesOf(credentials, 'prod')), expected);
  });

const names: [title: string, kind: AwsFileKind, text: string, names: string[]][] = [
  ['config sections without "profile"', 'config', '[prod]\n[profile stage]\n[default]', ['stage', 'default']],
  ['"profile" without a blank', 'config', '[profileprod]', []],
  ['"profile" in the credentials file', 'credentials', '[profile prod]\n[stage]', ['stage']],
  ['names in quotes', 'config', `[profile "a"]\n[profile 'b']`, ['a', 'b']],
  ['quoted names with blanks', 'config', '[profile "a b"]', []],
  ['names with dots', 'credentials', '[a.b]\n[a]', ['a.b', 'a']],
  ['names in capitals', 'credentials', '[DEFAULT]\n[default]', ['DEFAULT', 'default']],
  ['other sections', 'config', '[sso-session a]\n[services b]\n[profile c]', ['c']],
  ['indented headers', 'credentials', '[a]\nk = v\n [b]', ['a']],
];

for (const [title, kind, text, expected] of names)
  test(`names of profiles: ${title}`, () => assert.deepEqual(namesOf(parseAwsFile('f', kind, text)), expected));

test('lines below a malformed header belong to no section', () => {
  const { credentials } = filesOf('[prod]\na = 1\n[stage\nb = 2\n[other]\nc = 3\n');
  assert.deepEqual(Object.fromEntries(valuesOf(credentials, 'prod')), { a: '1' });
  assert.deepEqual(namesOf(credentials), ['prod', 'other']);
});

test('a byte order mark is a fault', () =>
  assert.match(filesOf('\ufeff[prod]\na = 1\n').credentials.faults[0]?.message ?? '', /byte order mark/));

for (const [title, text] of [
  ['values that end in brackets', `[dev]\n${'k = v[x]\n'.repeat(200_000)}`],
  ['indented headers', ' [prod]\n'.repeat(200_000)],
  ['brackets in a line', `k = ${'x[a]#'.repeat(200_000)}`],
  ['halves of UTF-16', '[\0p\0]\0\n\0'.repeat(200_000)],
] as const)
  for (const kind of ['config', 'credentials'] as const)
    test(`two hundred thousand ${title} are looked at in linear time, in the ${kind} file`, () => {
      const begin = performance.now();
      parseAwsFile('f', kind, text);
      assert.ok(performance.now() - begin < 5000);
    });

for (const [title, text] of [
  ['lines below a value', `foo = a\n${'  b\n'.repeat(200_000)}`],
  ['properties below a key', `foo =\n${'  b = c\n'.repeat(200_000)}`],
] as const)
  test(`two hundred thousand ${title} are read in linear time`, () => {
    const begin = performance.now();
    assert.equal(
      valuesOf(filesOf(`[prod]\n${text}`).credentials, 'prod')
        .get('foo')
        ?.split('\n').length,
      200_001,
    );
    assert.ok(performance.now() - begin < 3000);
  });

test('lines are counted from 1', () => {
  const { credentials } = filesOf('# ü\r\n\r\n[prod]\r\nno property\r\n');
  assert.deepEqual(
    faultsOf(credentials).map(({ offset }) => lineNumber(credentials, offset)),
    [4],
  );
});

test('any value is read as it stands', () => {
  const value = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]|^[ \t]|[ \t]$|(^|[ \t])[#;]/.test(text));
  const reads = (text: string) => valuesOf(filesOf(`[prod]\nk = ${text}\n`).credentials, 'prod').get('k') === text;
  fc.assert(fc.property(value, reads), { numRuns: 2000 });
});

test('a profile is found wherever and however its header stands', () => {
  const parts = [
    '[',
    ']',
    '\n',
    '\r',
    ' ',
    '\t',
    '#',
    'profile',
    'default',
    'a',
    '[a]',
    '[profile a]',
    '[profile "a"]\n',
  ];
  const text = fc.array(fc.constantFrom(...parts)).map((each) => each.join(''));
  const kinds = fc.constantFrom<AwsFileKind>('credentials', 'config');
  const isFound = (all: string, kind: AwsFileKind) => {
    const file = parseAwsFile('f', kind, all);
    for (const name of ['a', 'default']) {
      const named = allSections(file).filter((section) => section.name === name);
      const prefixed = named.filter((section) => section.prefixed);
      assert.deepEqual(sectionsOf(file, name), prefixed.length > 0 ? prefixed : named);
    }
  };
  fc.assert(fc.property(text, kinds, isFound), { numRuns: 5000 });
});

test('sections stand one behind the other in any text', () => {
  const text = fc.string({
    unit: fc.constantFrom('[', ']', '\n', '\r\n', '\r', ' ', '\t', '=', '#', 'a', '\0', '\xef'),
  });
  const followEachOther = (all: string) => {
    const sections = allSections(parseAwsFile('f', 'credentials', all));
    const places = sections.map(({ start, bodyStart, end }) => [start, bodyStart, end]);
    const starts = places.slice(1).map(([start]) => start);
    assert.deepEqual(
      places.slice(0, -1).map(([, , end]) => end),
      starts,
    );
    assert.ok(places.every(([start = 0, bodyStart = 0, end = 0]) => start < bodyStart && bodyStart <= end));
    assert.ok(sections.length === 0 || sections.at(-1)?.end === all.length);
    assert.ok(sections.every(({ start }) => all[start] === '[' && (start === 0 || all[start - 1] === '\n')));
  };
  fc.assert(fc.property(text, followEachOther), { numRuns: 2000 });
});
