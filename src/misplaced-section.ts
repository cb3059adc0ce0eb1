/**
 * Sections under the header form of the other file: `[prod]` in the config file, `[profile prod]` in the credentials file.
 *
 * AWS's tools ignore them without a word, and so does mfa-env. So they are named whenever the profile lacks something.
 */

import type { AwsFile, Section } from './aws-file.ts';
import { type AwsFiles, describePlace, type ProfileValues, readSection } from './aws-files.ts';
import { UserError } from './errors.ts';
import { decodeTitle } from './odd-names.ts';
import type { AwsFileKind } from './section-title.ts';
import { asHeader, asWord } from './typed.ts';
import { quoteOutside } from './visible.ts';

interface Misplaced {
  file: AwsFile;
  section: Section;
}

function findMisplaced({ credentials, config }: AwsFiles, name: string): Misplaced[] {
  return [credentials, config].flatMap((file) =>
    file.oddSections
      .filter((section) => section.name === undefined && meantName(file.kind, section.title) === name)
      .map((section) => ({ file, section })),
  );
}

/** The profile that the title of an ignored section was meant for. */
function meantName(kind: AwsFileKind, title: string | undefined): string | undefined {
  const prefixed = title && /^profile[ \t]+(["']?)(.+)\1$/is.exec(title)?.[2];
  return prefixed || (kind === 'config' ? title : undefined);
}

/** The title that such a section should have. */
function rightTitle(kind: AwsFileKind, name: string): string {
  return kind === 'credentials' || name === 'default' ? name : `profile ${name}`;
}

function describe({ file, section }: Misplaced, name: string): { what: string; hint: string } {
  const place = describePlace(file, section.start);
  const title = decodeTitle(section.title ?? '');
  return {
    what: `${place}: [${quoteOutside(title)}] is not a profile in the ${file.kind} file, so AWS's tools and mfa-env ignore it`,
    hint: `write ${asHeader(rightTitle(file.kind, name))} instead of ${asHeader(title)} at ${asWord(place)}: in the ${file.kind} file that is a profile's header`,
  };
}

/** How to fix the first section that is meant for one of the profiles and ignored; `undefined` if there is none. */
export function adviseMisplaced(files: AwsFiles, names: Iterable<string>): string | undefined {
  for (const name of names) {
    const [first] = findMisplaced(files, name);
    if (first) return describe(first, name).hint;
  }
  return undefined;
}

/** The keys with which a profile would be somebody else. */
const identityKeys = [
  ...['role_arn', 'source_profile', 'credential_process', 'credential_source', 'login_session'],
  ...['sso_session', 'sso_start_url', 'sso_account_id', 'web_identity_token_file'],
];

/**
 * Refuses a profile if an ignored section that is meant for it names another identity, such as a role.
 *
 * @param parts What both files say about the profile and what it comes from.
 * @throws {UserError}
 */
export function refuseMisplacedIdentity(files: AwsFiles, parts: Iterable<ProfileValues>): void {
  for (const values of parts) {
    for (const misplaced of findMisplaced(files, values.name)) {
      const ignored = readSection(misplaced.file, misplaced.section);
      const key = identityKeys.find((candidate) => {
        const value = ignored.get(candidate)?.value;
        return value !== undefined && value !== values.get(candidate)?.value;
      });
      if (key === undefined) continue;
      const { what, hint } = describe(misplaced, values.name);
      throw new UserError(`${what}, with its ${key}`, { hint, isAmbiguous: true });
    }
  }
}
