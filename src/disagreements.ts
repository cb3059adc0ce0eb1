/** Lines that AWS's tools read differently from each other, though the shared rules know what they mean. */

import { type AwsFile, type Fault, readProperties, sectionsOf } from './aws-file.ts';

/**
 * The lines of a profile's sections that do not mean the same to all of AWS's tools.
 *
 * Measured with botocore 1.43 (the AWS CLI) and the JavaScript SDK; read in the source of the Go SDK 2.
 */
export function findDisagreements(file: AwsFile, sectionName: string): Fault[] {
  const faults: Fault[] = [];
  for (const { start } of sectionsOf(file, 'DEFAULT')) {
    faults.push({ message: 'the AWS CLI gives the keys of [DEFAULT] to every profile', offset: start });
  }
  for (const section of sectionsOf(file, sectionName)) {
    const seen = new Set<string>();
    for (const property of readProperties(file, section, () => {})) {
      const line = file.text.slice(property.start, property.end);
      const message = seen.has(property.key)
        ? `the AWS CLI refuses a file in which ${property.key} stands twice in a section`
        : describe(line, property.rawValue);
      seen.add(property.key);
      if (message) faults.push({ message, offset: property.start });
    }
  }
  return faults;
}

function describe(line: string, value: string): string | undefined {
  if (/^[^=]*[A-Z]/.test(line)) return 'the JavaScript SDK does not know keys in capitals';
  if (/=.*[ \t][#;]/.test(line)) return 'the AWS CLI takes the comment for a part of the value';
  if (/[#;]/.test(value)) return 'the Go SDK ends the value at # or ;';
  if (/^(["']).*\1$/.test(value)) return 'the Go SDK takes the quotes off, the others do not';
  return undefined;
}
