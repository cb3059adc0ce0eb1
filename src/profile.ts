/** From the two AWS files to one profile: its source's keys, device, region and saved session. */

import {
  type AwsFiles,
  allProfileNames,
  describeFault,
  hasSection,
  lookUp,
  lookUpServices,
  type ProfileValues,
} from './aws-files.ts';
import { isUserError, UserError } from './errors.ts';
import { holdsLongLivedKeys, readLongLivedKeys } from './keys.ts';
import { didYouMean } from './nearest.ts';
import { readSavedSession } from './session.ts';
import type { Profile, Source } from './settings.ts';
import { quoteOutside } from './visible.ts';

const sourceSuffixes = ['-default', '-long-term', '-permanent'] as const;
const sessionSuffix = '-mfa';

// What makes AWS's tools look past the keys in the section of the credentials file.
const hidingKeys = [
  'role_arn',
  'web_identity_token_file',
  'credential_process',
  'sso_session',
  'sso_start_url',
  'sso_account_id',
  'sso_role_name',
  'sso_region',
] as const;

// What a profile may ask for and mfa-env cannot do yet: going on without it would end in another identity.
const notThereYet = {
  role_arn: 'roles',
  credential_process: 'commands for keys',
} as const;

/**
 * Reads what the files say of a profile.
 *
 * @param sourceName The source that the user names, in place of the files' own.
 * @throws {UserError} where there is no such profile, or its sections cannot be read.
 */
export function readProfile(files: AwsFiles, name: string, sourceName?: string): Profile {
  const values = lookUp(files, name);
  const passed = [values];
  let found: Source | UserError | undefined;
  // Late, since a saved session can do without: a source that is missing or at fault must not be in its way.
  const source = () => {
    found ??= attempt(() => findSource(files, values, passed, sourceName));
    return found;
  };
  if (!values.exists && isUserError(source())) {
    throw sourceName !== undefined || standardSource(files, name) ? source() : noSuchProfile(files, name);
  }
  refuseNotThereYet(values);
  const session = canHoldSession(values) ? values : lookUp(files, name + sessionSuffix);
  return {
    name,
    source,
    *settings() {
      yield values;
      source();
      yield* passed.slice(1);
    },
    session,
    savedSession: readSavedSession(session),
    save: readSave(values),
    credentialsPath: files.credentials.path,
    credentials: files.credentials,
    configPath: files.config.path,
    lookUpServices: (title) => lookUpServices(files, title),
  };
}

function attempt(find: () => Source): Source | UserError {
  try {
    return find();
  } catch (error) {
    if (isUserError(error)) return error;
    throw error;
  }
}

function findSource(files: AwsFiles, values: ProfileValues, passed: ProfileValues[], named?: string): Source {
  const next = named ?? values.get('source_profile')?.value;
  if (next === values.name) {
    const own = readLongLivedKeys(values);
    if (own) return own;
  } else if (next !== undefined) {
    return followTo(files, next, passed);
  }
  const standard = standardSource(files, values.name);
  if (standard !== undefined) return followTo(files, standard, passed, true);
  const own = readLongLivedKeys(values);
  if (own) return own;
  throw new UserError(`${quoteOutside(values.name)} has no source: no profile with long-lived keys`, {
    hint: `add [${quoteOutside(values.name)}-default] with aws_access_key_id and aws_secret_access_key to ${quoteOutside(files.credentials.path)}`,
  });
}

/** @param isStandard Whether the name was found by its suffix, and not written down. */
function followTo(files: AwsFiles, name: string, passed: ProfileValues[], isStandard = false): Source {
  const path = passed.map((values) => values.name);
  if (path.includes(name)) {
    throw new UserError(`the source profiles go round in a circle: ${[...path, name].map(quoteOutside).join(' → ')}`, {
      hint: 'let source_profile name the profile that holds the long-lived keys',
    });
  }
  const values = lookUp(files, name);
  passed.push(values);
  refuseNotThereYet(values);
  const own = readLongLivedKeys(values);
  if (own) return own;
  if (isStandard && !values.get('source_profile')) throw noLongLivedKeys(files, name);
  const source = attempt(() => findSource(files, values, passed));
  if (isUserError(source)) throw values.exists || standardSource(files, name) ? source : noSuchProfile(files, name);
  return source;
}

function standardSource(files: AwsFiles, name: string): string | undefined {
  return sourceSuffixes.map((suffix) => name + suffix).find((candidate) => hasSection(files, candidate));
}

/** Whether a session in the profile's own section would be read, and overwrites nothing; else it stands in `[PROFILE-mfa]`. */
function canHoldSession({ ofFiles }: ProfileValues): boolean {
  return Object.values(ofFiles).every(
    (values) => !hidingKeys.some((key) => values.get(key)) && !holdsLongLivedKeys(values),
  );
}

function readSave(values: ProfileValues): boolean | undefined {
  const found = values.get('mfa_env_save');
  if (!found) return undefined;
  if (found.value !== 'true' && found.value !== 'false') {
    throw new UserError(`${found.place}: mfa_env_save is true or false, not ${quoteOutside(found.value)}`);
  }
  return found.value === 'true';
}

function refuseNotThereYet(values: ProfileValues): void {
  for (const [key, what] of Object.entries(notThereYet)) {
    const found = values.get(key);
    if (found) {
      throw new UserError(`${found.place}: ${values.name} has ${key}, and ${what} are not there yet`, {
        hint: `name a profile without ${key}`,
      });
    }
  }
}

function noLongLivedKeys(files: AwsFiles, name: string): UserError {
  return new UserError(`${name} holds no long-lived keys`, {
    hint: `put aws_access_key_id and aws_secret_access_key into [${name}] in ${quoteOutside(files.credentials.path)}`,
  });
}

function noSuchProfile(files: AwsFiles, name: string): UserError {
  const shown = quoteOutside(name);
  const [credentials, config] = [files.credentials, files.config].map((file) => quoteOutside(file.path));
  return new UserError(`there is no profile ${shown} in ${credentials} or ${config}`, {
    hint: whereItMayBe(files, name) ?? `write [${shown}-default] with the long-lived keys into ${credentials}`,
  });
}

function whereItMayBe(files: AwsFiles, name: string): string | undefined {
  if (files.config.oddSections.some((section) => section.name === undefined && section.title === name)) {
    return `${quoteOutside(files.config.path)} has [${name}]: in that file it is written [profile ${name}]`;
  }
  const near = didYouMean(
    name,
    [...allProfileNames(files)].filter((candidate) => !candidate.endsWith(sessionSuffix)),
  );
  if (near) return near;
  for (const file of [files.credentials, files.config]) {
    const [fault] = file.faults;
    if (fault) return describeFault(file, fault);
  }
  return undefined;
}
