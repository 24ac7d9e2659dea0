import { setTimeout as delay } from 'node:timers/promises';
import type { Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import type { ContextMap } from '../kit/context-map/context-map.ts';
import { backoff } from '../kit/inbox/backoff.ts';
import type { Acknowledgement, BatchSender } from '../kit/queue/queue.ts';
import { followOutboxes, HistoryLost, type StreamReply } from './change-stream.ts';
import { advanceJoins, askForLost, removeOld, watermarkWriter } from './chores.ts';
import {
  applyMap,
  catchUpAll,
  catchUpFrom,
  distribute,
  type Leader,
  onAcknowledged,
  resumeCatchUps,
} from './leader.ts';
import type { Position, ResumeToken } from './position.ts';
import { Deposed, mongoWatermarks, type Watermark } from './watermarks.ts';

export type TermOptions = {
  readonly client: MongoClient;
  readonly relayDb: Db;
  readonly epoch: number;
  /** The map in force now; it may change while the term lasts. */
  readonly map: () => ContextMap;
  readonly connect: (onAcknowledged: (ack: Acknowledgement) => void) => BatchSender;
  readonly logger: Logger;
  /** Aborted when the lease is lost or the process stops. */
  readonly signal: AbortSignal;
  /** Hears of the term once it feeds its consumers. */
  readonly onLeading?: (leader: Leader) => void;
};

const CHORES_EVERY_MS = 250;
const WATERMARKS_EVERY_MS = 1_000;
const RETENTION_EVERY_MS = 60_000;
/** A consumer this far behind the others catches up by itself instead of making them read again. */
const FAR_BEHIND_SECONDS = 60;

/** Leads until the signal aborts or another leader's epoch turns up: reads the stream, feeds the lanes. */
export const leadTerm = async (options: TermOptions): Promise<void> => {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const watermarks = mongoWatermarks(options.relayDb);
  const known = await watermarks.read();
  let leader: Leader | undefined;
  const sender = options.connect((ack) => leader && onAcknowledged(leader, ack));
  try {
    const stream = streamFrom({ ...options, signal }, startOf(known));
    const first = (await stream.next()).value;
    if (first === undefined) return;
    leader = newLeader({ ...options, signal }, sender, first.reply.position);
    await applyMap(leader, options.map(), known);
    await watermarks.remove([...known.keys()].filter((name) => !leader?.consumers.has(name)));
    options.onLeading?.(leader);
    if (first.isFresh) catchUpAll(leader);
    else catchUpStragglers(leader);
    const write = watermarkWriter(leader, watermarks);
    const tend = () => tendConsumers({ leader: leader as Leader, options, write, watermarks });
    await tend();
    const loops = [
      every(CHORES_EVERY_MS, signal, () => askForLost(leader as Leader)),
      every(WATERMARKS_EVERY_MS, signal, tend),
      every(RETENTION_EVERY_MS, signal, () => removeOld(leader as Leader)),
      readOn(leader, stream),
    ].map((loop) => loop.catch((error: unknown) => onLoopFailed(error, stop)));
    await Promise.all(loops);
    await write().catch(() => undefined);
    if (stop.signal.aborted) throw stop.signal.reason;
  } finally {
    stop.abort();
    await sender.close();
  }
};

const onLoopFailed = (error: unknown, stop: AbortController): void => {
  if (!stop.signal.aborted) stop.abort(error);
};

type Tending = {
  leader: Leader;
  options: TermOptions;
  write: () => Promise<void>;
  watermarks: ReturnType<typeof mongoWatermarks>;
};

/** Follows the map, writes watermarks and, only then, asks for the marks of those that join. */
const tendConsumers = async ({ leader, options, write, watermarks }: Tending): Promise<void> => {
  const map = options.map();
  if (map !== leader.map) await watermarks.remove(await applyMap(leader, map, new Map()));
  await write();
  advanceJoins(leader);
  resumeCatchUps(leader);
};

const newLeader = (options: TermOptions, sender: BatchSender, position: Position): Leader => ({
  client: options.client,
  relayDb: options.relayDb,
  sender,
  epoch: options.epoch,
  signal: options.signal,
  logger: options.logger,
  consumers: new Map(),
  map: { contexts: [], tenants: [] },
  routes: () => [],
  position,
});

/** The oldest token of those that are not far behind. */
const startOf = (watermarks: ReadonlyMap<string, Watermark>): ResumeToken | undefined => {
  const newest = Math.max(...watermarks.values().map(({ at }) => at.t));
  const near = [...watermarks.values()].filter(({ at }) => at.t >= newest - FAR_BEHIND_SECONDS);
  return near.map(({ token }) => token).sort((a, b) => (a._data < b._data ? -1 : 1))[0];
};

const catchUpStragglers = (leader: Leader): void => {
  const floors = [...leader.consumers.values()].map(({ lane }) => lane.progress.floor.at.t);
  const newest = Math.max(...floors);
  for (const consumer of leader.consumers.values()) {
    if (consumer.lane.progress.floor.at.t < newest - FAR_BEHIND_SECONDS) catchUpFrom(leader, consumer);
  }
};

type Streamed = { readonly reply: StreamReply; readonly isFresh: boolean };

/** The stream, opened again wherever it breaks; `isFresh` when what came before is to be caught up on. */
async function* streamFrom(
  options: TermOptions,
  start: ResumeToken | undefined,
): AsyncGenerator<Streamed, undefined> {
  let token = start;
  let failures = 0;
  while (!options.signal.aborted) {
    let isFresh = token === undefined;
    try {
      for await (const reply of followOutboxes(options.client, token)) {
        token = reply.position.token;
        yield { reply, isFresh };
        isFresh = false;
        failures = 0;
      }
    } catch (error) {
      failures += 1;
      token = error instanceof HistoryLost ? undefined : token;
      await pause(options, error, failures);
    }
  }
}

const pause = async ({ signal, logger }: TermOptions, error: unknown, failures: number): Promise<void> => {
  if (signal.aborted) return;
  logger.warn({ error }, 'the change stream broke off and is opened again');
  await backoff(failures, signal).catch(() => undefined);
};

const readOn = async (leader: Leader, stream: AsyncGenerator<Streamed, undefined>): Promise<void> => {
  for await (const { reply, isFresh } of stream) {
    if (leader.signal.aborted) return;
    if (isFresh) leader.position = reply.position;
    if (isFresh) catchUpAll(leader);
    distribute(leader, reply);
  }
};

/** Repeats a chore until the signal aborts. One that fails is tried again, unless the leader is deposed. */
const every = async (ms: number, signal: AbortSignal, chore: () => Promise<void>): Promise<void> => {
  while (!signal.aborted) {
    await chore().catch((error: unknown) => {
      if (error instanceof Deposed) throw error;
    });
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }
};
