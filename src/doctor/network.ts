/** Whether STS can be reached, by the way that mfa-env would take, and whether this machine's clock is right by its answer. */

import { execArgv } from 'node:process';
import { type Endpoint, findEndpoint } from '../endpoint.ts';
import { type Environment, regionVariables } from '../environment.ts';
import { isUserError } from '../errors.ts';
import { makeHttpHandler } from '../http-handler.ts';
import {
  certificateAdvice,
  codeOf,
  isCertificateError,
  isTlsError,
  neverConnected,
  noTls,
  tlsAdvice,
} from '../network-errors.ts';
import { checkNodeDebug } from '../node-debug.ts';
import { refuseReadableCalls } from '../node-switches.ts';
import { partitionOfArn } from '../partition.ts';
import { regionToCall } from '../region.ts';
import { findRoute, type Route } from '../route.ts';
import { findDevice, findRegion, findRoleArn, findSetting, type Profile } from '../settings.ts';
import { describeOffset } from '../sts-errors.ts';
import { bareUrl, quoteOutside } from '../visible.ts';
import { error, type Finding, toFinding, warning } from './finding.ts';
import type { Typing } from './typing.ts';

/** An endpoint and the way there. */
interface Target {
  /** The first profile that has it. */
  profile: string;
  endpoint: Endpoint;
  route: Route;
}

export interface Network {
  findings: Finding[];
  /** The endpoint of each profile that has one. */
  urls: Map<string, string>;
  /** What was called, and how it is reached where that is not as usual. */
  called: string[];
  /** How many endpoints there are besides. */
  leftOut: number;
}

// A profile with an endpoint of its own is rare; nobody has many, but a file could.
const mostTargets = 20;
const timeoutMilliseconds = 5500;
const wrongMilliseconds = 300_000;
const oddMilliseconds = 30_000;

/** Calls each endpoint once, without keys, all at the same time. */
export async function checkNetwork(
  profiles: Profile[],
  endpointUrl: string | undefined,
  env: Environment,
  typing: Typing,
): Promise<Network> {
  const findings: Finding[] = [];
  const urls = new Map<string, string>();
  const targets = new Map<string, Target>();
  const leftOut = new Set<string>();
  for (const profile of profiles) {
    try {
      const endpoint = findOwnEndpoint(profile, endpointUrl, env);
      urls.set(profile.name, bareUrl(endpoint.url));
      const key = `${endpoint.url.href} ${findSetting(profile, 'ca_bundle')?.value ?? ''}`;
      if (targets.has(key)) continue;
      if (targets.size >= mostTargets) leftOut.add(key);
      else targets.set(key, { profile: profile.name, endpoint, route: await findRoute(endpoint.url, profile, env) });
    } catch (thrown) {
      findings.push(describeRefusal(thrown, profile, env, typing));
    }
  }
  const isOpen = await mayCall(env);
  const answers = isOpen ? await Promise.all([...targets.values()].map(call)) : [];
  findings.push(...answers.flatMap((answer) => answer.findings));
  const clocks = answers.flatMap(({ clock }) => clock ?? []);
  const [worst] = clocks.sort((a, b) => Math.abs(b.offset) - Math.abs(a.offset));
  if (worst) findings.push(...checkClock(worst));
  return {
    findings,
    urls,
    called: isOpen ? [...targets.values()].map(describeTarget) : [],
    leftOut: isOpen ? leftOut.size : 0,
  };
}

/** Whether Node keeps for itself what is sent, a proxy's password with it. If not, that is a finding of its own. */
async function mayCall(env: Environment): Promise<boolean> {
  try {
    checkNodeDebug(env.NODE_DEBUG);
    await refuseReadableCalls(env, execArgv);
    return true;
  } catch {
    return false;
  }
}

/** Why a profile has no endpoint, and where a region that is none comes from: the doctor has no --region. */
function describeRefusal(thrown: unknown, profile: Profile, env: Environment, typing: Typing): Finding {
  const finding = { ...toFinding(thrown, wayToName(thrown, typing)), profile: profile.name };
  const [, region] = /^(\S+) is no region of aws/.exec(finding.what) ?? [];
  if (region === undefined) return finding;
  const place = findSetting(profile, 'region')?.place ?? regionVariables.find((name) => env[name] === region);
  const hint = finding.hint.replace(', with --region or as region in the profile', '');
  return { ...finding, what: [place, finding.what].filter(Boolean).join(': '), hint };
}

/** What to write in place of an address that is refused without a word on that. */
function wayToName(thrown: unknown, { set, unset }: Typing): string | undefined {
  if (!isUserError(thrown)) return undefined;
  const [, variable] = /^(AWS_ENDPOINT_URL(?:_STS)?) /.exec(thrown.message) ?? [];
  const form = 'https://HOST:PORT';
  return variable
    ? `${set(variable, form)}, or ${unset(variable)}`
    : `write https://HOST or ${form} in that line, or take it out`;
}

function describeTarget({ endpoint, route: { proxy, caBundle } }: Target): string {
  const by = proxy ? ` through the proxy ${bareUrl(proxy.url)}` : '';
  return bareUrl(endpoint.url) + by + (caBundle ? ` with the certificates of ${quoteOutside(caBundle.file)}` : '');
}

function findOwnEndpoint(profile: Profile, endpointUrl: string | undefined, env: Environment): Endpoint {
  const partition = partitionOfArn(findDevice(profile)?.value) ?? partitionOfArn(findRoleArn(profile));
  const region = regionToCall({ asked: undefined, ofProfile: findRegion(profile), partition }, env);
  return findEndpoint(profile, region, endpointUrl, env);
}

interface Answer {
  findings: Finding[];
  clock?: Clock;
}

interface Clock {
  /** What it is ahead of this machine's, in milliseconds. */
  offset: number;
  /** Whose it is: `aws`, or another host. */
  owner: string;
}

async function call(target: Target): Promise<Answer> {
  const { url } = target.endpoint;
  const { handle, isConnected } = makeHttpHandler(target.route, false);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), timeoutMilliseconds);
  });
  const sent = Date.now();
  try {
    const { response } = await Promise.race([handle(requestOf(url)), timeout]);
    const date = Date.parse(response.headers.date ?? '');
    const what = `${bareUrl(url)} answers with status ${response.statusCode}`;
    return {
      findings: response.statusCode >= 500 ? [{ ...warning(what, 'try again later'), profile: target.profile }] : [],
      // The header has whole seconds, cut off.
      ...(!Number.isNaN(date) && {
        clock: { offset: date + 500 - (sent + Date.now()) / 2, owner: target.endpoint.isAws ? 'aws' : url.host },
      }),
    };
  } catch (thrown) {
    return { findings: [{ ...describeFailure(thrown, target, isConnected()), profile: target.profile }] };
  } finally {
    clearTimeout(timer);
  }
}

function requestOf(url: URL) {
  const { protocol, hostname, port, pathname: path } = url;
  return { protocol, hostname, ...(port && { port: Number(port) }), path, method: 'GET', headers: {} };
}

function describeFailure(thrown: unknown, { endpoint, route }: Target, isConnected: boolean): Finding {
  // Of proxies it is in words already, and here no code was to be sent.
  if (isUserError(thrown)) {
    const { what, hint } = toFinding(thrown);
    return error(what, hint.replace(/;? no code was sent$/, ''));
  }
  const { proxy, caBundle } = route;
  const host = bareUrl(endpoint.url) + (proxy ? `, through the proxy ${bareUrl(proxy.url)},` : '');
  const code = codeOf(thrown);
  if (isCertificateError(code)) {
    const hint = certificateAdvice(caBundle, code).replace(/;$/, '');
    return error(`the certificate of ${host} is not to be trusted: ${code}`, hint);
  }
  if (isTlsError(code)) return error(`${host} ${noTls} (${code})`, tlsAdvice);
  const lost = code ? `broke the connection (${code})` : 'took the connection and did not answer within 5 s';
  const unreached = neverConnected[code] ?? `cannot be reached${code ? ` (${code})` : ''}`;
  const named = [proxy?.variable, endpoint.place].filter(Boolean).join(' and ');
  const hint = named ? `check the network, and ${named}` : 'check the network: does a proxy belong into HTTPS_PROXY?';
  return error(`${host} ${isConnected ? lost : unreached}`, hint);
}

function checkClock({ offset, owner }: Clock): Finding[] {
  if (Math.abs(offset) < oddMilliseconds) return [];
  const level = Math.abs(offset) < wrongMilliseconds ? warning : error;
  const way = owner === 'aws' ? 'set it right' : 'set it right, if that host has the right time';
  const hint = `${way} (timedatectl set-ntp true): signatures, expiry times and codes made on this machine go by it`;
  return [level(describeOffset(offset).replace(/aws$/, quoteOutside(owner)), hint)];
}
