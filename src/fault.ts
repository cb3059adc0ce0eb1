/** Something in a file that AWS's own tools refuse, or do not agree on. */
export interface Fault {
  message: string;
  /** Where its line begins, in bytes from the start of the file. */
  offset: number;
  /** The profile whose section it hides. */
  profile?: string | undefined;
  /** Whether it may hide a section of any name. */
  hidesAny?: boolean;
  /** What to do about it. */
  hint?: string;
}
