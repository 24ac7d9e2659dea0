import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../ground.ts';
import { percentile } from '../percentile.ts';
import { openConnection } from './connection.ts';
import { whoami } from './doors.ts';
import { ECHO } from './names.ts';
import { expect, type Owner, signIn } from './owner.ts';
import { openStage } from './stage.ts';

const REQUESTS = 400;
const EVERY_MS = 50;
const LOOK_MS = 50;
/** Nothing was counted for so long: nothing will be. */
const STUCK_MS = 60_000;

/** From the answer of a metered request to the first answer of subscriptions that counts it. */
export const consumption: Bench = {
  names: ['consumption.p99'],
  run: async (ground) => {
    const stage = await openStage(ground);
    const owner = await signIn(stage);
    const door = await openConnection(stage.doors[0] ?? '');
    try {
      const request = whoami(stage.owned.key, `/api/${ECHO}/whoami`);
      const before = await owner.consumption();
      const seen = untilSeen(owner, before);
      // Awaited when all were asked; until then its failure waits too.
      seen.catch(() => undefined);
      const answeredAt: number[] = [];
      for (let n = 0; n < REQUESTS; n += 1) {
        expect(200, await door.ask(request));
        answeredAt.push(performance.now());
        await delay(EVERY_MS);
      }
      const seenAt = await seen;
      const samples = answeredAt.map((at, index) => ((seenAt[index] ?? Number.NaN) - at) / 1_000);
      const half = percentile(samples, 0.5).toFixed(1);
      const note = `${REQUESTS} requests, one at a time; p50 ${half} s; windows are of 10 s`;
      return [{ name: 'consumption.p99', value: percentile(samples, 0.99), unit: 's', note }];
    } finally {
      door.close();
      owner.close();
    }
  },
};

/** @returns when so many were counted: requests are counted in the order in which they were answered. */
const untilSeen = async (owner: Owner, before: number): Promise<number[]> => {
  const seenAt: number[] = [];
  let movedAt = performance.now();
  while (seenAt.length < REQUESTS) {
    const counted = (await owner.consumption()) - before;
    const now = performance.now();
    if (seenAt.length < counted) movedAt = now;
    while (seenAt.length < counted) seenAt.push(now);
    if (now - movedAt > STUCK_MS) throw new Error(`${seenAt.length} of ${REQUESTS} requests were counted`);
    await delay(LOOK_MS);
  }
  return seenAt;
};
