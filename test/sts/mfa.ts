/** Whether a call proves MFA by a device and its code. */
import { type Refusal, refuse } from './answers.ts';
import { useCode } from './totp.ts';
import type { Call } from './world.ts';

/**
 * Checks the code, and spends it.
 *
 * @returns false where neither device nor code was given.
 * @throws AccessDenied, for half of the pair, a device of somebody else, a wrong code, or one that has been used.
 */
export function proveMfa({ world, caller, parameters }: Call): boolean {
  const { SerialNumber: serialNumber, TokenCode: code } = parameters;
  if (serialNumber === undefined && code === undefined) return false;
  if (serialNumber === undefined || code === undefined) {
    throw failed(', must provide both MFA serial number and one time pass code.');
  }
  // A session has no device of its own: MFA goes with long-lived keys.
  const device = caller.user?.device;
  if (device?.serialNumber !== serialNumber) {
    throw failed(
      ', unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  // The blank at the end is AWS's.
  if (!useCode(device, code, world.now())) throw failed(' with invalid MFA one time pass code. ');
  return true;
}

function failed(how: string): Refusal {
  return refuse('AccessDenied', `MultiFactorAuthentication failed${how}`);
}
