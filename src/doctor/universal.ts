/** Universal variables of fish: they are in every fish there is, and on the disk. */

import { join } from 'node:path';
import { type Environment, misleading, ofSession } from '../environment.ts';
import { quoteOutside } from '../visible.ts';
import { error, type Finding } from './finding.ts';
import { configFolder } from './folders.ts';
import { readSmallFile } from './small-file.ts';

const secrets = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN'];

/** No finding shows a value. */
export function checkUniversalVariables(env: Environment): Finding[] {
  const folder = configFolder(env);
  if (folder === undefined) return [];
  const path = join(folder, 'fish/fish_variables');
  const text = readSmallFile(path) ?? '';
  const findings: Finding[] = [];
  // fish's own form, from 3.0 on: `SETUVAR --export NAME:VALUE`.
  for (const [, options = '', name = ''] of text.matchAll(/^SETUVAR ((?:--\S+ )*)([A-Z_]+):/gm)) {
    const hint = `set -eU ${name}`;
    if (secrets.includes(name)) {
      findings.push(error(`${quoteOutside(path)} holds the universal variable ${name}: a secret on the disk`, hint));
    } else if (options.includes('--export ') && isOurs(name)) {
      findings.push(error(`${name} is a universal variable of fish, and in force in each of its shells`, hint));
    }
  }
  return findings;
}

function isOurs(name: string): boolean {
  return ([...misleading, ...ofSession] as string[]).includes(name);
}
