/** A newcomer with an access key: from nothing to a session, by questions at the terminal or by options alone. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Ended, type Home, makeHome, routeLine, run, runMfaEnv, savedLines, unless } from './harness.ts';
import { sitDown, type Typist } from './pty.ts';
import type { StsUser, UserOptions } from './sts/identities.ts';
import { startSts } from './sts/server.ts';
import { until } from './until.ts';

const sts = await startSts();
after(() => sts.close());

const inParallel = { concurrency: 2 };
const enter = '\r';
const ctrlC = '\x03';
const ctrlD = '\x04';
const ctrlU = '\x15';
const ctrlW = '\x17';
const ctrlZ = '\x1a';
const backspace = '\x7f';

interface Newcomer {
  user: StsUser;
  home: Home;
}

/** Someone who has a key, and in the files what is given. */
function arrive(
  { credentials, config }: { credentials?: (user: StsUser) => string; config?: (user: StsUser) => string } = {},
  options: UserOptions = {},
): Newcomer {
  const user = sts.addUser(options);
  const files = {
    ...(credentials && { credentials: credentials(user) }),
    ...(config && { config: config(user) }),
  };
  return { user, home: makeHome(files, { AWS_ENDPOINT_URL_STS: sts.url }) };
}

const keysOf = ({ accessKeyId, secretAccessKey }: StsUser) =>
  `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;

/** The lines of the session that the user got last. */
function sessionLines(user: StsUser): string {
  const session = sts.sessions.findLast(({ principal }) => principal === user) ?? assert.fail('there is no session');
  return `aws_access_key_id = ${session.accessKeyId}
aws_secret_access_key = ${session.secretAccessKey}
aws_session_token = ${session.sessionToken}
x_security_token_expires = ${session.expiresAt.toISOString().replace(/\.\d+/, '')}
mfa_env_source = ${user.accessKeyId}
`;
}

const asked = {
  profile: 'Profile [prod]: ',
  id: 'Access key id: ',
  secret: 'Secret access key (it is not shown): ',
  device: 'MFA device [',
  region: 'Region, empty for none: ',
  save: 'Save sessions, so that one code is enough for all terminals? [Y/n] ',
  code: 'MFA code for prod (',
} as const;

/** What is typed for each question, in turn. */
type Answers = [question: string, line: string][];

/** What a newcomer types who has nothing yet. */
const answersOf = (user: StsUser): Answers => [
  [asked.profile, ''],
  [asked.id, user.accessKeyId],
  [asked.secret, user.secretAccessKey],
  [asked.device, ''],
  [asked.region, ''],
  [asked.save, ''],
  [asked.code, sts.code(user)],
];

async function answer(typist: Typist, answers: Answers): Promise<void> {
  for (const [question, line] of answers) {
    await typist.see(question);
    typist.type(line + enter);
  }
}

/** Starts setup on a terminal; what it writes to standard output goes to a file, which must stay empty. */
function startSetup(words: string, home: Home): Typist {
  return sitDown('sh', ['-c', `exec mfa-env setup ${words} >out`], home.env);
}

/** Sets up by the answers to the end. @returns the screen. */
async function setUp(words: string, { home, user }: Newcomer, answers: Answers, status = 0): Promise<string> {
  const typist = startSetup(words, home);
  await answer(typist, answers);
  const ended = await typist.ended;
  const screen = typist.screen();
  assert.deepEqual(ended, { exitCode: status, signal: undefined }, screen);
  assert.ok(!screen.includes(user.secretAccessKey), screen);
  assert.equal(readFileSync(join(home.path, 'out'), 'utf8'), '');
  assert.deepEqual(
    existsSync(home.credentialsFile)
      ? readdirSync(join(home.path, '.aws')).filter((name) => name.includes('mfa-env'))
      : [],
    [],
  );
  return screen;
}

test('a newcomer answers seven questions, and has a session in the shell', async () => {
  const { user, home } = arrive();
  const typist = sitDown('bash', ['--noprofile', '--norc', '-i'], { ...home.env, PS1: 'READY$ ' });
  await typist.see('READY$ ');
  typist.type(`mfa-env setup${enter}`);
  await answer(
    typist,
    answersOf(user).map(([question, line]) => [question, question === asked.region ? 'eu-west-1' : line]),
  );
  await typist.see(`Saved prod credentials to ${home.credentialsFile}\r\n`);
  await typist.see(`mfa-env: prod in ${user.account}: a new session for 12h\r\n`);
  await typist.see('mfa-env: hint: type eval "$(mfa-env prod)" in each shell that is to have the session\r\n');
  await typist.see('READY$ ');
  typist.type(`eval "$(mfa-env prod)"; printenv AWS_ACCESS_KEY_ID AWS_REGION; exit${enter}`);
  await typist.see(/ASIA\w{16}\r\neu-west-1\r\n/);
  await typist.ended;
  assert.ok(!typist.screen().includes(user.secretAccessKey));
  assert.equal(
    home.credentials(),
    `[prod-default]\n${keysOf(user)}\n[prod]\naws_arn_mfa = ${user.device.serialNumber}\nregion = eu-west-1\nmfa_env_save = true\n${sessionLines(user)}`,
  );
  assert.equal(statSync(home.credentialsFile).mode & 0o777, 0o600);
});

test('what is said in advance is not asked for', async () => {
  const newcomer = arrive();
  const { user, home } = newcomer;
  const words = `prod --access-key-id ${user.accessKeyId} --serial ${user.device.serialNumber} --region eu-west-1 --save`;
  const screen = await setUp(words, newcomer, [
    [asked.secret, user.secretAccessKey],
    [asked.code, sts.code(user)],
  ]);
  assert.doesNotMatch(screen, /Profile|Access key id|MFA device|Region|\[Y\/n\]/);
  assert.match(home.credentials(), /^region = eu-west-1$/m);
});

test('the user is proposed the device without the path of their name', async () => {
  const name = 'teams/eu/ana';
  const newcomer = arrive({}, { name, account: '111122223333', serialNumber: 'arn:aws:iam::111122223333:mfa/ana' });
  const screen = await setUp('', newcomer, answersOf(newcomer.user));
  assert.ok(screen.includes('MFA device [arn:aws:iam::111122223333:mfa/ana]: '));
});

test('root is told of its one hour', async () => {
  const newcomer = arrive({}, { root: true });
  const screen = await setUp('', newcomer, answersOf(newcomer.user));
  assert.match(screen, /mfa-env: warning: that is the account's root user: aws gives its sessions one hour/);
  assert.ok(screen.includes(`MFA device [arn:aws:iam::${newcomer.user.account}:mfa/root-account-mfa-device]: `));
});

test('the region of the shell, else of the default profile, is proposed, and can be left out', async () => {
  const newcomer = arrive({ config: () => '[default]\nregion = eu-west-3\n' });
  const { user, home } = newcomer;
  const withRegion = (question: string, line: string) =>
    answersOf(user).map(([title, text]): [string, string] =>
      title === asked.region ? [question, line] : [title, text],
    );
  await setUp('', newcomer, withRegion('Region, - for none [eu-west-3]: ', ''));
  assert.match(home.credentials(), /^region = eu-west-3$/m);

  const other = arrive();
  other.home.env.AWS_DEFAULT_REGION = 'ap-south-1';
  const answers = answersOf(other.user).map(([title, text]): [string, string] =>
    title === asked.region ? ['Region, - for none [ap-south-1]: ', '-'] : [title, text],
  );
  await setUp('', other, answers);
  assert.doesNotMatch(other.home.credentials(), /^region/m);
});

test('sessions need not be saved: then there is none yet, and the line to type is said', async () => {
  const newcomer = arrive();
  const { user, home } = newcomer;
  const answers = answersOf(user)
    .slice(0, -1)
    .map(([question, line]): [string, string] => [question, question === asked.save ? 'n' : line]);
  const screen = await setUp('', newcomer, answers);
  assert.match(screen, /mfa-env: hint: type eval "\$\(mfa-env prod\)" to get a session\r\n/);
  assert.equal(
    home.credentials(),
    `[prod-default]\n${keysOf(user)}\n[prod]\naws_arn_mfa = ${user.device.serialNumber}\n`,
  );
});

suite('wrong answers are said in words, and asked for again', inParallel, () => {
  test('ids, secrets, devices, regions and yeses', async () => {
    const newcomer = arrive();
    const { user, home } = newcomer;
    const { accessKeyId, secretAccessKey, account, device } = newcomer.user;
    const screen = await setUp('', newcomer, [
      [asked.profile, 'my prod'],
      ['mfa-env: that is no name for a profile', 'prod'],
      [asked.id, accessKeyId.replace('AKIA', 'ASIA')],
      ['mfa-env: the id of an access key begins with AKIA: ASIA is a session', 'AKIA123'],
      ['mfa-env: that is no id of an access key', ` "${accessKeyId}" `],
      [asked.secret, ''],
      ['mfa-env: the secret is empty', accessKeyId],
      ['mfa-env: that is the id of the key, not its secret', secretAccessKey],
      [asked.device, `arn:aws:iam::${account}:user/ana`],
      [
        `mfa-env: that names a user, not an MFA device: the device of that user is mostly called arn:aws:iam::${account}:mfa/ana`,
        'arn:aws:iam::999988887777:mfa/ana',
      ],
      [`mfa-env: that device is in the account 999988887777, the keys are of ${account}`, device.serialNumber],
      [asked.region, 'euwest1'],
      ['mfa-env: that is no region', 'cn-north-1'],
      ['mfa-env: that region is not in aws', 'eu-west-1'],
      [asked.save, 'maybe'],
      ['mfa-env: that is neither yes nor no', 'YES'],
      [asked.code, sts.code(user)],
    ]);
    assert.match(screen, /a new session/);
    assert.match(home.credentials(), /^region = eu-west-1$/m);
  });

  test('three times, and nothing is written', async () => {
    const newcomer = arrive();
    const screen = await setUp(
      'prod',
      newcomer,
      [
        [asked.id, 'a'],
        [asked.id, 'b'],
        [asked.id, 'c'],
      ],
      1,
    );
    assert.match(screen, /mfa-env: error: that is no id of an access key\r\n/);
    assert.equal(existsSync(newcomer.home.credentialsFile), false);
  });

  test('a wrong secret, by aws', async () => {
    const newcomer = arrive();
    const { user } = newcomer;
    const wrong = 'w'.repeat(40);
    const screen = await setUp('prod', newcomer, [
      [asked.id, user.accessKeyId],
      [asked.secret, wrong],
      [
        `mfa-env: the secret of the key …${user.accessKeyId.slice(-4)} of prod-default is wrong: copy the id and the secret again`,
        '',
      ],
      [asked.secret, user.secretAccessKey],
      ...answersOf(user).slice(3),
    ]);
    assert.ok(!screen.includes(wrong));
    assert.ok(screen.includes(`Access key id […${user.accessKeyId.slice(-4)}]: `), screen);
  });

  test('a key that aws does not know, three times', async () => {
    const newcomer = arrive();
    const unknown: Answers = [
      ['Access key id', 'AKIAUNKNOWN234567ABC'],
      [asked.secret, 'w'.repeat(40)],
    ];
    const screen = await setUp('prod', newcomer, [...unknown, ...unknown, ...unknown], 1);
    assert.match(
      screen,
      /mfa-env: error: aws does not know the key …7ABC of prod-default[^\r]*\r\nmfa-env: hint: copy the id again, or make a new key; one of another partition wants its region: --region us-gov-west-1/,
    );
    assert.equal(existsSync(newcomer.home.credentialsFile), false);
  });

  test('three wrong codes: the sections stay, and it is said what to type', async () => {
    const newcomer = arrive();
    const { user, home } = newcomer;
    const codes = [1, 2, 3].map((): [string, string] => [asked.code, sts.wrongCode(user)]);
    const screen = await setUp('', newcomer, [...answersOf(user).slice(0, -1), ...codes], 1);
    assert.match(screen, /the sections are there: try again with eval "\$\(mfa-env prod --save\)"\r\n$/);
    assert.ok(home.credentials().startsWith(`[prod-default]\n${keysOf(user)}`));
  });
});

suite('the secret is typed unseen', inParallel, () => {
  test('with corrections, and pasted in brackets', async () => {
    const newcomer = arrive();
    const { user } = newcomer;
    const { secretAccessKey: secret } = user;
    const typed = `wrong${ctrlU}two words${ctrlW}${ctrlW}x${backspace}${secret.slice(0, 9)}\x1b[D\x1b[C\x1b[200~${secret.slice(9)}\x1b[201~`;
    const answers = answersOf(user).map(([question, line]): [string, string] => [
      question,
      question === asked.secret ? typed : line,
    ]);
    const screen = await setUp('', newcomer, answers);
    // Not even its length is shown.
    assert.ok(screen.includes(`${asked.secret}\r\nmfa-env: the key `), screen);
  });

  test('pasted together with the id, it is not shown either', async () => {
    const newcomer = arrive();
    const { user } = newcomer;
    const [, , , ...rest] = answersOf(user);
    await setUp('prod', newcomer, [[asked.id, `${user.accessKeyId}${enter}${user.secretAccessKey}`], ...rest]);
  });

  test('pasted into the first question with all the rest, it is not shown either', async () => {
    const newcomer = arrive();
    const { user } = newcomer;
    const [, , , device, ...rest] = answersOf(user);
    const pasted = ['prod', user.accessKeyId, user.secretAccessKey].join(enter);
    const screen = await setUp('', newcomer, [[asked.profile, pasted], device ?? assert.fail(), ...rest]);
    assert.ok(!screen.includes(user.accessKeyId));
  });

  test('pasted in part before a question that shows its answer, it is not shown, and no part of that', async () => {
    const newcomer = arrive();
    const { user, home } = newcomer;
    const typist = startSetup('', home);
    await typist.see(asked.profile);
    typist.type(`prod${enter}${user.secretAccessKey}`);
    await answer(typist, answersOf(user).slice(1));
    assert.equal((await typist.ended).exitCode, 0, typist.screen());
    assert.ok(!typist.screen().includes(user.secretAccessKey));
  });

  test('pasted twice, since nothing is seen of it, it is not taken for the device', async () => {
    const newcomer = arrive();
    const { user, home } = newcomer;
    const [, , , ...rest] = answersOf(user);
    const twice = `${user.secretAccessKey}${enter}${user.secretAccessKey}`;
    await setUp('prod', newcomer, [[asked.id, user.accessKeyId], [asked.secret, twice], ...rest]);
    assert.match(home.credentials(), new RegExp(`^aws_arn_mfa = ${user.device.serialNumber}$`, 'm'));
  });

  test('typed while aws is asked about another, it is not shown either', async () => {
    const newcomer = arrive();
    const { user } = newcomer;
    sts.fault('slow', { times: 1, milliseconds: 1500 });
    const wrong = 'w'.repeat(40);
    await setUp('prod', newcomer, [
      [asked.id, user.accessKeyId],
      [asked.secret, `${wrong}${enter}${enter}${user.secretAccessKey}`],
      ...answersOf(user).slice(3),
    ]);
  });

  test('stopped and continued, it is asked for again, and not shown', { skip: unless('bash') }, async () => {
    const { user, home } = arrive();
    const typist = sitDown('bash', ['--noprofile', '--norc', '-i'], { ...home.env, PS1: 'READY$ ' });
    await typist.see('READY$ ');
    typist.type(`mfa-env setup prod${enter}`);
    await answer(typist, [[asked.id, user.accessKeyId]]);
    await typist.see(asked.secret);
    typist.type(`${user.secretAccessKey.slice(0, 20)}${ctrlZ}`);
    await typist.see('READY$ ');
    typist.type(`stty -a | grep -o ' echo '; fg${enter}`);
    await typist.see(' echo ');
    await typist.see(asked.secret);
    typist.type(user.secretAccessKey + enter);
    await typist.see(asked.device);
    assert.ok(!typist.screen().includes(user.secretAccessKey.slice(20)), typist.screen());
    typist.type(ctrlZ);
    await typist.see('READY$ ');
    typist.type(`fg${enter}`);
    await typist.see(asked.device);
    typist.type(ctrlC);
    await typist.see('READY$ ');
    typist.type(`exit${enter}`);
    await typist.ended;
    assert.equal(existsSync(home.credentialsFile), false);
  });
});

/** The process that a shell waits for. */
async function findChild(pid: number): Promise<number> {
  return until(() => Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]));
}

suite('whoever leaves finds the files as they were, and a terminal that shows what is typed', inParallel, () => {
  const before = '# mine\n[other]\nregion = x\n';
  const endings: [title: string, end: (typist: Typist) => void | Promise<void>, status: number][] = [
    ['Ctrl-C', (typist) => typist.type(ctrlC), 130],
    ['Ctrl-D', (typist) => typist.type(ctrlD), 3],
    ['SIGTERM', async ({ pid }) => void process.kill(await findChild(pid), 'SIGTERM'), 143],
    ['SIGHUP', async ({ pid }) => void process.kill(await findChild(pid), 'SIGHUP'), 129],
    ['SIGQUIT', async ({ pid }) => void process.kill(await findChild(pid), 'SIGQUIT'), 131],
    ['SIGALRM', async ({ pid }) => void process.kill(await findChild(pid), 'SIGALRM'), 142],
  ];
  const places = ['profile', 'id', 'secret', 'device', 'region', 'save'] as const;
  for (const [title, end, status] of endings)
    for (const [index, place] of places.entries()) {
      if (title.startsWith('SIG') && place !== 'secret') continue;
      test(`${title} at the question for the ${place}`, async () => {
        const { user, home } = arrive({ credentials: () => before });
        const modes = "stty -a | tr -s '; ' '\\n' | grep -xE -e '-?(isig|icanon|echo)' | tr '\\n' ' '";
        const script = `trap : INT; ulimit -c 0; mfa-env setup >out; echo "status $?"; ${modes}`;
        const typist = sitDown('sh', ['-c', script], home.env);
        await answer(typist, answersOf(user).slice(0, index));
        await typist.see(asked[place]);
        if (place === 'secret') {
          typist.type('half');
          // What arrives only after the end is shown to the shell.
          await setTimeout(300);
        }
        await end(typist);
        if (place === 'secret' && title === 'Ctrl-D') typist.type(ctrlU + ctrlD);
        await typist.see(`status ${status}\r\n`);
        await typist.see('isig icanon echo ');
        await typist.ended;
        assert.equal(home.credentials(), before);
        assert.deepEqual(readdirSync(join(home.path, '.aws')), ['credentials']);
        assert.doesNotMatch(typist.screen(), /half/);
      });
    }
});

suite('long-lived keys in the profile itself', inParallel, () => {
  const comment = '# of the year before last\n';
  const inProfile = (user: StsUser) =>
    `[other]\nregion = x\n\n${comment}[prod]\n; the key of ana\naws_access_key_id=${user.accessKeyId} ; c\noutput = json\naws_secret_access_key = ${user.secretAccessKey}\n# end`;

  test('are moved, and every other line stays', async () => {
    const newcomer = arrive({ credentials: inProfile });
    const { user, home } = newcomer;
    const screen = await setUp('prod', newcomer, [
      ['Move the key to [prod-default]? [y/n] ', ''],
      ['mfa-env: that is neither yes nor no', 'y'],
      ...answersOf(user).slice(3),
    ]);
    assert.match(
      screen,
      /mfa-env: whatever uses the keys of prod gets its sessions then, and nothing once one has expired\r\n/,
    );
    assert.equal(
      home.credentials(),
      `[other]\nregion = x\n\n${comment}[prod]\n; the key of ana\noutput = json\naws_arn_mfa = ${user.device.serialNumber}\nmfa_env_save = true\n${sessionLines(user)}# end\n\n[prod-default]\naws_access_key_id=${user.accessKeyId} ; c\naws_secret_access_key = ${user.secretAccessKey}\n`,
    );
  });

  test('stay if the user wants so, and the session gets a section of its own', async () => {
    const newcomer = arrive({ credentials: inProfile });
    const { user, home } = newcomer;
    await setUp('prod', newcomer, [['Move the key to [prod-default]? [y/n] ', 'n'], ...answersOf(user).slice(3)]);
    assert.equal(
      home.credentials(),
      `${inProfile(user).replace('\n# end', `\naws_arn_mfa = ${user.device.serialNumber}\nmfa_env_save = true\n# end`)}\n[prod-mfa]\n${sessionLines(user)}`,
    );
  });

  test('are proposed where they are those of default', async () => {
    const { home } = arrive({ credentials: (user) => `[default]\n${keysOf(user)}` });
    const typist = startSetup('', home);
    await typist.see('Profile [default]: ');
    typist.type(enter);
    await typist.see('Move the key to [default-default]? [y/n] ');
    typist.type(ctrlC);
    await typist.ended;
  });

  test('are moved without a question by --move, beside a placeholder and a token of old', async () => {
    const { user, home } = arrive({
      credentials: (user) =>
        `[prod]\n${keysOf(user)}aws_session_token = old\n[prod-default]\naws_access_key_id = <id>\n`,
    });
    const words = ['setup', 'prod', '--move', '--serial', user.device.serialNumber, '--code', sts.code(user)];
    const { status, stderr } = await runMfaEnv(words, home.env);
    assert.equal(status, 0, stderr);
    const session = sessionLines(user).split('\n');
    assert.equal(
      home.credentials(),
      `[prod]\n${session[2]}\naws_arn_mfa = ${user.device.serialNumber}\nmfa_env_save = true\n${session[0]}\n${session[1]}\n${session[3]}\n${session[4]}\n[prod-default]\n${keysOf(user)}`,
    );
  });

  test('in the config file are for the user to move', async () => {
    const { user, home } = arrive({ config: (user) => `[profile prod]\n${keysOf(user)}` });
    const { status, stderr } = await runMfaEnv(['setup', 'prod', '--move', '--code', sts.code(user)], home.env);
    assert.equal(status, 1);
    assert.match(stderr, /\[profile prod\] in \S+ holds long-lived keys, and that file is never written\n.*by hand\n$/);
    assert.equal(readFileSync(home.configFile, 'utf8'), `[profile prod]\n${keysOf(user)}`);
  });
});

suite('long-lived keys that are there already', inParallel, () => {
  const old = '[prod-default]\naws_access_key_id = AKIAOLD4567ABCDEFGHI\naws_secret_access_key = of/the/old/key\n';

  test('are used', async () => {
    const newcomer = arrive({ credentials: (user) => `[prod-default]\n${keysOf(user)}` });
    const { user, home } = newcomer;
    await setUp('prod', newcomer, [
      [`[prod-default] holds the long-lived key …${user.accessKeyId.slice(-4)}. Use it? [Y/n] `, ''],
      ...answersOf(user).slice(3),
    ]);
    assert.ok(home.credentials().startsWith(`[prod-default]\n${keysOf(user)}\n[prod]\n`));
  });

  const replacing = (user: StsUser, line: string): Answers => [
    ['[prod-default] holds the long-lived key …FGHI. Use it? [Y/n] ', 'n'],
    ...answersOf(user).slice(1, 3),
    [
      `[prod-default] holds another long-lived key, …FGHI. Overwrite it with …${user.accessKeyId.slice(-4)}? It may stand nowhere else. [y/N] `,
      line,
    ],
  ];

  test('are overwritten by others only if the user says yes', async () => {
    const newcomer = arrive({ credentials: () => `${old}# end\n` });
    const { user, home } = newcomer;
    await setUp('prod', newcomer, [...replacing(user, 'yes'), ...answersOf(user).slice(3)]);
    assert.ok(home.credentials().startsWith(`[prod-default]\n${keysOf(user)}# end\n\n[prod]\n`));
  });

  test('leave no session behind, which would be used as that of the new ones', async () => {
    const newcomer = arrive({ credentials: () => `${old}[prod]\n# mine\n${savedLines()}` });
    const { user, home } = newcomer;
    await setUp('prod', newcomer, [...replacing(user, 'yes'), ...answersOf(user).slice(3)]);
    assert.match(home.credentials(), /\[prod\]\n# mine\n/);
    assert.doesNotMatch(home.credentials(), /ASIASAVED/);
    assert.ok(home.credentials().includes(sessionLines(user)));
  });

  test('leave none either where no new one is saved', async () => {
    const { user, home } = arrive({ credentials: () => `${old}[prod]\n${savedLines()}` });
    const words = [
      'setup',
      'prod',
      '--source',
      'new',
      '--access-key-id',
      user.accessKeyId,
      '--secret-stdin',
      '--no-save',
    ];
    const { status } = await runMfaEnv(
      [...words, '--serial', user.device.serialNumber],
      home.env,
      user.secretAccessKey,
    );
    assert.equal(status, 0);
    assert.doesNotMatch(home.credentials(), /ASIASAVED|x_security_token_expires/);
    assert.ok(home.credentials().startsWith(old));
  });

  test('stay otherwise', async () => {
    const newcomer = arrive({ credentials: () => old });
    const screen = await setUp('prod', newcomer, replacing(newcomer.user, ''), 1);
    assert.match(screen, /holds another long-lived key, …FGHI, which stays: nothing is written\r\n/);
    assert.equal(newcomer.home.credentials(), old);
  });

  test('stay where nobody can be asked, before aws is', async () => {
    const { user, home } = arrive({ credentials: () => old });
    // Other tests ask the common STS meanwhile.
    const own = await startSts();
    const { status, stderr } = await setUpByOptions({
      user,
      home: { ...home, env: { ...home.env, AWS_ENDPOINT_URL_STS: own.url } },
    });
    assert.deepEqual([status, home.credentials(), own.requests.length], [1, old, 0]);
    await own.close();
    assert.match(stderr, /…FGHI, which stays: nothing is written\nmfa-env: hint: name another section/);
  });

  test('beside others in the profile: those are named, stay, and do not move', async () => {
    const { user, home } = arrive({
      credentials: (user) => `[prod-default]\n${keysOf(user)}${old.replace('-default', '')}`,
    });
    const before = home.credentials();
    const words = ['setup', 'prod', '--serial', user.device.serialNumber, '--no-save'];
    const refused = await runMfaEnv([...words, '--move'], home.env);
    assert.deepEqual([refused.status, home.credentials()], [1, before]);
    const { status, stderr } = await runMfaEnv(words, home.env);
    assert.deepEqual([status, home.credentials()], [0, `${before}aws_arn_mfa = ${user.device.serialNumber}\n`]);
    assert.match(
      stderr,
      /warning: \[prod\] holds another long-lived key, …FGHI, which aws --profile prod goes on to use, and sessions are saved in \[prod-mfa\]\n/,
    );
  });

  test('in the profile too: that is said, and --move takes them out there', async () => {
    const { user, home } = arrive({ credentials: (user) => `[prod-default]\n${keysOf(user)}[prod]\n${keysOf(user)}` });
    const words = ['setup', 'prod', '--serial', user.device.serialNumber, '--no-save'];
    const { stderr } = await runMfaEnv(words, home.env);
    assert.match(stderr, /holds the key …\w{4} as \[prod-default\] does, .*: --move takes it out of \[prod\]\n/);
    assert.equal((await runMfaEnv([...words, '--move', '-q'], home.env)).stderr, routeLine(sts));
    assert.equal(
      home.credentials(),
      `[prod-default]\n${keysOf(user)}[prod]\naws_arn_mfa = ${user.device.serialNumber}\n`,
    );
  });

  test('the others can have another section', async () => {
    const { user, home } = arrive({ credentials: () => old });
    const { status, stderr } = await setUpByOptions({ user, home }, ['--source', 'of-ana']);
    assert.equal(status, 0, stderr);
    assert.ok(home.credentials().startsWith(`${old}\n[of-ana]\n${keysOf(user)}\n[prod]\nsource_profile = of-ana\n`));
    const again = await runMfaEnv(['prod', '--force', sts.code(user, 1)], home.env);
    assert.equal(again.status, 0, again.stderr);
  });
});

/** All by options, the secret and perhaps the code on standard input. */
function setUpByOptions({ user, home }: Newcomer, more: string[] = [], input = ''): Promise<Ended> {
  const words = ['setup', 'prod', '--access-key-id', user.accessKeyId, '--secret-stdin'];
  const code = more.includes('--code') || more.includes('--no-save') ? [] : ['--code', sts.code(user)];
  const device = ['--serial', user.device.serialNumber];
  return runMfaEnv([...words, ...device, ...code, ...more], home.env, input || `${user.secretAccessKey}\n`);
}

suite('a saved session that lives where the keys are to stand', inParallel, () => {
  const before = `[prod-default]\n${savedLines()}# end\n`;

  test('is overwritten if the user says yes', async () => {
    const newcomer = arrive({ credentials: () => before });
    const { user, home } = newcomer;
    const question =
      /\[prod-default\] holds a saved session, which lives .* more\. Overwrite it with the long-lived key\? \[y\/N\] /;
    const typist = startSetup('prod', home);
    await typist.see(question);
    typist.type(`y${enter}`);
    await answer(typist, answersOf(user).slice(1));
    assert.equal((await typist.ended).exitCode, 0);
    assert.ok(home.credentials().startsWith(`[prod-default]\n${keysOf(user)}# end\n`));
  });

  test('stays otherwise', async () => {
    const { user, home } = arrive({ credentials: () => before });
    const { status, stderr } = await setUpByOptions({ user, home });
    assert.deepEqual([status, home.credentials()], [1, before]);
    assert.match(stderr, /holds a saved session, which lives .* more, and stays: nothing is written\n.*--source NAME/);
  });

  test('is worth no question once it has ended', async () => {
    const expired = `[prod-default]\n${savedLines({ expiresAt: new Date(0) })}`;
    const { user, home } = arrive({ credentials: () => expired });
    assert.equal((await setUpByOptions({ user, home }, ['--no-save'])).status, 0);
  });
});

test('a command for the keys has the terminal for itself', async () => {
  const { user, home } = arrive({ config: () => '[profile prod-default]\ncredential_process = ./ask\n' });
  const keys = { Version: 1, AccessKeyId: user.accessKeyId, SecretAccessKey: user.secretAccessKey };
  const script = `#!/bin/sh\nprintf 'PIN: ' >/dev/tty; read -r pin </dev/tty; [ "$pin" = 1234 ] && echo '${JSON.stringify(keys)}'\n`;
  writeFileSync(join(home.path, 'ask'), script, { mode: 0o755 });
  const [profile, , , ...rest] = answersOf(user);
  const answers: Answers = [profile ?? assert.fail(), ['PIN: ', '1234'], ...rest.slice(0, -1)];
  const screen = await setUp('', { user, home }, [...answers, ['PIN: ', '1234'], [asked.code, sts.code(user)]]);
  assert.match(screen, /PIN: 1234/);
});

suite('at a terminal, with the secret on standard input', inParallel, () => {
  const start = ({ user, home }: Newcomer, input: string) =>
    sitDown(
      'sh',
      ['-c', `mfa-env setup prod --access-key-id ${user.accessKeyId} --secret-stdin ${input}; echo "status $?"`],
      home.env,
    );

  test('the rest is asked for', async () => {
    const { user, home } = arrive();
    await run('sh', ['-c', 'cat > secret'], home.env, user.secretAccessKey);
    const typist = start({ user, home }, '< secret');
    await answer(typist, answersOf(user).slice(3));
    await typist.see('status 0');
    await typist.ended;
  });

  test('that must not be the terminal itself, which would show it', async () => {
    const typist = start(arrive(), '');
    await typist.see('mfa-env: error: --secret-stdin is for a pipe or a file: a terminal would show the secret\r\n');
    await typist.see('status 2');
    await typist.ended;
  });
});

suite('without a terminal', inParallel, () => {
  test('options and standard input are enough', async () => {
    const { user, home } = arrive();
    const ended = await setUpByOptions({ user, home }, ['--region', 'eu-west-1', '--quiet']);
    assert.deepEqual(ended, { status: 0, signal: null, stdout: '', stderr: routeLine(sts) });
    assert.equal(
      home.credentials(),
      `[prod-default]\n${keysOf(user)}\n[prod]\naws_arn_mfa = ${user.device.serialNumber}\nregion = eu-west-1\nmfa_env_save = true\n${sessionLines(user)}`,
    );
  });

  test('the code is the second line of standard input', async () => {
    const { user, home } = arrive();
    const input = ` ${user.secretAccessKey}\r\n${sts.code(user)}\n`;
    const { status, stdout, stderr } = await setUpByOptions({ user, home }, ['--code', '-'], input);
    assert.deepEqual([status, stdout], [0, ''], stderr);
    assert.equal(
      stderr,
      `mfa-env: sts is called at ${sts.url}, which is not aws
mfa-env: the key …${user.accessKeyId.slice(-4)} is of ${user.arn}
Wrote [prod-default] and [prod] to ${home.credentialsFile}
Saved prod credentials to ${home.credentialsFile}
mfa-env: hint: type eval "$(mfa-env prod)" in each shell that is to have the session
mfa-env: hint: with the function of mfa-env init, mfa-env prod is the whole line: mfa-env help init
`,
    );
  });

  test('a second time nothing changes but the session', async () => {
    const { user, home } = arrive();
    assert.equal((await setUpByOptions({ user, home })).status, 0);
    const before = home.credentials();
    const { status, stderr } = await setUpByOptions({ user, home }, ['--code', sts.code(user, 1)]);
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /Wrote/);
    const withoutSession = (text: string) => text.split('\nmfa_env_save')[0];
    assert.equal(withoutSession(home.credentials()), withoutSession(before));
  });

  const lacking: [title: string, words: string[], hint: RegExp][] = [
    ['all but the profile', ['prod'], /^give --access-key-id ID, --secret-stdin, --serial ID, --code CODE$/],
    [
      'the device',
      ['prod', '--access-key-id', 'AKIAIOSFODNN7EXAMPLE', '--secret-stdin', '--no-save'],
      /^give --serial ID$/,
    ],
  ];
  for (const [title, words, hint] of lacking)
    test(`it says what is missing: ${title}`, async () => {
      const { home } = arrive();
      const { status, stdout, stderr } = await runMfaEnv(['setup', ...words], home.env);
      assert.deepEqual([status, stdout], [3, '']);
      const [error, said] = stderr.trimEnd().split('\nmfa-env: hint: ');
      assert.match(error ?? '', /^mfa-env: error: setup has to ask, and there is no terminal/);
      assert.match(said ?? '', hint);
      assert.equal(existsSync(home.credentialsFile), false);
    });

  const named: [title: string, env: Record<string, string>, words: string[], status: number, message: RegExp][] = [
    ['AWS_PROFILE', { AWS_PROFILE: 'stage', MFA_ENV_PROFILE: 'prod' }, [], 0, /Wrote \[stage-default\] and \[stage\]/],
    ['MFA_ENV_PROFILE', { MFA_ENV_PROFILE: 'stage' }, ['--no-prompt'], 0, /Wrote \[stage-default\] and \[stage\]/],
    ['nothing', {}, [], 2, /^mfa-env: error: no profile was named, and nobody can be asked\n/],
    ['AWS_PROFILE with no name', { AWS_PROFILE: 'a[b' }, ['--no-prompt'], 2, /no name for a profile/],
  ];
  for (const [title, env, more, status, message] of named)
    test(`the profile is what the environment names: ${title}`, async () => {
      const { user, home } = arrive();
      const words = ['setup', '--access-key-id', user.accessKeyId, '--secret-stdin', '--no-save', ...more];
      const ended = await runMfaEnv(
        [...words, '--serial', user.device.serialNumber],
        { ...home.env, ...env },
        user.secretAccessKey,
      );
      assert.match(ended.stderr, message);
      assert.equal(ended.status, status);
    });

  test('keys are not moved without --move', async () => {
    const { user, home } = arrive({ credentials: (user) => `[prod]\n${keysOf(user)}` });
    const { status, stderr } = await runMfaEnv(
      ['setup', 'prod', '--serial', user.device.serialNumber, '--code', '123456'],
      home.env,
    );
    assert.equal(status, 3);
    assert.match(stderr, /hint: give --move \(the key …\w{4}\)\n$/);
  });

  test('--no-prompt does not ask at a terminal either', async () => {
    const { home } = arrive();
    const typist = startSetup('prod --no-prompt', home);
    assert.equal((await typist.ended).exitCode, 3);
    assert.match(typist.screen(), /^mfa-env: error: setup has to ask, and --no-prompt forbids it\r\n/);
  });
});

suite('nothing is written', inParallel, () => {
  const failures: [title: string, more: string[], input: (user: StsUser) => string, status: number, message: RegExp][] =
    [
      [
        'for a wrong secret',
        [],
        () => 'w'.repeat(40),
        1,
        /error: the secret of the key …\w{4} of prod-default is wrong\n/,
      ],
      ['for no secret', [], () => '\n', 2, /error: the secret is empty\n/],
      [
        'for a device of another account',
        ['--serial', 'arn:aws:iam::999988887777:mfa/ana'],
        ({ secretAccessKey }) => secretAccessKey,
        1,
        /error: --serial: that device is in the account 999988887777, the keys are of \d{12}\n.*hint: name one of that account: --serial ID\n$/,
      ],
      [
        'where a host is named that is not encrypted',
        ['--endpoint-url', 'http://sts.example.com'],
        ({ secretAccessKey }) => secretAccessKey,
        2,
        /is not encrypted/,
      ],
    ];
  for (const [title, more, input, status, message] of failures)
    test(title, async () => {
      const { user, home } = arrive();
      const words = ['setup', 'prod', '--access-key-id', user.accessKeyId, '--secret-stdin', '--code', '123456'];
      const device = more.includes('--serial') ? [] : ['--serial', user.device.serialNumber];
      const ended = await runMfaEnv([...words, ...device, ...more], home.env, input(user));
      assert.deepEqual([ended.status, ended.stdout], [status, '']);
      assert.match(ended.stderr, message);
      assert.ok(!ended.stderr.includes(user.accessKeyId) && !ended.stderr.includes(input(user).trim() || '\0'));
      assert.equal(existsSync(home.credentialsFile), false);
    });

  const refusals: [title: string, credentials: string, config: string, message: RegExp][] = [
    ['in a file that tools read differently', '[prod]\n[prod]\n', '', /credentials:2: \[prod\] stands a second time/],
    [
      'where a role is to be set up',
      '',
      '[profile prod]\nrole_arn = arn:aws:iam::1:role/x\n',
      /config:2: prod is a role/,
    ],
    ['where the profile logs in by SSO', '', '[profile prod]\nsso_session = x\n', /config:2: prod logs in by SSO/],
    ['where half a key is there', '[prod-default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n', '', /half a pair/],
  ];
  for (const [title, credentials, config, message] of refusals)
    test(`${title}, and nothing is asked`, async () => {
      const { home } = arrive({ credentials: () => credentials, config: () => config });
      const typist = startSetup('prod', home);
      assert.equal((await typist.ended).exitCode, 1);
      assert.match(typist.screen(), message);
      assert.doesNotMatch(typist.screen(), /Access key id/);
      assert.equal(home.credentials(), credentials);
    });

  test('where NODE_DEBUG would print the keys', async () => {
    const { user, home } = arrive();
    home.env.NODE_DEBUG = 'http';
    const { status, stderr } = await setUpByOptions({ user, home });
    assert.equal(status, 1);
    assert.match(stderr, /NODE_DEBUG would print keys/);
    assert.equal(existsSync(home.credentialsFile), false);
  });

  const wrongNames: [title: string, words: string[], hint: RegExp][] = [
    ['where a source is named as a profile', ['prod-default'], /hint: mfa-env setup prod makes both\n$/],
    ['where a profile is named as its source', ['prod', '--source', 'prod'], /hint: leave it out/],
  ];
  for (const [title, words, hint] of wrongNames)
    test(title, async () => {
      const { home } = arrive();
      const { status, stderr } = await runMfaEnv(['setup', ...words], home.env);
      assert.equal(status, 2);
      assert.match(stderr, hint);
    });

  const devices: [title: string, device: string, message: RegExp][] = [
    [
      'of another account',
      'arn:aws:iam::999988887777:mfa/ana',
      /in the account 999988887777, the keys are of \d{12}\n/,
    ],
    ['that is a user', 'arn:aws:iam::999988887777:user/ana', /that names a user, not an MFA device\n.*hint: /],
  ];
  for (const [title, device, message] of devices)
    test(`where the files name a device ${title}`, async () => {
      const before = `[prod]\nmfa_serial = ${device}\n`;
      const { user, home } = arrive({ credentials: () => before });
      const words = ['setup', 'prod', '--access-key-id', user.accessKeyId, '--secret-stdin', '--no-save'];
      const { status, stderr } = await runMfaEnv(words, home.env, user.secretAccessKey);
      assert.deepEqual([status, home.credentials()], [1, before]);
      assert.match(stderr, /error: \S+credentials:2: that /);
      assert.match(stderr, message);
    });
});

suite('what goes wrong on the way', () => {
  test('a connection that is lost twice is tried again: no code is spent by asking whose keys they are', async () => {
    const { user, home } = arrive();
    sts.fault('reset-before', { times: 1 });
    sts.fault('http-503', { times: 1 });
    const { status, stderr } = await setUpByOptions({ user, home }, ['--no-save']);
    assert.equal(status, 0, stderr);
  });

  test('a clock that is off is put right for both calls, and said once', async () => {
    const { user, home } = arrive();
    sts.clockOffsetSeconds = 1200;
    const { status, stderr } = await setUpByOptions({ user, home });
    sts.clockOffsetSeconds = 0;
    assert.equal(status, 0, stderr);
    assert.equal(stderr.match(/this machine's clock is 20 minutes behind aws/g)?.length, 1);
  });

  test('a host that only the environment names gets no keys', async () => {
    const { user, home } = arrive();
    home.env.AWS_ENDPOINT_URL_STS = 'https://sts.example.com';
    const { status, stderr } = await setUpByOptions({ user, home });
    assert.equal(status, 1);
    assert.match(stderr, /AWS_ENDPOINT_URL_STS alone names https:\/\/sts\.example\.com, which is not aws/);
    assert.equal(existsSync(home.credentialsFile), false);
  });

  test('a network that stays away leaves nothing', async () => {
    const { user, home } = arrive();
    sts.fault('reset-before');
    const { status, stderr } = await setUpByOptions({ user, home });
    sts.clearFaults();
    assert.equal(status, 1);
    assert.match(stderr, /broke the connection \(ECONNRESET\)\nmfa-env: hint: try again\n$/);
    assert.equal(existsSync(home.credentialsFile), false);
  });

  test('a page in place of an answer', async () => {
    const { user, home } = arrive();
    sts.fault('html', { times: 1 });
    const { status, stderr } = await setUpByOptions({ user, home });
    sts.clearFaults();
    assert.equal(status, 1);
    assert.match(stderr, /error: what answered/);
    assert.equal(existsSync(home.credentialsFile), false);
  });

  test('a file that is changed while the user types is not written', async () => {
    const { user, home } = arrive({ credentials: () => '[prod]\nregion = eu-west-1\n' });
    const typist = startSetup('prod', home);
    await answer(typist, answersOf(user).slice(1, 4));
    await typist.see('Region, - for none [eu-west-1]: ');
    await run('sh', ['-c', `printf 'output = json\\n' >> ${home.credentialsFile}`], home.env);
    typist.type(enter);
    await answer(typist, [[asked.save, '']]);
    assert.equal((await typist.ended).exitCode, 1);
    assert.match(typist.screen(), /error: \[prod\] in \S+ was changed meanwhile, so nothing is written\r\n/);
    assert.equal(home.credentials(), '[prod]\nregion = eu-west-1\noutput = json\n');
  });
});

test('the secret is in no argument and no environment of the program', async () => {
  const { user, home } = arrive();
  const typist = startSetup('prod', home);
  await answer(typist, answersOf(user).slice(1, 3));
  await typist.see(asked.device);
  for (const name of ['cmdline', 'environ'])
    assert.ok(!readFileSync(`/proc/${typist.pid}/${name}`, 'utf8').includes(user.secretAccessKey));
  typist.type(ctrlC);
  await typist.ended;
});

test('where nothing can stop the program, Ctrl-Z shows no secret', async () => {
  const { user, home } = arrive();
  // The leader of a session: the system drops what would stop it.
  const typist = startSetup('prod', home);
  await answer(typist, [[asked.id, user.accessKeyId]]);
  await typist.see(asked.secret);
  typist.type(ctrlZ);
  await setTimeout(300);
  typist.type(`${user.secretAccessKey}${enter}`);
  await typist.see(asked.device);
  assert.ok(!typist.screen().includes(user.secretAccessKey));
  typist.type(ctrlC);
  await typist.ended;
});

const names: [name: string, line: string][] = [
  ['list', 'eval "$(mfa-env --profile=list)"'],
  ['123456', 'eval "$(mfa-env --profile=123456)"'],
];
for (const [name, line] of names)
  test(`the line to type names the profile ${name} as one`, async () => {
    const { user, home } = arrive();
    const words = ['--profile', name, '--access-key-id', user.accessKeyId, '--secret-stdin', '--no-save'];
    const all = ['setup', ...words, '--serial', user.device.serialNumber];
    const { status, stderr } = await runMfaEnv(all, home.env, user.secretAccessKey);
    assert.equal(status, 0);
    assert.ok(stderr.includes(line), stderr);
  });
