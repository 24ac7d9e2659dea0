import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../ground.ts';
import { leaderOf } from '../takeover.ts';
import { besideLoad } from './beside-load.ts';

const TIMES = 3;
/** Between two kills; long enough that the one that was killed stands by again. */
const STEADY_MS = 4_000;

/** A key that is made when the leading relay has just been killed, the worst of three. */
export const keyTakeover: Bench = {
  names: ['key.created.takeover'],
  run: (ground) =>
    besideLoad(ground, async ({ stage, owner, doors }) => {
      const samples: number[] = [];
      for (let time = 0; time < TIMES; time += 1) {
        await delay(STEADY_MS);
        const leader = await leaderOf(stage);
        if (!leader.signal('SIGKILL')) throw new Error('the leading relay has gone before it was killed');
        const { keyId, secret, answeredAt } = await owner.createKey();
        samples.push(((await doors.until(200, secret, time)) - answeredAt) / 1_000);
        await owner.deleteKey(keyId);
      }
      const note = `worst of ${samples.map((sample) => sample.toFixed(2)).join(', ')}`;
      return [{ name: 'key.created.takeover', value: Math.max(...samples), unit: 's', note }];
    }),
};
