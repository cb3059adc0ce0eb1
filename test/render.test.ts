import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderChange, renderFailure } from '../src/render.ts';
import { type ShellName, shellNames } from '../src/shells.ts';
import { root, run, unless } from './harness.ts';
import { type Shell, shells } from './shells.ts';
import { makeFolder } from './temp-folder.ts';

const shellFolder = join(root, 'shell');

const values: [what: string, value: string][] = [
  ['a token with base64 padding', 'IQoJb3JpZ2luX2VjE//+ab=='],
  ['a single quote', "it's"],
  ['nothing but quotes', `''"'"'`],
  ['double quotes', '"a"'],
  ['expansions', '$HOME $(id) `id` $((1+1)) !! !id ~ *'],
  ["fish's expansions", '(id) {a,b} %self ?'],
  ['backslashes', '\\ \\\\ \\n \\'],
  ['a backslash before a quote', "\\'; id; '"],
  ['separators', 'a;b&c|d>e<f #g'],
  ['two blanks and a tab', 'a  b\tc'],
  ['Unicode', 'ü日本🦊\u2028\u202e'],
  ["JavaScript's replacement patterns", "$& $' $1 $$"],
  ['places of the templates', '{name} {value} {names} {text}'],
  ['a dash at its front', '-n'],
  ['nothing', ''],
];

const change = { unset: ['OLD'], set: values.map(([, value], index): [string, string] => [`V${index}`, value]) };

/** Hands statements to a shell in the way that the README shows, and runs the rest of the script around them. */
function evaluate(
  { command, args, evaluate: forms }: Shell,
  text: string,
  [before, behind]: [string, string],
  HOME: string,
) {
  const form = Object.values(forms)[0] ?? (() => '');
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', HOME, OLD: 'old' };
  return run(command, [...args, `${before}\n${form('cat')}\n${behind}`], env, text);
}

for (const shell of shells)
  test(`${shell.name} sets hostile values and unsets`, { skip: unless(shell.command) }, async (t) => {
    const text = renderChange(shellFolder, shell.dialect, change);
    const dump = `${process.execPath} -p 'JSON.stringify(process.env)'`;
    const { status, stdout, stderr } = await evaluate(shell, text, ['', dump], makeFolder(t));
    assert.deepEqual([status, stderr], [0, '']);
    const env = JSON.parse(stdout);
    assert.deepEqual(
      values.map(([what], index) => [what, env[`V${index}`]]),
      values,
    );
    assert.equal('OLD' in env, false);
  });

/** Scripts around the statements in which one of them cannot have its way, and what is said of it. */
const failing: Record<ShellName, [around: [string, string], hint: RegExp]> = {
  bash: [['readonly AWS_SESSION_TOKEN=old', ''], /read-?only/],
  zsh: [['readonly AWS_SESSION_TOKEN=old', ''], /read-?only/],
  sh: [['readonly AWS_SESSION_TOKEN=old', ''], /read[ -]?only/],
  fish: [['begin; set -lx AWS_PROFILE stage', 'end'], /hint: AWS_PROFILE/],
};

for (const shell of shells)
  test(`${shell.name} fails where a variable stays as it was`, { skip: unless(shell.command) }, async (t) => {
    const text = renderChange(shellFolder, shell.dialect, {
      unset: ['AWS_PROFILE'],
      set: [
        ['AWS_SESSION_TOKEN', 'new'],
        ['MFA_ENV_PROFILE', 'prod'],
      ],
    });
    const [around, hint] = failing[shell.dialect];
    const { status, stderr } = await evaluate(shell, text, around, makeFolder(t));
    assert.notEqual(status, 0);
    assert.match(stderr, hint);
  });

for (const shell of shells)
  test(`${shell.name} fails by the failing statement`, { skip: unless(shell.command) }, async (t) => {
    const text = renderFailure(shellFolder, shell.dialect);
    const { status, stdout, stderr } = await evaluate(shell, text, ['', ''], makeFolder(t));
    assert.deepEqual([status, stdout, stderr], [1, '', '']);
  });

const firstLines: [shell: ShellName, lines: string[]][] = [
  ['bash', ['unset OLD;', "export V='it'\\''s';"]],
  ['zsh', ['unset OLD;', "export V='it'\\''s';"]],
  ['sh', ['unset OLD;', "export V='it'\\''s';"]],
  ['fish', ['set -eg OLD;', "set -gx V 'it\\'s';"]],
];

for (const [shell, lines] of firstLines)
  test(`${shell} gets one statement a line, each ended by ;`, () => {
    const text = renderChange(shellFolder, shell, { unset: ['OLD'], set: [['V', "it's"]] });
    assert.deepEqual(text.split('\n').slice(0, 2), lines);
    assert.match(text, /^([^#\n][^\n]*;\n)+$/);
    assert.equal(renderFailure(shellFolder, shell), 'false;\n');
  });

for (const shell of shellNames)
  for (const value of ['a\nb', 'a\rb', 'a\0b'])
    test(`${shell} gets no value with ${JSON.stringify(value)}`, () =>
      assert.throws(() => renderChange(shellFolder, shell, { unset: [], set: [['V', value]] })));
