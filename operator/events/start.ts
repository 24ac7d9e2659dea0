import type { Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { createInboxIndexes } from '../../kit/inbox/documents.ts';
import { createHandsIndexes } from '../../kit/inbox/hands.ts';
import { createOutboxIndexes } from '../../kit/outbox/outbox.ts';
import { answerJoinRequests } from '../../kit/outbox/write-marks.ts';
import { bullmqReceiver } from '../../kit/queue/bullmq-queue.ts';
import type { Batch, BatchHandler } from '../../kit/queue/queue.ts';
import { loop } from '../../kit/service/lifecycle.ts';
import { untilMongoAnswers } from '../../kit/service/until-mongo-answers.ts';
import { PLATFORM_CONSUMER, platform } from './context.ts';
import { hearOthers } from './hear-others.ts';
import { platformInbox } from './inbox.ts';
import type { NewsBell } from './news.ts';

export type EventsOptions = {
  readonly client: MongoClient;
  /** The operator's own: `PLATFORM_CONSUMER` names it. */
  readonly db: Db;
  readonly redisUrl: string;
  readonly logger: Logger;
  /** Rung after something about a tenant was recorded. */
  readonly news: NewsBell;
  /** Name of the queue; `PLATFORM_CONSUMER` when absent. */
  readonly consumer?: string;
};

export type RunningEvents = {
  /** As `BatchReceiver.stalledMs`: for the liveness probe. */
  stalledMs(): Promise<number>;
  stop(): Promise<void>;
};

/** How long a batch in hand may take to finish. */
const FINISH_MS = 10_000;

/**
 * Runs what a context's process runs beside its API: the inbox behind its queue, and the answers to consumers that
 * join. Only the leader runs it, since the news is for the controllers of this process; a leader that starts
 * looks at everything anyway, so news that nobody passed on is found then.
 */
export const startEvents = async (options: EventsOptions): Promise<RunningEvents> => {
  const { client, db, logger, redisUrl } = options;
  await untilMongoAnswers(db, logger);
  await Promise.all([createOutboxIndexes(db), createInboxIndexes(db), createHandsIndexes(db)]);
  const stopping = new AbortController();
  const language = platform.publishes;
  const inbox = platformInbox({ client, db, signal: stopping.signal, logger });
  const marking = { db, language, aggregates: platform.aggregates, logger };
  const joins = loop('join requests', (signal) => answerJoinRequests(marking, signal));
  const others = loop('news of others', (signal) => hearOthers({ db, news: options.news, logger }, signal));
  const consumer = options.consumer ?? PLATFORM_CONSUMER;
  const receiver = bullmqReceiver({ redisUrl, consumer, logger }, telling(inbox.handle, options.news));
  return {
    stalledMs: receiver.stalledMs,
    stop: async () => {
      const timer = setTimeout(() => stopping.abort(new Error('the operator stops')), FINISH_MS);
      await receiver.close().finally(() => clearTimeout(timer));
      await Promise.all([joins.stop(), others.stop()]);
    },
  };
};

/** Says whose batch it was once it has taken effect. */
const telling =
  (next: BatchHandler, news: NewsBell): BatchHandler =>
  async (batch) => {
    await next(batch);
    for (const tenant of tenantsOf(batch)) news.ring(tenant);
  };

const tenantsOf = ({ events }: Batch): Set<string> =>
  new Set(
    events.flatMap((event) =>
      typeof event === 'object' && event !== null && 'tenant' in event ? String(event.tenant) : [],
    ),
  );
