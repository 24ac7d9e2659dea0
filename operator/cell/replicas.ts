import { type Amount, amount, most, sum } from './quantity.ts';
import type { Quotas } from './quotas.ts';
import type { Release } from './release.ts';

/** Of each context. */
export type Replicas = { readonly min: number; readonly max: number };

/** What is missing of a quota, in thousandths of a core and bytes; neither is negative. */
export type Shortage = { readonly needed: Amount; readonly missing: Amount };

/**
 * How many replicas of each context the quotas allow: at rest half of what the plan says, at most all of it, and
 * never so many that an update, which starts one new pod before it ends an old one, finds no room.
 */
export const replicasWithin = (quotas: Quotas, releases: readonly Release[]): Replicas | Shortage => {
  const given = releases.map(({ resources }) => amount(resources));
  const [once, surge, quota] = [sum(given), most(given), amount(quotas)];
  const max = Math.min(
    quotas.replicas,
    timesWithin(once, { cpu: quota.cpu - surge.cpu, memory: quota.memory - surge.memory }),
  );
  if (max >= 1) return { min: Math.min(max, Math.ceil(quotas.replicas / 2)), max };
  const needed = neededBy(releases);
  const missing = {
    cpu: Math.max(0, needed.cpu - quota.cpu),
    memory: Math.max(0, needed.memory - quota.memory),
  };
  return { needed, missing };
};

/** One replica each, and one more of the largest during an update. */
export const neededBy = (releases: readonly Release[]): Amount => {
  const given = releases.map(({ resources }) => amount(resources));
  return sum([...given, most(given)]);
};

/** How often the one amount fits into the other. */
const timesWithin = (one: Amount, all: Amount): number =>
  Math.min(times(one.cpu, all.cpu), times(one.memory, all.memory));

const times = (one: number, all: number): number =>
  one === 0 ? Number.POSITIVE_INFINITY : Math.floor(all / one);

export const isShortage = (answer: Replicas | Shortage): answer is Shortage => 'missing' in answer;
