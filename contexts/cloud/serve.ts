import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Agent } from 'undici';
import { ConcurrencyConflict } from '../../kit/aggregate/errors.ts';
import type { Serve } from '../../kit/context/context.ts';
import { followMap } from '../../kit/context-map/followed-map.ts';
import { createFrontDoor } from './door/front-door.ts';
import { placeOf } from './forwarding/where.ts';
import { createGroupIndexes, mongoMeter } from './metering/groups.ts';
import { measuredMeter } from './metering/measured.ts';
import { rollGroups } from './metering/roller.ts';
import { watch } from './metrics.ts';
import { accountRates } from './rate/account-rates.ts';
import { redisNotes } from './rate/redis-notes.ts';
import { openReplica } from './replica/replica.ts';
import { signIdentity } from './signing/sign-identity.ts';
import { openSigningKeys } from './signing/signing-keys.ts';

const ROLL_MS = 1_000;
const REFRESH_KEYS_MS = 60_000;
const CONNECT_MS = 2_000;
const ANSWER_MS = 30_000;

/** Starts the front door from its own database: it does not matter who else is up. */
export const serve: Serve = async (deps) => {
  const { client, db, config, logger, metrics } = deps;
  await createGroupIndexes(db);
  const [replica, keys] = await Promise.all([openReplica(db, logger), openSigningKeys(db)]);
  const landscape = await followMap(config.CADASTRE_MAP, logger);
  const stopping = new AbortController();
  const notes = redisNotes({ url: config.REDIS_URL, prefix: config.REDIS_PREFIX, logger });
  const rates = accountRates(notes);
  watch(metrics, { db, replica, notes });
  const meter = measuredMeter(mongoMeter(db, logger), metrics);
  const agent = new Agent({
    connect: { timeout: CONNECT_MS },
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
  });
  const every = repeating(logger, stopping.signal);
  const loops = [every(ROLL_MS, () => rollAll({ client, db })), every(REFRESH_KEYS_MS, keys.refresh)];
  const place = (tenant: string, context: string) => placeOf(landscape.map(), tenant, context);
  const sign = signIdentity(keys);
  const parts = { client, db, logger, metrics, replica, rates, keys, meter, agent, sign, place };
  return {
    handler: createFrontDoor(parts).callback(),
    stop: async () => {
      stopping.abort();
      await meter.close();
      await Promise.all([...loops, landscape.stop(), replica.close(), notes.close(), agent.close()]);
    },
  };
};

/** Repeats something until the end; what fails once is tried again, and logged unless it lost a race. */
const repeating = (logger: Logger, signal: AbortSignal) => {
  return async (ms: number, run: () => Promise<unknown>): Promise<void> => {
    while (!signal.aborted) {
      await delay(ms * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await run().catch((error: unknown) => {
        if (!(error instanceof ConcurrencyConflict)) logger.warn({ err: error }, 'tried again soon');
      });
    }
  };
};

const rollAll = async (rolling: Parameters<typeof rollGroups>[0]): Promise<void> => {
  while ((await rollGroups(rolling)) > 0);
};
