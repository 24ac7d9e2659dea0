import assert from 'node:assert/strict';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import type { AggregateDocument } from '../../../kit/aggregate/aggregate.ts';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { until } from '../testing/landscape.ts';
import { followCollections, type Target } from './follow-collections.ts';

type Stated = { readonly is: string };

/** Keeps the newest version of each document, and says so while a load goes on. */
const heldBy = (onApply: (document: AggregateDocument<Stated>) => void = () => undefined) => {
  const held = new Map<string, AggregateDocument<Stated>>();
  const target: Target<Stated> = {
    apply: (document) => {
      onApply(document);
      if ((held.get(document._id)?.version ?? 0) < document.version) held.set(document._id, document);
    },
    remove: (id) => void held.delete(id),
    clear: () => held.clear(),
  };
  return { target, is: (id: string) => held.get(id)?.state.is };
};

describe('followCollections', function () {
  this.timeout(30_000);
  let client: MongoClient;
  let db: Db;
  const logger = pino({ level: 'silent' });
  const things = () => db.collection<AggregateDocument<Stated>>('things');
  const write = (id: string, version: number, is: string) =>
    things().replaceOne(
      { _id: id },
      { tenant: 'acme', id, sequence: 0, version, state: { is } },
      { upsert: true },
    );

  beforeEach(async () => {
    client = await MongoClient.connect((await testServers()).mongodbUri);
    db = client.db(freshDatabase('replica'));
  });
  afterEach(async () => {
    await db.dropDatabase();
    await client.close();
  });

  it('knows what was there and what came since', async () => {
    await write('a', 1, 'old');
    const held = heldBy();
    const followed = await followCollections({ db, targets: { things: held.target }, logger });
    assert.equal(held.is('a'), 'old');
    await write('a', 2, 'new');
    await write('b', 1, 'here');
    await until(async () => held.is('a') === 'new' && held.is('b') === 'here');
    await things().deleteOne({ _id: 'b' });
    await until(async () => held.is('b') === undefined);
    await followed.close();
  });
  it('misses nothing that is written while it loads', async () => {
    for (let n = 0; n < 50; n += 1) await write(`k${n}`, 1, 'active');
    const writes: Promise<unknown>[] = [];
    const held = heldBy(({ _id, version }) => {
      if (version === 1) writes.push(write(_id, 2, 'revoked'));
    });
    const followed = await followCollections({ db, targets: { things: held.target }, logger });
    await until(async () => held.is('k49') === 'revoked');
    await Promise.all(writes);
    for (let n = 0; n < 50; n += 1) await until(async () => held.is(`k${n}`) === 'revoked');
    await followed.close();
  });
  it('goes on after its cursor was killed', async () => {
    const held = heldBy();
    const followed = await followCollections({ db, targets: { things: held.target }, logger });
    const admin = client.db('admin');
    const found = await admin
      .aggregate([
        { $currentOp: { idleCursors: true, allUsers: true } },
        { $match: { ns: { $regex: db.databaseName } } },
      ])
      .toArray();
    for (const { cursor, ns } of found) {
      if (!cursor) continue;
      const [, collection] = /^[^.]+\.(.+)$/.exec(ns) ?? [];
      await db.command({ killCursors: collection, cursors: [cursor.cursorId] }).catch(() => undefined);
    }
    await write('a', 1, 'here');
    await until(async () => held.is('a') === 'here');
    await followed.close();
  });
  it('starts anew when the collection is dropped', async () => {
    await write('a', 7, 'old');
    const held = heldBy();
    const followed = await followCollections({ db, targets: { things: held.target }, logger });
    await things().drop();
    await until(async () => held.is('a') === undefined);
    await write('a', 1, 'new');
    await until(async () => held.is('a') === 'new');
    await followed.close();
  });
});
