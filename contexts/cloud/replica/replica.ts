import type { Db } from 'mongodb';
import type { Logger } from 'pino';
import { PLATFORM_TENANT } from '../../../kit/context-map/context-map.ts';
import { credential } from '../credential.ts';
import { type CredentialOwner, credentialOwner } from '../credential-owner.ts';
import { type PlanLimits, planLimits } from '../plan-limits.ts';
import { ACCOUNT, type Standing, standing } from '../standing.ts';
import { type HeldCredential, heldCredentials } from './credentials.ts';
import { heldDocuments } from './documents.ts';
import { followCollections } from './follow-collections.ts';

/** What the front door knows of keys, users, accounts and plans, in memory; it is asked without waiting. */
export interface Replica {
  credential(digest: Uint8Array, now: number): HeldCredential | undefined;
  isUserDisabled(tenant: string, userId: string): boolean;
  standing(tenant: string): Standing | undefined;
  /** Of the account's plan; undefined where it has none or the plan is not known. */
  requestsPerSecond(tenant: string): number | undefined;
  readonly credentials: number;
  close(): Promise<void>;
}

/** Resolves when everything is loaded, from the context's own database alone. */
export const openReplica = async (db: Db, logger: Logger): Promise<Replica> => {
  const credentials = heldCredentials();
  const owners = heldDocuments<CredentialOwner>();
  const standings = heldDocuments<Standing>();
  const plans = heldDocuments<PlanLimits>();
  const targets = {
    [credential.collection]: credentials,
    [credentialOwner.collection]: owners,
    [standing.collection]: standings,
    [planLimits.collection]: plans,
  };
  const followed = await followCollections({ db, targets, logger });
  const standingOf = (tenant: string) => standings.find(`${tenant}/${ACCOUNT}`);
  return {
    credential: (digest, now) => credentials.find(digest, now),
    isUserDisabled: (tenant, userId) => owners.find(`${tenant}/${userId}`)?.disabled ?? false,
    standing: standingOf,
    requestsPerSecond: (tenant) => {
      const plan = standingOf(tenant)?.plan;
      return plan === undefined ? undefined : plans.find(`${PLATFORM_TENANT}/${plan}`)?.requestsPerSecond;
    },
    get credentials() {
      return credentials.size;
    },
    close: () => followed.close(),
  };
};
