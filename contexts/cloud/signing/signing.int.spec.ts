import assert from 'node:assert/strict';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { type Db, MongoClient } from 'mongodb';
import { freshDatabase, testServers } from '../../../local/servers/for-tests.ts';
import { signIdentity } from './sign-identity.ts';
import { openSigningKeys } from './signing-keys.ts';

const caller = {
  tenant: 'acme-1a2b3c4d',
  keyId: 'k1',
  userId: 'ada',
  scopes: ['*'],
  isDisabled: false,
  expiresAt: Number.POSITIVE_INFINITY,
};

describe('signing', function () {
  this.timeout(30_000);
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
  it('forgets keys that signed days ago', async () => {
    const keys = await openSigningKeys(db);
    const stored = db.collection<{ _id: string }>('signing-keys');
    const key = await stored.findOne({ _id: keys.current.kid });
    await stored.insertOne({ ...key, _id: '2020-01-01' });
    await keys.refresh();
    assert.equal(await stored.countDocuments({ _id: '2020-01-01' }), 0);
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
});
