/**
 * The rows of profiles whose sections are written as plainly as most are: the same as those of `profile-row.ts`, in a
 * fraction of the time. What is not plain, or is seldom, is left to that one.
 */

import type { IndexedFiles } from './aws-files.ts';
import { describeMissingDevice, findDeviceFault } from './device.ts';
import { sessionDuration } from './duration.ts';
import type { NameEnds } from './name-ends.ts';
import { regionForm } from './partition.ts';
import { findPlainSections, type PlainSection, type ShapePlan } from './plain-sections.ts';
import { describeMissingSource, sessionSuffix, sourceSuffixes, standardSuffix } from './profile.ts';
import { accountIn, describeSession, type ProfileRow } from './profile-row.ts';
import { rememberLast } from './remember-last.ts';
import type { AwsFileKind } from './section-title.ts';
import { accessKeyIdForm, longLivedPrefix, parseExpiry } from './session.ts';
import { deviceKeys } from './settings.ts';

// No comment, and no placeholder such as `<your device>`, which is as if it were not there.
const anyValue = '(?![<#;])[!-~]+';

/** The keys that make a difference to a row, and what their values must look like. Those in a group are read. */
const forms = {
  aws_access_key_id: accessKeyIdForm,
  aws_secret_access_key: anyValue,
  aws_session_token: anyValue,
  x_security_token_expires: `(${anyValue})`,
  aws_arn_mfa: `(${anyValue})`,
  mfa_serial: `(${anyValue})`,
  aws_mfa_device: `(${anyValue})`,
  mfa_process: anyValue,
  mfa_env_save: '(?:true|false)',
  region: `(${regionForm})`,
  duration_seconds: '(\\d{3,6})',
  sso_session: anyValue,
  sso_start_url: anyValue,
  sso_account_id: `(${anyValue})`,
  sso_role_name: `(${anyValue})`,
  sso_region: anyValue,
  source_profile: `(${anyValue})`,
  role_arn: '(arn:aws:iam::\\d{12}:role/[\\w+=,.@/-]{1,900})',
  role_session_name: `(${anyValue})`,
  external_id: `(${anyValue})`,
  credential_source: `(${anyValue})`,
  web_identity_token_file: `(${anyValue})`,
  // No section with one of these is plain.
  credential_process: '(?!)',
  login_session: '(?!)',
  aws_security_token: '(?!)',
} as const;

export type Key = keyof typeof forms;

const keysThatMatter: ReadonlySet<string> = new Set(Object.keys(forms));
// The id of a session is no long-lived key's.
const sessionForms = { ...forms, aws_access_key_id: `(?!${longLivedPrefix})${accessKeyIdForm}` };

/** What makes a profile one that is linked to another: its row is read from that of the one before. */
const links: readonly Key[] = ['source_profile', 'credential_source', 'web_identity_token_file'];

/** What may be other than in the model of a linked profile. */
export const ownOfLinked: readonly Key[] = ['region', 'role_arn'];

// So many profiles of one shape are worth the making of a pattern for all that are like them. Where that one is like no
// others, a later one may be.
const manyAlike = [8, 24, 96, 384, 1536, 6144];

type Held = 'nothing' | 'keys' | 'session';

/** What sections of one shape have, and the places of the values in it; 0 where there is none. */
export interface Plan {
  held: Held;
  forms: Readonly<Record<Key, string>>;
  /** The keys whose values are read, in their order. */
  read: readonly Key[];
  isSso: boolean;
  isLinked: boolean;
  expires: number;
  device: number;
  region: number;
  duration: number;
  sourceProfile: number;
  role: number;
  ssoAccount: number;
  ssoRole: number;
  /** For a linked profile: the values that must be those of the model. */
  same: number[];
  /** The last linked profile of this shape whose row was read otherwise. */
  model: LinkedModel | undefined;
  /** How many rows were read of profiles whose section is of this shape. */
  rows: number;
}

/** A profile that many others may be like: all that its row says is in its section, or in that and its source's. */
export interface Model {
  row: ProfileRow;
  own: PlainSection<Plan>;
  /** The file that its own section is in. */
  fileKind: AwsFileKind;
  /** In the credentials file. */
  source: PlainSection<Plan> | undefined;
}

interface LinkedModel {
  row: ProfileRow;
  values: RegExpExecArray;
  /** What the name of the section for the session has behind the profile's; nothing where there is no such section. */
  sectionSuffix: string | undefined;
}

/** What a profile's own sections say. */
interface Facts {
  held: Held;
  isSso: boolean;
  expires: string | undefined;
  device: string | undefined;
  region: string | undefined;
  duration: string | undefined;
  ssoAccount: string | undefined;
  ssoRole: string | undefined;
}

const nothing: Facts = {
  held: 'nothing',
  isSso: false,
  expires: undefined,
  device: undefined,
  region: undefined,
  duration: undefined,
  ssoAccount: undefined,
  ssoRole: undefined,
};

export interface PlainReader {
  /** @returns the row of a profile; nothing where the profile is not plain. @param knownSource Its source, where that is known. */
  read(name: string, knownSource?: string): ProfileRow | undefined;
  /** Takes a row that was read otherwise: the profiles behind it are mostly like it. */
  learn(row: ProfileRow): void;
  /** @returns the last one that was read, where there were many of its shape; once. */
  takeModel(): Model | undefined;
}

/**
 * Makes what reads plain rows.
 *
 * @param ends What the names in the files end in.
 * @param current The profile that the shell has.
 */
export function makePlainReader(
  files: IndexedFiles,
  ends: NameEnds,
  now: Date,
  current: string | undefined,
): PlainReader {
  const credentials = findPlainSections(files.credentials, keysThatMatter, planShape);
  const config = findPlainSections(files.config, keysThatMatter, planShape);
  const hasConfig = files.config.index.headers.size > 0;
  const hasSection = (name: string) => credentials.has(name) || (hasConfig && config.has(name));
  // A header in another form may name one, too.
  const isStandardUsed = [files.credentials, files.config].some(
    ({ text, oddSections }) => oddSections.length > 0 || text.includes(`${standardSuffix}]`),
  );
  // Few files have sources of more than one kind.
  const suffixes = sourceSuffixes.filter(
    (suffix) => (suffix === standardSuffix && isStandardUsed) || ends.odd.some((name) => name.endsWith(suffix)),
  );
  // It may have a source of its own.
  const usesSessionSuffix = ends.odd.some((name) => name.includes(sessionSuffix));
  const sourceOf = (name: string) => {
    for (const suffix of suffixes) {
      const source = name + suffix;
      if (hasSection(source)) return source;
    }
    return undefined;
  };
  const hasSessionSection = (name: string) => {
    const section = name + sessionSuffix;
    return usesSessionSuffix && (hasSection(section) || sourceOf(section) !== undefined);
  };
  const describeExpiry = rememberLast((text) => describeSession(parseExpiry(text), now));

  const readConfig = (name: string) => (hasConfig ? config.read(name) : null);
  /** What both files say under a name; nothing where that is not plain. */
  const factsOf = (name: string): Facts | undefined => factsIn(credentials.read(name), readConfig(name));

  const readLone = (name: string, own: Facts, knownSource?: string): ProfileRow | undefined => {
    const sourceName = knownSource ?? sourceOf(name);
    const source = sourceName === undefined ? undefined : factsOf(sourceName);
    if (sourceName !== undefined && !(source?.held === 'keys' && !source.isSso)) return undefined;
    const device = own.device ?? source?.device ?? null;
    const duration = own.duration ?? source?.duration;
    const durationSeconds = duration === undefined ? sessionDuration.standard : Number(duration);
    if (isNoDuration(durationSeconds) || (device !== null && isFaulty(device))) return undefined;
    const row: ProfileRow = {
      profile: name,
      current: name === current,
      login: 'mfa',
      account: device === null ? null : accountIn(device),
      device,
      source: sourceName ?? null,
      region: own.region ?? source?.region ?? null,
      role: null,
      section: name,
      session: own.expires === undefined ? null : describeExpiry(own.expires),
      durationSeconds,
      problem: null,
    };
    if (own.isSso) return readSso(row, own);
    if (own.held === 'keys') {
      row.source = name;
      row.section = name + sessionSuffix;
      if (sourceName !== undefined || hasSessionSection(name)) return undefined;
    } else if (sourceName === undefined) {
      row.problem = describeMissingSource(name);
    }
    if (device === null) row.problem ??= describeMissingDevice(name);
    return row;
  };

  const readSso = (row: ProfileRow, own: Facts): ProfileRow | undefined => {
    if (own.held !== 'nothing' || row.source !== null || hasSessionSection(row.profile)) return undefined;
    row.login = 'sso';
    row.role = own.ssoRole ?? null;
    row.account = /^\d{12}$/.exec(own.ssoAccount ?? '')?.[0] ?? (row.role === null ? row.account : null);
    row.section = null;
    row.durationSeconds = null;
    return row;
  };

  /** Whether a profile stands for itself, but for what its section links it to. */
  const isAlone = (name: string, { plan, values }: PlainSection<Plan>) =>
    !(plan.sourceProfile !== 0 && values[plan.sourceProfile] === name) &&
    sourceOf(name) === undefined &&
    !hasSessionSection(name);

  const readLinked = (name: string, section: PlainSection<Plan>): ProfileRow | undefined => {
    const { plan, values } = section;
    const { model } = plan;
    if (!model || !isAlone(name, section)) return undefined;
    for (const place of plan.same) if (values[place] !== model.values[place]) return undefined;
    const { row, sectionSuffix } = model;
    const role = plan.role === 0 ? row.role : (values[plan.role] as string);
    return {
      profile: name,
      current: name === current,
      login: row.login,
      account: role === null ? row.account : accountIn(role),
      device: row.device,
      source: row.source,
      region: plan.region === 0 ? row.region : (values[plan.region] as string),
      role,
      section: sectionSuffix === undefined ? null : name + sectionSuffix,
      session: null,
      durationSeconds: row.durationSeconds,
      problem: row.problem === null ? null : describeMissingDevice(name),
    };
  };

  let model: Model | undefined;
  /** Notes the row of a profile that has one section. */
  const note = (row: ProfileRow, own: PlainSection<Plan>, fileKind: AwsFileKind) => {
    own.plan.rows += 1;
    if (!manyAlike.includes(own.plan.rows)) return;
    const sourceName = own.plan.isLinked || row.source === row.profile ? null : row.source;
    const source = sourceName === null ? undefined : credentials.read(sourceName);
    if (sourceName !== null && !(source && readConfig(sourceName) === null)) return;
    model = { row, own, fileKind, source: source ?? undefined };
  };

  return {
    read(name, knownSource) {
      const section = credentials.read(name);
      const inConfig = section === undefined ? undefined : readConfig(name);
      const linked = linkedOf(section, inConfig);
      const facts = linked ? undefined : factsIn(section, inConfig);
      const row = linked ? readLinked(name, linked) : facts && readLone(name, facts, knownSource);
      const only = onlyOf(section, inConfig);
      if (row && only) note(row, only, section ? 'credentials' : 'config');
      return row;
    },
    learn(row) {
      const section = linkedOf(credentials.read(row.profile), readConfig(row.profile));
      if (!section || !isAlone(row.profile, section) || row.session || row.source === row.profile) return;
      // What would be said of it is said of its own lines.
      if (row.problem !== null && row.problem !== describeMissingDevice(row.profile)) return;
      const { plan, values } = section;
      // A role that is at fault in another way has no row of its own.
      if (plan.role !== 0 && row.role !== values[plan.role]) return;
      plan.model = { row, values, sectionSuffix: row.section?.slice(row.profile.length) };
    },
    takeModel() {
      const taken = model;
      model = undefined;
      return taken;
    },
  };
}

function isNoDuration(seconds: number): boolean {
  return seconds < sessionDuration.shortest || seconds > sessionDuration.longest;
}

const isFaulty = rememberLast((device) => findDeviceFault(device) !== undefined);

/** What is to be made of sections with these keys; nothing where they are not plain. */
function planShape(keys: readonly Key[]): ShapePlan<Key, Plan> | undefined {
  const read = keys.filter((key) => forms[key].startsWith('(') && !forms[key].startsWith('(?'));
  const at = (key: Key) => read.indexOf(key) + 1;
  const has = (...wanted: Key[]) => wanted.some((key) => keys.includes(key));
  const held = whatIsHeld(has);
  const isSso = has('sso_session', 'sso_start_url', 'sso_account_id');
  const isLinked = has(...links);
  const isOddSso = !isSso && has('sso_role_name', 'sso_region');
  if (held === undefined || isOddSso || (isLinked ? held !== 'nothing' || isSso : has('role_arn'))) return undefined;
  const formsOfHeld = held === 'session' ? sessionForms : forms;
  const plan = {
    held,
    forms: formsOfHeld,
    read,
    isSso,
    isLinked,
    expires: at('x_security_token_expires'),
    device: deviceKeys.map(at).find(Boolean) ?? 0,
    region: at('region'),
    duration: at('duration_seconds'),
    sourceProfile: at('source_profile'),
    role: at('role_arn'),
    ssoAccount: at('sso_account_id'),
    ssoRole: at('sso_role_name'),
    same: read.flatMap((key, index) => (ownOfLinked.includes(key) ? [] : [index + 1])),
    model: undefined,
    rows: 0,
  };
  return { plan, forms: formsOfHeld };
}

/** What a section with these keys holds; nothing where it holds halves. */
function whatIsHeld(has: (...keys: Key[]) => boolean): Held | undefined {
  const hasId = has('aws_access_key_id');
  if (hasId !== has('aws_secret_access_key')) return undefined;
  if (has('aws_session_token')) return hasId ? 'session' : undefined;
  if (has('x_security_token_expires')) return undefined;
  return hasId ? 'keys' : 'nothing';
}

type Read = PlainSection<Plan> | null | undefined;

/** The section of a profile that has no other. */
function onlyOf(section: Read, inConfig: Read): PlainSection<Plan> | undefined {
  return (section === null ? inConfig : inConfig === null ? section : undefined) ?? undefined;
}

/** The same where the profile is linked. */
function linkedOf(section: Read, inConfig: Read): PlainSection<Plan> | undefined {
  const only = onlyOf(section, inConfig);
  return only?.plan.isLinked ? only : undefined;
}

/** What the sections of both files say; nothing where that is not plain. */
function factsIn(section: Read, inConfig: Read): Facts | undefined {
  if (section === undefined || inConfig === undefined) return undefined;
  const facts = section === null ? nothing : readFacts(section);
  if (inConfig === null || facts === undefined) return facts;
  // Keys there are halves of what is in the credentials file, or are hidden by it.
  const further = readFacts(inConfig);
  return further?.held === 'nothing' ? join(facts, further) : undefined;
}

/** What a section says; nothing where it is more than its own matter. */
function readFacts({ plan, values }: PlainSection<Plan>): Facts | undefined {
  if (plan.isLinked) return undefined;
  return {
    held: plan.held,
    isSso: plan.isSso,
    expires: plan.expires === 0 ? undefined : values[plan.expires],
    device: plan.device === 0 ? undefined : values[plan.device],
    region: plan.region === 0 ? undefined : values[plan.region],
    duration: plan.duration === 0 ? undefined : values[plan.duration],
    ssoAccount: plan.ssoAccount === 0 ? undefined : values[plan.ssoAccount],
    ssoRole: plan.ssoRole === 0 ? undefined : values[plan.ssoRole],
  };
}

/** What the credentials file and then the config file say; nothing where they may both name the device. */
function join(first: Facts, second: Facts): Facts | undefined {
  if (first.device !== undefined && second.device !== undefined) return undefined;
  return {
    held: first.held,
    isSso: first.isSso || second.isSso,
    expires: first.expires,
    device: first.device ?? second.device,
    region: first.region ?? second.region,
    duration: first.duration ?? second.duration,
    ssoAccount: first.ssoAccount ?? second.ssoAccount,
    ssoRole: first.ssoRole ?? second.ssoRole,
  };
}
