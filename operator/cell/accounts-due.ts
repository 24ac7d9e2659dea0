import { consumerName } from '../../kit/context-map/context-map.ts';
import type { Cell } from '../api/cell.ts';
import { passwordsIn } from './access.ts';
import { type Account, fingerprintOf, type ServerKind } from './accounts/accounts.ts';
import type { Standing } from './accounts/standing.ts';
import { type CellEffect, retire } from './effects.ts';
import type { Observed } from './observe.ts';
import type { Placed } from './rollout.ts';

export type ServersStanding = { readonly mongodb: Standing; readonly redis: Standing };

/** The accounts of contexts that are missing or not as they should be. A server that is away is not asked. */
export const accountsDue = (
  cell: string,
  { mongodb, redis }: ServersStanding,
  placed: readonly Placed[],
): CellEffect[] =>
  placed.flatMap(({ name: context, access }) => {
    const passwords = access && passwordsIn(access);
    if (passwords === undefined) return [];
    const account = { name: consumerName({ cell, name: context }), cell };
    return [
      ...dueAt('MongoDB', mongodb, { ...account, password: passwords.mongodb }),
      ...dueAt('Redis', redis, { ...account, password: passwords.redis }),
    ];
  });

const dueAt = (server: ServerKind, standing: Standing, account: Account): CellEffect[] => {
  if ('fault' in standing || standing.accounts.get(account.name) === fingerprintOf(account)) return [];
  return [{ type: 'ProvideAccount', server, account }];
};

/** Ends those of contexts that have left the plans. */
export const accountsToRetire = (cell: Cell, { mongodb, redis, candidates }: Observed): CellEffect[] => {
  if ('fault' in mongodb || 'fault' in redis) return [];
  const wanted = new Set(candidates.map(({ name }) => consumerName({ cell: cell.metadata.name, name })));
  return (cell.status?.databases ?? [])
    .filter((name) => mongodb.accounts.has(name) || redis.accounts.has(name))
    .filter((name) => !wanted.has(name))
    .flatMap(retire);
};
