/** NODE_DEBUG makes Node itself print what is sent, the signature and the session token with it, and what commands get and print. */

import { UserError } from './errors.ts';

const printEnvironments = ['child_process'];
const printAll = [...printEnvironments, 'http', 'https', 'http2', 'net', 'tls', 'stream', 'undici', 'fetch'];

/** @throws {UserError} where NODE_DEBUG covers a part of the network, or of the commands in the files. */
export function checkNodeDebug(nodeDebug: string | undefined): void {
  refuse(nodeDebug, printAll, 'sts is not called');
}

/** @throws {UserError} where NODE_DEBUG would print what a command gets, the session with it. */
export function checkNodeDebugOfExec(nodeDebug: string | undefined): void {
  refuse(nodeDebug, printEnvironments, 'the command is not run');
}

/** @param nodeDebug A list of names, with `*` for anything. */
function refuse(nodeDebug: string | undefined, telling: string[], consequence: string): void {
  const patterns = (nodeDebug ?? '').split(/[\s,]+/).filter(Boolean);
  const isTelling = patterns.some((pattern) => {
    const whole = new RegExp(`^${pattern.replace(/[^\w*]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
    return telling.some((section) => whole.test(section));
  });
  if (isTelling) {
    throw new UserError(`NODE_DEBUG would print keys and tokens, so ${consequence}`, { hint: 'unset NODE_DEBUG' });
  }
}
