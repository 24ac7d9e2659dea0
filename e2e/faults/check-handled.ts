import type { HandledBatch, Violation } from './history.ts';

/** No context handled an event twice, whether or not its rules made anything of it. */
export const handledFaults = (batches: readonly HandledBatch[]): Violation[] => {
  const seen = new Map<string, Set<string>>();
  return batches.flatMap(({ context, events }) => {
    const known = seen.get(context) ?? new Set();
    seen.set(context, known);
    return events.flatMap((id): Violation[] => {
      if (known.has(id)) return [{ kind: 'duplicate', about: id, what: `${context} handled it twice` }];
      known.add(id);
      return [];
    });
  });
};
