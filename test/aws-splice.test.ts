import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeValues, parseAwsFile, readProperties, sectionsOf } from '../src/aws-file.ts';
import { findObstacle, type LineMove, moveLines, type SectionEdit, spliceSection } from '../src/aws-splice.ts';

const parse = (text: string) => parseAwsFile('credentials', 'credentials', text);

const edit: SectionEdit = {
  section: 'prod',
  set: [
    ['id', 'NEW'],
    ['token', 'ab=='],
  ],
  remove: ['stale'],
};

const rows: [title: string, before: string, after: string][] = [
  ['makes the section in an empty file', '', '[prod]\nid = NEW\ntoken = ab==\n'],
  ['appends the section', '[a]\nk = v\n', '[a]\nk = v\n[prod]\nid = NEW\ntoken = ab==\n'],
  ['appends behind a line without an end', '[a]\nk = v', '[a]\nk = v\n[prod]\nid = NEW\ntoken = ab==\n'],
  ['appends with CRLF', '[a]\r\nk = v', '[a]\r\nk = v\r\n[prod]\r\nid = NEW\r\ntoken = ab==\r\n'],
  ['fills an empty section', '[prod]\n[a]\n', '[prod]\nid = NEW\ntoken = ab==\n[a]\n'],
  ['fills an empty section at the end', '[prod]', '[prod]\nid = NEW\ntoken = ab==\n'],
  ['replaces in place', '[prod]\nid = x\nk = v\ntoken = y\n', '[prod]\nid = NEW\nk = v\ntoken = ab==\n'],
  ['writes lower case', '[prod]\nID=x\nToken\t=  y ; c\n', '[prod]\nid = NEW\ntoken = ab==\n'],
  ['replaces with CRLF', '[prod]\r\nid = x\r\n\r\n[a]\r\n', '[prod]\r\nid = NEW\r\ntoken = ab==\r\n\r\n[a]\r\n'],
  [
    'inserts behind the last property',
    '[prod]\nk = v\n\n# c\n[a]\n',
    '[prod]\nk = v\nid = NEW\ntoken = ab==\n\n# c\n[a]\n',
  ],
  ['inserts behind a line without an end', '[prod]\nk = v', '[prod]\nk = v\nid = NEW\ntoken = ab==\n'],
  ['replaces the first of duplicates', '[prod]\nid = x\nk = v\nid = y\n', '[prod]\nid = NEW\nk = v\ntoken = ab==\n'],
  ['removes what is stale', '[prod]\nstale = x\nk = v\nSTALE = y\n', '[prod]\nk = v\nid = NEW\ntoken = ab==\n'],
  [
    'replaces continuation lines too',
    '[prod]\nid = x\n  y\n\n  z\nk = v\n  w\nstale =\n  a = b\n',
    '[prod]\nid = NEW\nk = v\n  w\ntoken = ab==\n',
  ],
  [
    'leaves comments between lines that go',
    '[prod]\nid = x\n# a\n  y\n; b\n  z\nstale = 2020\r\n# my note\r\n  more\r\nk = v\n',
    '[prod]\nid = NEW\n# a\n; b\n# my note\r\nk = v\ntoken = ab==\n',
  ],
  [
    'leaves comments, blank lines and odd keys',
    '# top\n\n[prod] ; c\n# id\nid = x\n;\nin valid = 1\n# end',
    '# top\n\n[prod] ; c\n# id\nid = NEW\n;\nin valid = 1\ntoken = ab==\n# end',
  ],
  [
    'leaves sections that are no profiles',
    '[sso-session a]\nid = x\n[prod]\nid = y\n[in valid]\nid = z\n',
    '[sso-session a]\nid = x\n[prod]\nid = NEW\ntoken = ab==\n[in valid]\nid = z\n',
  ],
  ['leaves bytes that are no UTF-8', '[prod]\nk = \xff\xfe\n', '[prod]\nk = \xff\xfe\nid = NEW\ntoken = ab==\n'],
];

for (const [title, before, after] of rows)
  test(title, () => {
    assert.equal(findObstacle(parse(before), 'prod'), undefined);
    assert.equal(spliceSection(parse(before), edit).text, after);
    assert.equal(spliceSection(parse(after), edit).text, after);
  });

const removal: SectionEdit = { section: 'prod', set: [], remove: ['id', 'token'], dropIfEmpty: true };

const removals: [title: string, before: string, after: string][] = [
  ['the section where nothing else is in it', '[a]\nk = v\n[prod]\nid = x\nToken = y\n[z]\n', '[a]\nk = v\n[z]\n'],
  ['the section, but no blank lines', '[a]\n\n[prod]\nid = x\n\n[z]\n', '[a]\n\n\n[z]\n'],
  ['the only section', '[prod]\r\nid = x', ''],
  ['the keys alone where there is another', '[prod]\nid = x\nk = v\ntoken = y\n', '[prod]\nk = v\n'],
  ['the keys alone where there is a comment', '[prod]\n# c\nid = x\n', '[prod]\n# c\n'],
  ['nothing where the section is missing', '[a]\nk = v\n', '[a]\nk = v\n'],
  ['nothing of an empty file', '', ''],
];

for (const [title, before, after] of removals)
  test(`removes ${title}`, () => assert.equal(spliceSection(parse(before), removal).text, after));

const apart: [title: string, before: string, after: string][] = [
  ['below a blank line', '[a]\nk = v\n', '[a]\nk = v\n\n[prod]\nid = NEW\n'],
  ['below the one that is there', '[a]\r\n\r\n', '[a]\r\n\r\n[prod]\r\nid = NEW\r\n'],
  ['at the top of an empty file', '', '[prod]\nid = NEW\n'],
  ['in its place where it is there', '[a]\n[prod]\n', '[a]\n[prod]\nid = NEW\n'],
];

for (const [title, before, after] of apart)
  test(`makes a section apart ${title}`, () => {
    const set: SectionEdit['set'] = [['id', 'NEW']];
    assert.equal(spliceSection(parse(before), { section: 'prod', set, remove: [], isApart: true }).text, after);
  });

const move: LineMove = { from: 'prod', to: 'prod-default', keys: ['id', 'secret'] };

const moves: [title: string, before: string, after: string][] = [
  ['nothing where there is none', '[prod]\nk = v\n', '[prod]\nk = v\n'],
  [
    'to a section that is made',
    '[prod]\nid = x\nk = v\nsecret = y\n',
    '[prod]\nk = v\n\n[prod-default]\nid = x\nsecret = y\n',
  ],
  [
    'to the end of a section that is there',
    '[prod-default]\nr = 1\n\n# c\n[prod]\nid = x\nsecret = y\n',
    '[prod-default]\nr = 1\nid = x\nsecret = y\n\n# c\n[prod]\n',
  ],
  [
    'to one that stands behind',
    '[prod]\nid = x\nsecret = y\n[prod-default]\n[z]\n',
    '[prod]\n[prod-default]\nid = x\nsecret = y\n[z]\n',
  ],
  [
    'to one whose header ends the file',
    '[prod]\nid = x\nsecret = y\n[prod-default]',
    '[prod]\n[prod-default]\nid = x\nsecret = y\n',
  ],
  [
    'and leaves comments in their place',
    '# a\n[prod] ; b\n# of the id\nid = x\n\n# of the secret\nsecret = y\n; end\n[z]\nid = z\n',
    '# a\n[prod] ; b\n# of the id\n\n# of the secret\n; end\n[z]\nid = z\n\n[prod-default]\nid = x\nsecret = y\n',
  ],
  [
    'as they are written',
    '[prod]\nID\t=x  ; c\nSecret=  y # d\n',
    '[prod]\n\n[prod-default]\nID\t=x  ; c\nSecret=  y # d\n',
  ],
  ['without a line end', '[prod]\nk = v\nid = x\nsecret = y', '[prod]\nk = v\n\n[prod-default]\nid = x\nsecret = y\n'],
  [
    'with CRLF',
    '[prod]\r\nid = x\r\nsecret = y\r\nk = v',
    '[prod]\r\nk = v\r\n\r\n[prod-default]\r\nid = x\r\nsecret = y\r\n',
  ],
  [
    'which stand twice, in their order',
    '[prod]\nid = old\nid = x\nsecret = y\n',
    '[prod]\n\n[prod-default]\nid = old\nid = x\nsecret = y\n',
  ],
];

for (const [title, before, after] of moves)
  test(`moves lines ${title}`, () => assert.equal(moveLines(parse(before), move).text, after));

const obstacles: [title: string, text: string, message: RegExp, offset: number][] = [
  ['a byte order mark', '\xef\xbb\xbf[prod]\n', /byte order mark/, 0],
  ['a NUL', '[prod]\nk = a\0b\n', /NUL/, 7],
  ['a lone CR', '[prod]\nk = v\rl = w\n', /carriage return/, 7],
  ['a CR at the very end', '[prod]\r', /carriage return/, 0],
  ['the section twice', '[prod]\n[a]\n[prod]\n', /\[prod\] stands a second time/, 11],
  ['a header without ]', '[a]\n[prod\n', /must end with '\]'/, 4],
  ['a header without ] elsewhere', '[prod]\n[a\n', /must end with '\]'/, 7],
  ['text behind a header', '[prod] x\n', /must end with '\]'/, 0],
  ['an indented header', '[a]\nk = v\n  [prod]\n', /indented/, 10],
  ['an indented header elsewhere', '[prod]\nk = v\n\t[a]\n', /indented/, 13],
  ['blanks in the header', '[ prod ]\n', /blanks in the header/, 0],
  ['a no-break space before a key', '[prod]\nk = v\n\xc2\xa0l = w\n', /neither a space nor a tab/, 13],
  ['a form feed before a key', '[prod]\n\fl = w\n', /neither a space nor a tab/, 7],
  ['an em space before a key', '[a]\n[prod]\nk = v\n\xe2\x80\x83l = w\n', /neither a space nor a tab/, 17],
  ['a comment right behind the header', '[prod]; c\n', /between the header and its comment/, 0],
  ['one behind the next header', '[prod]\nk = v\n[a]# c\n', /between the header and its comment/, 13],
  ['a property above all sections', 'k = v\n[prod]\n', /before any property/, 0],
  ['a line without =', '[a]\nno property\n[prod]\n', /'='/, 4],
  ['a line without a key', '[prod]\n= v\n', /name/, 7],
  ['an indented line below a header', '[prod]\n  k = v\n', /continuation/, 7],
  ['a sub-property without =', '[prod]\nk =\n  v\n', /sub-property/, 11],
];

for (const [title, text, message, offset] of obstacles)
  test(`${title} is an obstacle`, () => {
    const obstacle = findObstacle(parse(text), 'prod');
    assert.match(obstacle?.message ?? '', message);
    assert.equal(obstacle?.offset, offset);
  });

const harmless: [title: string, text: string][] = [
  ['another section twice', '[a]\n[a]\n[prod]\n'],
  ['a no-break space elsewhere', '[a]\nk = v\n\xc2\xa0l = w\n[prod]\nk = \xc2\xa0v\n'],
  ['a comment behind a blank', '[prod] # c\n[a] ; c\n'],
  ['an adjacent comment far away', '[a]; c\n[prod]\n[b]\n[c]# c\n'],
  ['blanks in another header', '[ a ]\n[prod]\n'],
];

for (const [title, text] of harmless)
  test(`${title} is no obstacle`, () => assert.equal(findObstacle(parse(text), 'prod'), undefined));

/** A comment, a blank line, or a property with what follows it. */
interface Piece {
  key?: string;
  lines: string[];
}

// What ends in brackets may be a header that lost its line end, and is an obstacle.
const word = fc
  .stringMatching(/^[!-~\xa0-\xff]([ -~\t\xa0-\xff]{0,12}[!-~])?$/)
  .filter((text) => !/\[[^[\]]+\][ \t]*([#;].*)?$/.test(text));
const subProperty = fc.tuple(fc.stringMatching(/^[a-z_]{1,9}$/), word).map(([key, value]) => `  ${key} = ${value}`);
const property = fc
  .record({
    key: fc.constantFrom('id', 'ID', 'Token', 'token', 'stale', 'region', 'a.b', 'in valid', '__proto__'),
    sign: fc.constantFrom('=', ' = ', '\t=  '),
    value: fc.oneof(word, fc.constant('')),
    more: fc.array(subProperty, { maxLength: 2 }),
  })
  .map(({ key, sign, value, more }): Piece => ({ key: key.toLowerCase(), lines: [key + sign + value, ...more] }));
const filler = fc.constantFrom('', '   ', '#', '; [prod]', '#id = x').map((line): Piece => ({ lines: [line] }));
const body = fc.array(fc.oneof(property, filler), { maxLength: 6 });
const header = fc.constantFrom('[prod-default]', '[default]', '[x] ; c', '[a.b]', '[in valid]', '[profile prod]');
const others = fc.array(fc.tuple(header, body), { maxLength: 3 });
const randomFile = fc.record({
  top: fc.array(filler, { maxLength: 2 }),
  before: others,
  target: fc.option(fc.tuple(fc.constantFrom('[prod]', '[prod] ; c'), body)),
  behind: others,
  lineEnd: fc.constantFrom('\n', '\r\n'),
  isCut: fc.boolean(),
});

const linesOf = (pieces: Piece[]) => pieces.flatMap(({ lines }) => lines);
const linesOfSections = (sections: [string, Piece[]][]) =>
  sections.flatMap(([title, pieces]) => [title, ...linesOf(pieces)]);

test('changes its section and nothing else in any file', () => {
  const property = fc.property(randomFile, ({ top, target, lineEnd, isCut, ...parts }) => {
    const toText = (lines: string[]) => lines.map((line) => line + lineEnd).join('');
    const cut = (text: string) => (isCut ? text.slice(0, text.length - lineEnd.length) : text);
    const before = toText([...linesOf(top), ...linesOfSections(parts.before)]);
    const behind = toText(linesOfSections(parts.behind));
    const text = cut(before + toText(linesOfSections(target ? [target] : [])) + behind);
    fc.pre(text.includes(lineEnd));
    const lead = target ? before : text + (/[^\n]$/.test(text) ? lineEnd : '');
    const tail = target ? cut(behind) : '';

    assert.equal(findObstacle(parse(text), 'prod'), undefined);
    const after = spliceSection(parse(text), edit).text;
    assert.ok(after.startsWith(lead) && after.endsWith(tail), 'all other bytes are as before');

    const lines = after.slice(lead.length, after.length - tail.length).split(lineEnd);
    const written = edit.set.map(([key, value]) => `${key} = ${value}`);
    const [title, pieces] = target ?? ['[prod]', []];
    const kept = pieces.filter(({ key = '' }) => !['id', 'token', 'stale'].includes(key));
    assert.deepEqual(lines.filter((line) => written.includes(line)).sort(), written);
    assert.equal(
      lines
        .filter((line) => !written.includes(line))
        .join('\n')
        .trimEnd(),
      [title, ...linesOf(kept)].join('\n').trimEnd(),
    );

    const file = parse(after);
    const [section] = sectionsOf(file, 'prod');
    assert.ok(section);
    const values = decodeValues(readProperties(file, section, () => assert.fail('there is a fault')));
    assert.deepEqual([values.get('id'), values.get('token'), values.get('stale')], ['NEW', 'ab==', undefined]);
    assert.equal(spliceSection(file, edit).text, after, 'a second time changes nothing');
  });
  fc.assert(property, { numRuns: 4000 });
});

const pair = fc
  .constantFrom('id = x', 'ID\t=x ; c', 'secret=y', 'Secret =  y # c')
  .map((line): Piece => ({ lines: [line] }));
const movable = fc.record({
  lines: fc.array(
    fc.oneof(
      pair,
      property.filter(({ key }) => key !== 'id' && key !== 'secret'),
      filler,
    ),
    { maxLength: 6 },
  ),
  before: others,
  behind: others,
  target: fc.option(fc.tuple(fc.constantFrom('before', 'behind'), body)),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  isCut: fc.boolean(),
});

test('moves its lines and nothing else in any file', () => {
  const isTarget = ([title]: [string, Piece[]]) => title === '[prod-default]';
  const property = fc.property(movable, ({ lines, before, behind, target, lineEnd, isCut }) => {
    fc.pre(![...before, ...behind].some(isTarget));
    const own: [string, Piece[]] = ['[prod]', lines];
    const there: [string, Piece[]][] = target ? [['[prod-default]', target[1]]] : [];
    const isBefore = target?.[0] === 'before';
    const sections = [...before, ...(isBefore ? there : []), own, ...(isBefore ? [] : there), ...behind];
    const whole = linesOfSections(sections)
      .map((line) => line + lineEnd)
      .join('');
    const text = isCut ? whole.slice(0, whole.length - lineEnd.length) : whole;
    fc.pre(findObstacle(parse(text), 'prod') === undefined);

    const after = moveLines(parse(text), move).text;
    const moved = linesOf(lines).filter((line) => /^(id|secret)\s*=/i.test(line));
    if (moved.length === 0) return assert.equal(after, text);
    // Taken out again, the lines leave the file as it was without them.
    const block = moved.map((line) => line + lineEnd).join('');
    const rest = linesOfSections(
      sections.map(([title, pieces]) => [
        title,
        title === '[prod]' ? lines.filter(({ lines: [line = ''] }) => !moved.includes(line)) : pieces,
      ]),
    );
    const left = rest.map((line) => line + lineEnd).join('');
    const places = [...after.matchAll(new RegExp(block.replace(/[^\w\s]/g, '\\$&'), 'g'))];
    const isPut = places.some(({ index }) => {
      const without = after.slice(0, index) + after.slice(index + block.length);
      const header = `[prod-default]${lineEnd}`;
      const made = target ? without : without.replace(new RegExp(`(${lineEnd})?\\[prod-default\\]${lineEnd}$`), '');
      return (target || without.endsWith(header)) && made.trimEnd() === left.trimEnd();
    });
    assert.ok(isPut, after);
    const file = parse(after);
    const keysOf = (name: string) =>
      sectionsOf(file, name).flatMap((section) => readProperties(file, section, () => {}).map(({ key }) => key));
    assert.ok(!keysOf('prod').some((key) => key === 'id' || key === 'secret'));
  });
  fc.assert(property, { numRuns: 2000 });
});
