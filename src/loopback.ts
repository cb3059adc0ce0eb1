/** This machine by its addresses: what a hosts file or a name server says of `localhost` does not count. */

import { BlockList, isIPv6 } from 'node:net';
import { nextTick } from 'node:process';

type Address = { address: string; family: number };
type Callback = (error: null, address: string | Address[], family?: number) => void;

const addresses: Address[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Answers for `localhost` instead of `dns.lookup`, with all addresses or the first one. */
export function lookUpLoopback(_: string, { all, family }: { all?: boolean; family?: unknown }, done: Callback): void {
  const wanted = addresses.filter((each) => ![4, 6].includes(Number(family)) || each.family === Number(family));
  const [{ address, family: first } = addresses[0] as Address] = wanted;
  // As dns.lookup does, later.
  nextTick(() => (all ? done(null, wanted) : done(null, address, first)));
}

/** Whether an address, such as a socket's remote one, is this machine's: 127.0.0.0/8, ::1, or the former within IPv6. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (!address) return false;
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('::1', 'ipv6');
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}
