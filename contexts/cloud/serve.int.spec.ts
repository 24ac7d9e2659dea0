import assert from 'node:assert/strict';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { newLoginKey } from '../../kit/identity/login-key.ts';
import { get, type Landscape, openLandscape, TENANT, until } from './testing/landscape.ts';

const statusOf = async (url: string, key?: string) => (await get(`${url}/api/whoami`, key)).status;

describe('the front door', function () {
  this.timeout(60_000);
  let landscape: Landscape;
  let one: string;
  let other: string;

  before(async () => {
    landscape = await openLandscape();
    await landscape.setPlan(100_000);
    [one, other] = await Promise.all([
      landscape.openReplica().then(({ url }) => url),
      landscape.openReplica().then(({ url }) => url),
    ]);
  });
  after(() => landscape.close());

  const known = async (made: Parameters<Landscape['newKey']>[0] = {}) => {
    const key = await landscape.newKey(made);
    for (const url of [one, other]) await until(async () => (await statusOf(url, key)) !== 401);
    return key;
  };

  describe('who asks', () => {
    it('is told by a key that was made a moment ago, at every replica', async () => {
      const key = await known({ keyId: 'k-whoami', scopes: ['ordering:read'] });
      const { status, body } = await get(`${other}/api/whoami`, key);
      assert.equal(status, 200);
      assert.deepEqual(body, { account: TENANT, user: 'ada', key: 'k-whoami', scopes: ['ordering:read'] });
    });
    it('may be told by x-api-key', async () => {
      const { status } = await get(`${one}/api/whoami`, undefined, {
        headers: { 'x-api-key': await known() },
      });
      assert.equal(status, 200);
    });
    it('is refused without a key, with a wrong one and with a cut one, as a problem', async () => {
      const key = await known();
      const codes = await Promise.all(
        [undefined, newLoginKey(), key.slice(0, -1), `${key.slice(0, -1)}!`, ''].map(async (sent) => {
          const { status, headers, body } = await get(`${one}/api/whoami`, sent);
          assert.equal(status, 401);
          assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8');
          assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
          return body['code'];
        }),
      );
      assert.deepEqual(codes, [
        'key-missing',
        'key-unknown',
        'key-malformed',
        'key-malformed',
        'key-malformed',
      ]);
    });
    it('is refused when the key is disabled, deleted or expired, or the user is disabled', async () => {
      const at = new Date().toISOString();
      const keyId = 'k-life';
      const key = await known({ keyId, userId: 'bob' });
      await landscape.tellKey(keyId, { type: 'KeyDisabled', data: { keyId, disabledAt: at } });
      await until(async () => (await get(`${one}/api/whoami`, key)).body['code'] === 'key-disabled');
      await landscape.tellKey(keyId, { type: 'KeyEnabled', data: { keyId, enabledAt: at } });
      await until(async () => (await statusOf(one, key)) === 200);
      await landscape.tellUser('bob', { type: 'UserDisabled', data: { userId: 'bob', disabledAt: at } });
      await until(async () => (await get(`${one}/api/whoami`, key)).body['code'] === 'key-disabled');
      await landscape.tellUser('bob', { type: 'UserEnabled', data: { userId: 'bob', enabledAt: at } });
      await until(async () => (await statusOf(one, key)) === 200);
      await landscape.tellKey(keyId, { type: 'KeyDeleted', data: { keyId, deletedAt: at } });
      await until(async () => (await get(`${one}/api/whoami`, key)).body['code'] === 'key-unknown');
      const expired = await landscape.newKey({ expiresAt: '2020-01-01T00:00:00.000Z' });
      await until(async () => (await get(`${one}/api/whoami`, expired)).body['code'] === 'key-expired');
    });
  });

  it('locks an account out with its reasons and lets it in again, at every replica', async () => {
    const key = await known();
    await landscape.tellStanding({ type: 'Locked', data: { reasons: ['overdraft'] } });
    for (const url of [one, other]) await until(async () => (await statusOf(url, key)) === 402);
    const { body } = await get(`${one}/api/whoami`, key);
    assert.deepEqual(body['reasons'], ['overdraft']);
    await landscape.tellStanding({ type: 'Unlocked', data: {} });
    for (const url of [one, other]) await until(async () => (await statusOf(url, key)) === 200);
  });

  describe('what is forwarded', () => {
    it('reaches the context with a signed identity and none of the client’s own', async () => {
      const key = await known({ keyId: 'k-forward', scopes: ['ordering:write'] });
      const { status, headers } = await get(`${one}/api/ordering/v1/orders?x=1`, key, {
        method: 'POST',
        body: '{"a":1}',
        headers: {
          'content-type': 'application/json',
          'x-tenant': 'evil',
          cookie: 'a=b',
          'x-forwarded-for': '1',
        },
      });
      assert.equal(status, 200);
      assert.ok(headers.get('x-request-id'));
      const { request, body } = landscape.asked.at(-1) ?? assert.fail();
      assert.equal(`${request.method} ${request.url} ${body}`, 'POST /v1/orders?x=1 {"a":1}');
      for (const name of ['x-tenant', 'cookie', 'x-forwarded-for', 'x-api-key']) {
        assert.equal(request.headers[name], undefined);
      }
      const jwks = await fetch(`${other}/.well-known/jwks.json`).then((response) => response.json());
      assert.ok(!JSON.stringify(jwks).includes('"d"'));
      const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
      const { payload } = await jwtVerify(token, createLocalJWKSet(jwks as JSONWebKeySet), {
        issuer: 'cadastre-cloud',
        audience: 'ordering',
      });
      const { sub, tenant, key: keyId, scopes } = payload;
      assert.deepEqual([sub, tenant, keyId, scopes], ['ada', TENANT, 'k-forward', ['ordering:write']]);
    });
    it('needs the scope, a context of the account, and a context that is there', async () => {
      const key = await known({ scopes: ['ordering:read', 'catalog:read', 'nowhere:read'] });
      const ask = async (path: string, method = 'GET') => {
        const { status, body } = await get(`${one}${path}`, key, { method });
        return `${status} ${body['code']}`;
      };
      assert.equal(await ask('/api/ordering/v1/orders', 'POST'), '403 scope-missing');
      assert.equal(await ask('/api/catalog/v1/products'), '404 context-not-found');
      assert.equal(await ask('/api/nowhere/v1/x'), '503 context-unreachable');
      assert.equal(await ask('/elsewhere'), '404 nothing-there');
    });
    it('is counted before it is answered, with what the context reports', async () => {
      const key = await known({ tenant: 'metered-1a2b3c4d' });
      landscape.answer((_, response) => {
        response.setHeader('x-cadastre-usage', 'letters=2, pages=7, requests=9').end('{"a":1}');
      });
      const { headers } = await get(`${one}/api/ordering/v1/orders`, key);
      assert.equal(headers.get('x-cadastre-usage'), null);
      const { body } = await get(`${other}/api/usage`, key);
      assert.deepEqual(body['meters'], { requests: 1, bytes: 7, letters: 2, pages: 7 });
    });
    it('streams what is large, and counts all of it', async () => {
      const key = await known({ tenant: 'large-1a2b3c4d' });
      const body = Buffer.alloc(3_300_000, 'x');
      landscape.answer((_, response) => void response.end(body));
      const response = await fetch(`${one}/api/ordering/v1/orders`, { headers: { 'x-api-key': key } });
      assert.equal((await response.arrayBuffer()).byteLength, body.length);
      const { meters } = (await get(`${other}/api/usage`, key)).body as { meters: object };
      assert.deepEqual(meters, { requests: 1, bytes: body.length });
    });
  });
});
