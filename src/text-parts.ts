/** Long outputs: text that is put together line by line, and handed on as bytes in large parts. */

export interface TextParts {
  /** Adds whole lines. @param text UTF-8 where it is bytes. */
  add(text: string | Buffer): void;
  /** Hands on what is left. */
  end(): void;
}

// Whatever is on the heap when the garbage collector comes is copied, and makes it ask for more memory.
const heldLength = 1024;

/**
 * Makes what puts them together.
 *
 * @param take Takes a part: whole lines, UTF-8. Its bytes are written over when it returns.
 * @param partLength How many bytes a part has at most; a text that is added at once and is longer than a third of that may make a
 * longer one.
 */
export function makeTextParts(take: (bytes: Buffer) => void, partLength: number): TextParts {
  const part = Buffer.allocUnsafeSlow(partLength);
  let used = 0;
  let held = '';
  const handOn = () => {
    if (used > 0) take(part.subarray(0, used));
    used = 0;
  };
  const makeRoom = (length: number) => {
    if (used + length > partLength) handOn();
    return length <= partLength;
  };
  const move = () => {
    const text = held;
    held = '';
    // Three bytes a unit at most.
    if (makeRoom(3 * text.length)) used += part.write(text, used);
    else take(Buffer.from(text));
  };
  return {
    add(text) {
      if (typeof text === 'string') {
        held += text;
        if (held.length >= heldLength) move();
        return;
      }
      move();
      if (makeRoom(text.length)) used += text.copy(part, used);
      else take(text);
    },
    end() {
      move();
      handOn();
    },
  };
}
