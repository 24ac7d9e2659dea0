import type { Violation, WrittenEvent } from './history.ts';

/** In this order, each once at most, and the first before all others. */
const LIVES: Readonly<Record<string, readonly string[]>> = {
  order: ['order-placed', 'order-cancelled', 'order-reinstated'],
  shipment: ['shipment-scheduled', 'shipment-dispatched'],
};

/** Every outbox counts 1, 2, 3 … per subject, and a subject's events come in the order of its life. */
export const sequenceFaults = (events: readonly WrittenEvent[]): Violation[] => {
  const streams = Map.groupBy(events, ({ context, tenant, subject }) => `${context}/${tenant}/${subject}`);
  return [...streams].flatMap(([about, stream]) => {
    const sorted = stream.toSorted((a, b) => a.sequence - b.sequence);
    const kind = about.split('/')[2] ?? '';
    return [...countFaults(about, sorted), ...lifeFaults(about, sorted, LIVES[kind])];
  });
};

const countFaults = (about: string, sorted: readonly WrittenEvent[]): Violation[] =>
  sorted.flatMap(({ sequence }, index): Violation[] => {
    const before = sorted[index - 1]?.sequence ?? 0;
    if (sequence === before)
      return [{ kind: 'duplicate', about, what: `sequence ${sequence} is there twice` }];
    if (sequence === before + 1) return [];
    return [{ kind: 'loss', about, what: `sequence ${before} is followed by ${sequence}` }];
  });

const lifeFaults = (
  about: string,
  sorted: readonly WrittenEvent[],
  life?: readonly string[],
): Violation[] => {
  if (life === undefined) return [];
  const steps = sorted.map(({ type }) => life.indexOf(type));
  const what = sorted.map(({ type }) => type).join(', ');
  if (new Set(steps).size < steps.length) return [{ kind: 'duplicate', about, what }];
  if (steps.some((step, index) => step < (steps[index - 1] ?? 0))) return [{ kind: 'swap', about, what }];
  return steps[0] === 0 ? [] : [{ kind: 'loss', about, what: `${what}, but no ${life[0]}` }];
};
