/** `mfa-env doctor [PROFILE]`: finds what is wrong, and changes nothing. */

import { type AwsFiles, allProfileNames, awsFilePaths, indexFiles } from '../aws-files.ts';
import { checkFiles, describeFile } from '../doctor/files.ts';
import { attempt, type Finding, survive, warning } from '../doctor/finding.ts';
import { checkFunctions } from '../doctor/functions.ts';
import { checkLines } from '../doctor/lines.ts';
import { checkNetwork, type Network } from '../doctor/network.ts';
import { checkExpired, checkProfile } from '../doctor/profiles.ts';
import { checkProgram } from '../doctor/program.ts';
import {
  type Examination,
  type Part,
  type ProfileFacts,
  parts,
  toJson,
  toLines,
  wantsColour,
} from '../doctor/report.ts';
import { partsOf, selectProfiles } from '../doctor/selection.ts';
import { typingOf } from '../doctor/typing.ts';
import { checkUniversalVariables } from '../doctor/universal.ts';
import { checkVariables } from '../doctor/variables.ts';
import type { Environment } from '../environment.ts';
import { exitStatuses, isUserError } from '../errors.ts';
import type { Request } from '../request.ts';
import { findDevice, findRegion, type Profile } from '../settings.ts';
import type { ShellName } from '../shells.ts';
import { quoteOutside } from '../visible.ts';
import type { World } from '../world.ts';

type DoctorRequest = Extract<Request, { command: 'doctor' }>;

/** @returns the exit status: 1 where an error was found. */
export async function runDoctor(request: DoctorRequest, world: World): Promise<number> {
  const examination = await examine(request, world);
  const isColoured = world.stdoutIsTerminal() && wantsColour(world.env);
  const text = request.json ? toJson(examination) : toLines(examination, request.profile !== undefined, isColoured);
  await world.writeOut(text);
  return hasError(examination.findings) ? exitStatuses.failed : exitStatuses.done;
}

function hasError(findings: Finding[]): boolean {
  return findings.some(({ level }) => level === 'error');
}

async function examine(request: DoctorRequest, world: World): Promise<Examination> {
  const { env, version, programPath } = world;
  const now = world.now();
  const typing = typingOf(await shellOf(world));
  const found: Record<Part, Finding[]> = {
    files: [],
    profiles: [],
    environment: [],
    shells: [],
    network: [],
    program: [],
  };
  const look = async (part: Part, check: () => Finding[]) =>
    found[part].push(...((await survive(found[part], check)) ?? []));
  await look('shells', () => checkFunctions(env, version, programPath));
  await look('shells', () => checkUniversalVariables(env));
  await look('program', () => checkProgram(env, version, programPath, now));
  const paths = attempt(found.files, () => awsFilePaths(env));
  const looked = paths && (await survive(found.files, () => checkFiles(paths, env, typing)));
  found.files.push(...(looked?.findings ?? []));
  const { credentials, config } = looked?.files ?? {};
  const files = credentials && config && indexFiles({ credentials, config });
  await look('environment', () => checkVariables(env, files, now, typing));

  const checked = files ? await examineProfiles(files, request.profile, env, found.profiles) : noProfiles;
  const { profiles, forMfa, leftOut } = checked;
  if (files) {
    await look('profiles', () => checkExpired(forMfa, now));
    const told = request.profile === undefined ? undefined : namesToTell(files, profiles);
    await look('files', () => checkLines(files.credentials, told));
    await look('files', () => checkLines(files.config, told));
    const isFaultless = !hasError(found.files) && !hasError(found.profiles);
    if (request.profile === undefined && forMfa.length === 0 && isFaultless) found.profiles.push(describeNone(files));
  }
  const network = await survive(found.network, () => checkNetwork(forMfa, request.endpointUrl, env, typing));
  found.network.push(...(network?.findings ?? []));
  const { urls, called, leftOut: endpointsLeftOut } = network ?? noNetwork;
  return {
    version,
    checked: parts.filter((part) =>
      part === 'network' ? called.length > 0 : part !== 'profiles' || files !== undefined,
    ),
    files: paths ? [describeFile(paths.credentials), describeFile(paths.config)] : [],
    called,
    endpointsLeftOut,
    profiles: profiles.map((profile) => factsOf(profile, urls.get(profile.name))),
    profilesLeftOut: leftOut,
    findings: withoutRepeats(found).map(({ what, hint, ...rest }) => ({
      ...rest,
      what: world.showTyped(what),
      hint: world.showTyped(hint),
    })),
  };
}

/** The shell in whose words hints are given; a shell that is not spoken gets those of most. */
async function shellOf(world: World): Promise<ShellName> {
  try {
    return await world.callingShell();
  } catch {
    return 'sh';
  }
}

interface Profiles {
  profiles: Profile[];
  /** Those that need MFA codes. */
  forMfa: Profile[];
  leftOut: number;
}

const noProfiles: Profiles = { profiles: [], forMfa: [], leftOut: 0 };
const noNetwork: Network = { findings: [], urls: new Map(), called: [], leftOut: 0 };

async function examineProfiles(
  files: AwsFiles,
  asked: string | undefined,
  env: Environment,
  findings: Finding[],
): Promise<Profiles> {
  const first = [env.AWS_PROFILE, env.MFA_ENV_PROFILE];
  const { names, leftOut } = asked === undefined ? selectProfiles(files, first) : { names: [asked], leftOut: 0 };
  const profiles: Profile[] = [];
  const forMfa: Profile[] = [];
  for (const name of names) {
    const namedBy = name === asked ? 'user' : first.includes(name) ? 'environment' : undefined;
    const checked = await survive(findings, () => checkProfile(files, name, namedBy, env));
    findings.push(...(checked?.findings ?? []));
    if (checked?.profile) profiles.push(checked.profile);
    if (checked?.profile && checked.isForMfa) forMfa.push(checked.profile);
  }
  return { profiles, forMfa, leftOut };
}

/** The profile that was asked for, and what it comes from as far as that can be read. */
function namesToTell(files: AwsFiles, profiles: Profile[]): Set<string> {
  return new Set(profiles.flatMap((profile) => [profile.name, ...(attempt([], () => partsOf(files, profile)) ?? [])]));
}

function describeNone(files: AwsFiles): Finding {
  if ([...allProfileNames(files)].length === 0) {
    const what = `there is no profile in ${quoteOutside(files.credentials.path)} or ${quoteOutside(files.config.path)}`;
    return warning(what, 'type mfa-env setup, which asks for an access key and writes what is wanted');
  }
  return warning(
    'no profile names an MFA device',
    'add a line such as aws_arn_mfa = arn:aws:iam::111122223333:mfa/NAME, or type mfa-env setup for a profile that has one',
  );
}

function factsOf(profile: Profile, endpoint: string | undefined): ProfileFacts {
  const source = profile.source();
  return {
    name: profile.name,
    source: isUserError(source) ? undefined : source.name,
    device: attempt([], () => findDevice(profile)?.value),
    region: attempt([], () => findRegion(profile)),
    endpoint,
  };
}

/** What several profiles and parts stumble over is told once. */
function withoutRepeats(found: Record<Part, Finding[]>): Examination['findings'] {
  const told = new Set<string>();
  return parts
    .flatMap((about) => found[about].map((finding) => ({ ...finding, about })))
    .filter(({ what }) => !told.has(what) && told.add(what));
}
