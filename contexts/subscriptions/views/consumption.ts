import type { Db } from 'mongodb';
import { z } from 'zod';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { type Consumption, consumption } from '../consumption/consumption.ts';

const units = z.record(z.string(), z.int());
/** Units by meter, of each day that has any and of the month. */
export const monthSchema = z.object({
  month: z.string(),
  days: z.array(z.object({ day: z.string(), units })),
  totals: units,
});

export const consumptionIn = async (db: Db, tenant: string, month: string) => {
  const documents = await db
    .collection<AggregateDocument<Consumption>>(consumption.collection)
    .find({ _id: { $gte: `${tenant}/${month}-`, $lt: `${tenant}/${month}.` } })
    .sort({ _id: 1 })
    .toArray();
  const totals: Record<string, number> = {};
  const days = new Map<string, Record<string, number>>();
  for (const { state } of documents) {
    const ofDay = days.get(state.day) ?? {};
    ofDay[state.meter] = state.units;
    days.set(state.day, ofDay);
    totals[state.meter] = (totals[state.meter] ?? 0) + state.units;
  }
  return { month, days: [...days].map(([day, used]) => ({ day, units: used })), totals };
};
