/** `mfa-env list`: the profiles and how long their saved sessions live, as a table for people or as JSON. */

import { describeFault, indexFiles, readAwsFiles } from '../aws-files.ts';
import { readRows } from '../profile-rows.ts';
import { formatTable, type TableForm } from '../profile-table.ts';
import type { Request } from '../request.ts';
import { quoteOutside, toVisibleJson } from '../visible.ts';
import type { World } from '../world.ts';

export function runList(request: Extract<Request, { command: 'list' }>, world: World): void {
  const files = indexFiles(readAwsFiles(world.env));
  const now = world.now();
  const rows = [...readRows(files, now, world.env.MFA_ENV_PROFILE)];
  for (const file of [files.credentials, files.config]) {
    // A section whose header is malformed is no profile's.
    const [fault] = file.faults;
    if (fault) world.say(`warning: ${describeFault(file, fault)}`);
  }
  if (request.json) {
    const lines = rows.map(toVisibleJson).join(',\n');
    world.writeOut(lines === '' ? '[]\n' : `[\n${lines}\n]\n`);
  } else if (rows.length > 0) {
    world.writeOut(formatTable(rows, tableForm(world)));
  } else {
    const [credentials, config] = [files.credentials, files.config].map(({ path }) => quoteOutside(path));
    world.say(`there are no profiles in ${credentials} or ${config}`);
    world.say('hint: mfa-env setup makes the first one');
  }
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
