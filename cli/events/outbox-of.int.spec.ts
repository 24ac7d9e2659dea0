import assert from 'node:assert/strict';
import { type Db, MongoClient, Timestamp } from 'mongodb';
import { Registry } from 'prom-client';
import type { Inbox } from '../../kit/inbox/inbox.ts';
import { OUTBOX, type OutboxDocument } from '../../kit/outbox/outbox.ts';
import { type Listening, listen } from '../../kit/rest/server.ts';
import { createAdminApp } from '../../kit/service/admin.ts';
import { contextOperations } from '../../kit/service/operations.ts';
import { freshDatabase, testServers } from '../../local/servers/for-tests.ts';
import type { ContextPort } from '../context-ports.ts';
import { outboxOf, type PublishedEvent } from './outbox-of.ts';

const healthy = async () => undefined;
/** Seconds, as in a Timestamp; which day it is plays no part. */
const NOON = 1_767_268_800;

describe('an outbox that is read by the admin port', function () {
  this.timeout(60_000);
  let client: MongoClient;
  let db: Db;
  let server: Listening;
  let port: ContextPort;
  let shown: string[];

  before(async () => {
    client = await MongoClient.connect((await testServers()).mongodbUri);
  });
  beforeEach(async () => {
    db = client.db(freshDatabase('events'));
    shown = [];
    port = await answering();
  });
  afterEach(async () => {
    await server.close();
    await db.dropDatabase();
  });
  after(() => client.close());

  const answering = async (): Promise<ContextPort> => {
    // Nothing is redriven here.
    const operations = contextOperations(db, {} as Inbox);
    const app = createAdminApp({ live: healthy, ready: healthy, metrics: new Registry(), operations });
    server = await listen(app, { port: 0, host: '127.0.0.1' });
    return { context: 'ordering', adminUrl: `http://127.0.0.1:${server.port}` };
  };
  const publish = async (from: number, to: number, second = NOON): Promise<void> => {
    const documents = Array.from({ length: to - from + 1 }, (_, index): OutboxDocument => {
      const [sequence, type] = [from + index, 'ordering.order-placed.v1'];
      const common = { id: `e${sequence}`, type, subject: 'order/1', tenant: 'acme-1', time: 'T' };
      return {
        _id: `acme-1/order/1/${sequence}`,
        at: new Timestamp({ t: second, i: sequence }),
        ...{ tenant: 'acme-1', subject: 'order/1', sequence, type },
        event: JSON.stringify({ ...common, sequence: String(sequence) }),
      };
    });
    await db.collection<OutboxDocument>(OUTBOX).insertMany(documents);
  };
  const show = ({ id }: PublishedEvent) => void shown.push(id);
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('is told from the oldest to the newest, over all pages', async () => {
    await publish(1, 1_203);
    await outboxOf({ after: 0n, limit: Number.POSITIVE_INFINITY, isFollowing: false }).read(port, show);
    assert.equal(shown.length, 1_203);
    assert.deepEqual([shown[0], shown[500], shown.at(-1)], ['e1', 'e501', 'e1203']);
  });
  it('is followed: what comes is told once, also what was begun earlier and committed later', async () => {
    await publish(1, 2);
    const following = outboxOf({ after: 0n, limit: 5, isFollowing: true }).read(port, show);
    await until(() => shown.length === 2);
    await publish(10, 10, NOON + 2);
    await until(() => shown.length === 3);
    await publish(5, 5, NOON + 1);
    await until(() => shown.length === 4);
    await publish(11, 12, NOON + 3);
    await following;
    assert.deepEqual(shown, ['e1', 'e2', 'e10', 'e5', 'e11']);
  });
  it('goes on where it stopped when another process answers', async () => {
    await publish(1, 3);
    const outbox = outboxOf({ after: 0n, limit: 5, isFollowing: true });
    const lost = outbox.read(port, show);
    await until(() => shown.length === 3);
    await server.close();
    await assert.rejects(lost, /cannot reach the admin port of ordering/);
    await publish(4, 5);
    await outbox.read(await answering(), show);
    assert.deepEqual(shown, ['e1', 'e2', 'e3', 'e4', 'e5']);
  });
});
