/** Waiting for what other processes do. */

import { setTimeout } from 'node:timers/promises';

const patienceMilliseconds = 20_000;

/** Waits until there is something, and gives it. */
export async function until<Result>(find: () => Result | undefined | false): Promise<Result> {
  const giveUpAt = performance.now() + patienceMilliseconds;
  for (;;) {
    const result = find();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > giveUpAt) throw new Error(`waited in vain for: ${find}`);
    await setTimeout(2);
  }
}
