import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import type { ContextMap } from '../kit/context-map/context-map.ts';
import { watchContextMap } from '../kit/context-map/watch.ts';
import { bullmqSender } from '../kit/queue/bullmq-queue.ts';
import type { AdminOptions } from '../kit/service/admin.ts';
import { openAdminPorts } from '../kit/service/admin-ports.ts';
import { readConfig } from '../kit/service/config.ts';
import { loop, type Part, stopOnSignal } from '../kit/service/lifecycle.ts';
import { MONGO_OPTIONS } from '../kit/service/mongo-options.ts';
import { untilMongoAnswers } from '../kit/service/until-mongo-answers.ts';
import { createLogger } from '../kit/telemetry/logger.ts';
import { createMetrics } from '../kit/telemetry/metrics.ts';
import type { Leader } from './leader.ts';
import { mongoLease } from './lease.ts';
import { relayMetrics } from './metrics.ts';
import { type RelayOptions, type RelayState, runRelay } from './relay.ts';
import { tracedSender } from './traced-sender.ts';

/** A relay that has neither led nor looked for the lease for this long hangs. */
const HANGING_MS = 60_000;

/** Runs the relay as this process, leader or standby, under the process contract, until SIGTERM. */
export const run = async (): Promise<void> => {
  const config = readConfig(process.env);
  const logger = createLogger({ context: 'relay', level: config.LOG_LEVEL });
  const parts: Part[] = [];
  stopOnSignal(parts, logger);
  const client = new MongoClient(config.MONGODB_URI, MONGO_OPTIONS);
  parts.push({ name: 'MongoDB', stop: () => client.close() });

  // Until there is a map it waits, however long that takes: nothing hangs.
  const state: RelayState = { epoch: undefined, lookedAt: Number.POSITIVE_INFINITY };
  const metrics = createMetrics({ context: 'relay', defaults: true });
  let leader: Leader | undefined;
  const onLeading = (leading: Leader) => {
    leader = leading;
  };
  relayMetrics(metrics, () => (state.epoch === undefined ? undefined : leader));
  const admin: AdminOptions = {
    live: async () =>
      performance.now() - state.lookedAt > HANGING_MS ? 'the relay does not move' : undefined,
    ready: async () => undefined,
    metrics,
    operations: [{ method: 'GET', path: '/leader', run: async () => ({ epoch: state.epoch ?? null }) }],
  };
  parts.push(...(await openAdminPorts(admin, config)));

  const relayDb = client.db(config.MONGODB_DATABASE);
  await untilMongoAnswers(relayDb, logger);
  let map: ContextMap = { contexts: [], tenants: [] };
  const mapRead = Promise.withResolvers<void>();
  const onChange = (changed: ContextMap) => {
    map = changed;
    mapRead.resolve();
  };
  parts.push(
    loop('map', (signal) => watchContextMap({ file: config.CADASTRE_MAP, signal, logger }, onChange)),
  );
  await mapRead.promise;
  const connect: RelayOptions['connect'] = (onAcknowledged) =>
    tracedSender(bullmqSender({ redisUrl: config.REDIS_URL, logger }, onAcknowledged));
  const lease = mongoLease(relayDb, randomUUID());
  parts.push(
    loop('relay', (signal) =>
      runRelay({ client, relayDb, lease, map: () => map, connect, logger, signal, onLeading }, state),
    ),
  );
  logger.info('standing by');
};
