import { Redis } from 'ioredis';
import { pino } from 'pino';
import { freshRedisPrefix, testServers } from '../../local/servers/for-tests.ts';
import { bullmqReceiver, bullmqSender } from './bullmq-queue.ts';
import { describeBatchQueue } from './conformance.ts';

const logger = pino({ level: 'silent' });

describeBatchQueue('BullMQ', async () => {
  const { redisUrl } = await testServers();
  const consumer = freshRedisPrefix('queue').slice(1, -1);
  const redis = new Redis(redisUrl);
  return {
    consumer,
    openSender: async (onAcknowledged) => bullmqSender({ redisUrl, logger }, onAcknowledged),
    openReceiver: async (handle) => bullmqReceiver({ redisUrl, consumer, logger }, handle),
    wipe: async () => {
      const keys = await redis.keys(`{${consumer}}*`);
      if (keys.length > 0) await redis.del(...keys);
    },
    close: async () => redis.disconnect(),
  };
});
