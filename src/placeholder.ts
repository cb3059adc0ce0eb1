/** `<your key here>`: what documentation puts where a value belongs. */

/** Whether a value is still the placeholder of the text it was copied from. */
export function isPlaceholder(value: string): boolean {
  return /^<.*>$/.test(value);
}
