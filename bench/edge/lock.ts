import { v7 as uuidv7 } from 'uuid';
import { cloud } from '../../contexts/cloud/contract.ts';
import { usage } from '../../contexts/cloud/usage.ts';
import { mongoCommandHandler } from '../../kit/aggregate/command-handler.ts';
import type { Bench } from '../ground.ts';
import { percentile } from '../percentile.ts';
import { besideLoad } from './beside-load.ts';
import { CLOUD_DATABASE, OVERDRAWN } from './names.ts';
import type { Stage } from './stage.ts';

const WARM_UP = 10;
const TIMES = 150;
/** In minor units: what the account is opened with, a unit costs one. */
const BALANCE = 10_000;

/** From the commit of a window that overdraws its account to the first 402 of the last front door. */
export const lock: Bench = {
  names: ['lock.p99'],
  run: (ground) =>
    besideLoad(ground, async ({ stage, doors }) => {
      const { key } = stage.overdrawn;
      const once = async (): Promise<number> => {
        await doors.untilAll(200, key);
        const committedAt = await consume(stage, BALANCE + 1);
        const lockedAt = await doors.untilAll(402, key);
        await topUp(stage, BALANCE + 1);
        return lockedAt - committedAt;
      };
      for (let time = 0; time < WARM_UP; time += 1) await once();
      const samples: number[] = [];
      for (let time = 0; time < TIMES; time += 1) samples.push(await once());
      const note = `${TIMES} times beside 500 requests/s; p50 ${percentile(samples, 0.5).toFixed(1)} ms`;
      return [{ name: 'lock.p99', value: percentile(samples, 0.99), unit: 'ms', note }];
    }),
};

/** Commits a window as the front door's roller does. @returns when the commit was acknowledged. */
const consume = async ({ client }: Stage, units: number): Promise<number> => {
  const commands = mongoCommandHandler(client, client.db(CLOUD_DATABASE), cloud);
  const now = new Date().toISOString();
  const data = { windowId: uuidv7(), meter: 'requests', units, from: now, to: now, keys: [] };
  const keys = { usage: usage.key(now.slice(0, 10)) };
  const decide = () => ({ usage: [{ type: 'UsageRecorded' as const, data }] });
  await commands.handle({ keys, decide }, { tenant: OVERDRAWN, cause: {} });
  return performance.now();
};

const topUp = async ({ landscape }: Stage, amount: number): Promise<void> => {
  const { adminUrl } = landscape.endpoints.get('subscriptions') ?? {};
  const answer = await fetch(`${adminUrl}/v1/accounts/${OVERDRAWN}/top-ups`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ amount, currency: 'EUR', cause: uuidv7() }),
  });
  if (!answer.ok) throw new Error(`cannot top up: ${answer.status} ${await answer.text()}`);
  await answer.body?.cancel();
};
