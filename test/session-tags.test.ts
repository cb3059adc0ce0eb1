/** aws-vault's settings for what a role's session carries: read, checked before a code is spent, and sent. */

import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { readSessionTags } from '../src/session-tags.ts';
import { makeHome, runMfaEnv, sectionsOf } from './harness.ts';
import { startSts } from './sts/server.ts';

const sts = await startSts();
after(() => sts.close());

type Setting = 'source_identity' | 'session_tags' | 'transitive_session_tags';

/** A profile with these settings. */
function profileOf(settings: Partial<Record<Setting, string>>) {
  const own = {
    name: 'admin',
    get: (key: string) => {
      const value = settings[key as Setting];
      return value === undefined ? undefined : { value, place: 'config:4' };
    },
  };
  return { own } as unknown as Parameters<typeof readSessionTags>[0];
}

const none = { sourceIdentity: undefined, tags: [], transitiveKeys: [] };
const many = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=v`).join(',');

const right: [settings: Partial<Record<Setting, string>>, read: object][] = [
  [{}, none],
  [{ source_identity: 'ana@example.com' }, { ...none, sourceIdentity: 'ana@example.com' }],
  [{ session_tags: 'team=ops' }, { ...none, tags: [{ key: 'team', value: 'ops' }] }],
  [
    { session_tags: ' team = ops , empty=, url=https://a.b/c=d' },
    {
      ...none,
      tags: [
        { key: 'team', value: 'ops' },
        { key: 'empty', value: '' },
        { key: 'url', value: 'https://a.b/c=d' },
      ],
    },
  ],
  [
    { session_tags: 'Größe 1=ein Ding,x=y', transitive_session_tags: 'x, größe 1,,X' },
    {
      ...none,
      tags: [
        { key: 'Größe 1', value: 'ein Ding' },
        { key: 'x', value: 'y' },
      ],
      transitiveKeys: ['x', 'Größe 1'],
    },
  ],
];

for (const [settings, read] of right)
  test(`reads ${JSON.stringify(settings)}`, () => assert.deepEqual(readSessionTags(profileOf(settings)), read));

test('reads 50 tags of full length', () => {
  const longest = `${'k'.repeat(128)}=${'v'.repeat(256)}`;
  assert.equal(readSessionTags(profileOf({ session_tags: `${many(49)},${longest}` })).tags.length, 50);
});

const wrong: [settings: Partial<Record<Setting, string>>, message: RegExp][] = [
  ...['a', 'x'.repeat(65), 'ana maria', 'añá', 'aws:ana'].map((text): [Record<string, string>, RegExp] => [
    { source_identity: text },
    /^config:4: source_identity is not one: /,
  ]),
  ...['team', '=ops', 'team=ops,', 'a=b,,c=d', 'a=b;c', 'a<b=c', 'aws:x=y', 'AWS:x=y', 'a=b\nc=d'].map(
    (text): [Record<string, string>, RegExp] => [
      { session_tags: text },
      /^config:4: session_tags has a part that is not a tag: /,
    ],
  ),
  [{ session_tags: `${'k'.repeat(129)}=v` }, /is not a tag/],
  [{ session_tags: `k=${'v'.repeat(257)}` }, /is not a tag/],
  [{ session_tags: 'team=ops,Team=dev' }, /^config:4: session_tags has Team twice$/],
  [{ session_tags: 'ß=1,a=2,A=2' }, /^config:4: session_tags has A twice$/],
  [{ session_tags: many(51) }, /^config:4: session_tags has 51 tags$/],
  [{ transitive_session_tags: 'team' }, /has team, which is not a key in session_tags$/],
  [{ session_tags: 'team=ops', transitive_session_tags: 'team,cost' }, /has cost, which is not a key/],
];

for (const [settings, message] of wrong)
  test(`refuses ${JSON.stringify(settings).slice(0, 80)}`, () => {
    assert.throws(() => readSessionTags(profileOf(settings)), { message, exitStatus: 1 });
  });

suite('AssumeRole', () => {
  const admin = 'source_identity = ana@example.com\nsession_tags = team=ops,cost=a=b\ntransitive_session_tags = team\n';

  /** Roles of one user: `admin` by way of `jump`, which has its own lines. */
  function makeChain(ofAdmin: string, ofJump = '') {
    const user = sts.addUser();
    const jump = sts.addRole({ name: 'jump', trusts: [user.arn] });
    const role = sts.addRole({ name: 'admin', trusts: [jump.arn] });
    const config = `[profile jump]\nrole_arn = ${jump.arn}\nsource_profile = prod\n${ofJump}[profile admin]\nrole_arn = ${role.arn}\nsource_profile = jump\n${ofAdmin}`;
    return {
      user,
      home: makeHome({ credentials: sectionsOf('prod', user), config }, { AWS_ENDPOINT_URL_STS: sts.url }),
    };
  }

  test('gets them for the role whose profile has them, and for no other', async () => {
    const { user, home } = makeChain(admin, 'session_tags = hop=1\n');
    const since = sts.requests.length;
    const { status, stderr } = await runMfaEnv(['admin', sts.code(user)], home.env);
    assert.equal(status, 0, stderr);
    const sent = sts.requests.slice(since).map(({ action, parameters }) => {
      const names = Object.keys(parameters).filter((name) => /^(Tags|Transitive|SourceI)/.test(name));
      return [action, Object.fromEntries(names.map((name) => [name, parameters[name]]))];
    });
    assert.deepEqual(sent, [
      ['GetSessionToken', {}],
      ['AssumeRole', { 'Tags.member.1.Key': 'hop', 'Tags.member.1.Value': '1' }],
      [
        'AssumeRole',
        {
          SourceIdentity: 'ana@example.com',
          'Tags.member.1.Key': 'team',
          'Tags.member.1.Value': 'ops',
          'Tags.member.2.Key': 'cost',
          'Tags.member.2.Value': 'a=b',
          'TransitiveTagKeys.member.1': 'team',
        },
      ],
    ]);
  });

  for (const [title, ofAdmin, ofJump] of [
    ['of the role', 'session_tags = team\n', ''],
    ['of a role before it', '', 'source_identity = a\n'],
  ] as const)
    test(`refuses a wrong setting ${title} before a code is spent`, async () => {
      const { user, home } = makeChain(ofAdmin, ofJump);
      const since = sts.requests.length;
      const { status, stdout, stderr } = await runMfaEnv(['admin', sts.code(user)], home.env);
      assert.deepEqual([status, stdout, sts.requests.length], [1, 'false;\n', since]);
      assert.match(stderr, /config:\d+: (session_tags has a part|source_identity is not one)/);
    });
});
