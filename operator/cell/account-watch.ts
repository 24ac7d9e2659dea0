import { setTimeout as delay } from 'node:timers/promises';
import { consumerName } from '../../kit/context-map/context-map.ts';
import { type Cell, cellKind } from '../api/cell.ts';
import { conditionIn } from '../api/lookups.ts';
import type { World } from '../engine/cache.ts';
import type { Controller } from '../engine/controller.ts';
import type { Accounts, ServerKind } from './accounts/accounts.ts';
import type { Servers } from './servers.ts';

const LOOK_EVERY_MS = 5_000;

/** The names of the accounts at each server; undefined while it does not say. */
export type Present = Readonly<Record<ServerKind, ReadonlySet<string> | undefined>>;

type Listen = NonNullable<Controller<Cell, unknown>['listen']>;

/**
 * Redis forgets its users when it restarts, and no server tells of it. So each is asked for the names of all accounts,
 * once for all cells, and cells that lack one are looked at; all of them are when a server goes away. An account that
 * is there and was changed by someone is put right when its cell is looked at for another reason.
 */
export const listenToServers =
  (servers: Pick<Servers, 'mongodb' | 'redis'>, everyMs = LOOK_EVERY_MS): Listen =>
  (wake, world) => {
    const ending = new AbortController();
    const { signal } = ending;
    const look = async (before: Present | undefined): Promise<Present> => {
      const present = await presentAt(servers);
      const cells = signal.aborted ? [] : concerned(world, present, before);
      for (const { metadata } of cells) wake(metadata.name);
      return present;
    };
    const follow = async () => {
      let present: Present | undefined;
      while (!signal.aborted) {
        present = await look(present);
        await delay(everyMs, undefined, { signal }).catch(() => undefined);
      }
    };
    void follow();
    return () => ending.abort();
  };

const presentAt = async ({ mongodb, redis }: Pick<Servers, 'mongodb' | 'redis'>): Promise<Present> => {
  const [inMongoDB, inRedis] = await Promise.all([namesAt(mongodb), namesAt(redis)]);
  return { MongoDB: inMongoDB, Redis: inRedis };
};

const namesAt = (accounts: Accounts) => accounts.names().catch(() => undefined);

const concerned = (world: World, present: Present, before: Present | undefined): readonly Cell[] => {
  const cells = [...world.cache<Cell>(cellKind).list()];
  const hasGone = SERVERS.some((server) => present[server] === undefined && before?.[server]);
  return hasGone ? cells : cells.filter((cell) => isConcerned(cell, present));
};

const SERVERS: readonly ServerKind[] = ['MongoDB', 'Redis'];

/**
 * Whether a cell says something of a server that answers by now, or lacks an account there, by its status: one that is
 * on its way to another is looked at anyhow.
 */
export const isConcerned = (cell: Cell, present: Present): boolean => {
  const reason = conditionIn(cell, 'Ready')?.reason ?? '';
  const names = (cell.status?.contexts ?? []).map(({ name }) =>
    consumerName({ cell: cell.metadata.name, name }),
  );
  return SERVERS.some((server) => {
    const there = present[server];
    if (there === undefined) return false;
    const isSaid = [`${server}Away`, `${server}Refused`, 'AccountNotOurs'].includes(reason);
    return isSaid || !names.every((name) => there.has(name));
  });
};
