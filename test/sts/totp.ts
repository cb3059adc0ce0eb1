/** The authenticator: codes by RFC 6238 with SHA-1, six digits and steps of 30 s, each good for one use. */
import { HOTP, Secret } from 'otpauth';
import { randomCode } from './random.ts';

export interface Device {
  /** An ARN, or that of a hardware device, such as `GAHT12345678`. */
  serialNumber: string;
  /** The shared secret in base32, 160 bits as RFC 4226 recommends. */
  totpSecret: string;
  /** The newest step whose code has been used; it and all earlier ones are refused. */
  usedStep: number;
}

/** Draws a secret for a new device, in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** Gives the device's code at a time, `step` steps of 30 s later or earlier. */
export function codeAt(device: Device, time: Date, step = 0): string {
  return HOTP.generate({
    secret: Secret.fromBase32(device.totpSecret),
    counter: stepAt(time) + step,
    algorithm: 'SHA1',
    digits: 6,
  });
}

/** Gives six digits that the device does not show within a minute of the time. */
export function wrongCodeAt(device: Device, time: Date): string {
  // One step more on either side than is accepted: the clock may move on before the code is sent.
  const near = [-2, -1, 0, 1, 2].map((step) => codeAt(device, time, step));
  let code = randomCode();
  while (near.includes(code)) code = randomCode();
  return code;
}

/**
 * Accepts a code of the step before, now or after, and marks it as used.
 *
 * @returns false for another code and for one that has been used.
 */
export function useCode(device: Device, code: string, time: Date): boolean {
  const step = [-1, 0, 1].find((each) => stepAt(time) + each > device.usedStep && codeAt(device, time, each) === code);
  if (step === undefined) return false;
  device.usedStep = stepAt(time) + step;
  return true;
}

function stepAt(time: Date): number {
  return Math.floor(time.getTime() / 30_000);
}
