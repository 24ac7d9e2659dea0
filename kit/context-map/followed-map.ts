import type { Logger } from 'pino';
import type { ContextMap } from './context-map.ts';
import { watchContextMap } from './watch.ts';

/** The context map, as it says now. */
export interface FollowedMap {
  map(): ContextMap;
  stop(): Promise<void>;
}

/** Resolves when the map was read: before that nobody knows whose word counts, nor where any context is. */
export const followMap = async (file: string, logger: Logger): Promise<FollowedMap> => {
  const stopping = new AbortController();
  const read = Promise.withResolvers<void>();
  let current: ContextMap = { contexts: [], tenants: [] };
  const following = watchContextMap({ file, signal: stopping.signal, logger }, (map) => {
    current = map;
    read.resolve();
  });
  await read.promise;
  return {
    map: () => current,
    stop: async () => {
      stopping.abort();
      await following;
    },
  };
};
