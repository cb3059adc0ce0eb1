/**
 * Node's own switches that write down what is sent, open this process to a debugger, or change whom it trusts; from the command
 * line, NODE_OPTIONS and variables (Node's documentation, "Command-line API").
 */

import type { Environment } from './environment.ts';
import { UserError } from './errors.ts';

/** What writes keys, codes or the keys of a connection down, or lets others read this process. */
const telling =
  /^--(?:tls-keylog|trace-tls|heapsnapshot-signal|heapsnapshot-near-heap-limit|report-on-(?:signal|fatalerror)|report-uncaught-exception|inspect(?:-brk|-wait)?)(?:=|$)/;

const trusting =
  /^--(?:use-openssl-ca|use-system-ca|openssl-config|openssl-shared-config|tls-cipher-list|tls-(?:min|max)-v1\.\d)(?:=|$)/;

/** The words of NODE_OPTIONS: split at blanks; double quotes hold together, and within them a backslash takes the next character. */
export function splitNodeOptions(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    let character = text.charAt(index);
    if (isQuoted && character === '\\' && index + 1 < text.length) {
      index += 1;
      character = text.charAt(index);
    } else if (character === '"') {
      isQuoted = !isQuoted;
      word ??= '';
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

/** The switches of a process, with `-` for `_`, as Node takes both. */
function switchesOf(env: Environment, execArgv: readonly string[]): string[] {
  return [...splitNodeOptions(env.NODE_OPTIONS ?? ''), ...execArgv].map((word) => {
    const [name = ''] = word.split('=', 1);
    return name.startsWith('--') ? name.replaceAll('_', '-') + word.slice(name.length) : word;
  });
}

/** @throws {UserError} if one of them would tell others what is sent. */
export function checkNodeSwitches(env: Environment, execArgv: readonly string[]): void {
  const found = switchesOf(env, execArgv).find((word) => telling.test(word));
  if (found === undefined) return;
  const [name] = found.split('=', 1);
  throw new UserError(`with Node's ${name} others could read keys and tokens, so sts is not called`, {
    hint: `take ${name} out of NODE_OPTIONS or the call of node`,
  });
}

/** The names of those that change whom Node trusts, each once. */
export function findTrustChanges(env: Environment, execArgv: readonly string[]): string[] {
  const names = switchesOf(env, execArgv).filter((word) => trusting.test(word));
  const variables = ['NODE_EXTRA_CA_CERTS', 'OPENSSL_CONF'].filter((name) => env[name]);
  const system = env.NODE_USE_SYSTEM_CA === '1' ? ['NODE_USE_SYSTEM_CA'] : [];
  return [...new Set([...variables, ...system, ...names.map((word) => word.split('=', 1)[0] ?? '')])];
}
