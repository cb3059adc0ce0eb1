/**
 * Node's own switches that tell what mfa-env holds or sends, open it to a debugger, or change whom it trusts: from NODE_OPTIONS,
 * the command line and variables (Node's documentation, "Command-line API").
 */

import { features } from 'node:process';
import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';

/** `memory` shows keys as soon as they are read, `network` what is sent, `trust` changes who may answer. */
type Effect = 'memory' | 'network' | 'trust';

const table: [switches: RegExp, effect: Effect][] = [
  [/^--inspect(-brk|-brk-node|-wait)?$/, 'memory'],
  // The second form is V8's. A core holds the whole memory, a report all variables.
  [/^--heap-?snapshot-(signal|near-heap-limit|on-\w+)$/, 'memory'],
  [/^--abort-on-uncaught-exception$/, 'memory'],
  [/^--report-(on-signal|on-fatalerror|uncaught-exception)$/, 'memory'],
  [/^--tls-keylog$/, 'network'],
  [/^--trace-tls$/, 'network'],
  [/^--use-(openssl|system)-ca$/, 'trust'],
  [/^--openssl-(config|shared-config)$/, 'trust'],
  [/^--tls-(cipher-list|(min|max)-v1\.\d)$/, 'trust'],
];

/** Node reads these with `--use-openssl-ca`; Debian's Node is built to do so without it. */
const opensslVariables = ['SSL_CERT_FILE', 'SSL_CERT_DIR'];

/**
 * Splits NODE_OPTIONS at spaces. Double quotes hold a word together; within them a backslash takes the next character as it is.
 */
export function splitNodeOptions(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    let character = text.charAt(index);
    if (isQuoted && character === '\\') {
      index += 1;
      character = text.charAt(index);
    } else if (character === '"') {
      isQuoted = !isQuoted;
      continue;
    } else if (character === ' ' && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word = (word ?? '') + character;
  }
  return word === undefined ? words : [...words, word];
}

/** @returns each switch once, without its value and with `-` for `_`: Node takes both. */
export function findSwitches(env: Environment, execArgv: readonly string[]): string[] {
  const words = [...splitNodeOptions(env.NODE_OPTIONS ?? ''), ...execArgv];
  const names = words.map((word) => word.split('=', 1)[0] ?? '').filter((name) => name.startsWith('-'));
  return [...new Set(names.map((name) => name.replaceAll('_', '-')))];
}

/** What a switch does; undefined if neither secrets nor trust are concerned. */
export function effectOf(name: string): Effect | undefined {
  return table.find(([switches]) => switches.test(name))?.[1];
}

/** @throws {UserError} if others could read this process's memory, and with it every key that it reads. */
export async function refuseReadableMemory(env: Environment, execArgv: readonly string[]): Promise<void> {
  const switches = findSwitches(env, execArgv);
  // Without switches, no other code runs in here: loading the inspector for the question costs 1.4 ms.
  if (switches.length === 0) return;
  refuseFirst(['memory'], switches, env, 'keys are not read and sts is not called');
  await refuseInspector();
}

/** @throws {UserError} if others could read what is sent to STS, or this process's memory. */
export async function refuseReadableCalls(env: Environment, execArgv: readonly string[]): Promise<void> {
  refuseFirst(['memory', 'network'], findSwitches(env, execArgv), env, 'sts is not called');
  await refuseInspector();
}

function refuseFirst(effects: Effect[], switches: string[], env: Environment, consequence: string): void {
  const name = switches.find((each) => effects.includes(effectOf(each) as Effect));
  if (name === undefined) return;
  const isInVariable = findSwitches(env, []).includes(name);
  throw new UserError(`with Node's ${name} others could read keys and tokens, so ${consequence}`, {
    hint: isInVariable ? `unset NODE_OPTIONS, or remove ${name} from it` : `call node without ${name}`,
  });
}

/** A module that Node loads first, or SIGUSR1 while Node starts, opens it without a switch. */
async function refuseInspector(): Promise<void> {
  // Some builds of Node have no inspector.
  if (!features.inspector) return;
  const { url } = await import('node:inspector');
  if (url() === undefined) return;
  throw new UserError("with Node's inspector open others could read keys and tokens, so sts is not called", {
    hint: 'unset NODE_OPTIONS, or use a terminal whose programs are not debugged',
  });
}

/** The names of the switches and variables that change whom Node trusts. */
export function findTrustChanges(env: Environment, execArgv: readonly string[], isOpensslDefault = false): string[] {
  const switches = findSwitches(env, execArgv);
  const usesOpenssl = isOpensslDefault && !switches.includes('--use-bundled-ca');
  const variables = ['NODE_EXTRA_CA_CERTS', 'OPENSSL_CONF', ...(usesOpenssl ? opensslVariables : [])];
  return [
    ...variables.filter((name) => env[name]),
    ...(env.NODE_USE_SYSTEM_CA === '1' ? ['NODE_USE_SYSTEM_CA'] : []),
    ...switches.filter((name) => effectOf(name) === 'trust'),
  ];
}
