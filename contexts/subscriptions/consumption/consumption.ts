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

/** Units, and what they were charged so far, in minor units. */
export type Used = { readonly units: number; readonly charged: number };

/** What was used in a month, by plan and meter: what is included is shared by all days of the month. */
export type Tally = { readonly used: Readonly<Record<string, Readonly<Record<string, Used>>>> };
export type TallyEvent = {
  readonly type: 'UsageTallied';
  readonly data: Used & { readonly plan: string; readonly meter: string };
};

/** By month: `2026-11`. */
export const tally = aggregate<Tally, TallyEvent>({
  kind: 'tally',
  collection: 'tallies',
  initialState: () => ({ used: {} }),
  evolve: ({ used }, { data: { plan, meter, units, charged } }) => {
    const before = usedOf({ used }, plan, meter);
    const after = { units: before.units + units, charged: before.charged + charged };
    return { used: { ...used, [plan]: { ...used[plan], [meter]: after } } };
  },
});

export const usedOf = ({ used }: Tally, plan: string, meter: string): Used =>
  used[plan]?.[meter] ?? { units: 0, charged: 0 };
