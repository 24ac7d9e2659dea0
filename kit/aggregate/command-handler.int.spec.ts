import assert from 'node:assert/strict';
import { type Db, MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { MAX_EVENT_BYTES } from '../event/cloud-event.ts';
import { OUTBOX, type OutboxDocument } from '../outbox/outbox.ts';
import { counter, counterLanguage } from '../testing/tally.ts';
import { reapAbandonedTransactions } from './abandoned-transactions.ts';
import { type CommandHandler, mongoCommandHandler } from './command-handler.ts';
import { DomainError } from './errors.ts';

describe('the command handler', () => {
  let client: MongoClient;
  let db: Db;
  let handler: CommandHandler;
  const keys = { counter: counter.key('one') };
  const context = { tenant: 'acme', cause: { correlationid: 'request-1' } };
  const increment = {
    keys,
    decide: ({ counter: { value } }: { counter: { value: number } }) => ({
      counter: [{ type: 'Counted' as const, data: { counter: 'one', value: value + 1 } }],
    }),
  };
  const outbox = () => db.collection<OutboxDocument>(OUTBOX).find().sort({ _id: 1 }).toArray();

  before(async () => {
    client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
  });
  beforeEach(() => {
    db = client.db(freshDatabase('commands'));
    handler = mongoCommandHandler(client, db, counterLanguage);
  });
  afterEach(() => db.dropDatabase());
  after(() => client.close());

  it('commits state and events together, the events in sequence and caused by the request', async () => {
    await handler.handle(increment, context);
    const states = await handler.handle(increment, context);
    assert.equal(states.counter.value, 2);
    const events = (await outbox()).map(({ event }) => JSON.parse(event));
    assert.deepEqual(
      events.map(({ sequence, data }) => [sequence, data.value]),
      [
        ['0000000001', 1],
        ['0000000002', 2],
      ],
    );
    assert.equal(events[0].correlationid, 'request-1');
  });
  it('lets mongod say when an event was written', async () => {
    await handler.handle(increment, context);
    const [document] = await outbox();
    assert.ok(document !== undefined && Math.abs(document.at.t - Date.now() / 1_000) < 60);
  });
  it('decides again when others were faster, and loses nothing', async () => {
    await Promise.all(Array.from({ length: 8 }, () => handler.handle(increment, context)));
    const events = await outbox();
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
  });
  it('writes nothing when a rule says no', async () => {
    const decide = () => {
      throw new DomainError('refused', 'the counter is full');
    };
    await assert.rejects(handler.handle({ keys, decide }, context), { code: 'refused' });
    assert.deepEqual(await outbox(), []);
  });
  it('writes nothing when what commits with the command fails', async () => {
    const alsoCommit = async () => {
      throw new Error('cannot record the answer');
    };
    await assert.rejects(handler.handle(increment, { ...context, alsoCommit }), /cannot record/);
    assert.deepEqual([await outbox(), await db.collection('counters').countDocuments()], [[], 0]);
  });
  it('refuses an event above 1 MB, naming its size', async () => {
    const decide = () => ({
      counter: [{ type: 'Counted' as const, data: { counter: 'x'.repeat(MAX_EVENT_BYTES), value: 1 } }],
    });
    await assert.rejects(handler.handle({ keys, decide }, context), { code: 'event-too-large' });
    assert.deepEqual(await outbox(), []);
  });
  it('goes on past a transaction that a dead process left open', async function () {
    this.timeout(30_000);
    await handler.handle(increment, context);
    const session = client.startSession();
    session.startTransaction();
    await db
      .collection<{ _id: string }>('counters')
      .updateOne({ _id: 'acme/one' }, { $set: { left: true } }, { session });
    for (let open = true; open; ) {
      await reapAbandonedTransactions(client);
      open = await handler.handle(increment, context).then(
        () => false,
        () => true,
      );
    }
    await assert.rejects(session.commitTransaction());
    await session.endSession();
    assert.equal((await outbox()).length, 2);
  });
});
