import { type Accounts, ServerAway } from './accounts.ts';

const REST_MS = 2_000;

/**
 * After a server did not answer it counts as away for a little while without being asked: waiting for the answer takes
 * seconds, and there may be a thousand cells that want to know.
 */
export const restingWhileAway = (
  accounts: Accounts,
  now: () => number = () => performance.now(),
): Accounts => {
  let away: { readonly since: number; readonly error: ServerAway } | undefined;
  return {
    ...accounts,
    look: async (names) => {
      if (away !== undefined && now() - away.since < REST_MS) throw away.error;
      try {
        const found = await accounts.look(names);
        away = undefined;
        return found;
      } catch (error) {
        if (error instanceof ServerAway) away = { since: now(), error };
        throw error;
      }
    },
  };
};
