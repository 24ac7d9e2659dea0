const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** @throws Error for what is no Kubernetes quantity; the kinds' schemas let none through. */
const amountOf = (quantity: string): number => {
  const [, digits, unit = ''] = /^([0-9.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = UNITS[unit];
  if (digits === undefined || factor === undefined)
    throw new Error(`cannot read the quantity "${quantity}"; write 250m, 2 or 512Mi`);
  return Number(digits) * factor;
};

/** Computing power and memory, in thousandths of a core and in bytes. */
export type Amount = { readonly cpu: number; readonly memory: number };

export const amount = ({ cpu, memory }: { cpu: string; memory: string }): Amount => ({
  // The product of a decimal and 1e-3 can be a hair above the whole number that is meant.
  cpu: Math.ceil(Number((amountOf(cpu) * 1_000).toFixed(6))),
  memory: Math.ceil(amountOf(memory)),
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

export const isLess = (one: string, other: string): boolean => amountOf(one) < amountOf(other);

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
