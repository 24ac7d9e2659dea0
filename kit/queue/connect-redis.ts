import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** Connects lazily, for ever, and never gives up a command: waiting for Redis is normal operation. */
export const connectRedis = (url: string, logger: Logger): Redis => {
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
    retryStrategy: (times) => Math.min(50 * times, 1_000),
  });
  redis.on('error', (error) => logger.warn({ error: error.message }, 'Redis is away, waiting for it'));
  return redis;
};
