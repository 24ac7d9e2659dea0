import assert from 'node:assert/strict';
import { type Db, MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import { type CommandHandler, mongoCommandHandler } from '../aggregate/command-handler.ts';
import { ConcurrencyConflict } from '../aggregate/errors.ts';
import { notStored } from '../aggregate/storage.ts';
import { transact } from '../aggregate/transaction.ts';
import { counterLanguage } from '../testing/tally.ts';
import { counting } from './conformance.ts';
import { eventStored } from './event-stored.ts';
import { createEventStoreIndexes } from './indexes.ts';
import { fillInline } from './inline.ts';
import { sourcedCounter } from './testing/sourced-counter.ts';

/** Says nothing of counters above nine. */
const said = (n: number) => (n > 9 ? undefined : { n });
const bare = sourcedCounter();
const added = sourcedCounter({ inline: { collection: 'now', of: ({ value }) => said(value) } });
const changed = sourcedCounter({
  inline: { collection: 'now', version: 2, of: ({ value }) => said(value * 3) },
});
const aggregateOf = (one: typeof bare) => one.key('').aggregate;

describe('an inline projection of streams that are there already', () => {
  let client: MongoClient;
  let db: Db;
  let handler: CommandHandler;
  beforeEach(async () => {
    client = new MongoClient((await testServers()).mongodbUri, { appName: 'cadastre' });
    db = client.db(freshDatabase('inline'));
    handler = mongoCommandHandler(client, db, counterLanguage);
    await createEventStoreIndexes(db, [aggregateOf(added)]);
  });
  afterEach(async () => {
    await db.dropDatabase();
    await client.close();
  });

  const count = (of: typeof bare, id: string, times = 1) =>
    handler.handle(counting(of, id, times), { tenant: 'acme', cause: {} });
  const fill = (of: typeof bare) => fillInline(db, [aggregateOf(of)]);
  const now = async () => {
    const found = await db.collection('now').find().sort({ _id: 1 }).toArray();
    return found.map(({ id, n, version }) => [id, n, version]);
  };
  const anHourAgo = () =>
    db
      .collection<{ _id: string }>('projections')
      .updateOne({ _id: 'inline/now' }, [{ $set: { at: { $subtract: ['$$NOW', 3_600_001] } } }]);

  it('is filled with all of them when it is added', async () => {
    for (let n = 0; n < 120; n += 1) await count(bare, `a${String(n).padStart(3, '0')}`);
    await count(bare, 'b', 12);
    await fill(added);
    const documents = await now();
    assert.deepEqual(
      [documents.length, documents[0], documents.at(-1)],
      [120, ['a000', 1, 1], ['a119', 1, 1]],
    );
  });
  it('takes in what a release before changed after that, while that may still run', async () => {
    await count(bare, 'a');
    await fill(added);
    await count(bare, 'a');
    await count(bare, 'b', 9);
    await fill(added);
    assert.deepEqual(await now(), [
      ['a', 2, 2],
      ['b', 9, 9],
    ]);
    await count(bare, 'b');
    await fill(added);
    assert.deepEqual(await now(), [['a', 2, 2]]);
  });
  it('is left alone later', async () => {
    await count(bare, 'a');
    await fill(added);
    await anHourAgo();
    await count(bare, 'b');
    await fill(added);
    assert.deepEqual(await now(), [['a', 1, 1]]);
  });
  it('is written anew when its version is counted up', async () => {
    await count(added, 'a', 2);
    await count(added, 'b', 4);
    await fill(added);
    await anHourAgo();
    await fill(changed);
    assert.deepEqual(await now(), [['a', 6, 2]]);
  });
  it('leaves alone what was written with a newer event meanwhile', async () => {
    await count(bare, 'a');
    await db
      .collection<{ _id: string }>('now')
      .insertOne({ _id: 'acme/a', ...{ id: 'a', n: 5, version: 5 } });
    await fill(added);
    assert.deepEqual(await now(), [['a', 5, 5]]);
  });
  it('conflicts with whoever removes meanwhile what it fills in, so that nothing comes back', async () => {
    await count(bare, 'a', 9);
    const removal = transact(client, async (session) => {
      await db.collection('now').findOne({}, { session });
      await fill(added);
      const [one] = await eventStored.read(db, [notStored('acme', added.key('a'))]);
      assert.ok(one);
      await eventStored.write(db, [{ ...one, version: 10, state: { value: 10 } }], session);
    });
    await assert.rejects(removal, ConcurrencyConflict);
    await count(added, 'a');
    assert.deepEqual(await now(), []);
  });
});
