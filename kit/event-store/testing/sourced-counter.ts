import { type Counter, type CounterEvent, counter } from '../../testing/tally.ts';
import { type EventSourced, eventSourced } from '../event-sourced.ts';

/** The counter of `kit/testing/tally.ts`, stored by its events. */
export const sourcedCounter = (options: Partial<EventSourced<Counter, CounterEvent>> = {}) =>
  eventSourced<Counter, CounterEvent>({
    kind: 'counter',
    initialState: counter.initialState,
    evolve: counter.evolve,
    ...(counter.snapshot && { snapshot: counter.snapshot }),
    ...options,
  });
