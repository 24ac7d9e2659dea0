import { randomUUID } from 'node:crypto';
import { afterAllSpecs } from '../specs/root-hooks.ts';
import { type Servers, startServers } from './start-servers.ts';

let servers: Promise<Servers> | undefined;

/**
 * One pair of servers for all integration specs of this mocha process, started by the first that asks and
 * stopped after the last. Keep apart by database name and Redis prefix; a spec that restarts or wipes a
 * server calls `startServers` for its own.
 */
export const testServers = (): Promise<Servers> => {
  if (!servers) {
    const starting = startServers({ progress: (line) => console.error(line), cacheGb: 0.5 });
    servers = starting;
    afterAllSpecs(async () => (await starting.catch(() => undefined))?.stop());
  }
  return servers;
};

const suffix = (): string => randomUUID().slice(-12);

/** MongoDB allows 63 bytes in a database name. */
export const freshDatabase = (prefix = 'test'): string => `${prefix}-${suffix()}`;

/** In braces, as Redis Cluster and the consumers' key patterns want it. */
export const freshRedisPrefix = (prefix = 'test'): string => `{${prefix}-${suffix()}}`;
