/** The words of a call as minimist has read them, and how their values are taken out. */

import { usage } from './errors.ts';
import type { OptionName } from './options.ts';

export type Parsed = Record<string, string | boolean | string[] | null | undefined> & { _: string[]; '--'?: string[] };

/** The value of an option; given twice with the same value, it is one. */
export function textOf(parsed: Parsed, name: OptionName): string | undefined {
  const [value] = [parsed[name]].flat();
  return typeof value === 'string' ? value : undefined;
}

/** The value of an option, read by `read`; nothing where it was not given. */
export function readValue<Value>(parsed: Parsed, name: OptionName, read: (text: string) => Value): Value | undefined {
  const text = textOf(parsed, name);
  return text === undefined ? undefined : read(text);
}

/** @throws {UserError} status 2, where there is a text and it is not right. */
export function checkForm(
  text: string | undefined,
  isRight: (text: string) => boolean,
  wrong: { message: string; hint: string },
): string | undefined {
  if (text !== undefined && !isRight(text)) throw usage(wrong.message, wrong.hint);
  return text;
}
