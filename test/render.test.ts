import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderChange, renderFailure } from '../src/render.ts';
import { type ShellName, shellNames } from '../src/shells.ts';
import { root, run, unless } from './harness.ts';
import { goOn, type Shell, shells } from './shells.ts';
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
  ['history', '!! !1 !$ ^a^b^ \\!'],
  ["PowerShell's quotes", '‘a’ ‚b‛ “c”'],
  ['controls', '\x01\x1b[31m\x7f'],
  ['a dash at its front', '-n'],
  ['nothing', ''],
];

const change = { unset: ['OLD'], set: values.map(([, value], index): [string, string] => [`V${index}`, value]) };

/** Runs a script around the line that the README shows, which evaluates the statements. */
function evaluate(shell: Shell, text: string, HOME: string, script = (line: string) => line) {
  const [form = assert.fail()] = Object.values(shell.evaluate);
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', HOME, OLD: 'old' };
  return run(shell.command, [...shell.args, script(form('cat'))], env, text);
}

for (const shell of shells)
  test(`${shell.name} sets hostile values and unsets`, { skip: unless(shell.command) }, async (t) => {
    const text = renderChange(shellFolder, shell.dialect, change);
    const dump = `${process.execPath} -p 'JSON.stringify(process.env)'`;
    const { status, stdout, stderr } = await evaluate(shell, text, makeFolder(t), (line) => `${line}\n${dump}`);
    assert.deepEqual([status, stderr], [0, '']);
    const env = JSON.parse(stdout);
    assert.deepEqual(
      values.map(([what], index) => [what, env[`V${index}`]]),
      values,
    );
    assert.equal('OLD' in env, false);
  });

const afterReadonly = (line: string) => `readonly AWS_SESSION_TOKEN=old\n${line}`;

/** Scripts around the statements in which one of them cannot have its way, and what is said of it; elsewhere all can. */
const failing: Partial<Record<ShellName, [script: (line: string) => string, hint: RegExp]>> = {
  bash: [afterReadonly, /read-?only/],
  zsh: [afterReadonly, /read-?only/],
  sh: [afterReadonly, /read[ -]?only/],
  fish: [(line) => `begin; set -lx AWS_PROFILE stage\n${line}\nend`, /hint: AWS_PROFILE/],
};

for (const shell of shells) {
  const [script, hint] = failing[shell.dialect] ?? [];
  if (!script || !hint) continue;
  test(`${shell.name} fails where a variable stays as it was`, { skip: unless(shell.command) }, async (t) => {
    const text = renderChange(shellFolder, shell.dialect, {
      unset: ['AWS_PROFILE'],
      set: [
        ['AWS_SESSION_TOKEN', 'new'],
        ['MFA_ENV_PROFILE', 'prod'],
      ],
    });
    const { status, stderr } = await evaluate(shell, text, makeFolder(t), script);
    assert.notEqual(status, 0);
    assert.match(stderr, hint);
  });
}

for (const shell of shells)
  test(`${shell.name} fails by the failing statement, and keeps what stood before it`, {
    skip: unless(shell.command),
  }, async (t) => {
    const change = renderChange(shellFolder, shell.dialect, { unset: ['OLD'], set: [['V', 'new']] });
    const failure = renderFailure(shellFolder, shell.dialect);
    const alone = await evaluate(shell, failure, makeFolder(t));
    assert.notEqual(alone.status, 0);
    assert.equal(alone.stdout, '');
    assert.match(alone.stderr, shell.language.complaint);
    const { stdout } = await evaluate(shell, change + failure, makeFolder(t), (line) =>
      shell.language.attempt(line, goOn, 'env'),
    );
    assert.match(stdout, /^V=new$/m);
    assert.doesNotMatch(stdout, /^OLD=|^GOES-ON$/m);
  });

const posixSet = "export V='it'\\''s\\a ‘“!';\n";
const posixTest = 'if test -n "`unset OLD V && echo .`"; then';

/** What unsets OLD and sets V to `it's\a ‘“!`, and the statement that fails. */
const texts: Record<ShellName, { text: string; failure: string }> = {
  bash: {
    text: `__mfa_env_change() { unset -f __mfa_env_change;
${posixSet}};
${posixTest} : \${BASH_VERSION+x};
unset OLD;
if test \${BASH_VERSION+x} && shopt -qo functrace; then set +T; __mfa_env_change; set -T; else __mfa_env_change; fi;
else unset -f __mfa_env_change; false; fi;
`,
    failure: 'false;\n',
  },
  zsh: {
    text: `if test \${ZSH_VERSION+x} && [[ -o debug_before_cmd ]]; then unsetopt debug_before_cmd; __mfa_env_traced() { unset -f __mfa_env_traced; }; else __mfa_env_traced() { unset -f __mfa_env_traced; false; }; fi;
__mfa_env_change() { unset -f __mfa_env_change; if test \${ZSH_VERSION+x}; then setopt local_options local_traps global_export; trap - DEBUG; fi;
${posixSet}};
if __mfa_env_traced; then setopt debug_before_cmd; fi;
${posixTest} :;
unset OLD;
__mfa_env_change;
else unset -f __mfa_env_change; false; fi;
`,
    failure: 'false;\n',
  },
  sh: { text: `${posixTest} : \${HOME+x};\nunset OLD;\n${posixSet}else false; fi;\n`, failure: 'false;\n' },
  fish: {
    text: `true (true;);
set -eg OLD;
set -gx V 'it\\'s\\\\a ‘“!';
not begin; string match -r -- '^(?:'(string join '|' OLD)')$' (set -nx) | string replace -r '.+' 'mfa-env: hint: $0 is a universal variable or a function\\'s, and stays in force: set -e $0' >&2; end;
`,
    failure: 'false;\n',
  },
  tcsh: {
    text: `if ((\${?HOME})) :;\nunsetenv OLD;\nsetenv V 'it'\\''s'\\\\'a ‘“'\\!'';\n`,
    failure: 'false;\n',
  },
  elvish: {
    text: "if $true { nop };\nunset-env OLD;\nset-env V 'it''s\\a ‘“!';\n",
    failure: "fail 'mfa-env failed';\n",
  },
  xonsh: {
    text: `if True: pass;\n\${...}.pop('OLD', None);\n$V = 'it\\'s\\\\a ‘“!';\n`,
    failure: "raise RuntimeError('mfa-env failed');\n",
  },
  nu: {
    text: '{"AWS_SECURITY_TOKEN":"$(","AWS_SECURITY_TOKEN":null}\n{"OLD":null}\n{"V":"it\'s\\\\a ‘“!"}\n',
    failure: 'false\n',
  },
  pwsh: { text: "&{};\n$env:OLD = $null;\n$env:V = 'it''s\\a ‘‘“!';\n", failure: "throw 'mfa-env failed';\n" },
};

for (const shell of shellNames)
  test(`${shell} gets one statement a line, each ended by ;`, () => {
    const { text, failure } = texts[shell];
    const rendered = renderChange(shellFolder, shell, { unset: ['OLD'], set: [['V', "it's\\a ‘“!"]] });
    assert.equal(rendered, text);
    assert.equal(renderFailure(shellFolder, shell), failure);
    // nushell's are records, and no statements.
    assert.match(rendered + failure, shell === 'nu' ? /^(.+\n)+$/ : /^([^#\n][^\n]*;\n)+$/);
  });

for (const shell of shellNames)
  for (const value of ['a\nb', 'a\rb', 'a\0b'])
    test(`${shell} gets no value with ${JSON.stringify(value)}`, () =>
      assert.throws(() => renderChange(shellFolder, shell, { unset: [], set: [['V', value]] })));
