/** The texts of `mfa-env help`, from the table of commands and options. */

import { type CommandName, commands, namedCommands, optionNames, optionOf } from './options.ts';

const tasks = `Turns an MFA code into AWS credentials in the shell that asked for them.

  eval "$(mfa-env prod 123456)"          put a session into bash, zsh, any POSIX shell
  mfa-env prod 123456 | source           … into fish
  eval "$(mfa-env prod --save)"          ask for the code, and save the session for the other terminals
  eval "$(mfa-env unset)"                take it out again

In a script, stop where it fails:

  s=$(mfa-env prod) && eval "$s" && deploy
`;

const files = `Files, as the AWS CLI knows them:

  ~/.aws/credentials   [prod-default]   aws_access_key_id, aws_secret_access_key: the long-lived keys
                       [prod]           aws_arn_mfa: the MFA device; --save puts the session here

Exit status: 0 done, 1 failed, 2 wrong usage, 3 a code is needed and there is no terminal to ask on.
`;

const notThere = ' (not there yet)';

/** All commands and options on a screen. */
export function overview(): string {
  const names = ['session', ...namedCommands] as const;
  const rows = names.map((name): [string, string] => [
    commands[name].usage,
    commands[name].does + (commands[name].there ? '' : notThere),
  ]);
  return [tasks, 'Commands:\n', table(rows), 'Options of mfa-env PROFILE:\n', optionTable('session'), files].join('\n');
}

/** One command and its options. */
export function helpOf(name: CommandName): string {
  const { usage, does, there } = commands[name];
  return `${usage}\n\n  ${does}${there ? '' : notThere}\n\nOptions:\n\n${optionTable(name)}`;
}

function optionTable(command: CommandName): string {
  const taken = optionNames.filter((name) => optionOf(name).of.includes(command));
  return table(
    taken.map((name) => {
      const { value, alias, does } = optionOf(name);
      const other = alias ? `, ${alias.length === 1 ? '-' : '--'}${alias}` : '';
      return [`--${name}${other}${value ? ` ${value}` : ''}`, does];
    }),
  );
}

/** Rows of two columns; a long first cell has the second one below it. */
function table(rows: [string, string][]): string {
  const width = 26;
  return rows
    .map(([left, right]) =>
      left.length > width - 2 ? `  ${left}\n${' '.repeat(width + 2)}${right}\n` : `  ${left.padEnd(width)}${right}\n`,
    )
    .join('');
}
