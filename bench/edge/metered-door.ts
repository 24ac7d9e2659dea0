// The front door's app over the same database, with one wrapper more: what /api/whoami answers is counted durably before.
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { Agent } from 'undici';
import { createFrontDoor, type FrontDoorDeps } from '../../contexts/cloud/door/front-door.ts';
import type { DoorMiddleware } from '../../contexts/cloud/door/state.ts';
import { createGroupIndexes, type Meter, mongoMeter } from '../../contexts/cloud/metering/groups.ts';
import { accountRates } from '../../contexts/cloud/rate/account-rates.ts';
import { redisNotes } from '../../contexts/cloud/rate/redis-notes.ts';
import { openReplica } from '../../contexts/cloud/replica/replica.ts';
import { openSigningKeys } from '../../contexts/cloud/signing/signing-keys.ts';
import { readConfig } from '../../kit/service/config.ts';
import { MONGO_OPTIONS } from '../../kit/service/mongo-options.ts';
import { createMetrics } from '../../kit/telemetry/metrics.ts';
import { CLOUD_DATABASE } from './names.ts';
import { serveStandIn } from './stand-in.ts';

const metered = (meter: Meter): DoorMiddleware => {
  return async (ctx, next) => {
    await next();
    const { tenant, keyId } = ctx.state.caller;
    const bytes = Buffer.byteLength(String(ctx.body));
    await meter.count([
      { tenant, meter: 'requests', units: 1, key: keyId },
      { tenant, meter: 'bytes', units: bytes },
    ]);
  };
};

const open = async () => {
  const config = readConfig(process.env);
  const client = await MongoClient.connect(config.MONGODB_URI, MONGO_OPTIONS);
  const db = client.db(CLOUD_DATABASE);
  const logger = pino({ level: config.LOG_LEVEL });
  await createGroupIndexes(db);
  const [replica, keys] = await Promise.all([openReplica(db, logger), openSigningKeys(db)]);
  const rates = accountRates(redisNotes({ url: config.REDIS_URL, prefix: config.REDIS_PREFIX, logger }));
  const meter = mongoMeter(db, logger);
  const deps: FrontDoorDeps = {
    client,
    db,
    logger,
    replica,
    rates,
    keys,
    meter,
    metrics: createMetrics({ context: 'cloud' }),
    agent: new Agent(),
    sign: () => Promise.reject(new Error('nothing is passed on here')),
    place: () => undefined,
  };
  const app = createFrontDoor(deps);
  // The routes come last.
  app.middleware.splice(-1, 0, metered(meter) as (typeof app.middleware)[number]);
  return app.callback();
};

await serveStandIn(open);
