import { Timestamp } from 'mongodb';
import { OUTBOX } from '../kit/outbox/outbox.ts';
import { forgetRequest, type Join, requestMarks } from './joins.ts';
import { floorOf, type Lane, note, pump, resend, spill } from './lane.ts';
import { type Consumer, type Leader, startCatchUp } from './leader.ts';
import { earlier, LATE_COMMIT_SECONDS, secondsBefore } from './position.ts';
import type { Watermark, Watermarks } from './watermarks.ts';

const ASK_AFTER_MS = 1_000;
/** A consumer that gets nothing has its watermark written this often, so that MongoDB still has its token. */
const IDLE_WRITE_MS = 10_000;
const RETAINED_SECONDS = 7 * 24 * 3_600;

/**
 * Asks whether the oldest batch that was not acknowledged is still there. One that is gone at two looks was lost
 * or its acknowledgement was: it goes again. One that is there never does.
 */
export const askForLost = async (leader: Leader): Promise<void> => {
  for (const { lane } of leader.consumers.values()) {
    const [id, flight] = lane.inFlight.entries().next().value ?? [];
    const isDue = flight !== undefined && performance.now() - flight.sentAt > ASK_AFTER_MS;
    if (id !== undefined && isDue) await askFor(leader, lane, id);
    await pump(lane, { flush: true });
  }
};

const askFor = async ({ sender, logger }: Leader, lane: Lane, id: string): Promise<void> => {
  const isThere = await sender.holds(lane.consumer, id);
  const flight = lane.inFlight.get(id);
  if (flight === undefined) return;
  if (!isThere && flight.suspect) {
    logger.warn({ consumer: lane.consumer, batch: id }, 'a batch is gone and goes again');
    await resend(lane, id);
  }
  flight.suspect = !isThere;
};

/** Writes the watermarks that have risen since they were last written. */
export const watermarkWriter = (leader: Leader, watermarks: Watermarks): (() => Promise<void>) => {
  const written = new Map<string, { content: string; at: number }>();
  return async () => {
    const now = performance.now();
    const risen = [...leader.consumers.values()].filter((consumer) => {
      const last = written.get(consumer.lane.consumer);
      const isActive = now - consumer.lane.touchedAt < IDLE_WRITE_MS || consumer.joining.size > 0;
      const isDue = last === undefined || isActive || now - last.at > IDLE_WRITE_MS;
      return isDue && last?.content !== contentOf(leader, consumer);
    });
    await watermarks.write(
      leader.epoch,
      risen.map((consumer) => watermarkOf(leader, consumer)),
    );
    for (const consumer of risen) {
      written.set(consumer.lane.consumer, { content: contentOf(leader, consumer), at: now });
    }
  };
};

const watermarkOf = (leader: Leader, { lane, joined, joining }: Consumer): Watermark => {
  const { token, at } = floorOf(lane, leader.position);
  return { consumer: lane.consumer, token, at, joined: [...joined], joining: [...joining] };
};

const contentOf = (leader: Leader, consumer: Consumer) => JSON.stringify(watermarkOf(leader, consumer));

/**
 * Brings joins forward: asks upstreams for marks and, where a consumer starts at `retained`, reads the outbox
 * from its beginning once the marks are written. To be called when the watermarks that name the joins are
 * written. Consumers do not wait for each other.
 */
export const advanceJoins = (leader: Leader): void => {
  for (const consumer of leader.consumers.values()) {
    if (consumer.joining.size === 0 || consumer.advancing !== undefined) continue;
    consumer.advancing = advance(leader, consumer)
      .catch((error: unknown) =>
        leader.logger.warn({ consumer: consumer.lane.consumer, error }, 'joining is tried again'),
      )
      .finally(() => {
        consumer.advancing = undefined;
      });
  }
};

const advance = async (leader: Leader, consumer: Consumer): Promise<void> => {
  for (const join of consumer.joins.filter(({ name }) => consumer.joining.has(name))) {
    if (!(await requestMarks(leader.client, join))) continue;
    if (join.start === 'retained') await replay(leader, consumer, join);
    consumer.joining.delete(join.name);
    consumer.joined.add(join.name);
    await forgetRequest(leader.client.db(join.database), join);
  }
};

/** Reads an outbox from its beginning. @throws when that was interrupted: it will be read again. */
const replay = async (leader: Leader, consumer: Consumer, { database }: Join): Promise<void> => {
  const { lane } = consumer;
  await consumer.catchingUp;
  if (lane.mode === 'live') spill(lane);
  note(lane, { database, at: new Timestamp({ t: 0, i: 1 }) });
  note(lane, { database, at: secondsBefore(leader.position.at, -1) });
  startCatchUp(leader, consumer);
  await consumer.catchingUp;
  if (consumer.lane.mode !== 'live') throw new Error(`cannot replay ${database} to ${lane.consumer} yet`);
};

/** Removes what is older than a week and below every consumer's watermark, an hour of it at a time. */
export const removeOld = async (leader: Leader): Promise<void> => {
  const floors = [...leader.consumers.values()].map(({ lane }) => floorOf(lane, leader.position).at);
  const lowest = floors.reduce(earlier, leader.position.at);
  const week = secondsBefore(leader.position.at, RETAINED_SECONDS);
  const end = earlier(week, secondsBefore(lowest, LATE_COMMIT_SECONDS));
  for (const database of new Set(leader.map.contexts.map((one) => one.database))) {
    await removeBelow(leader, database, end);
  }
};

const removeBelow = async ({ client, signal }: Leader, database: string, end: Timestamp): Promise<void> => {
  const outbox = client.db(database).collection(OUTBOX);
  for (;;) {
    signal.throwIfAborted();
    const oldest = await outbox.findOne({ at: { $lt: end } }, { sort: { at: 1 }, projection: { at: 1 } });
    if (oldest === null) return;
    await outbox.deleteMany({ at: { $lt: earlier(end, secondsBefore(oldest.at, -3_600)) } });
  }
};
