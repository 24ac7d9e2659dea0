import { Queue } from 'bullmq';
import type { Logger } from 'pino';
import { redisPrefix } from '../context-map/context-map.ts';
import { connectRedis } from './connect-redis.ts';
import {
  type Acknowledgement,
  BATCH_VERSION,
  type Batch,
  type BatchHandler,
  type BatchReceiver,
  type BatchSender,
  batchId,
  LANES,
  type OutgoingBatch,
} from './queue.ts';
import { jsonText, TextQueue, TextWorker } from './text-job.ts';

const QUEUE = 'inbox';
/** A process that is killed gives its batches back after this long at the most, plus one check. */
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 1_000;
/** Its default, 1, fails a job for good at the second crash. The inbox counts deaths instead. */
const NEVER_FAIL_STALLED = 1_000_000_000;

const acksChannel = (consumer: string) => `${redisPrefix(consumer)}:acks`;

/** Acknowledgements travel by publish/subscribe: losing one costs a duplicate, storing them costs writes. */
export const bullmqSender = (
  { redisUrl, logger }: { redisUrl: string; logger: Logger },
  onAcknowledged: (ack: Acknowledgement) => void,
): BatchSender => {
  const redis = connectRedis(redisUrl, logger);
  const subscriber = connectRedis(redisUrl, logger);
  const queues = new Map<string, TextQueue>();
  const consumers = new Map<string, string>();

  subscriber.on('message', (channel, message) => {
    const consumer = consumers.get(channel);
    if (consumer !== undefined) onAcknowledged({ ...JSON.parse(message), consumer });
  });
  const queueOf = (consumer: string): TextQueue => {
    const known = queues.get(consumer);
    if (known !== undefined) return known;
    const queue = new TextQueue(QUEUE, {
      prefix: redisPrefix(consumer),
      connection: redis,
      skipMetasUpdate: true,
    });
    queue.on('error', () => undefined);
    queues.set(consumer, queue);
    return queue;
  };
  return {
    send: async (consumer, batch) => {
      const options = { jobId: batchId(batch), removeOnComplete: true, removeOnFail: true };
      await queueOf(consumer).add('batch', jsonText(textOf(batch)), options);
    },
    holds: async (consumer, id) => (await redis.exists(queueOf(consumer).toKey(id))) === 1,
    follow: async (names) => {
      const wanted = new Map(names.map((name) => [acksChannel(name), name]));
      const gone = [...consumers.keys()].filter((channel) => !wanted.has(channel));
      for (const [channel, name] of wanted) consumers.set(channel, name);
      if (wanted.size > 0) await subscriber.subscribe(...wanted.keys());
      if (gone.length > 0) await subscriber.unsubscribe(...gone);
    },
    close: async () => {
      redis.disconnect();
      subscriber.disconnect();
    },
  };
};

const textOf = ({ v, epoch, n, events }: OutgoingBatch) =>
  `{"v":${v},"epoch":${epoch},"n":${n},"events":[${events.join(',')}]}`;

export type ReceiverOptions = { redisUrl: string; consumer: string; logger: Logger };

export const bullmqReceiver = (
  { redisUrl, consumer, logger }: ReceiverOptions,
  handle: BatchHandler,
): BatchReceiver => {
  const redis = connectRedis(redisUrl, logger);
  let lastProgress = performance.now();
  const acknowledge = ({ epoch, n }: Batch) => {
    redis.publish(acksChannel(consumer), JSON.stringify({ epoch, n })).catch(() => undefined);
  };
  const worker = new TextWorker<Batch>(
    QUEUE,
    async ({ data, attemptsStarted }) => {
      if (data.v !== BATCH_VERSION)
        throw new Error(`cannot read a batch of version ${data.v}: no JSON, or upgrade this context`);
      await handle({ ...data, deliveries: attemptsStarted });
      acknowledge(data);
      lastProgress = performance.now();
    },
    {
      prefix: redisPrefix(consumer),
      connection: redis,
      concurrency: LANES,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: NEVER_FAIL_STALLED,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', (error) => logger.debug({ error: error.message }, 'the queue reports an error'));
  worker.on('failed', (_, error) => logger.warn({ error: error.message }, 'a batch was given back'));
  const queue = new Queue(QUEUE, { prefix: redisPrefix(consumer), connection: redis, skipMetasUpdate: true });
  queue.on('error', () => undefined);
  return {
    stalledMs: async () => {
      const waiting = redis.status === 'ready' ? await queue.getWaitingCount() : 0;
      if (waiting === 0) lastProgress = performance.now();
      return performance.now() - lastProgress;
    },
    close: async () => {
      await worker.close();
      redis.disconnect();
    },
  };
};
