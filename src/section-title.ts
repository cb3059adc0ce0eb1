/** The text between the brackets of a section header: which profile it names, if any. */

export type AwsFileKind = 'credentials' | 'config';

const identifier = /^[A-Za-z0-9_\-/.%@:+]+$/;

/** Whether AWS's tools agree that `name` can name a profile. */
export function isProfileName(name: string): boolean {
  return identifier.test(name);
}

export interface SectionTitle {
  /** The profile's name; undefined if the section belongs to no profile. */
  name: string | undefined;
  /** In the config file: whether the name is written after `profile`, which beats a bare `[default]`. */
  prefixed: boolean;
}

/** Reads the text between a header's brackets. */
export function readTitle(kind: AwsFileKind, title: string): SectionTitle {
  const [, prefixedName] = kind === 'config' ? (/^profile[ \t]+(.+)$/s.exec(title) ?? []) : [];
  const name = kind === 'credentials' || title === 'default' ? title : unquote(prefixedName);
  const isName = name !== undefined && isProfileName(name);
  return { name: isName ? name : undefined, prefixed: prefixedName !== undefined };
}

/** `[profile "name"]`: botocore and the JavaScript SDK remove the quotes, though the shared cases do not know them. */
function unquote(name: string | undefined): string | undefined {
  return name?.replace(/^(["'])(.*)\1$/s, '$2');
}
