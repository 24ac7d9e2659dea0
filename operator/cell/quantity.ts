import { nanoOf } from '../engine/quantity.ts';

const ONE = 10n ** 9n;
const THOUSANDTH = ONE / 1_000n;

/** @throws Error for what is no Kubernetes quantity; the kinds' schemas let none through. */
const billionths = (quantity: string): bigint => {
  const found = nanoOf(quantity);
  if (found === undefined) throw new Error(`cannot read the quantity "${quantity}"; write 250m, 2 or 512Mi`);
  return found;
};

const roundedUp = (quantity: string, unit: bigint): number =>
  Number((billionths(quantity) + unit - 1n) / unit);

/** Computing power and memory, in thousandths of a core and in bytes. */
export type Amount = { readonly cpu: number; readonly memory: number };

export const amount = ({ cpu, memory }: { cpu: string; memory: string }): Amount => ({
  cpu: roundedUp(cpu, THOUSANDTH),
  memory: roundedUp(memory, ONE),
});

export const sum = (amounts: readonly Amount[]): Amount => ({
  cpu: amounts.reduce((total, { cpu }) => total + cpu, 0),
  memory: amounts.reduce((total, { memory }) => total + memory, 0),
});

/** The most of each. */
export const most = (amounts: readonly Amount[]): Amount => ({
  cpu: Math.max(0, ...amounts.map(({ cpu }) => cpu)),
  memory: Math.max(0, ...amounts.map(({ memory }) => memory)),
});

export const isLess = (one: string, other: string): boolean => billionths(one) < billionths(other);

const MI = 2 ** 20;

/** `250m`, `2` */
export const cpuText = (cpu: number): string => (cpu % 1_000 === 0 ? `${cpu / 1_000}` : `${cpu}m`);

/** `512Mi`, rounded up. */
export const memoryText = (memory: number): string => `${Math.ceil(memory / MI)}Mi`;

/** `250m CPU and 512Mi memory`; what is not above zero is left out. */
export const amountText = ({ cpu, memory }: Amount): string =>
  [...(cpu > 0 ? [`${cpuText(cpu)} CPU`] : []), ...(memory > 0 ? [`${memoryText(memory)} memory`] : [])].join(
    ' and ',
  );
