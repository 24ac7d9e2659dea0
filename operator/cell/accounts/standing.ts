import type { Fault } from '../../api/fault.ts';
import { type Accounts, ServerAway, ServerRefused } from './accounts.ts';

/** Fingerprints of the accounts at one server, by name; or why nobody knows. */
export type Standing = { readonly accounts: ReadonlyMap<string, string> } | { readonly fault: Fault };

/** A server that is away is something to report, not a reason to leave the cluster's part of a cell alone. */
export const standingAt = async (accounts: Accounts, names: readonly string[]): Promise<Standing> => {
  try {
    return { accounts: await accounts.look(names) };
  } catch (error) {
    if (!(error instanceof ServerAway || error instanceof ServerRefused)) throw error;
    return { fault: { reason: error.reason, message: error.message } };
  }
};
