/** Text from outside (files, AWS, arguments) made fit for a message: nothing in it moves the cursor or turns the writing around. */

/** How many characters of a text from outside are shown at most. */
const longestOutsideText = 200;

// C0 and C1 controls, and what changes the direction or the presence of the text around it (Unicode Bidi_Control, zero widths, BOM).
const unseen = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

// What JSON leaves as it is of that: it has escapes of its own for C0.
const unseenInJson = /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Shows control and bidi characters as the `\xNN` of their UTF-8 bytes. */
export function toVisible(text: string): string {
  return text.replace(unseen, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

/** JSON that means the same and can be shown: such characters as `\uNNNN`. Line ends between the values stay. */
export function toVisibleJson(json: string): string {
  return json.replace(unseenInJson, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for a text that we did not write, cut at 200 characters. */
export function quoteOutside(text: string): string {
  if (text.length <= longestOutsideText && /^[ -~]*$/.test(text)) return text;
  const visible = toVisible(text);
  // No text has more characters than units.
  if (visible.length <= longestOutsideText) return visible;
  const characters = [...visible];
  return characters.length > longestOutsideText ? `${characters.slice(0, longestOutsideText).join('')}…` : visible;
}

/** A URL as it may stand in a message: without user, password, query and fragment. */
export function bareUrl(url: URL): string {
  return quoteOutside(`${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`);
}
