import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAwsFiles } from '../src/aws-files.ts';
import { watchForNewer } from '../src/newer.ts';
import { readProfile } from '../src/profile.ts';
import type { SessionChoice } from '../src/session-request.ts';
import type { World } from '../src/world.ts';
import { savedLines } from './harness.ts';
import { makeFolder } from './temp-folder.ts';

const keys = (name: string) => `[${name}]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n`;
const files = `${keys('prod-default')}${keys('team')}[prod]\n`;

const hours = (count: number) => count * 3600;

/** @param lives How long the session that is saved meanwhile lives, in seconds. */
const rows: [title: string, asked: Partial<SessionChoice>, lives: number, isTaken: boolean][] = [
  ['of any length', {}, hours(1), true],
  ['of the length that is asked for', { durationSeconds: hours(2) }, hours(2), true],
  ['of a greater length', { durationSeconds: hours(2) }, hours(12), false],
  ['of a smaller length', { durationSeconds: hours(2) }, hours(1), false],
  ['that lives for less than it should', { minTtlSeconds: hours(2) }, hours(1), false],
  ["where the files' own source is named", { source: 'prod-default' }, hours(12), true],
  ['where it is named by its profile', { source: 'prod' }, hours(12), true],
  ['where another source is named', { source: 'team' }, hours(12), false],
  ['where a device is named', { serial: 'GAHT12345678' }, hours(12), true],
];

for (const [title, asked, lives, isTaken] of rows)
  test(`a session that was saved meanwhile is ${isTaken ? '' : 'not '}taken ${title}`, (t) => {
    const path = join(makeFolder(t), 'credentials');
    writeFileSync(path, files);
    const env = { AWS_SHARED_CREDENTIALS_FILE: path, AWS_CONFIG_FILE: '/dev/null' };
    const startedAt = new Date();
    const world = { env, now: () => new Date(), startedAt: () => startedAt } as Partial<World> as World;
    const request = { minTtlSeconds: 300, ...asked } as SessionChoice;
    const profile = readProfile(readAwsFiles(env), 'prod', asked.source);
    const findNewer = watchForNewer(profile, request, asked.durationSeconds ?? hours(12), world);
    assert.equal(findNewer(), undefined);
    writeFileSync(path, files + savedLines({ expiresAt: new Date(Date.now() + lives * 1000) }));
    assert.equal(findNewer() !== undefined, isTaken);
  });
