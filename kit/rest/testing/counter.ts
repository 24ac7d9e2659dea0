import { z } from 'zod';
import { aggregate } from '../../aggregate/aggregate.ts';
import { DomainError } from '../../aggregate/errors.ts';
import { publishedLanguage } from '../../event/published-language.ts';
import { pageOf, pageQuery, pageSchema } from '../page.ts';
import { commandCall, commandRoute, queryRoute, type Route } from '../route.ts';

/** The smallest context that has a rule, a list and an event: counters that stop at 1,000. */
export const language = publishedLanguage('counting', {
  counter: { CounterRaised: z.object({ by: z.number().int() }) },
});

type Counter = { readonly value: number; readonly labels?: readonly string[] };
type CounterRaised = { readonly type: 'CounterRaised'; readonly data: { readonly by: number } };

const LIMIT = 1_000;

export const counter = aggregate<Counter, CounterRaised>({
  kind: 'counter',
  collection: 'counters',
  initialState: () => ({ value: 0 }),
  evolve: (state, { data }) => ({ ...state, value: state.value + data.by }),
});

const counterFull = (id: string) =>
  new DomainError('counter-full', `counter ${id} cannot pass ${LIMIT}: raise it by less`, { limit: LIMIT });

export const statuses = { 'counter-full': 409, 'counter-not-found': 404 };

const answered = z.object({ id: z.string(), value: z.number() });
const params = z.object({ id: z.string().max(40) });
type Stored = { _id: string; id: string; tenant: string; state: Counter };

const raise = (path: string, method: 'POST' | 'PUT') =>
  commandRoute({
    method,
    path,
    summary: `Raise a counter by ${method}`,
    params,
    body: z.object({ by: z.number().int().positive(), label: z.string().max(10).optional() }),
    answers: { 200: answered },
    refusals: ['counter-full'],
    command: ({ params: { id }, body: { by } }) =>
      commandCall({
        keys: { one: counter.key(id) },
        decide: ({ one }) => {
          if (one.value + by > LIMIT) throw counterFull(id);
          return { one: [{ type: 'CounterRaised' as const, data: { by } }] };
        },
        answer: ({ one }) => ({ status: 200, body: { id, value: one.value }, headers: { 'x-counter': id } }),
      }),
  });

export const api: readonly Route[] = [
  raise('/v1/counters/{id}/raise', 'POST'),
  raise('/v1/counters/{id}', 'PUT'),
  queryRoute({
    method: 'GET',
    path: '/v1/counters/{id}',
    summary: 'Show a counter',
    params,
    answers: { 200: answered },
    refusals: ['counter-not-found'],
    read: async ({ tenant, params: { id } }, db) => {
      const stored = await db.collection<Stored>('counters').findOne({ _id: `${tenant}/${id}` });
      if (stored === null) throw new DomainError('counter-not-found', `there is no counter ${id}`);
      return { status: 200, body: { id, value: stored.state.value } };
    },
  }),
  queryRoute({
    method: 'GET',
    path: '/v1/counters',
    summary: 'List counters',
    query: pageQuery,
    answers: { 200: pageSchema(answered) },
    read: async ({ tenant, query }, db) => {
      const filter = { tenant, id: { $gt: query.after ?? '' } };
      const rows = db.collection<Stored>('counters').find(filter).sort({ id: 1 });
      const found = await rows.limit(query.limit + 1).toArray();
      const items = found.map(({ id, state }) => ({ id, value: state.value }));
      return { status: 200, body: pageOf(items, query, ({ id }) => id) };
    },
  }),
];
