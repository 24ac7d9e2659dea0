import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type Db, MongoClient } from 'mongodb';
import { pino } from 'pino';
import { OUTBOX } from '../../../kit/outbox/outbox.ts';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { usage } from '../usage.ts';
import { createGroupIndexes, GROUPS, mongoMeter } from './groups.ts';
import { rollGroups } from './roller.ts';

/** So far in the future that every window is over. */
const ALL = -20;

type OnInsert = (insert: Buffer, client: Socket, mongod: Socket) => void;

/** A way to mongod on which something may happen to inserts of groups. */
const openWay = async (mongodbUri: string) => {
  const { hostname, port } = new URL(mongodbUri);
  const sockets: Socket[] = [];
  const fault: { next?: OnInsert | undefined } = {};
  const server = createServer((client) => {
    const mongod = connect(Number(port), hostname);
    sockets.push(client, mongod);
    mongod.on('error', () => client.destroy()).on('data', (data) => client.destroyed || client.write(data));
    client
      .on('error', () => undefined)
      .on('data', (data) => {
        const onInsert = data.includes(GROUPS) && data.includes('insert') ? fault.next : undefined;
        if (onInsert === undefined) return mongod.write(data);
        fault.next = undefined;
        onInsert(data, client, mongod);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as { port: number }).port}/?directConnection=true`,
    fault,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

describe('a group on its way to mongod', function () {
  this.timeout(30_000);
  const logger = pino({ level: 'silent' });
  let client: MongoClient;
  let db: Db;
  let way: Awaited<ReturnType<typeof openWay>>;
  let through: MongoClient;

  const unitsOf = async () => {
    const told = await db.collection(OUTBOX).find().toArray();
    return told.map(({ event }) => JSON.parse(String(event)).data.units as number).reduce((a, b) => a + b, 0);
  };
  const countOne = () => [{ tenant: 'acme', meter: 'requests', units: 1, key: 'k1' }];

  beforeEach(async () => {
    const { mongodbUri } = await testServers();
    client = await MongoClient.connect(mongodbUri);
    db = client.db(freshDatabase('held-up'));
    await createGroupIndexes(db);
    await db.createCollection(OUTBOX);
    await db.createCollection(usage.collection);
    way = await openWay(mongodbUri);
    through = await MongoClient.connect(way.uri);
  });
  afterEach(async () => {
    await through.close();
    await way.close();
    await db.dropDatabase();
    await client.close();
  });

  /** Copies of the next inserts are held up, with their connections cut or not, and arrive when asked to. */
  const holdUp = ({ copies, cut }: { copies: number; cut: boolean }) => {
    const arrivals: (() => Promise<unknown>)[] = [];
    const hold: OnInsert = (insert, socket, mongod) => {
      arrivals.push(async () => {
        mongod.removeAllListeners('data').write(insert);
        await once(mongod, 'data');
      });
      if (arrivals.length < copies) way.fault.next = hold;
      if (cut) socket.destroy();
    };
    way.fault.next = hold;
    return async () => {
      for (const arrive of arrivals) {
        await arrive();
        await rollGroups({ client, db }, ALL);
      }
      return arrivals.length;
    };
  };

  it('counts once when its answer is lost', async () => {
    const meter = mongoMeter(through.db(db.databaseName), logger);
    way.fault.next = (insert, socket, mongod) => {
      mongod.removeAllListeners('data').once('data', () => socket.destroy());
      mongod.write(insert);
    };
    await meter.count(countOne());
    await rollGroups({ client, db }, ALL);
    assert.equal(await unitsOf(), 1);
    await meter.close();
  });
  it('counts once when it arrives after another copy was counted and rolled', async () => {
    const meter = mongoMeter(through.db(db.databaseName), logger);
    const arrive = holdUp({ copies: 1, cut: true });
    await meter.count(countOne());
    assert.equal(await rollGroups({ client, db }, ALL), 1);
    assert.equal(await arrive(), 1);
    assert.equal(await unitsOf(), 1);
    await meter.close();
  });
  it('counts once at the most when all of its copies are held up and arrive one after the other', async () => {
    const meter = mongoMeter(through.db(db.databaseName), logger);
    const arrive = holdUp({ copies: 2, cut: true });
    await meter.count(countOne()).catch(() => undefined);
    await rollGroups({ client, db }, ALL);
    assert.equal(await arrive(), 2);
    assert.equal(await unitsOf(), 1);
    await meter.close();
  });
  it('is given up after a while, and holds up no other', async () => {
    const meter = mongoMeter(through.db(db.databaseName), logger, 500);
    const arrive = holdUp({ copies: 1, cut: false });
    await assert.rejects(meter.count(countOne()), { code: 'cannot-meter' });
    await meter.count(countOne());
    await arrive();
    assert.equal(await unitsOf(), 2);
    await meter.close();
  });
});
