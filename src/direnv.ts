/**
 * A folder whose environment direnv gets from `use mfa_env PROFILE`; docs/direnv.md has the reasons.
 *
 * - Without a session its variables make every AWS tool fail. For mfa-env itself they only name the profile.
 * - On leaving, direnv restores the variables that DIRENV_DIFF lists, and no others. So whatever mfa-env changes in such a folder
 *   is added to that list.
 */

import type { Environment, EnvironmentChange } from './environment.ts';

/** Names the profile of the folder. */
const folderMark = 'MFA_ENV_DIRENV';
const diffVariable = 'DIRENV_DIFF';

/** What keys and AWS_PROFILE are in a folder without a session: the AWS CLI shows it as the profile that it cannot find. */
export const noSession = 'no MFA session in this folder: type mfa-env';

const keyVariables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

/** Where tools would find another identity, although AWS_PROFILE and keys are set: some skip keys next to AWS_PROFILE (measured). */
export const otherProviders = [
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_BEARER_TOKEN_BEDROCK',
] as const;

/** More than an environment can hold. */
const mostBytes = 16 * 1024 * 1024;

type Zlib = typeof import('node:zlib');

/** direnv's note of a change: what was there before and comes back, and what is there now. */
interface Diff {
  p: Record<string, string>;
  n: Record<string, string>;
}

/** The profile that direnv loads in this folder, `undefined` elsewhere. */
export function folderProfile(env: Environment): string | undefined {
  return env[folderMark] || undefined;
}

/** Changes an environment in which tools have to fail to what the user means by it: the folder's profile, and no keys. */
export function liftBlock(env: NodeJS.ProcessEnv): void {
  if (env.AWS_PROFILE === noSession) env.AWS_PROFILE = folderProfile(env);
  for (const name of keyVariables) if (env[name]?.startsWith(noSession)) delete env[name];
}

/** Adds to a change what lets direnv undo it when the shell leaves the folder. Elsewhere the change stays as it is. */
export async function undoneOnLeaving(change: EnvironmentChange, env: Environment): Promise<EnvironmentChange> {
  if (folderProfile(env) === undefined) return change;
  // It takes longer to load than a saved session takes to print.
  const zlib = await import('node:zlib');
  const diff = readDiff(env[diffVariable], zlib);
  if (!diff) return change;
  for (const name of [...change.unset, ...change.set.map(([name]) => name)]) {
    if (Object.hasOwn(diff.p, name) || Object.hasOwn(diff.n, name)) continue;
    const before = env[name];
    // direnv removes what is in `n`, then restores what is in `p`; it never looks at the values in `n`.
    if (before !== undefined) diff.p[name] = before;
    diff.n[name] = '';
  }
  return { ...change, set: [...change.set, [diffVariable, writeDiff(diff, zlib)]] };
}

/** @returns `undefined` if the text is not what direnv writes: JSON, deflated, in the base64 of URLs. */
function readDiff(text: string | undefined, { inflateSync }: Zlib): Diff | undefined {
  try {
    const bytes = inflateSync(Buffer.from(text ?? '', 'base64url'), { maxOutputLength: mostBytes });
    const { p, n } = JSON.parse(bytes.toString()) as Partial<Diff>;
    return { p: { ...p }, n: { ...n } };
  } catch {
    return undefined;
  }
}

function writeDiff(diff: Diff, { deflateSync }: Zlib): string {
  // direnv wants the padding.
  return deflateSync(JSON.stringify(diff)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
