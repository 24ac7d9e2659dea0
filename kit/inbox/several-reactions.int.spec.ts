import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { z } from 'zod';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { type AggregateDocument, aggregate } from '../aggregate/aggregate.ts';
import { DomainError } from '../aggregate/errors.ts';
import type { BoundedContext } from '../context/context.ts';
import { simulate } from '../context/simulate.ts';
import { publishedLanguage } from '../event/published-language.ts';
import { OUTBOX, type OutboxDocument } from '../outbox/outbox.ts';
import { aBatch, aCounted } from '../testing/a-batch.ts';
import { counterLanguage } from '../testing/tally.ts';
import { createInboxIndexes } from './documents.ts';
import { readParked } from './held.ts';
import { type Inbox, mongoInbox } from './inbox.ts';
import { consumedTypes, reaction } from './reaction.ts';

const language = publishedLanguage('adding', { sum: { Added: z.object({ by: z.string(), sum: z.int() }) } });
type Sum = { readonly sum: number; readonly by: readonly string[] };
type Added = { type: 'Added'; data: { by: string; sum: number } };

const sum = aggregate<Sum, Added>({
  kind: 'sum',
  collection: 'sums',
  initialState: () => ({ sum: 0, by: [] }),
  evolve: ({ by: before }, { data: { by, sum } }) => ({ sum, by: [...before, by] }),
});

const counted = { ...counterLanguage.events.Counted, schema: z.object({ counter: z.string() }) };
const value = { ...counterLanguage.events.Counted, schema: z.object({ value: z.int() }) };
const counterOf = (subject: string) => subject.slice('counter/'.length);

/** Each reads a part of its own, both change the same document; the second refuses 13. */
const reactions = [
  reaction(counted, {
    keys: ({ data }) => ({ one: sum.key(data.counter) }),
    on: (_, { one }): { one: Added[] } => ({
      one: [{ type: 'Added', data: { by: 'first', sum: one.sum + 1 } }],
    }),
  }),
  reaction(value, {
    keys: ({ subject }) => ({
      one: sum.key(counterOf(subject)),
      all: [sum.key(`all/${counterOf(subject)}`)],
    }),
    on: ({ data }, { one, all }): { one: Added[]; all: Added[][] } => {
      if (data.value === 13) throw new DomainError('refused', 'thirteen');
      const by = (before: Sum | undefined): Added[] => [
        { type: 'Added', data: { by: 'second', sum: (before?.sum ?? 0) * 2 + data.value } },
      ];
      return { one: by(one), all: all.map(by) };
    },
  }),
];

const adding: BoundedContext = {
  name: 'adding',
  version: '0.1.0',
  publishes: language,
  upstreams: [],
  aggregates: [sum],
  api: [],
  reactions,
};

const event = (counter: string, sequence: number, value = sequence) =>
  aCounted(sequence, { subject: `counter/${counter}`, data: { counter, value } });

describe('several reactions to one event type', function () {
  this.timeout(60_000);
  let client: MongoClient;
  let db: Db;
  let inbox: Inbox;
  before(async () => {
    client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
    db = client.db(freshDatabase('several'));
    await createInboxIndexes(db);
    const { signal } = new AbortController();
    inbox = mongoInbox({ client, db, language, reactions, signal, logger: pino({ level: 'silent' }) });
  });
  after(async () => {
    await db.dropDatabase();
    await client.close();
  });

  const stored = async (id: string) =>
    (await db.collection<AggregateDocument<Sum>>('sums').findOne({ _id: `acme/${id}` }))?.state;
  const published = async (id: string) => {
    const found = await db
      .collection<OutboxDocument>(OUTBOX)
      .find({ subject: `sum/${id}` })
      .toArray();
    return found.sort((a, b) => a.sequence - b.sequence).map((one) => JSON.parse(one.event).data.by);
  };

  it('run in the order in which they are declared, each on what the one before left', async () => {
    await inbox.handle(aBatch([event('a', 1), event('a', 2)]));
    const by = ['first', 'second', 'first', 'second'];
    assert.deepEqual(await stored('a'), { sum: ((0 + 1) * 2 + 1 + 1) * 2 + 2, by });
    assert.deepEqual(await published('a'), by);
  });
  it('take effect together or not at all: when one refuses, the event parks without the other', async () => {
    await inbox.handle(aBatch([event('b', 1), event('b', 2, 13), event('c', 1)]));
    assert.deepEqual([(await stored('b'))?.by.length, (await stored('c'))?.by.length], [2, 2]);
    const [parked] = await readParked(db);
    assert.deepEqual([parked?.stream, parked?.sequence], ['counting/acme/counter/b', 2]);
  });
  it('take effect once each, however events are delivered, repeated and cut into batches', async () => {
    let subjects = 0;
    const sequence = fc.integer({ min: 1, max: 6 });
    const deliveries = fc.array(fc.array(sequence, { maxLength: 5 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(deliveries, async (batches) => {
        const id = `p${subjects++}`;
        const { receive, stateOf } = simulate(adding);
        const came = new Set(batches.flat());
        for (let n = 1; came.has(n); n += 1) {
          const { type, subject, data } = event(id, n);
          receive({ type, subject, data });
        }
        for (const batch of batches) await inbox.handle(aBatch(batch.map((n) => event(id, n))));
        for (const key of [id, `all/${id}`])
          assert.deepEqual((await stored(key)) ?? sum.initialState(), stateOf(sum.key(key)));
      }),
      { numRuns: 25 },
    );
  });
  it('are one consumption in the context map, of all that they read', () => {
    const [only, ...others] = consumedTypes(reactions, 'counting');
    assert.deepEqual([only?.type, others], ['counting.counted.v1', []]);
    const reads = only && z.toJSONSchema(only.schema, { io: 'input' });
    assert.deepEqual(Object.keys(reads?.properties ?? {}), ['counter', 'value']);
  });
});

describe('simulate', () => {
  it('leaves nothing of an event that one of several reactions refuses', () => {
    const { receive, stateOf } = simulate(adding);
    const { type, subject, data } = event('a', 1, 13);
    assert.throws(() => receive({ type, subject, data }), DomainError);
    assert.deepEqual(stateOf(sum.key('a')), sum.initialState());
  });
});
