import { type Accounts, fingerprintOf } from '../../operator/cell/accounts/accounts.ts';
import type { openServers } from '../../operator/cell/servers.ts';

/**
 * The figures are about the cluster: users of databases and queues are provisioned outside them, by servers that answer at
 * once and keep nothing but what was asked of them.
 */
export const instantServers: typeof openServers = () => ({
  mongodb: instantAccounts(),
  redis: instantAccounts(),
  dropDatabase: async () => undefined,
  dropQueue: async () => undefined,
  close: async () => undefined,
});

const instantAccounts = (): Accounts => {
  const fingerprints = new Map<string, string>();
  return {
    look: async (names) =>
      new Map(
        names.flatMap((name) => {
          const found = fingerprints.get(name);
          return found === undefined ? [] : [[name, found] as const];
        }),
      ),
    names: async () => new Set(fingerprints.keys()),
    provide: async (account) => void fingerprints.set(account.name, fingerprintOf(account)),
    remove: async (name) => void fingerprints.delete(name),
  };
};
