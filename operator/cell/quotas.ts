import type { Cell } from '../api/cell.ts';
import { type PlanSpec, planSpec } from '../api/plan.ts';
import type { CellTenant } from './facts.ts';
import { type Amount, amount, cpuText, isLess, memoryText } from './quantity.ts';

/** Of a whole cell; replicas of each context. */
export type Quotas = Omit<PlanSpec['quotas'], 'requestsPerSecond'>;

/** Of a cell whose tenants have no plan: what a plan has that says nothing. */
const UNSAID: Quotas = planSpec.shape.quotas.parse(undefined);

/** What the cell itself says, else the largest in the plans of its tenants: each that someone pays for must fit. */
export const quotasOf = ({ spec }: Cell, tenants: readonly CellTenant[]): Quotas => {
  const [first = UNSAID, ...rest] = tenants.flatMap(({ quotas }) => quotas);
  const plans = rest.reduce(largest, first);
  const { replicas = plans.replicas, cpu = plans.cpu } = spec.quotas;
  const { memory = plans.memory, storage = plans.storage } = spec.quotas;
  return { replicas, cpu, memory, storage };
};

const largest = (one: Quotas, other: Quotas): Quotas => ({
  replicas: Math.max(one.replicas, other.replicas),
  cpu: larger(one.cpu, other.cpu),
  memory: larger(one.memory, other.memory),
  storage: larger(one.storage, other.storage),
});

const larger = (one: string, other: string): string => (isLess(one, other) ? other : one);

/** As they are, but never below what is needed: so that what runs can go on, and be replaced by an update. */
export const atLeast = (quotas: Quotas, needed: Amount): Quotas => {
  const given = amount(quotas);
  return {
    ...quotas,
    ...(given.cpu < needed.cpu && { cpu: cpuText(needed.cpu) }),
    ...(given.memory < needed.memory && { memory: memoryText(needed.memory) }),
  };
};
