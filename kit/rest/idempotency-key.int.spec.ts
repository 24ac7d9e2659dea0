import assert from 'node:assert/strict';
import { problemIn, type StartedApp, startApp } from './testing/started-app.ts';

describe('idempotency key', () => {
  let app: StartedApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.stop());

  type Raise = { id: string; by: number; key: string; tenant?: string; path?: string };
  const raise = ({ id, by, key, tenant = 'acme' }: Raise) =>
    app.send(`/v1/counters/${id}/raise`, {
      method: 'POST',
      body: JSON.stringify({ by }),
      headers: { 'idempotency-key': key },
      tenant,
    });

  describe('when a request is sent again', () => {
    it('answers the first answer without a second effect', async () => {
      const first = await raise({ id: 'again', by: 2, key: 'k1' });
      await raise({ id: 'again', by: 5, key: 'k2' });
      const second = await raise({ id: 'again', by: 2, key: 'k1' });
      assert.equal(first.headers.get('idempotency-replayed'), null);
      assert.equal(second.headers.get('idempotency-replayed'), 'true');
      assert.equal(second.headers.get('x-counter'), 'again');
      assert.equal(await second.text(), await first.text());
      assert.equal(await app.eventsOf('again'), 2);
    });

    it('answers the first answer also where the command would now be refused', async () => {
      await raise({ id: 'nearly', by: 600, key: 'k8' });
      const again = await raise({ id: 'nearly', by: 600, key: 'k8' });
      assert.deepEqual(await again.json(), { id: 'nearly', value: 600 });
      assert.equal(await app.eventsOf('nearly'), 1);
    });
  });

  describe('when the key comes with another request', () => {
    it('refuses another body and writes nothing', async () => {
      await raise({ id: 'reused', by: 1, key: 'k3' });
      const other = await raise({ id: 'reused', by: 2, key: 'k3' });
      assert.equal(other.status, 422);
      assert.equal((await problemIn(other)).code, 'idempotency-key-reused');
      assert.equal(await app.eventsOf('reused'), 1);
    });

    it('refuses another body also where the command would be refused', async () => {
      await raise({ id: 'reused-full', by: 900, key: 'k4' });
      const other = await raise({ id: 'reused-full', by: 901, key: 'k4' });
      assert.equal((await problemIn(other)).code, 'idempotency-key-reused');
    });

    it('refuses another path of the same route', async () => {
      await raise({ id: 'path-a', by: 1, key: 'k5' });
      const other = await raise({ id: 'path-b', by: 1, key: 'k5' });
      assert.equal(other.status, 422);
      assert.equal(await app.eventsOf('path-b'), 0);
    });

    it('knows nothing of the keys of other tenants', async () => {
      await raise({ id: 'mine', by: 1, key: 'k6', tenant: 'one' });
      const other = await raise({ id: 'mine', by: 2, key: 'k6', tenant: 'two' });
      assert.deepEqual(await other.json(), { id: 'mine', value: 2 });
    });
  });

  describe('when the first request was refused', () => {
    it('keeps no record, so that it may be sent again', async () => {
      assert.equal((await raise({ id: 'later', by: 1_001, key: 'k7' })).status, 409);
      assert.equal((await raise({ id: 'later', by: 1, key: 'k7' })).status, 200);
    });
  });

  describe('when the same request comes many times at once', () => {
    for (const round of [1, 2, 3]) {
      it(`takes effect once and gives all the same answer, round ${round}`, async () => {
        const request = { id: `storm-${round}`, by: 1, key: `storm-${round}` };
        const responses = await Promise.all(Array.from({ length: 16 }, () => raise(request)));
        const answers = await Promise.all(responses.map(async (one) => [one.status, await one.text()]));
        for (const answer of answers) assert.deepEqual(answer, [200, `{"id":"${request.id}","value":1}`]);
        const fresh = responses.filter((one) => one.headers.get('idempotency-replayed') === null);
        assert.equal(fresh.length, 1);
        assert.equal(await app.eventsOf(request.id), 1);
      });
    }
  });

  it('forgets records after 24 hours', async () => {
    const indexes = await app.db.collection('idempotency_keys').indexes();
    assert.equal(indexes.find(({ key }) => key['at'] === 1)?.['expireAfterSeconds'], 86_400);
  });
});
