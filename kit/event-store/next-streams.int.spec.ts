import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { type CommandHandler, mongoCommandHandler } from '../aggregate/command-handler.ts';
import type { StartMode } from '../event/cloud-event.ts';
import { joinRequests } from '../outbox/join-requests.ts';
import { OUTBOX, type OutboxDocument } from '../outbox/outbox.ts';
import { answerJoinRequests } from '../outbox/write-marks.ts';
import { counterLanguage } from '../testing/tally.ts';
import { counting } from './conformance.ts';
import { createEventStoreIndexes } from './indexes.ts';
import { nextStreams } from './next-streams.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

describe('joining a context that stores events', () => {
  const counter = sourcedCounter({ snapshotEvery: 2 });
  const { aggregate } = counter.key('');
  let client: MongoClient;
  let db: Db;
  let handler: CommandHandler;
  beforeEach(async () => {
    client = new MongoClient((await testServers()).mongodbUri);
    db = client.db(freshDatabase('streams'));
    await createEventStoreIndexes(db, [aggregate]);
    handler = mongoCommandHandler(client, db, counterLanguage);
    await count('a', 3);
    await count('b', 1);
    await count('a', 1, 'globex');
  });
  afterEach(async () => {
    await db.dropDatabase();
    await client.close();
  });

  const count = (id: string, times: number, tenant = 'acme') =>
    handler.handle(counting(counter, id, times), { tenant, cause: {} });
  const join = async (start: StartMode, tenant: string | null) => {
    const request = { _id: 'r', consumer: 'c', kind: 'counter', tenant, start, requestedAt: new Date() };
    await joinRequests(db).insertOne(request);
    const stopping = new AbortController();
    const logger = pino({ level: 'silent' });
    const marking = { db, language: counterLanguage, aggregates: [aggregate], logger };
    const answering = answerJoinRequests(marking, stopping.signal);
    while (!(await joinRequests(db).findOne({ doneAt: { $exists: true } }))) await delay(10);
    stopping.abort();
    await answering;
    const marks = await db.collection<OutboxDocument>(OUTBOX).find({ to: 'c' }).sort({ _id: 1 }).toArray();
    return marks.map(({ tenant: of, subject, sequence, event }) => [
      of,
      subject,
      sequence,
      JSON.parse(event).data,
    ]);
  };

  it('tells where each subject of a tenant stands', async () => {
    assert.deepEqual(await join('now', 'acme'), [
      ['acme', 'counter/a', 3, null],
      ['acme', 'counter/b', 1, null],
    ]);
  });
  it('tells the state as well, of all tenants', async () => {
    const data = (value: number) => ({ counter: 'snapshot', value });
    assert.deepEqual(await join('snapshot', null), [
      ['acme', 'counter/a', 3, data(3)],
      ['acme', 'counter/b', 1, data(1)],
      ['globex', 'counter/a', 1, data(1)],
    ]);
  });
  it('goes on behind the last one', async () => {
    const [first] = await nextStreams(db, aggregate, { tenant: null, after: '', limit: 1 });
    const rest = await nextStreams(db, aggregate, { tenant: null, after: first?._id ?? '', limit: 9 });
    assert.deepEqual(
      rest.map(({ tenant, id }) => `${tenant}/${id}`),
      ['acme/b', 'globex/a'],
    );
  });
});
