/** `mfa-env list`: the profiles and how long their saved sessions live, as a table for people or as JSON. */

import { describeFault, indexFiles, readAwsFiles } from '../aws-files.ts';
import { readAllProfiles } from '../profile-names.ts';
import { type ProfileRow, readRow } from '../profile-row.ts';
import { formatTable, type TableForm } from '../profile-table.ts';
import type { Request } from '../request.ts';
import { quoteOutside, toVisibleJson } from '../visible.ts';
import type { World } from '../world.ts';

export async function runList(request: Extract<Request, { command: 'list' }>, world: World): Promise<void> {
  const files = indexFiles(readAwsFiles(world.env));
  for (const file of [files.credentials, files.config]) {
    // A section whose header is malformed is no profile's.
    const [fault] = file.faults;
    if (fault) world.say(`warning: ${describeFault(file, fault)}`);
  }
  const now = world.now();
  const current = currentProfile(world.env);
  const rows = Array.from(readAllProfiles(files), ([name, profile]) => readRow(name, profile, now, current));
  if (request.json) {
    await world.writeOut(formatJson(rows));
  } else if (rows.length > 0) {
    await world.writeOut(formatTable(rows, tableForm(world)));
  } else {
    const [credentials, config] = [files.credentials, files.config].map(({ path }) => quoteOutside(path));
    world.say(`there are no profiles in ${credentials} or ${config}`);
    world.say('hint: mfa-env setup makes the first one');
  }
}

/** An array with a profile in each line. */
function formatJson(rows: readonly ProfileRow[]): string {
  if (rows.length === 0) return '[]\n';
  return `[\n${rows.map((row) => toVisibleJson(JSON.stringify(row))).join(',\n')}\n]\n`;
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
