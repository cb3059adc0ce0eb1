/** What the shells complete, as a table of words: the one in `options.ts`, and the names of shells and formats. */

import { initShells } from './init-request.ts';
import { commands, namedCommands, optionNames, optionOf } from './options.ts';
import { formatNames } from './session-request.ts';
import { shellNames } from './shells.ts';

/** A word, the list that it stands in, the list that what follows it is in (`-`: none), and what it does. */
export type CompletionRow = [list: string, word: string, kind: string, text: string];

/** @returns a row for each word; the options of a command are in the list of its name. */
export function completionTable(): CompletionRow[] {
  return [
    ...namedCommands.map((name): CompletionRow => ['command', name, commands[name].takes ?? '-', commands[name].does]),
    ...(['session', ...namedCommands] as const).flatMap((command) =>
      optionNames
        .filter((name) => optionOf(name).of.includes(command))
        .map((name): CompletionRow => [command, `--${name}`, kindOf(name), optionOf(name).does]),
    ),
    ...shellNames.map((name): CompletionRow => ['statements', name, '-', '']),
    ...initShells.map((name): CompletionRow => ['function', name, '-', '']),
    ...formatNames.map((name): CompletionRow => ['format', name, '-', '']),
  ];
}

function kindOf(name: (typeof optionNames)[number]): string {
  const { value, values } = optionOf(name);
  return value ? (values ?? 'value') : '-';
}
