/** Lines that AWS's tools read differently from each other, though the shared rules know what they mean. */

import { type AwsFile, type Property, readProperties, type Section, sectionsOf } from './aws-file.ts';
import type { Fault } from './fault.ts';

/** A line that tools read differently from each other. */
export interface Disagreement extends Fault {
  /** Whether the AWS CLI takes nothing of the whole file then. */
  isRefused: boolean;
}

/**
 * The lines of a profile's sections that do not mean the same to all of AWS's tools.
 *
 * Measured with botocore 1.43 (the AWS CLI) and the JavaScript SDK; read in the source of the Go SDK 2.
 */
export function findDisagreements(file: AwsFile, sectionName: string): Disagreement[] {
  const ofProfile = sectionsOf(file, sectionName).flatMap((section) => findDisagreementsIn(file, section));
  return [...findSharedKeys(file), ...ofProfile];
}

/** The sections whose keys some tools give to all the others. */
export function findSharedKeys(file: AwsFile): Disagreement[] {
  return sectionsOf(file, 'DEFAULT').map(({ start }) => ({
    message: 'the AWS CLI gives the keys of [DEFAULT] to every profile',
    offset: start,
    isRefused: false,
  }));
}

/** The same for one section alone. */
export function findDisagreementsIn(file: AwsFile, section: Section): Disagreement[] {
  const found: Disagreement[] = [];
  const seen = new Set<string>();
  for (const property of readProperties(file, section, () => {})) {
    const line = file.text.slice(property.start, property.end);
    const isRefused = seen.has(property.key);
    const message = isRefused
      ? `the AWS CLI refuses a file in which ${property.key} stands twice in a section`
      : describe(line, property);
    seen.add(property.key);
    if (message) found.push({ message, offset: property.start, isRefused });
  }
  return found;
}

/** The keys that none of AWS's tools reads. */
const foreignKeys = ['aws_arn_mfa', 'aws_mfa_device', 'mfa_process', 'mfa_env_save', 'x_security_token_expires'];

function describe(line: string, { key, rawValue: value }: Property): string | undefined {
  if (/^[^=]*[A-Z]/.test(line)) return 'the JavaScript SDK does not know keys in capitals';
  if (foreignKeys.includes(key)) return undefined;
  if (line.split('\n').some(hasComment)) return 'the AWS CLI takes the comment for a part of the value';
  // So AWS shows the address of its portal, which is the same without the end.
  if (key === 'sso_start_url' && /^[^#;]*#\/?$/.test(value)) return undefined;
  if (/[#;]/.test(value)) return 'the Go SDK ends the value at # or ;';
  if (/^(["']).*\1$/.test(value)) return 'the Go SDK takes the quotes off, the others do not';
  return undefined;
}

// One pattern for both would begin anew at each of the line's equal signs.
function hasComment(line: string): boolean {
  const at = line.indexOf('=');
  return at !== -1 && /[ \t][#;]/.test(line.slice(at));
}
