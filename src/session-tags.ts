/**
 * What a role's session carries besides its name, in aws-vault's own settings: `source_identity`, `session_tags`
 * (`key=value,key=value`) and `transitive_session_tags` (`key,key`). Each counts for the role of its own profile alone.
 *
 * The limits are those of STS's API reference for AssumeRole.
 */

import type { Found } from './aws-files.ts';
import { UserError } from './errors.ts';
import type { Profile } from './settings.ts';
import { quoteOutside } from './visible.ts';

/** What AssumeRole attaches to a session. */
export interface SessionTags {
  /** 2 to 64 of `[\w+=,.@-]`. */
  sourceIdentity: string | undefined;
  /** 50 at most; no two keys are the same but for case. */
  tags: readonly SessionTag[];
  /** The keys of those tags that roles further down the chain get too. */
  transitiveKeys: readonly string[];
}

interface SessionTag {
  key: string;
  value: string;
}

const mostTags = 50;
const identityForm = /^(?!aws:)[\w+=,.@-]{2,64}$/;
const keyForm = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu;
const valueForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** @throws {UserError} for what STS would refuse. */
export function readSessionTags({ own }: Pick<Profile, 'own'>): SessionTags {
  const identity = own.get('source_identity');
  if (identity && !identityForm.test(identity.value)) {
    throw refuse(identity, `source_identity is not one: ${quoteOutside(identity.value)}`, identityHint);
  }
  const tags = readTags(own.get('session_tags'));
  return {
    sourceIdentity: identity?.value,
    tags,
    transitiveKeys: readTransitiveKeys(own.get('transitive_session_tags'), tags),
  };
}

const identityHint = 'use 2 to 64 letters, digits and _+=,.@-, not beginning with aws:';
const tagsHint = 'write session_tags = key1=value1,key2=value2 with letters, digits, spaces and _.:/=+-@';

function readTags(found: Found | undefined): SessionTag[] {
  if (!found) return [];
  const tags = new Map<string, SessionTag>();
  for (const text of found.value.split(',')) {
    const at = text.indexOf('=');
    const [key, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    const isTag = at !== -1 && keyForm.test(key) && valueForm.test(value);
    if (!isTag) throw refuse(found, `session_tags has a part that is not a tag: ${quoteOutside(text)}`, tagsHint);
    if (tags.has(key.toLowerCase())) {
      throw refuse(found, `session_tags has ${quoteOutside(key)} twice`, 'remove one: AWS ignores case in keys');
    }
    tags.set(key.toLowerCase(), { key, value });
  }
  if (tags.size > mostTags) {
    throw refuse(found, `session_tags has ${tags.size} tags`, `remove some: AWS takes ${mostTags} at most`);
  }
  return [...tags.values()];
}

/** As aws-vault does, empty parts are skipped. The keys are spelled as in the tags. */
function readTransitiveKeys(found: Found | undefined, tags: readonly SessionTag[]): string[] {
  if (!found) return [];
  const keys = new Set<string>();
  for (const wanted of found.value.split(',').map((text) => text.trim())) {
    if (wanted === '') continue;
    const tag = tags.find(({ key }) => key.toLowerCase() === wanted.toLowerCase());
    if (!tag) {
      const what = `transitive_session_tags has ${quoteOutside(wanted)}, which is not a key in session_tags`;
      throw refuse(found, what, 'add the tag to session_tags, or remove the key');
    }
    keys.add(tag.key);
  }
  return [...keys];
}

function refuse({ place }: Found, what: string, hint: string): UserError {
  return new UserError(`${place}: ${what}`, { hint });
}
