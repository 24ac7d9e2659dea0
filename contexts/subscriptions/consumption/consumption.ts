import { aggregate } from '../../../kit/aggregate/aggregate.ts';

/** What was used of a meter on a day: `2026-11-23/requests`. */
export type Consumption = { readonly day: string; readonly meter: string; readonly units: number };
export type ConsumptionEvent = {
  readonly type: 'UnitsConsumed';
  readonly data: { readonly day: string; readonly meter: string; readonly units: number };
};

export const consumption = aggregate<Consumption, ConsumptionEvent>({
  kind: 'consumption',
  collection: 'consumption',
  initialState: () => ({ day: '', meter: '', units: 0 }),
  evolve: ({ units }, { data }) => ({ ...data, units: units + data.units }),
});

/** What was used of a meter in a month, by the plan that it counts to: what is included is shared by all its days. */
export type Tally = { readonly byPlan: Readonly<Record<string, number>> };
export type TallyEvent = {
  readonly type: 'UnitsTallied';
  readonly data: { readonly plan: string; readonly units: number };
};

/** `2026-11/requests` */
export const tally = aggregate<Tally, TallyEvent>({
  kind: 'tally',
  collection: 'tallies',
  initialState: () => ({ byPlan: {} }),
  evolve: ({ byPlan }, { data: { plan, units } }) => ({
    byPlan: { ...byPlan, [plan]: (byPlan[plan] ?? 0) + units },
  }),
});
