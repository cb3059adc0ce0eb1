/** `mfa-env doctor [PROFILE]`: finds what is wrong, and changes nothing. */

import { awsFilePaths } from '../aws-files.ts';
import { checkFiles, describeFile } from '../doctor/files.ts';
import { attempt, type Finding, warning } from '../doctor/finding.ts';
import { checkFunctions } from '../doctor/functions.ts';
import { checkLines } from '../doctor/lines.ts';
import { checkNetwork } from '../doctor/network.ts';
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
import { checkUniversalVariables } from '../doctor/universal.ts';
import { checkVariables } from '../doctor/variables.ts';
import { exitStatuses, isUserError } from '../errors.ts';
import type { Request } from '../request.ts';
import { findDevice, findRegion, type Profile } from '../settings.ts';
import type { World } from '../world.ts';

type DoctorRequest = Extract<Request, { command: 'doctor' }>;

/** @returns the exit status: 1 where an error was found. */
export async function runDoctor(request: DoctorRequest, world: World): Promise<number> {
  const examination = await examine(request, world);
  const isColoured = world.stdoutIsTerminal() && wantsColour(world.env);
  const text = request.json ? toJson(examination) : toLines(examination, request.profile !== undefined, isColoured);
  world.writeOut(text);
  return hasError(examination.findings) ? exitStatuses.failed : exitStatuses.done;
}

function hasError(findings: Finding[]): boolean {
  return findings.some(({ level }) => level === 'error');
}

async function examine(request: DoctorRequest, world: World): Promise<Examination> {
  const { env, version, programPath } = world;
  const now = world.now();
  const found: Record<Part, Finding[]> = {
    files: [],
    profiles: [],
    environment: [],
    shells: [...checkFunctions(env, version, programPath), ...checkUniversalVariables(env)],
    network: [],
    program: checkProgram(env, version, programPath, now),
  };
  const paths = attempt(found.files, () => awsFilePaths(env));
  const looked = paths && checkFiles(paths, env);
  found.files.push(...(looked?.findings ?? []));
  const { credentials, config } = looked?.files ?? {};
  const files = credentials && config && { credentials, config };
  found.environment = checkVariables(env, files, now);

  const profiles: Profile[] = [];
  const forMfa: Profile[] = [];
  let leftOut = 0;
  if (files) {
    const asked = request.profile;
    const first = [env.AWS_PROFILE, env.MFA_ENV_PROFILE];
    const selection = asked === undefined ? selectProfiles(files, first) : { names: [asked], leftOut: 0 };
    ({ leftOut } = selection);
    for (const name of selection.names) {
      const isNamed = name === asked || (asked === undefined && first.includes(name));
      const checked = checkProfile(files, name, isNamed, env);
      found.profiles.push(...checked.findings);
      if (checked.profile) profiles.push(checked.profile);
      if (checked.profile && checked.isForMfa) forMfa.push(checked.profile);
    }
    found.profiles.push(...checkExpired(profiles, now));
    const isFaultless = !hasError(found.files) && !hasError(found.profiles);
    if (asked === undefined && forMfa.length === 0 && isFaultless) {
      const line = 'aws_arn_mfa = arn:aws:iam::111122223333:mfa/NAME';
      found.profiles.push(warning('no profile names an MFA device', `add a line such as ${line}`));
    }
    const told = asked === undefined ? undefined : new Set(profiles.flatMap((profile) => [...partsOf(files, profile)]));
    found.files.push(...checkLines(files.credentials, told), ...checkLines(files.config, told));
  }
  const network = await checkNetwork(forMfa, request.endpointUrl, env);
  found.network = network.findings;
  const { urls, called } = network;
  return {
    version,
    checked: parts.filter((part) =>
      part === 'network' ? called.length > 0 : part !== 'profiles' || files !== undefined,
    ),
    files: paths ? [describeFile(paths.credentials), describeFile(paths.config)] : [],
    called,
    profiles: profiles.map((profile) => factsOf(profile, urls.get(profile.name))),
    profilesLeftOut: leftOut,
    findings: withoutRepeats(found),
  };
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
