import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRoleArnFault, findTextFault, type RoleText } from '../src/role-faults.ts';

const texts: [key: RoleText, value: string, what: string | undefined][] = [
  ['role_session_name', 'ab', undefined],
  ['role_session_name', 'ana=+,.@_-1', undefined],
  ['role_session_name', 'a'.repeat(64), undefined],
  ['role_session_name', 'a', 'has 1 character, not 2 to 64'],
  ['role_session_name', 'a'.repeat(65), 'has 65 characters, not 2 to 64'],
  ['role_session_name', 'jürgen é', 'has characters that AWS does not allow: ü é'],
  ['role_session_name', 'a b', 'has characters that AWS does not allow: spaces'],
  ['role_session_name', 'a/b:c', 'has characters that AWS does not allow: /:'],
  ['role_session_name', '😀', 'has characters that AWS does not allow: 😀'],
  ['role_session_name', 'a\u202eb', 'has characters that AWS does not allow: \\xe2\\x80\\xae'],
  ['external_id', 'a/b:c', undefined],
  ['external_id', '1', 'has 1 character, not 2 to 1224'],
  ['external_id', 'x'.repeat(1225), 'has 1225 characters, not 2 to 1224'],
  ['external_id', 'a#b', 'has characters that AWS does not allow: #'],
];

for (const [key, value, what] of texts)
  test(`${key} = ${value.slice(0, 30)} (${value.length}) ${what ?? 'is fine'}`, () => {
    const fault = findTextFault(key, value);
    assert.equal(fault?.what, what);
    assert.equal(Boolean(fault?.hint), what !== undefined);
  });

const account = 'arn:aws:iam::444455556666:';
const arns: [value: string, what: RegExp | undefined][] = [
  [`${account}role/admin`, undefined],
  [`${account}role/team/eu/admin@x`, undefined],
  ['arn:aws-cn:iam::444455556666:role/admin', undefined],
  ['admin', /^is not the ARN of a role: admin$/],
  [`${account}user/ana`, /^is not the ARN of a role/],
  ['arn:aws:sts::444455556666:assumed-role/admin/ana', /^is not the ARN of a role/],
  ['arn:aws:iam:eu-west-1:444455556666:role/admin', /^is not the ARN of a role/],
  ['arn:aws-xx:iam::444455556666:role/admin', /^names the partition aws-xx, which mfa-env does not know/],
  ['arn:aws:iam::44445555666:role/admin', /^has an account ID that is not 12 digits/],
  ['arn:aws:iam::4444-5555-6666:role/admin', /^has an account ID that is not 12 digits/],
  [`${account}role/`, /^has no role name/],
  [`${account}role/two words`, /^has a role name with characters that AWS does not allow/],
  [`${account}role/${'a'.repeat(2048)}`, /^has 2079 characters, not 20 to 2048$/],
];

for (const [value, what] of arns)
  test(`role_arn = ${value.slice(0, 60)} ${what ?? 'is fine'}`, () => {
    const fault = findRoleArnFault(value);
    if (what) assert.match(fault?.what ?? '', what);
    else assert.equal(fault, undefined);
  });
