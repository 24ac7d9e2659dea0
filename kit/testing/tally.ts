import { z } from 'zod';
import { aggregate } from '../aggregate/aggregate.ts';
import { DomainError } from '../aggregate/errors.ts';
import { type EventOf, publishedLanguage, reading } from '../event/published-language.ts';
import { reaction } from '../inbox/reaction.ts';

/** The smallest landscape that shows everything: a counter upstream, and a tally of it downstream. */
export const counterLanguage = publishedLanguage('counting', {
  counter: {
    Counted: z.object({ counter: z.string(), value: z.number().int(), poison: z.string().optional() }),
    CounterRenamed: z.object({ name: z.string() }),
    CounterSnapshot: z.object({ counter: z.string(), value: z.number().int() }),
  },
});

export type CounterEvent = EventOf<typeof counterLanguage, 'counter'>;
export type Counter = { readonly value: number };

export const counter = aggregate<Counter, CounterEvent>({
  kind: 'counter',
  collection: 'counters',
  initialState: () => ({ value: 0 }),
  evolve: (state, event) => (event.type === 'Counted' ? { value: event.data.value } : state),
  snapshot: ({ value }) => ({ type: 'CounterSnapshot', data: { counter: 'snapshot', value } }),
});

export const tallyLanguage = publishedLanguage('tallying', {
  tally: { Tallied: z.object({ value: z.number().int() }) },
});

export type TallyEvent = EventOf<typeof tallyLanguage, 'tally'>;
/** Every value in the order in which it took effect. */
export type Tally = { readonly values: readonly number[] };

export const tally = aggregate<Tally, TallyEvent>({
  kind: 'tally',
  collection: 'tallies',
  initialState: () => ({ values: [] }),
  evolve: ({ values }, { data }) => ({ values: [...values, data.value] }),
});

/** What makes the handler fail, so that specs can have it fail and recover. */
export const poison = { isFixed: false, attempts: 0 };

const onCounted = (value: number, cause: string | undefined): TallyEvent[] => {
  if (cause !== undefined && !poison.isFixed) {
    poison.attempts += 1;
    if (cause === 'deadly') process.kill(process.pid, 'SIGKILL');
    if (cause === 'terminal') throw new DomainError('refused', 'the tally refuses this value');
    throw new Error('an error that nobody foresaw');
  }
  return [{ type: 'Tallied', data: { value } }];
};

export const tallyReactions = [
  reaction(
    reading(counterLanguage.events.Counted, (schema) => schema),
    {
      keys: ({ data }) => ({ tally: tally.key(data.counter) }),
      on: ({ data }) => ({ tally: onCounted(data.value, data.poison) }),
    },
  ),
  reaction(counterLanguage.events.CounterSnapshot, {
    keys: ({ subject }) => ({ tally: tally.key(subject.slice('counter/'.length)) }),
    on: ({ data }) => ({ tally: onCounted(1_000 + data.value, undefined) }),
  }),
];
