import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import type { ContextMap } from '../../kit/context-map/context-map.ts';
import type { CloudEvent, StartMode } from '../../kit/event/cloud-event.ts';
import { createOutboxIndexes, OUTBOX, type OutboxDocument, outboxDocument } from '../../kit/outbox/outbox.ts';
import { bullmqReceiver, bullmqSender } from '../../kit/queue/bullmq-queue.ts';
import type { Batch, BatchReceiver } from '../../kit/queue/queue.ts';
import { counterLanguage } from '../../kit/testing/tally.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { mongoLease } from '../lease.ts';
import { type RelayState, runRelay } from '../relay.ts';
import { tracedSender } from '../traced-sender.ts';

export const logger = pino({ level: 'silent' });

export type RunningRelay = { readonly state: RelayState; stop(): Promise<void> };

/** A landscape of one upstream, `counting`, and any consumers, with databases and names of its own. */
export type Harness = {
  readonly client: MongoClient;
  readonly redisUrl: string;
  readonly cell: string;
  readonly source: Db;
  readonly relayDb: Db;
  map: ContextMap;
  /** A map of this cell. */
  mapOf(plan: Pick<MapPlan, 'consumers' | 'tenants'>): ContextMap;
  startRelay(): RunningRelay;
  /** A consumer that only remembers what it gets. */
  receive(name: string, handle?: (batch: Batch) => Promise<void>): Recorder;
  publish(events: readonly OutboxDocument[]): Promise<void>;
  stop(): Promise<void>;
};

export type Recorder = BatchReceiver & { readonly events: Partial<CloudEvent>[] };

export const openHarness = async (): Promise<Harness> => {
  const { mongodbUri, redisUrl } = await testServers();
  const client = new MongoClient(mongodbUri, { appName: 'cadastre' });
  const cell = `cell${randomUUID().slice(0, 8)}`;
  const source = client.db(freshDatabase('counting'));
  const relayDb = client.db(freshDatabase('relay'));
  await createOutboxIndexes(source);
  const running: { stop?(): Promise<void>; close?(): Promise<void> }[] = [];
  const harness: Harness = {
    client,
    redisUrl,
    cell,
    source,
    relayDb,
    map: aMap({ cell, database: source.databaseName }),
    mapOf: (plan) => aMap({ cell, database: source.databaseName, ...plan }),
    startRelay: () => {
      const relay = startRelay(harness);
      running.push(relay);
      return relay;
    },
    receive: (name, handle) => {
      const recorder = receive(harness, name, handle);
      running.push(recorder);
      return recorder;
    },
    publish: async (events) => {
      if (events.length > 0) await source.collection<OutboxDocument>(OUTBOX).insertMany([...events]);
    },
    stop: async () => {
      for (const one of running) await (one.stop?.() ?? one.close?.());
      await source.dropDatabase();
      await relayDb.dropDatabase();
      await client.close();
    },
  };
  return harness;
};

const startRelay = (harness: Harness): RunningRelay => {
  const { client, relayDb, redisUrl } = harness;
  const stopping = new AbortController();
  const state: RelayState = { epoch: undefined, lookedAt: 0 };
  const lease = mongoLease(relayDb, randomUUID());
  const running = runRelay(
    {
      client,
      relayDb,
      lease,
      map: () => harness.map,
      connect: (onAcknowledged) => tracedSender(bullmqSender({ redisUrl, logger }, onAcknowledged)),
      logger,
      signal: stopping.signal,
    },
    state,
  );
  return {
    state,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};

const receive = (
  { redisUrl, cell }: Harness,
  name: string,
  handle?: (batch: Batch) => Promise<void>,
): Recorder => {
  const events: Partial<CloudEvent>[] = [];
  const receiver = bullmqReceiver({ redisUrl, consumer: `${cell}-${name}`, logger }, async (batch) => {
    await handle?.(batch);
    events.push(...(batch.events as Partial<CloudEvent>[]));
  });
  return { ...receiver, events };
};

export type ConsumerPlan = {
  readonly name: string;
  readonly start?: StartMode;
  readonly types?: readonly string[];
};

export type MapPlan = {
  readonly cell: string;
  readonly database: string;
  readonly consumers?: readonly ConsumerPlan[];
  readonly tenants?: readonly string[];
};

const TYPES = ['counting.counted.v1', 'counting.counter-snapshot.v1'];

/** `counting` and its consumers in one cell, which every tenant lives in unless said otherwise. */
export const aMap = ({ cell, database, consumers = [], tenants = ['*'] }: MapPlan): ContextMap => ({
  contexts: [
    { cell, name: 'counting', database, scope: 'Tenant', upstreams: [] },
    ...consumers.map(({ name, start = 'now', types = TYPES }) => ({
      cell,
      name,
      database: `${database}-${name}`,
      scope: 'Tenant' as const,
      upstreams: [{ context: 'counting', start, consumes: types.map((type) => ({ type, kind: 'counter' })) }],
    })),
  ],
  tenants: tenants.map((id) => ({ id, cell, contexts: ['counting', ...consumers.map(({ name }) => name)] })),
});

export type CountedPlan = { readonly tenant?: string; readonly counter?: string; readonly renamed?: boolean };

/** What counting's outbox holds after it counted from one sequence to another. */
export const counted = (from: number, to: number, plan: CountedPlan = {}): OutboxDocument[] => {
  const { tenant = 'acme', counter = 'one', renamed = false } = plan;
  const type = renamed ? counterLanguage.events.CounterRenamed : counterLanguage.events.Counted;
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const sequence = from + index;
    const event = { type: type.name, data: renamed ? { name: 'two' } : { counter, value: sequence } };
    const subject = `counter/${counter}`;
    const time = new Date().toISOString();
    return outboxDocument(
      { language: counterLanguage, tenant, subject, sequence, event, cause: {}, time },
      type,
    );
  });
};

export const sequencesOf = (events: readonly Partial<CloudEvent>[]): number[] =>
  events.map((one) => Number(one.sequence));
/** Each once, in order: what an inbox makes of deliveries. */
export const distinct = (events: readonly Partial<CloudEvent>[]): number[] =>
  [...new Set(sequencesOf(events))].sort((a, b) => a - b);
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** Waits for a condition, never for a time. The runner's timeout is the limit. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await delay(10);
};
