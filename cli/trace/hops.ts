import type { ContextTrace } from './collect.ts';

/** One thing that one context did with one event. */
export type Hop = {
  /** RFC 3339, by the clock of that context. */
  readonly at: string;
  readonly context: string;
  readonly did: 'published' | 'handled' | 'held' | 'parked';
  readonly event: { readonly id: string; readonly type?: string; readonly subject?: string };
  /** Why it is parked. */
  readonly reason?: string;
};

/** What the contexts know, as one story in the order of time, everything told once. */
export const hopsOf = (traces: readonly ContextTrace[]): Hop[] => {
  const events = new Map(traces.flatMap(({ published }) => published.map((one) => [one.id, one] as const)));
  const named = (id: string): Hop['event'] => {
    const known = events.get(id);
    return known === undefined ? { id } : { id, type: known.type, subject: known.subject };
  };
  const hops = traces.flatMap(({ context, published, handled, held }): Hop[] => [
    ...published.map(({ id, time }) => ({ at: time, context, did: 'published' as const, event: named(id) })),
    ...handled.map(({ id, at }) => ({ at, context, did: 'handled' as const, event: named(id) })),
    ...held.map(({ id = '', heldAt, failure }) => ({
      ...(failure === undefined
        ? { at: heldAt, did: 'held' as const }
        : { at: failure.at, did: 'parked' as const, reason: `${failure.code}: ${failure.reason}` }),
      context,
      event: named(id),
    })),
  ]);
  const once = new Map(hops.map((hop) => [`${hop.context} ${hop.did} ${hop.event.id}`, hop]));
  return [...once.values()].sort(byTime);
};

/** Within a millisecond what was published comes first: nothing is handled before. */
const byTime = (a: Hop, b: Hop): number =>
  a.at.localeCompare(b.at) || ORDER.indexOf(a.did) - ORDER.indexOf(b.did);

const ORDER: readonly Hop['did'][] = ['published', 'held', 'handled', 'parked'];
