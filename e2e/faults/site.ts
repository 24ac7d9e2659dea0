import type { MongoClient } from 'mongodb';
import type { Landscape } from '../../local/landscape/landscape.ts';
import type { Servers } from '../../local/servers/start-servers.ts';
import type { Random } from './random.ts';

/** What faults are done to. */
export type Site = {
  readonly landscape: Landscape;
  readonly servers: Servers;
  readonly client: MongoClient;
  readonly random: Random;
  /** Processes that a longer fault is about: nobody else touches them meanwhile. */
  readonly reserved: Set<string>;
  /** How long subscriptions stays away at a time. */
  readonly awayMs: number;
};

export const RELAY_DATABASE = 'cadastre-relay';

export const isRelay = (name: string): boolean => name.startsWith('relay-');

/** Runs one fault that has processes for itself. */
export const reserving = async <T>(
  site: Site,
  names: readonly string[],
  act: () => Promise<T>,
): Promise<T> => {
  for (const name of names) site.reserved.add(name);
  try {
    return await act();
  } finally {
    for (const name of names) site.reserved.delete(name);
  }
};
