/** The environment: variables that contradict each other, lead astray, or tell others what they should not know. */

import type { AwsFiles } from '../aws-files.ts';
import { hasSection } from '../aws-files.ts';
import { readCaBundle } from '../ca-bundle.ts';
import { folderProfile } from '../direnv.ts';
import { formatDuration } from '../duration.ts';
import { type Environment, regionVariables } from '../environment.ts';
import { profileWord } from '../line-to-type.ts';
import { checkNodeDebug } from '../node-debug.ts';
import { effectOf, findSwitches } from '../node-switches.ts';
import { isRegionName } from '../partition.ts';
import { readProfile } from '../profile.ts';
import { refuseRecursion } from '../recursion.ts';
import { isLongLivedId, parseExpiry } from '../session.ts';
import { typed } from '../typed.ts';
import { quoteOutside } from '../visible.ts';
import { attempt, error, type Finding, toFinding, warning } from './finding.ts';
import type { Typing } from './typing.ts';

/** @param files Nothing where they cannot be read. */
export function checkVariables(env: Environment, files: AwsFiles | undefined, now: Date, typing: Typing): Finding[] {
  return [
    ...checkKeys(env, typing),
    ...checkOwnSession(env, typing),
    ...checkFolder(env),
    ...checkOtherIdentities(env, typing),
    ...checkExpiry(env, now, typing),
    ...checkRegions(env, typing),
    ...(files ? checkProfileNames(env, files) : []),
    ...checkNode(env, typing),
    ...checkOwn(env, typing),
  ];
}

function checkKeys(env: Environment, { unset, unsetSession }: Typing): Finding[] {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  const findings: Finding[] = [];
  if (Boolean(id) !== Boolean(secret)) {
    const [there, missing] = id
      ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
      : ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID'];
    findings.push(error(`${there} is set, and ${missing} is not`, unset(there)));
  } else if (token && !id) {
    findings.push(error('AWS_SESSION_TOKEN is set without keys', unset('AWS_SESSION_TOKEN')));
  } else if (id && isLongLivedId(id)) {
    const all = unset('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN');
    findings.push(
      token
        ? error('a session token stands beside a long-lived key in the environment', `aws refuses that: ${all}`)
        : warning(
            'every program that this shell starts gets the long-lived key in AWS_ACCESS_KEY_ID',
            `put it into the credentials file, and ${all}`,
          ),
    );
  } else if (id?.startsWith('ASIA') && !token) {
    findings.push(error("AWS_ACCESS_KEY_ID is a session's, and AWS_SESSION_TOKEN is not set", unsetSession));
  }
  return [...findings, ...checkOldToken(env, unset)];
}

/** The variable that prompts, the hook and `mfa-env list` go by, where what it tells of has gone or was replaced by hand. */
function checkOwnSession(env: Environment, { unsetSession }: Typing): Finding[] {
  const { MFA_ENV_PROFILE: name, AWS_ACCESS_KEY_ID: id } = env;
  if (!name || (id && !isLongLivedId(id))) return [];
  const shown = quoteOutside(name);
  const why = id ? 'the keys beside it are of none' : 'there are no keys beside it';
  const what = `MFA_ENV_PROFILE says that this shell has a session of ${shown}, and ${why}`;
  return [warning(what, `${typed`mfa-env ${profileWord(name)}`} gets one, ${unsetSession} takes all of it out`)];
}

/** A folder in which direnv lets AWS tools fail; its invalid keys never come this far. */
function checkFolder(env: Environment): Finding[] {
  const name = folderProfile(env);
  if (name === undefined || env.AWS_ACCESS_KEY_ID) return [];
  const what = `this folder has no session of ${quoteOutside(name)}, so direnv lets AWS tools fail here`;
  return [warning(what, typed`mfa-env ${profileWord(name)} --save`)];
}

/** botocore takes it for the token of whatever keys the environment has, and looks at no other where it is set. */
function checkOldToken(env: Environment, unset: Typing['unset']): Finding[] {
  const { AWS_ACCESS_KEY_ID: id, AWS_SESSION_TOKEN: token, AWS_SECURITY_TOKEN: other } = env;
  if (!other || other === token) return [];
  const hint = unset('AWS_SECURITY_TOKEN');
  if (!id) {
    const what = 'AWS_SECURITY_TOKEN is set without keys: the AWS CLI would send it with those that are set next';
    return [warning(what, hint)];
  }
  const what = token
    ? 'AWS_SECURITY_TOKEN is another token than AWS_SESSION_TOKEN, and the AWS CLI reads it first'
    : 'AWS_SECURITY_TOKEN stands beside keys without AWS_SESSION_TOKEN: the AWS CLI sends it with them, and others do not';
  return [error(what, hint)];
}

function checkOtherIdentities(env: Environment, { unset, unsetSession }: Typing): Finding[] {
  const findings: Finding[] = [];
  const hasKeys = Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY);
  const profileVariable = (['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'] as const).find((name) => env[name]);
  if (hasKeys && profileVariable) {
    const what = `${profileVariable} is set beside keys: some tools take the keys, others the profile`;
    findings.push(error(what, `${unset(profileVariable)}, or take the keys out: ${unsetSession}`));
  }
  if (env.AWS_PROFILE && env.AWS_DEFAULT_PROFILE && env.AWS_PROFILE !== env.AWS_DEFAULT_PROFILE) {
    const what = 'AWS_PROFILE and AWS_DEFAULT_PROFILE name different profiles';
    findings.push(warning(what, unset('AWS_DEFAULT_PROFILE')));
  }
  if (hasKeys && env.AWS_ACCOUNT_ID) {
    const what = 'AWS_ACCOUNT_ID is set: tools call the endpoints of that account, whoever the keys are of';
    findings.push(warning(what, unset('AWS_ACCOUNT_ID')));
  }
  for (const name of ['AWS_VAULT', 'AWSUME_PROFILE'] as const) {
    if (!env[name] || !env.MFA_ENV_PROFILE) continue;
    const what = `${name} is set beside a session of mfa-env: prompts show that one, and the hook leaves the shell alone`;
    findings.push(warning(what, unset(name)));
  }
  return findings;
}

function checkExpiry(env: Environment, now: Date, { unset, unsetSession }: Typing): Finding[] {
  const variable = (['AWS_CREDENTIAL_EXPIRATION', 'AWS_SESSION_EXPIRATION'] as const).find((name) => env[name]);
  const text = variable && env[variable];
  if (!text || !env.AWS_ACCESS_KEY_ID) return [];
  const expiresAt = parseExpiry(text);
  if (!expiresAt) {
    return [warning(`${variable} is no time such as 2026-11-24T16:00:00Z`, unset(variable))];
  }
  const left = expiresAt.getTime() - now.getTime();
  if (left > 0) return [];
  const { MFA_ENV_PROFILE: name } = env;
  const whose = name ? ` of ${quoteOutside(name)}` : '';
  const hint = name
    ? `${typed`mfa-env ${profileWord(name)}`} gets another, ${unsetSession} takes it out`
    : unsetSession;
  return [error(`this shell's session${whose} has expired ${formatDuration(-left)} ago`, hint)];
}

function checkRegions(env: Environment, { unset }: Typing): Finding[] {
  const findings: Finding[] = [];
  for (const name of regionVariables) {
    const region = env[name];
    if (region && !isRegionName(region)) {
      findings.push(error(`${name} is not a region`, 'a region is written like eu-west-1'));
    }
  }
  const [first, second] = regionVariables;
  if (env[first] && env[second] && env[first] !== env[second]) {
    const what = `${first} and ${second} name different regions: each is read by some tools alone`;
    findings.push(warning(what, unset(second)));
  }
  return findings;
}

function checkProfileNames(env: Environment, files: AwsFiles): Finding[] {
  const findings: Finding[] = [];
  for (const variable of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'MFA_ENV_PROFILE'] as const) {
    const name = env[variable];
    if (!name || hasSection(files, name)) continue;
    const refused: Finding[] = [];
    attempt(refused, () => readProfile(files, name));
    const [missing] = refused;
    if (!missing) continue;
    const level = variable === 'MFA_ENV_PROFILE' ? warning : error;
    findings.push(level(`${variable}: ${missing.what}`, missing.hint));
  }
  return findings;
}

const loading = /^(--require|-r|--import|--loader|--experimental-loader)$/;

/** What makes Node itself behave differently; of NODE_OPTIONS the names alone are told. */
function checkNode(env: Environment, typing: Typing): Finding[] {
  const { unset } = typing;
  const findings: Finding[] = [];
  for (const option of findSwitches(env, [])) {
    const effect = effectOf(option);
    if (effect === 'memory' || effect === 'network') {
      const what = `NODE_OPTIONS has ${quoteOutside(option)}, which shows or stores what mfa-env holds: keys, tokens, codes`;
      findings.push(error(what, unset('NODE_OPTIONS')));
    } else if (loading.test(option)) {
      const what = `NODE_OPTIONS has ${quoteOutside(option)}: other code runs in mfa-env and sees keys, tokens and codes`;
      findings.push(warning(what, `${unset('NODE_OPTIONS')}, unless that is meant`));
    }
  }
  const printing: Finding[] = [];
  attempt(printing, () => checkNodeDebug(env.NODE_DEBUG));
  findings.push(...printing.map((finding) => ({ ...finding, hint: unset('NODE_DEBUG') })));
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    const what =
      'NODE_TLS_REJECT_UNAUTHORIZED=0 lets other programs in Node trust any server; mfa-env does not heed it';
    const hint = 'where a company checks encrypted traffic, name its certificate in NODE_EXTRA_CA_CERTS; then';
    findings.push(warning(what, `${hint} ${unset('NODE_TLS_REJECT_UNAUTHORIZED')}`));
  }
  return [...findings, ...checkCertificates(env, typing)];
}

/** Where a company checks encrypted traffic the variable is as it should be: it adds to what Node trusts. */
function checkCertificates(env: Environment, { unset }: Typing): Finding[] {
  const { NODE_EXTRA_CA_CERTS: path } = env;
  if (!path) return [];
  const hint = `name a file with certificates in PEM form, or ${unset('NODE_EXTRA_CA_CERTS')}`;
  if (path.startsWith('~')) return [warning('NODE_EXTRA_CA_CERTS begins with ~, which Node does not know', hint)];
  const findings: Finding[] = [];
  attempt(findings, () => readCaBundle(path, 'NODE_EXTRA_CA_CERTS', env));
  return findings.map(({ what }) => warning(`${what}: Node goes on without`, hint));
}

function checkOwn(env: Environment, { unset, set }: Typing): Finding[] {
  const findings: Finding[] = [];
  const { MFA_ENV_SAVE: save } = env;
  if (save && save !== '1' && !/^(0|no|off|false)$/i.test(save)) {
    findings.push(warning('MFA_ENV_SAVE counts only where it is 1', set('MFA_ENV_SAVE', '1')));
  }
  try {
    refuseRecursion(env, env.MFA_ENV_PROFILE ?? 'prod');
  } catch (thrown) {
    findings.push({ ...toFinding(thrown), hint: `${unset('MFA_ENV_COMMAND')}, unless this runs in such a command` });
  }
  const hasProxy = env.https_proxy ?? env.HTTPS_PROXY;
  if ((env.ALL_PROXY || env.all_proxy) && !hasProxy) {
    findings.push(warning('ALL_PROXY does not count for mfa-env and the AWS CLI', 'set HTTPS_PROXY'));
  }
  return findings;
}
