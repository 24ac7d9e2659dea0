import { z } from 'zod';
import type { EventsOf, Keys, StatesOf } from '../../kit/aggregate/aggregate.ts';
import type { Reaction } from '../../kit/inbox/reaction.ts';

/** A context has one reaction to each event type; where several parts of this one react, they do so as one. */
export const oneReactionPerType = (reactions: readonly Reaction[]): Reaction[] =>
  [...Map.groupBy(reactions, ({ to }) => to.type).values()].map((parts) => parts.reduce(both));

const both = (first: Reaction, second: Reaction): Reaction => ({
  to: { ...first.to, schema: readByBoth(first, second) },
  keys: (event) => ({ ...prefixed('a', first.keys(event)), ...prefixed('b', second.keys(event)) }),
  on: (event, states) => ({
    ...prefixed('a', first.on(event, partOf('a', states))),
    ...prefixed('b', second.on(event, partOf('b', states))),
  }),
});

const prefixed = <T extends Keys | EventsOf<Keys>>(part: string, named: T): T =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [`${part}.${name}`, value])) as T;

const partOf = (part: string, states: StatesOf<Keys>): StatesOf<Keys> =>
  Object.fromEntries(
    Object.entries(states)
      .filter(([name]) => name.startsWith(`${part}.`))
      .map(([name, state]) => [name.slice(part.length + 1), state]),
  ) as StatesOf<Keys>;

const readByBoth = ({ to }: Reaction, other: Reaction): z.ZodType => {
  if (!(to.schema instanceof z.ZodObject && other.to.schema instanceof z.ZodObject)) {
    throw new Error(`cannot read ${to.type} for two reactions: both must read an object`);
  }
  return z.object({ ...to.schema.shape, ...other.to.schema.shape });
};
