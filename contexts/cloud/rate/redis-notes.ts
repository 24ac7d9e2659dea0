import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Note, Notes } from './account-rates.ts';

/** More than any plan allows: limits are decided by who asks. */
const NO_LIMIT = 1_000_000_000;
const PRESENT_MS = 1_000;
const GONE_MS = 5_000;

/** Says that this replica is there and counts those that were lately; by Redis' clock, whatever ours says. */
const PRESENT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now - ${GONE_MS})
return redis.call('ZCARD', KEYS[1])`;

export type RedisNotes = Notes & { close(): Promise<void> };

/** Notes in Redis, which may lose them: a wiped second is forgotten and counts anew. */
export const redisNotes = (options: { url: string; prefix: string; logger: Logger }): RedisNotes => {
  const redis = new Redis(options.url, {
    // A command that waited for Redis would be of no use to a second that is over.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: 250,
    retryStrategy: (times) => Math.min(50 * times, 500),
  });
  redis.on('error', (error) =>
    options.logger.debug({ error: error.message }, 'Redis is away: limits go by shares'),
  );
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `${options.prefix}:rate`,
    points: NO_LIMIT,
    duration: 1,
  });
  const name = randomUUID();
  const known = { replicas: 1, isAway: true };
  /** Whoever asks sees whether Redis is there; while it is not, nobody but `present` asks. */
  const asking = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      const answered = await answer;
      known.isAway = false;
      return answered;
    } catch (error) {
      known.isAway = true;
      throw error;
    }
  };
  const present = async (): Promise<void> => {
    const count = await asking(redis.eval(PRESENT, 1, `${options.prefix}:replicas`, name));
    known.replicas = Math.max(1, Number(count));
  };
  const presence = setInterval(() => void present().catch(() => undefined), PRESENT_MS);
  redis.on('ready', () => void present().catch(() => undefined));
  return {
    add: async (account, count): Promise<Note> => {
      const { consumedPoints, msBeforeNext } = await asking(limiter.penalty(account, count));
      return { total: consumedPoints, resetMs: msBeforeNext };
    },
    get isAway() {
      return known.isAway;
    },
    get replicas() {
      return known.replicas;
    },
    close: async () => {
      clearInterval(presence);
      redis.disconnect();
    },
  };
};
