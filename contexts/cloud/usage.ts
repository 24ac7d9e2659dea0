import { aggregate } from '../../kit/aggregate/aggregate.ts';
import type { EventOf } from '../../kit/event/published-language.ts';
import type { cloud } from './contract.ts';

export type UsageEvent = EventOf<typeof cloud, 'usage'>;

/** What an account consumed of each meter on a day, as far as windows were published. */
export type Usage = { readonly meters: Readonly<Record<string, number>> };

/** One per account and day, named by the day in UTC: `2026-11-23`. */
export const usage = aggregate<Usage, UsageEvent>({
  kind: 'usage',
  collection: 'usages',
  initialState: () => ({ meters: {} }),
  evolve: ({ meters }, { data: { meter, units } }) => ({
    meters: { ...meters, [meter]: (meters[meter] ?? 0) + units },
  }),
});
