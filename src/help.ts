/** The texts of `mfa-env help`, from the table of commands and options. */

import { exitStatusMeanings, explanations } from './explanations.ts';
import { type CommandName, commands, namedCommands, type OptionName, optionNames, optionOf } from './options.ts';

const exampleWidth = 39;

const tasks = `Turns an MFA code into AWS credentials in the shell that asked for them.

${table(
  [
    ['mfa-env setup prod', 'begin: two sections in the credentials file, made by asking'],
    ...explanations.session.examples.slice(0, 3),
    ['eval "$(mfa-env unset)"', 'take it out again'],
  ],
  exampleWidth,
)}
In a script, stop where it fails:

  s=$(mfa-env prod) && eval "$s" && deploy
`;

const files = `Files, as the AWS CLI knows them:

  ~/.aws/credentials   [prod-default]   aws_access_key_id, aws_secret_access_key: the long-lived keys
                       [prod]           aws_arn_mfa: the MFA device; --save puts the session here

Exit status:

${table(exitStatusMeanings, 7)}`;

/** All commands on a screen, with the options of the first one. */
export function overview(): string {
  const names = ['session', ...namedCommands] as const;
  const rows = names.map((name): [string, string] => [commands[name].usage, commands[name].does]);
  return [tasks, 'Commands:\n', table(rows), 'Options of mfa-env PROFILE:\n', optionTable('session'), files].join('\n');
}

/** One command: what it does, with examples, and its options. */
export function helpOf(name: CommandName): string {
  const { usage, does } = commands[name];
  const { explains, examples } = explanations[name];
  const parts = [usage, `  ${does}`, explains, `Examples:\n\n${table(examples, exampleWidth)}`];
  return `${parts.join('\n\n')}\nOptions:\n\n${optionTable(name)}`;
}

function optionTable(command: CommandName): string {
  const taken = optionNames.filter((name) => optionOf(name).of.includes(command));
  return table(taken.map((name) => [usageOf(name), optionOf(name).does]));
}

/** How an option is written: `--serial, --arn ID`. */
export function usageOf(name: OptionName): string {
  const { value, alias } = optionOf(name);
  const other = alias ? `, ${alias.length === 1 ? '-' : '--'}${alias}` : '';
  return `--${name}${other}${value ? ` ${value}` : ''}`;
}

/** Rows of two columns; a long first cell has the second one below it. */
function table(rows: readonly (readonly [string, string])[], width = 26): string {
  return rows
    .map(([left, right]) =>
      left.length > width - 2 ? `  ${left}\n${' '.repeat(width + 2)}${right}\n` : `  ${left.padEnd(width)}${right}\n`,
    )
    .join('');
}
