import type { Logger } from 'pino';
import { reapAbandonedTransactions } from '../aggregate/abandoned-transactions.ts';
import { type Batch, batchId } from '../queue/queue.ts';
import { type Arrival, arrivalsOf } from './arrival.ts';
import { backoff } from './backoff.ts';
import { readPositions } from './documents.ts';
import { HandlerDied, isRetryable, isTerminal, messageOf, ReactionFailed } from './errors.ts';
import { handleArrivals, type InboxContext } from './handle-arrivals.ts';
import { type Hands, mongoHands } from './hands.ts';
import { readNextHeld } from './held.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { eventName, type Failure } from './order.ts';
import { type Reaction, reactionsByType } from './reaction.ts';

/**
 * Takes batches of other contexts' events and lets each take effect.
 *
 * Guarantee: each event takes effect exactly once and, per source, tenant and subject, in the order of its
 * sequence, however often, in whatever order and by however many processes it is delivered. `handle`
 * resolves only when every event of the batch has taken effect or is stored: held behind one that is
 * missing, or parked because it failed for good. It rejects only when the signal aborts, or when an entry is
 * none of those that the relay sends.
 */
export interface Inbox {
  handle(batch: Batch): Promise<void>;
  /** Lets a parked stream go on with its parked event, and all that wait behind it, in order. */
  redrive(stream: string): Promise<void>;
  /** Gives the parked event up, for good, and lets its stream go on behind it. */
  discard(stream: string): Promise<void>;
}

export type InboxOptions = Omit<Running, 'reactions'> & { readonly reactions: readonly Reaction[] };

type Running = InboxContext & { readonly signal: AbortSignal; readonly logger: Logger };

/** An unknown error may pass; after this many attempts the event parks. */
const ATTEMPTS = 5;
/** A process that died this often with an event in hand did so because of it. */
const DEATHS = 3;
const CONFLICTS_BEFORE_REAPING = 8;

export const mongoInbox = (given: InboxOptions): Inbox => {
  const options: Running = { ...given, reactions: reactionsByType(given.reactions) };
  const hands = mongoHands(options.db);
  const run = (job: Job) => runJob(options, job);
  const goOn = async (streams: readonly string[]): Promise<void> => {
    for (const stream of streams) {
      const next = await readNextHeld(options.db, stream);
      if (next !== undefined) await goOn(await run({ arrivals: [next] }));
    }
  };
  const act = async (stream: string, discard: boolean): Promise<void> => {
    const next = await readNextHeld(options.db, stream);
    if (next === undefined) return;
    const unpark = new Set([stream]);
    await goOn(
      await run({ arrivals: [next], unpark, ...(discard && { discard: new Set([eventName(next)]) }) }),
    );
  };
  const handle = async (batch: Batch): Promise<void> => {
    const id = batchId(batch);
    const arrivals = arrivalsOf(batch);
    if (batch.deliveries === 1) await goOn(await run({ arrivals, batch: id }));
    else await handleWithCare({ options, hands, goOn, id }, arrivals);
  };
  const inTurn = oneAtATime();
  return {
    handle: (batch) => inTurn(() => handle(batch)),
    redrive: (stream) => act(stream, false),
    discard: (stream) => act(stream, true),
  };
};

type Job = {
  readonly arrivals: readonly Arrival[];
  readonly batch?: string;
  readonly unpark?: ReadonlySet<string>;
  readonly discard?: ReadonlySet<string>;
  readonly failures?: ReadonlyMap<string, Failure>;
};

/** Runs a job to its end: what fails for good parks, all else commits. @returns streams to go on with. */
const runJob = async (options: Running, job: Job): Promise<readonly string[]> => {
  const failures = new Map<string, Failure>(job.failures);
  const attempts = new Map<string, number>();
  for (let failed = 0; ; failed += 1) {
    options.signal.throwIfAborted();
    try {
      return (await handleArrivals(options, { ...job, failures })).unfinished;
    } catch (error) {
      const culprit = culpritOf(error, job);
      if (isRetryable(error)) await wait(options, error, failed);
      else if (culprit === undefined) return await oneByOne(options, job);
      else await blame({ options, failures, attempts }, culprit, error);
    }
  }
};

/** The event that failed; undefined when the error does not tell and there are several. */
const culpritOf = (error: unknown, job: Job): Arrival | undefined => {
  if (error instanceof ReactionFailed) return error.arrival;
  return job.arrivals.length === 1 ? job.arrivals[0] : undefined;
};

type Blaming = { options: Running; failures: Map<string, Failure>; attempts: Map<string, number> };

const blame = async (
  { options, failures, attempts }: Blaming,
  arrival: Arrival,
  error: unknown,
): Promise<void> => {
  const cause = error instanceof ReactionFailed ? error.cause : error;
  const name = eventName(arrival);
  const count = (attempts.get(name) ?? 0) + 1;
  attempts.set(name, count);
  if (!isTerminal(cause) && count < ATTEMPTS) return await backoff(count, options.signal);
  failures.set(name, { code: codeOf(cause), reason: messageOf(cause), attempts: count });
  options.logger.error(
    { event: arrival.event?.id, name, error: cause },
    'an event is parked: its subject waits',
  );
};

const oneByOne = async (options: Running, job: Job): Promise<readonly string[]> => {
  const unfinished: string[] = [];
  for (const arrival of job.arrivals)
    unfinished.push(...(await runJob(options, { ...job, arrivals: [arrival] })));
  return unfinished;
};

type Careful = {
  options: Running;
  hands: Hands;
  goOn: (streams: readonly string[]) => Promise<void>;
  id: string;
};

/**
 * A process died with this batch in hand, or froze. What it had not committed is handled event by event, each counted
 * before, and one that keeps killing parks: the death with the batch counts, so two more make three.
 */
const handleWithCare = async (
  { options, hands, goOn, id }: Careful,
  arrivals: readonly Arrival[],
): Promise<void> => {
  for (const arrival of await notCommitted(options, arrivals)) {
    const name = eventName(arrival);
    const taken = await waiting(options, () => hands.take(name));
    const failures = new Map<string, Failure>();
    if (taken >= DEATHS) {
      const { code, message } = new HandlerDied(`the process died ${DEATHS} times with ${name} in hand`);
      failures.set(name, { code, reason: message, attempts: taken });
    }
    await goOn(await runJob(options, { arrivals: [arrival], batch: id, failures }));
    hands.done(name);
  }
};

const notCommitted = async (options: Running, arrivals: readonly Arrival[]): Promise<Arrival[]> => {
  const streams = [...new Set(arrivals.map(({ stream }) => stream))];
  const positions = await waiting(options, () => readPositions(options.db, streams));
  return arrivals.filter(({ stream, sequence }) => sequence > (positions.get(stream)?.sequence ?? 0));
};

/** Tries until MongoDB answers. */
const waiting = async <T>(options: Running, attempt: () => Promise<T>): Promise<T> => {
  for (let failed = 0; ; failed += 1) {
    try {
      return await attempt();
    } catch (error) {
      await wait(options, error, failed);
    }
  }
};

/** Waits in place for what is away, and clears what a dead process left in the way. */
const wait = async ({ client, signal, logger }: Running, error: unknown, failed: number): Promise<void> => {
  if (failed % 10 === 9)
    logger.warn({ error: messageOf(error), failed }, 'events wait in place and are tried again');
  await backoff(failed, signal);
  if (failed >= CONFLICTS_BEFORE_REAPING) await reapAbandonedTransactions(client).catch(() => undefined);
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown-error';
