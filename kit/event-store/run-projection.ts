import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { reapAbandonedTransactions } from '../aggregate/abandoned-transactions.ts';
import type { AnyAggregate } from '../aggregate/aggregate.ts';
import { transact } from '../aggregate/transaction.ts';
import {
  activate,
  type Build,
  dropRetired,
  holdBuild,
  isActive,
  type ReadPart,
  releaseBuild,
  takeBuild,
} from './builds.ts';
import { followEvents, HistoryLost, type StreamBatch } from './event-stream.ts';
import { type EventDocument, upcasted } from './events.ts';
import type { ProjectionMetrics } from './metrics.ts';
import type { Projection, RecordedEvent } from './projection.ts';
import { nextAsOf, operationTime, placeOf, readEventsAsOf, wasRead } from './read-events.ts';

export type ProjectionDeps = {
  readonly client: MongoClient;
  readonly db: Db;
  /** Those of the context: they know the shapes of older events. */
  readonly aggregates: readonly AnyAggregate[];
  readonly logger: Logger;
  readonly metrics?: ProjectionMetrics;
};

const LOOK_EVERY_MS = 1_000;
const AGAIN_MS = 250;

/**
 * Keeps a projection current until the signal aborts. Any number of processes may run it: one of them works.
 *
 * Guarantee: each event takes effect once. A build reads what had committed by a time, in the order of insertion,
 * and then follows what committed after it, in that order. What fails is tried again in place, never stepped over.
 */
export const runProjection = async (
  deps: ProjectionDeps,
  projection: Projection,
  signal: AbortSignal,
): Promise<void> => {
  const owner = randomUUID();
  while (!signal.aborted) {
    let pause = AGAIN_MS;
    try {
      const build = await takeBuild(deps.db, projection, owner);
      if (build === undefined) {
        deps.metrics?.left(projection.name);
        pause = LOOK_EVERY_MS;
      } else await work({ ...deps, projection, build, signal });
    } catch (error) {
      if (signal.aborted) return;
      deps.logger.warn({ projection: projection.name, error }, 'a projection is tried again');
      // A dead process may have left a transaction open that holds the checkpoint.
      await reapAbandonedTransactions(deps.client).catch(() => undefined);
    }
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
};

type Working = ProjectionDeps & {
  readonly projection: Projection;
  readonly build: Build;
  readonly signal: AbortSignal;
};

/** Builds and follows until the signal aborts or something fails; the checkpoint says where to go on. */
const work = async (working: Working): Promise<void> => {
  const { db, build, projection } = working;
  try {
    await db.createCollection(build._id).catch(() => undefined);
    for (const index of projection.indexes ?? []) await db.collection(build._id).createIndex(index);
    await follow(working, await readAll(working));
  } catch (error) {
    if (!(error instanceof HistoryLost)) throw error;
    working.logger.warn({ projection: projection.name, error }, 'a projection is built anew');
    await holdBuild(db, build, { progress: { isLost: true } });
  } finally {
    await releaseBuild(db, build).catch(() => undefined);
  }
};

/**
 * Reads what was there when the build began. The server remembers five minutes, so it goes on with how things stand
 * by then: the parts say what the stream will bring again.
 */
const readAll = async (working: Working): Promise<readonly ReadPart[]> => {
  const { db, build, projection, signal } = working;
  let parts = build.read;
  while (!isWhole(parts)) {
    signal.throwIfAborted();
    const last = parts.at(-1);
    const now = await operationTime(db);
    const asOf = nextAsOf(last, now);
    const page = await readEventsAsOf(db, { kinds: projection.kinds, after: last?.upTo ?? undefined, asOf });
    parts = await takePage(working, parts, { asOf, page });
    moved(working, page.length, 1_000 * (now.t - (page.at(-1)?.at ?? asOf).t));
  }
  return parts;
};

const isWhole = (parts: readonly ReadPart[]): boolean => parts.length > 0 && parts.at(-1)?.upTo === null;

type Read = { readonly asOf: ReadPart['asOf']; readonly page: readonly EventDocument[] };

const takePage = async (
  working: Working,
  parts: readonly ReadPart[],
  { asOf, page }: Read,
): Promise<readonly ReadPart[]> => {
  const last = page.at(-1);
  const part: ReadPart = { asOf, upTo: last === undefined ? null : placeOf(last) };
  const before = parts.at(-1)?.asOf.equals(asOf) ? parts.slice(0, -1) : parts;
  const read = [...before, part];
  await apply(working, page, { read });
  return read;
};

const follow = async (working: Working, parts: readonly ReadPart[]): Promise<void> => {
  const { db, build, projection, signal } = working;
  const [first] = parts;
  if (first === undefined) return;
  const start = build.token ? { resumeAfter: build.token } : { startAtOperationTime: first.asOf };
  let active = await isActive(db, build);
  for await (const batch of followEvents(db, projection.kinds, start)) {
    await takeBatch(working, parts, batch);
    if (batch.isAtEnd) {
      if (!active) await transact(working.client, (session) => activate(db, build, session));
      active = true;
      await dropRetired(db, projection.name);
    }
    if (signal.aborted) return;
  }
};

const takeBatch = async (working: Working, parts: readonly ReadPart[], batch: StreamBatch): Promise<void> => {
  const news = batch.events.filter((one) => !wasRead(one, parts)).map(({ event }) => event);
  await apply(working, news, { token: batch.token });
  // The first answer of a stream is empty, and says nothing of how far it is.
  if (batch.isAtEnd || news.length > 0) moved(working, news.length, batch.behindMs);
};

const moved = ({ metrics, projection }: Working, events: number, behindMs: number): void =>
  metrics?.moved(projection.name, { asOf: Date.now() - behindMs, events });

/** One transaction: the effects, and how far it got. */
const apply = async (
  working: Working,
  events: readonly EventDocument[],
  progress: Partial<Build>,
): Promise<void> => {
  const { client, db, build, projection, aggregates } = working;
  if (events.length === 0) return await holdBuild(db, build, { progress });
  const recorded = events.map((event) => recordedEvent(event, aggregates));
  await transact(client, async (session) => {
    await holdBuild(db, build, { progress, session });
    await projection.project(recorded, { db, collection: build._id, session });
  });
};

const recordedEvent = (document: EventDocument, aggregates: readonly AnyAggregate[]): RecordedEvent => {
  const { tenant, kind, id, version, time, actor } = document;
  const aggregate = aggregates.find((one) => one.kind === kind);
  const { type, data } = aggregate ? upcasted(aggregate, document) : document;
  return { tenant, kind, id, version, type, data, time, ...(actor !== undefined && { actor }) };
};
