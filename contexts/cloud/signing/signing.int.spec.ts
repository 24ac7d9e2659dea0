import assert from 'node:assert/strict';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { type Db, MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { caller } from '../replica/testing/caller.ts';
import { signIdentity } from './sign-identity.ts';
import { openSigningKeys, type SigningKeys } from './signing-keys.ts';

describe('signing', function () {
  this.timeout(60_000);
  let client: MongoClient;
  let db: Db;

  beforeEach(async () => {
    client = await MongoClient.connect((await testServers()).mongodbUri);
    db = client.db(freshDatabase('signing'));
  });
  afterEach(async () => {
    await db.dropDatabase();
    await client.close();
  });

  it('uses one key in all replicas, that starts at the same time', async () => {
    const [one, other] = await Promise.all([openSigningKeys(db), openSigningKeys(db)]);
    assert.equal(one.current.kid, other.current.kid);
    const token = await signIdentity(one)(caller, 'ordering');
    const jwks = createLocalJWKSet(other.jwks as unknown as JSONWebKeySet);
    const { payload } = await jwtVerify(token, jwks, { issuer: 'cadastre-cloud', audience: 'ordering' });
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
    await assert.rejects(jwtVerify(token, jwks, { audience: 'shipping' }));
  });
  it('publishes public halves alone', async () => {
    const { jwks } = await openSigningKeys(db);
    assert.ok(jwks.keys.every((key) => key['d'] === undefined && key['x'] !== undefined));
  });
  it('forgets keys, but for the one that signs and the one before', async () => {
    const keys = await openSigningKeys(db);
    const stored = db.collection<{ _id: string; madeAt: Date }>('signing-keys');
    const key = await stored.findOne({ _id: keys.current.kid });
    for (const _id of ['2020-01-01', '2020-01-02', '2020-01-03']) {
      await stored.insertOne({ ...key, _id, madeAt: new Date(_id) });
    }
    await keys.refresh();
    const kept = await stored.find({ _id: { $lt: '2021' } }).toArray();
    assert.deepEqual(
      kept.map(({ _id }) => _id),
      ['2020-01-02', '2020-01-03'],
    );
  });
  it('gives the same token for a minute, and another for another context', async () => {
    let time = Date.now();
    const sign = signIdentity(await openSigningKeys(db), () => time);
    const first = await sign(caller, 'ordering');
    assert.equal(await sign(caller, 'ordering'), first);
    assert.notEqual(await sign(caller, 'shipping'), first);
    time += 60_000;
    assert.notEqual(await sign(caller, 'ordering'), first);
  });

  describe('when a day ends', () => {
    const MINUTE_MS = 60_000;
    const clock = { now: 0 };
    const open = () => openSigningKeys(db, async () => clock.now);
    const verifies = async (token: string, { jwks }: SigningKeys) => {
      const known = createLocalJWKSet(jwks as unknown as JSONWebKeySet);
      await jwtVerify(token, known, { currentDate: new Date(clock.now) });
    };
    /** Minute by minute, while the replicas read the keys again in turn: which keys signed. */
    const live = async (replicas: readonly SigningKeys[], minutes: number) => {
      const signed = new Set<string>();
      let before = replicas.map(({ jwks }) => jwks);
      for (let minute = 0; minute < minutes; minute += 1) {
        clock.now += MINUTE_MS;
        await replicas[minute % replicas.length]?.refresh();
        for (const signing of replicas) {
          const token = await signIdentity(signing, () => clock.now)(caller, 'ordering');
          for (const publishing of replicas) await verifies(token, publishing);
          const { kid } = signing.current;
          assert.ok(
            before.every(({ keys }) => keys.some((key) => key['kid'] === kid)),
            `${kid} is new`,
          );
          signed.add(kid);
        }
        before = replicas.map(({ jwks }) => jwks);
      }
      return [...signed];
    };

    it('signs with nothing that any replica has not published before, and refuses nobody', async () => {
      clock.now = Date.parse('2026-11-23T23:45:00.000Z');
      const replicas = [await open(), await open()];
      assert.deepEqual(await live(replicas, 30), ['2026-11-23', '2026-11-24']);
    });
    it('goes on with the old key for a while when nobody was there to make the new one', async () => {
      clock.now = Date.parse('2026-11-20T12:00:00.000Z');
      await open();
      clock.now = Date.parse('2026-11-23T10:00:00.000Z');
      const replicas = [await open(), await open()];
      assert.equal(replicas[0]?.current.kid, '2026-11-20');
      assert.deepEqual(await live(replicas, 10), ['2026-11-20', '2026-11-23']);
    });
  });
});
