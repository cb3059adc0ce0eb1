/** What `mfa-env init` is asked for. */

import { usage } from './errors.ts';
import { didYouMean } from './nearest.ts';
import { commands } from './options.ts';
import { checkForm, type Parsed, textOf } from './parsed-words.ts';
import { quoteOutside } from './visible.ts';

/** The shells that have a function, and direnv. */
export const initShells = ['bash', 'zsh', 'fish', 'direnv'] as const;

export interface InitRequest {
  command: 'init';
  shell: (typeof initShells)[number];
  /** What the function is to be called. */
  functionName: string;
  /** Whether it is also to follow renewed sessions before each prompt. */
  hook: boolean;
}

// What would not be a function's name in one of the shells, or would take a word of theirs that the functions need. In zsh a
// function TRAPINT is a trap.
const takenNames = new Set(
  [
    'if then elif else fi do done case esac in for while until select function time coproc begin end and or not switch',
    'foreach repeat nocorrect noglob float integer _',
    'alias argparse break builtin cd command commandline compadd compdef complete contains continue date declare emulate enable',
    'eval exec exit export false functions hash local math path precmd print printf read readonly return set setopt shift shopt',
    'source status string sysread test trap true type typeset unalias unfunction unset use watch_file whence zmodload',
  ].flatMap((line) => line.split(' ')),
);

export function readInit(parsed: Parsed, words: string[]): InitRequest {
  const [word, ...more] = words;
  const shell = initShells.find((name) => name === word);
  if (word === undefined || more.length > 0) throw usage('mfa-env init takes one shell', commands.init.usage);
  if (!shell) {
    throw usage(
      `there is no function for the shell ${quoteOutside(word)}`,
      didYouMean(word, initShells) ?? `the shells are ${initShells.join(', ')}`,
    );
  }
  if (shell === 'direnv' && (parsed.hook || textOf(parsed, 'cmd') !== undefined)) {
    throw usage('--cmd and --hook are not for direnv', 'mfa-env init direnv');
  }
  const functionName = checkForm(
    textOf(parsed, 'cmd'),
    (text) => /^[A-Za-z_][\w-]{0,63}$/.test(text) && !takenNames.has(text) && !/^(__mfa_env_|TRAP)/.test(text),
    { message: '--cmd is no name for a function', hint: 'letters, digits, - and _, such as mfa' },
  );
  return { command: 'init', shell, functionName: functionName ?? 'mfa-env', hook: parsed.hook === true };
}
