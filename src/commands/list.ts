/** `mfa-env list`: the profiles and how long their saved sessions live, as a table for people or as JSON. */

import { marks } from '../alike-profiles.ts';
import { describeFault, indexFiles, readAwsFiles } from '../aws-files.ts';
import type { ProfileRow } from '../profile-row.ts';
import { type ForEachRow, readRows } from '../profile-rows.ts';
import { type TableForm, writeTable } from '../profile-table.ts';
import type { Request } from '../request.ts';
import { makeTextParts } from '../text-parts.ts';
import { quoteOutside, toVisibleJson } from '../visible.ts';
import type { World } from '../world.ts';

// What a pipe holds.
const partLength = 65_536;

export function runList(request: Extract<Request, { command: 'list' }>, world: World): void {
  const files = indexFiles(readAwsFiles(world.env));
  for (const file of [files.credentials, files.config]) {
    // A section whose header is malformed is no profile's.
    const [fault] = file.faults;
    if (fault) world.say(`warning: ${describeFault(file, fault)}`);
  }
  const now = world.now();
  const forEachRow: ForEachRow = (take, lines) => readRows(files, now, currentProfile(world.env), take, lines);
  const out = makeTextParts(world.writeOut, partLength);
  if (request.json) {
    let before = '[\n';
    const lineOf = (row: ProfileRow) => `${toVisibleJson(JSON.stringify(row))}\n`;
    const take = (lines: string) => {
      out.add(before + lines.slice(marks.line.length, -1).replaceAll(`\n${marks.line}`, ',\n'));
      before = ',\n';
    };
    forEachRow((row) => take(marks.line + lineOf(row)), { lineOf, take });
    out.add(before === '[\n' ? '[]\n' : '\n]\n');
  } else if (!writeTable(forEachRow, tableForm(world), out.add)) {
    const [credentials, config] = [files.credentials, files.config].map(({ path }) => quoteOutside(path));
    world.say(`there are no profiles in ${credentials} or ${config}`);
    world.say('hint: mfa-env setup makes the first one');
  }
  out.end();
}

/** The profile whose session the shell has. What names it may be left over where somebody took out the keys by hand. */
function currentProfile(env: World['env']): string | undefined {
  return env.AWS_ACCESS_KEY_ID && env.AWS_SESSION_TOKEN ? env.MFA_ENV_PROFILE : undefined;
}

function tableForm({ env, stdoutIsTerminal, stdoutColumns }: World): TableForm {
  if (!stdoutIsTerminal()) return { columns: undefined, hasColour: false, hasBars: false };
  const isDumb = env.TERM === 'dumb';
  return {
    columns: stdoutColumns() || Number(env.COLUMNS) || 80,
    hasColour: !env.NO_COLOR && !isDumb,
    hasBars: !isDumb,
  };
}
