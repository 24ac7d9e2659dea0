import type { ClientSession, Db, MongoClient } from 'mongodb';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { GROUPS, type UsageGroup } from '../metering/groups.ts';
import { type Usage, usage } from '../usage.ts';
import type { DoorMiddleware } from './state.ts';

export type UsageDeps = { readonly client: MongoClient; readonly db: Db };

/** What the account consumed today, up to now: windows that were published and groups that wait to be. Not metered. */
export const showUsage = (deps: UsageDeps, now: () => Date = () => new Date()): DoorMiddleware => {
  return async (ctx) => {
    ctx.state.route = '/api/usage';
    const { tenant } = ctx.state.caller;
    const day = now().toISOString().slice(0, 10);
    const meters = await usageOf(deps, tenant, day);
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'application/json';
    ctx.body = JSON.stringify({ account: tenant, day, meters });
  };
};

/** Both are read at one point of time: a group that turns into a window meanwhile counts once. */
export const usageOf = async (
  { client, db }: UsageDeps,
  tenant: string,
  day: string,
): Promise<Record<string, number>> => {
  const session = client.startSession({ snapshot: true });
  try {
    const stored = await db
      .collection<AggregateDocument<Usage>>(usage.collection)
      .findOne({ _id: `${tenant}/${day}` }, { session });
    const meters = { ...stored?.state.meters };
    for (const { meter, units } of await waiting(db, { tenant, day, session })) {
      meters[meter] = (meters[meter] ?? 0) + units;
    }
    return meters;
  } finally {
    await session.endSession();
  }
};

type Waiting = { readonly tenant: string; readonly day: string; readonly session: ClientSession };

/** All that waits is read, some thousand groups at the most: an index would cost each of them more than it spares here. */
const waiting = async (db: Db, { tenant, day, session }: Waiting) => {
  const groups = db.collection<UsageGroup>(GROUPS).find({ 'counts.tenant': tenant }, { session });
  const found = await groups.toArray();
  return found
    .filter(({ at }) => new Date(at.t * 1_000).toISOString().startsWith(day))
    .flatMap(({ counts }) => counts.filter((one) => one.tenant === tenant));
};
