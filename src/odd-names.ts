/** Names of profiles that the AWS CLI takes and other tools ignore, such as those with spaces or umlauts. */

import { type AwsFiles, describePlace } from './aws-files.ts';
import { isProfileName } from './section-title.ts';
import { asWord } from './typed.ts';
import { quoteOutside } from './visible.ts';

export const nameCharacters = 'letters, digits and _-/.%@:+';

/** A name like this one that all tools take: `jurgen` for `jürgen`, `my-keys` for `my keys`. */
export function likeName(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss');
  const like = plain.replace(/[^\w\-/.%@:+]+/g, '-').replace(/^-+|-+$/g, '');
  return like === '' ? 'prod' : quoteOutside(like);
}

/**
 * What to do about a name that not all tools take: to rename its section, if there is one.
 *
 * @returns a hint; `undefined` for other names.
 */
export function adviseRename({ credentials, config }: AwsFiles, name: string): string | undefined {
  if (isProfileName(name)) return undefined;
  for (const file of [credentials, config]) {
    const section = file.oddSections.find(
      ({ name: read, title }) => read === undefined && title !== undefined && nameIn(decodeTitle(title)) === name,
    );
    if (!section) continue;
    const place = describePlace(file, section.start);
    const right = `[${file.kind === 'config' ? 'profile ' : ''}${likeName(name)}]`;
    return `rename the section at ${asWord(place)}, for example to ${right}: some AWS tools only take ${nameCharacters}`;
  }
  return `name a profile with ${nameCharacters}: mfa-env list shows them`;
}

/** A title as it is meant: files are held one character a byte. */
export function decodeTitle(title: string): string {
  return Buffer.from(title, 'latin1').toString('utf8');
}

function nameIn(title: string): string {
  const name = /^profile[ \t]+(.+)$/is.exec(title)?.[1] ?? title;
  return name.replace(/^(["'])(.*)\1$/s, '$2');
}
