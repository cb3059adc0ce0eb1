/** What mfa-env is for, in two terminals: a code in one, none in the other, and a wrong one. */

import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeHome, runMfaEnv, sectionsOf } from '../harness.ts';
import type { Sts } from '../sts/server.ts';
import { writeWhoami } from '../whoami-script.ts';
import { type Clock, openTerminal, prompt } from './recorder.ts';
import { drawTerminals, type Pane } from './terminals.ts';

const columns = 82;
const lastMilliseconds = 6000;

export interface Demo {
  panes: Pane[];
  svg: string;
}

/** Plays it, and draws what the terminals showed. @param awsCli what asks AWS who one is; without it, an own program does. */
export async function recordDemo(sts: Sts, awsCli?: string): Promise<Demo> {
  const prod = sts.addUser({ name: 'ana', account: '111122223333' });
  const stage = sts.addUser({ name: 'ana', account: '444455556666' });
  const credentials = `${sectionsOf('prod', prod, 'region = eu-west-1\n')}\n${sectionsOf('stage', stage)}`;
  const home = makeHome({ credentials }, { AWS_ENDPOINT_URL_STS: sts.url, AWS_PAGER: '' });
  writeWhoami(home);
  if (awsCli) symlinkSync(awsCli, join(home.path, 'bin/aws'));
  const whoami = awsCli ? 'aws sts get-caller-identity --query Arn --output text' : 'whoami-aws';
  const code = sts.code(prod);
  // Users of AWS never see the line that names this machine's STS.
  const line = `mfa-env: sts is called at ${sts.url}, which is not aws\r\n`;
  const show = { [home.path]: '/home/ana', [code]: '492039', [line]: '' };
  const { stdout } = await runMfaEnv(['init', 'bash'], home.env);
  const functionFile = join(home.path, '.mfa-env.bash');
  writeFileSync(functionFile, stdout);
  const clock: Clock = { milliseconds: 0 };

  const first = { caption: 'a terminal: the code is asked for, and the session is saved', columns, rows: 7 };
  const left = await openTerminal(first, home, clock);
  const next = {
    caption: 'another terminal, with the function: no code is needed, and a wrong one stops the line',
    columns,
    rows: 10,
  };
  const right = await openTerminal(next, home, clock, functionFile);

  clock.milliseconds += 800;
  await left.type('eval "$(mfa-env prod --save)"');
  await left.enter('111122223333): ', 1200);
  await left.type(code);
  await left.enter(prompt.pattern, 1500);
  await left.type(whoami);
  await left.enter(prompt.pattern, 1800);

  await right.type('mfa-env prod');
  await right.enter(prompt.pattern, 500);
  await right.type(whoami);
  await right.enter(prompt.pattern, 1800);
  await right.type('mfa-env stage 000000 && ./deploy');
  await right.enter(prompt.pattern, lastMilliseconds);

  const panes = [await left.close(show), await right.close(show)];
  home.remove();
  return { panes, svg: drawTerminals('mfa-env in two terminals', panes, clock.milliseconds) };
}
