/** Lengths of time as users write and read them. */

import { usage } from './errors.ts';
import { quoteOutside } from './visible.ts';

const secondsPer = { s: 1, m: 60, h: 3600 } as const;

/** What STS GetSessionToken grants an IAM user, in seconds: 15 minutes to 36 hours (its API reference). */
export const sessionDuration = { shortest: 900, longest: 129_600, standard: 43_200 } as const;

/** What STS AssumeRole grants, in seconds: 15 minutes to 12 hours, as far as the role allows (its API reference). */
export const roleDuration = { shortest: 900, longest: 43_200, standard: 3600 } as const;

/** A role that a session's keys assume is granted no more, in seconds. */
export const longestChainedSeconds = 3600;

/**
 * Reads `3600`, `45m`, `12h`.
 *
 * @returns whole seconds, 0 to 129 600.
 * @throws {UserError} status 2, for another form or more than 36 hours.
 */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  if (!digits) throw usage(`"${quoteOutside(text)}" is not a duration`, 'write it as 3600, 45m or 12h');
  const seconds = Number(digits) * secondsPer[(unit || 's') as keyof typeof secondsPer];
  if (seconds > sessionDuration.longest) throw usage(`${text} is longer than any session, which is 36h`);
  return seconds;
}

/**
 * Reads how long a session is to live.
 *
 * @returns whole seconds, 900 to 129 600.
 * @throws {UserError} status 2, for another form or a length that STS would refuse.
 */
export function parseSessionDuration(text: string): number {
  const seconds = parseDuration(text);
  if (seconds < sessionDuration.shortest) throw usage(`aws gives sessions of 15m to 36h, not of ${text}`);
  return seconds;
}

/** `11h 59m`, `45m`, `50s`: rounded down, and never below `0s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return minutes > 0 ? `${hours}h ${minutes}m` : `${hours}h`;
  return minutes > 0 ? `${minutes}m` : `${seconds}s`;
}
