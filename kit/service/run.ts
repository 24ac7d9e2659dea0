import { type Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { mongoCommandHandler } from '../aggregate/command-handler.ts';
import type { BoundedContext, ServeDeps } from '../context/context.ts';
import { createEventStoreIndexes } from '../event-store/indexes.ts';
import { fillInline, fillInlineAgain } from '../event-store/inline.ts';
import { projectionMetrics, streamReadMetrics } from '../event-store/metrics.ts';
import { runProjection } from '../event-store/run-projection.ts';
import { createInboxIndexes } from '../inbox/documents.ts';
import { createHandsIndexes } from '../inbox/hands.ts';
import { mongoInbox } from '../inbox/inbox.ts';
import { measured } from '../inbox/measured.ts';
import { createOutboxIndexes } from '../outbox/outbox.ts';
import { answerJoinRequests } from '../outbox/write-marks.ts';
import { bullmqReceiver } from '../queue/bullmq-queue.ts';
import { createStaffApp } from '../rest/app.ts';
import { createRestIndexes } from '../rest/idempotency-key.ts';
import { runSchedules } from '../schedule/run-schedules.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import type { AdminOptions } from './admin.ts';
import { openAdminPorts } from './admin-ports.ts';
import { type Config, readConfig } from './config.ts';
import { loop, type Part, stopOnSignal } from './lifecycle.ts';
import { MONGO_OPTIONS } from './mongo-options.ts';
import { contextOperations } from './operations.ts';
import { serveApi } from './serve-api.ts';
import { untilMongoAnswers } from './until-mongo-answers.ts';

/** A receiver that has not moved for this long while batches wait hangs; the process is to be restarted. */
const HANGING_MS = 60_000;
/** How long a batch in hand may take to finish when the process stops. */
const FINISH_MS = 10_000;

/** Runs a bounded context as this process, under the process contract, until SIGTERM. */
export const run = async (context: BoundedContext): Promise<void> => {
  const config = readConfig(process.env);
  const logger = createLogger({ context: context.name, level: config.LOG_LEVEL });
  const parts: Part[] = [];
  stopOnSignal(parts, logger);
  await start({ context, config, logger, parts });
  logger.info({ ...config.PORT, adminPort: config.ADMIN_PORT.port }, 'ready');
};

type Starting = { context: BoundedContext; config: Config; logger: Logger; parts: Part[] };

/** Starts in the order in which it is safe: what others call comes last and is stopped first. */
const start = async ({ context, config, logger, parts }: Starting): Promise<void> => {
  const client = new MongoClient(config.MONGODB_URI, MONGO_OPTIONS);
  parts.push({ name: 'MongoDB', stop: () => client.close() });
  const db = client.db(config.MONGODB_DATABASE);
  const metrics = createMetrics({ context: context.name, defaults: true });
  streamReadMetrics(db, metrics);
  const state = { isReady: false, isDraining: false };

  const stopping = new AbortController();
  const { publishes: language, reactions } = context;
  const unmeasured = mongoInbox({ client, db, language, reactions, signal: stopping.signal, logger });
  const inbox = measured(unmeasured, metrics);

  const commands = mongoCommandHandler(client, db, language);
  const deps: ServeDeps = { client, db, config, commands, logger, metrics };

  const receiver = { stalledMs: async () => 0 };
  const admin: AdminOptions = {
    live: async () => ((await receiver.stalledMs()) > HANGING_MS ? 'the queue does not move' : undefined),
    ready: async () => (state.isReady && !state.isDraining ? undefined : 'starting or stopping'),
    metrics,
    operations: contextOperations(db, inbox),
    staff: staffOf(context, deps),
  };
  parts.push(...(await openAdminPorts(admin, config)));

  await untilMongoAnswers(db, logger);
  await createIndexes(db, context);
  const { aggregates } = context;
  await fillInline(db, aggregates);
  parts.push(loop('inline projections', (signal) => fillInlineAgain(db, aggregates, signal)));
  const marking = { db, language, aggregates, logger };
  parts.push(loop('join requests', (signal) => answerJoinRequests(marking, signal)));

  if (context.reactions.length > 0) {
    const consumer = config.REDIS_PREFIX.slice(1, -1);
    const { stalledMs, close } = bullmqReceiver(
      { redisUrl: config.REDIS_URL, consumer, logger },
      inbox.handle,
    );
    receiver.stalledMs = stalledMs;
    parts.push({ name: 'inbox', stop: () => closeInTime(close, stopping) });
  }

  parts.push(...projectionsOf(context, deps), ...schedulesOf(context, deps));
  parts.push(...(await serveApi(context, deps)));
  const drain = async (): Promise<void> => {
    state.isDraining = true;
  };
  parts.push({ name: 'readiness', stop: drain });
  state.isReady = true;
};

const staffOf = ({ name, version, staff = [], refusals = {} }: BoundedContext, deps: ServeDeps) =>
  staff.length === 0
    ? undefined
    : createStaffApp({ ...deps, context: { name, version, api: staff }, errors: refusals }).callback();

const schedulesOf = ({ schedules = [] }: BoundedContext, deps: ServeDeps): Part[] => {
  if (schedules.length === 0) return [];
  const { REDIS_URL: redisUrl, REDIS_PREFIX: prefix } = deps.config;
  const { close } = runSchedules({ ...deps, schedules, redisUrl, prefix });
  return [{ name: 'schedules', stop: close }];
};

const projectionsOf = ({ projections = [], aggregates }: BoundedContext, deps: ServeDeps): Part[] => {
  if (projections.length === 0) return [];
  const metrics = projectionMetrics(deps.metrics);
  return projections.map((one) =>
    loop(`projection ${one.name}`, (signal) => runProjection({ ...deps, aggregates, metrics }, one, signal)),
  );
};

const createIndexes = async (db: Db, { aggregates }: BoundedContext): Promise<void> => {
  await Promise.all([
    createOutboxIndexes(db),
    createInboxIndexes(db),
    createHandsIndexes(db),
    createRestIndexes(db),
    createEventStoreIndexes(db, aggregates),
  ]);
  for (const { collection, indexes = [], eventSourcing } of aggregates) {
    if (eventSourcing) continue;
    await db.createCollection(collection).catch(() => undefined);
    for (const index of indexes) await db.collection(collection).createIndex(index);
  }
};

/** Lets the batches in hand finish; what waits for MongoDB or Redis then is given back. */
const closeInTime = async (close: () => Promise<void>, stopping: AbortController): Promise<void> => {
  const timer = setTimeout(() => stopping.abort(new Error('the process stops')), FINISH_MS);
  await close().finally(() => clearTimeout(timer));
};
