import { createHash } from 'node:crypto';
import { type Redis, ReplyError } from 'ioredis';
import { redisPrefix } from '../../../kit/context-map/context-map.ts';
import {
  type Account,
  type Accounts,
  fingerprintOf,
  NotOurAccount,
  ServerAway,
  ServerRefused,
} from './accounts.ts';

/** What the scripts of BullMQ call; a script may do no more than the user who runs it. */
export const SCRIPTED = [
  ...['del', 'exists', 'persist', 'pexpire', 'pexpireat', 'pttl', 'rename', 'time', 'type', 'unlink'],
  ...['get', 'incr', 'incrby', 'set'],
  ...['hdel', 'hexists', 'hget', 'hgetall', 'hincrby', 'hlen', 'hmget', 'hmset', 'hset'],
  ...[
    'lindex',
    'llen',
    'lpop',
    'lpos',
    'lpush',
    'lrange',
    'lrem',
    'lset',
    'ltrim',
    'rpop',
    'rpoplpush',
    'rpush',
  ],
  ...['sadd', 'scard', 'sismember', 'smembers', 'srem'],
  ...['xadd', 'xdel', 'xlen', 'xrange', 'xread', 'xtrim'],
  ...['zadd', 'zcard', 'zcount', 'zlexcount', 'zpopmin', 'zrange', 'zrangebylex', 'zrangebyscore', 'zrem'],
  ...['zremrangebyrank', 'zremrangebyscore', 'zrevrange', 'zrevrangebyscore', 'zscore'],
] as const;

/**
 * What the clients of BullMQ and of the acknowledgements send beside that: nothing that tells of others' keys. Clients
 * do well without CLIENT SETINFO, and Redis before 7.2 takes no user who may call it.
 */
const SENT = [
  ...['hello', 'ping', 'info', 'select', 'quit', 'client|setname', 'client|id'],
  ...['eval', 'evalsha', 'script|load', 'script|exists', 'multi', 'exec', 'bzpopmin'],
  ...['publish', 'subscribe', 'unsubscribe'],
] as const;

const SCANNED_AT_ONCE = 1_000;

/**
 * Users whose keys and channels begin with their own prefix. Redis keeps no notes on a user, and forgets users when it
 * restarts; so each has one more channel, within its prefix, whose name is its fingerprint and grants nothing.
 */
export const redisAccounts = (redis: Redis): Accounts => ({
  look: (names) =>
    asked(async () => {
      const found = await Promise.all(
        names.map(async (name) => [name, await fingerprintIn(redis, name)] as const),
      );
      return new Map(
        found.flatMap(([name, fingerprint]) =>
          fingerprint === undefined ? [] : [[name, fingerprint] as const],
        ),
      );
    }),
  names: () => asked(async () => new Set((await redis.call('ACL', 'USERS')) as string[])),
  provide: (account) =>
    asked(async () => {
      const { name } = account;
      if ((await fingerprintIn(redis, name)) === '') throw new NotOurAccount('Redis', name);
      await redis.call('ACL', 'SETUSER', name, ...rulesOf(account));
    }),
  remove: (name) =>
    asked(async () => {
      if (!(await fingerprintIn(redis, name))) return;
      await redis.call('ACL', 'DELUSER', name);
    }),
});

/** Removes what a context's queue has left. */
export const dropQueue = (redis: Redis, name: string): Promise<void> =>
  asked(async () => {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(
        cursor,
        'MATCH',
        `${redisPrefix(name)}*`,
        'COUNT',
        SCANNED_AT_ONCE,
      );
      if (keys.length > 0) await redis.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
  });

const markOf = (name: string): string => `${redisPrefix(name)}:made:`;

/** All in one command, which Redis applies as a whole. Only the password's hash travels. */
const rulesOf = (account: Account): string[] => {
  const prefix = redisPrefix(account.name);
  const password = createHash('sha256').update(account.password).digest('hex');
  return [
    ...['reset', 'resetchannels', 'on', 'sanitize-payload', `#${password}`],
    ...[`~${prefix}*`, `&${prefix}*`, `&${markOf(account.name)}${fingerprintOf(account)}`],
    ...[...SCRIPTED, ...SENT].map((command) => `+${command}`),
  ];
};

/** Undefined when there is no such user, empty when it is not ours. */
const fingerprintIn = async (redis: Redis, name: string): Promise<string | undefined> => {
  const user = (await redis.call('ACL', 'GETUSER', name)) as unknown[] | null;
  if (user === null) return undefined;
  const channels = `${user[user.indexOf('channels') + 1]}`.split(/[ ,]/);
  const mark = `&${markOf(name)}`;
  return channels.find((channel) => channel.startsWith(mark))?.slice(mark.length) ?? '';
};

const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NotOurAccount) throw error;
    const isAnswer = error instanceof ReplyError && !/(LOADING|MASTERDOWN|CLUSTERDOWN) /.test(String(error));
    throw isAnswer ? new ServerRefused('Redis', error) : new ServerAway('Redis', error);
  }
};
