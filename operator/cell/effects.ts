import type { Account, ServerKind } from './accounts/accounts.ts';
import type { Servers } from './servers.ts';

/** What a cell needs done outside the cluster. An account holds a password: never log an effect whole. */
export type CellEffect =
  | { readonly type: 'ProvideAccount'; readonly server: ServerKind; readonly account: Account }
  | { readonly type: 'RemoveAccount'; readonly server: ServerKind; readonly name: string }
  | { readonly type: 'DropQueue'; readonly name: string }
  | { readonly type: 'DropDatabase'; readonly name: string };

export const performOn =
  (servers: Servers) =>
  (effect: CellEffect): Promise<void> => {
    switch (effect.type) {
      case 'ProvideAccount':
        return accountsAt(servers, effect.server).provide(effect.account);
      case 'RemoveAccount':
        return accountsAt(servers, effect.server).remove(effect.name);
      case 'DropQueue':
        return servers.dropQueue(effect.name);
      case 'DropDatabase':
        return servers.dropDatabase(effect.name);
    }
  };

const accountsAt = ({ mongodb, redis }: Servers, server: ServerKind) =>
  server === 'MongoDB' ? mongodb : redis;

/** A context that a cell no longer runs: whoever knows its passwords gets in nowhere, its data stays. */
export const retire = (name: string): CellEffect[] => [
  { type: 'RemoveAccount', server: 'MongoDB', name },
  { type: 'RemoveAccount', server: 'Redis', name },
  { type: 'DropQueue', name },
];
