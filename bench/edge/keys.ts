import type { Bench } from '../ground.ts';
import { percentile } from '../percentile.ts';
import { besideLoad } from './beside-load.ts';
import type { Doors } from './doors.ts';
import type { Owner } from './owner.ts';

const WARM_UP = 30;
const TIMES = 250;

type Samples = { readonly created: number[]; readonly revoked: number[] };

/** From the answer of subscriptions to the first request that a front door takes, and to the last that any takes. */
export const keys: Bench = {
  names: ['key.created.p50', 'key.created.p99', 'key.revoked.p99'],
  run: (ground) =>
    besideLoad(ground, async ({ owner, doors }) => {
      await measure(owner, doors, WARM_UP);
      const { created, revoked } = await measure(owner, doors, TIMES);
      const note = `${TIMES} keys beside 500 requests/s`;
      const half = percentile(revoked, 0.5).toFixed(1);
      return [
        { name: 'key.created.p50', value: percentile(created, 0.5), unit: 'ms', note },
        { name: 'key.created.p99', value: percentile(created, 0.99), unit: 'ms', note },
        {
          name: 'key.revoked.p99',
          value: percentile(revoked, 0.99),
          unit: 'ms',
          note: `until both front doors refuse; p50 ${half} ms`,
        },
      ];
    }),
};

const measure = async (owner: Owner, doors: Doors, times: number): Promise<Samples> => {
  const samples: Samples = { created: [], revoked: [] };
  for (let time = 0; time < times; time += 1) {
    const { keyId, secret, answeredAt } = await owner.createKey();
    samples.created.push((await doors.until(200, secret, time)) - answeredAt);
    await doors.untilAll(200, secret);
    const deletedAt = await owner.deleteKey(keyId);
    samples.revoked.push((await doors.untilAll(401, secret)) - deletedAt);
  }
  return samples;
};
