import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { MONGO_OPTIONS } from '../../kit/service/mongo-options.ts';
import type { Accounts } from './accounts/accounts.ts';
import { dropDatabase, mongodbAccounts } from './accounts/mongodb-accounts.ts';
import { dropQueue, redisAccounts } from './accounts/redis-accounts.ts';
import { restingWhileAway } from './accounts/resting.ts';
import type { CellOptions } from './options.ts';

/** What a cell has outside the cluster. */
export type Servers = {
  readonly mongodb: Accounts;
  readonly redis: Accounts;
  dropDatabase(name: string): Promise<void>;
  dropQueue(name: string): Promise<void>;
};

/** Connects lazily. The users of both URIs may manage users, and read and drop what contexts leave behind. */
export const openServers = (
  { mongodbUri, redisUrl }: Pick<CellOptions, 'mongodbUri' | 'redisUrl'>,
  logger: Logger,
): Servers & { close(): Promise<void> } => {
  const client = new MongoClient(mongodbUri, MONGO_OPTIONS);
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: 3_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 1,
    retryStrategy: (times) => Math.min(50 * times, 1_000),
  });
  redis.on('error', (error) => logger.debug({ error: error.message }, 'Redis is away'));
  return {
    mongodb: restingWhileAway(mongodbAccounts(client)),
    redis: restingWhileAway(redisAccounts(redis)),
    dropDatabase: (name) => dropDatabase(client, name),
    dropQueue: (name) => dropQueue(redis, name),
    close: async () => {
      redis.disconnect();
      await client.close();
    },
  };
};
