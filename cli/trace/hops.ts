import type { ContextTrace } from './collect.ts';

/** One thing that one context did with one event. */
export type Hop = {
  /** RFC 3339, by the clock of that context. */
  readonly at: string;
  readonly context: string;
  readonly did: 'published' | 'handled' | 'held' | 'parked';
  readonly event: { readonly id: string; readonly type?: string; readonly subject?: string };
  /** Of an event that was handled: the milliseconds since it was published, on its way through relay and queue. */
  readonly transitMs?: number;
  /** Why it is parked. */
  readonly reason?: string;
};

/**
 * What the contexts know, as one story in the order of time, everything told once. Within a millisecond what
 * commands published comes first, then who handled what, then what followed from that.
 */
export const hopsOf = (traces: readonly ContextTrace[]): Hop[] => {
  const published = traces.flatMap((trace) => publications(trace, traces));
  const hops = [
    ...published.flatMap(({ hop, followed }) => (followed ? [] : hop)),
    ...traces.flatMap(receptions),
    ...published.flatMap(({ hop, followed }) => (followed ? hop : [])),
  ];
  const once = new Map(hops.map((hop) => [`${hop.context} ${hop.did} ${hop.event.id}`, hop]));
  const publishedAt = new Map(published.map(({ hop }) => [hop.event.id, hop.at]));
  return [...once.values()]
    .map((hop) => withTransit(named(hop, traces), publishedAt))
    .sort((a, b) => a.at.localeCompare(b.at));
};

type Publication = { readonly hop: Hop; readonly followed: boolean };

/** What a reaction publishes commits together with the handling of its cause, so it is told with that time. */
const publications = (
  { context, published }: ContextTrace,
  traces: readonly ContextTrace[],
): Publication[] => {
  const handled = traces.filter((one) => one.context === context).flatMap((one) => one.handled);
  const handledAt = new Map(handled.map(({ id, at }) => [id, at]));
  return published.map(({ id, time, causationid = '' }) => {
    const at = handledAt.get(causationid);
    return { hop: { at: at ?? time, context, did: 'published', event: { id } }, followed: at !== undefined };
  });
};

const receptions = ({ context, handled, held }: ContextTrace): Hop[] => [
  ...handled.map(({ id, at }): Hop => ({ at, context, did: 'handled', event: { id } })),
  ...held.map(({ id = '', heldAt, failure }): Hop => {
    if (failure === undefined) return { at: heldAt, context, did: 'held', event: { id } };
    const reason = `${failure.code}: ${failure.reason}`;
    return { at: failure.at, context, did: 'parked', event: { id }, reason };
  }),
];

const withTransit = (hop: Hop, publishedAt: ReadonlyMap<string, string>): Hop => {
  const from = publishedAt.get(hop.event.id);
  if (hop.did !== 'handled' || from === undefined) return hop;
  return { ...hop, transitMs: Date.parse(hop.at) - Date.parse(from) };
};

/** Who handled an event knows its id alone; its publisher knows what it says. */
const named = (hop: Hop, traces: readonly ContextTrace[]): Hop => {
  const known = traces.flatMap(({ published }) => published).find(({ id }) => id === hop.event.id);
  return known ? { ...hop, event: { id: known.id, type: known.type, subject: known.subject } } : hop;
};
