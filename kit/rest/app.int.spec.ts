import assert from 'node:assert/strict';
import { createApp } from './app.ts';
import { api } from './testing/counter.ts';
import { problemIn, type StartedApp, startApp } from './testing/started-app.ts';

describe('createApp', () => {
  let app: StartedApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.stop());

  const raise = (id: string, by: unknown, headers: Record<string, string> = {}) =>
    app.send(`/v1/counters/${id}/raise`, { method: 'POST', body: JSON.stringify({ by }), headers });

  describe('when a command succeeds', () => {
    it('answers the state after it and commits the event', async () => {
      const response = await raise('first', 3);
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { id: 'first', value: 3 });
      assert.equal(response.headers.get('x-counter'), 'first');
      assert.equal(await app.eventsOf('first'), 1);
    });

    it('hands the trace and the correlation id on to its events', async () => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      await raise('traced', 1, { traceparent, 'x-correlation-id': 'checkout-7' });
      const stored = await app.db.collection('outbox').findOne({ subject: 'counter/traced' });
      const event = JSON.parse(stored?.['event']) as Record<string, unknown>;
      assert.equal(event['traceparent'], traceparent);
      assert.equal(event['correlationid'], 'checkout-7');
    });

    it('begins a trace where the traceparent is malformed, and correlates by the request id', async () => {
      await raise('untraced', 1, { traceparent: '00-zz-1-01', 'x-request-id': 'request-8' });
      const stored = await app.db.collection('outbox').findOne({ subject: 'counter/untraced' });
      const event = JSON.parse(stored?.['event']) as Record<string, string>;
      assert.match(event['traceparent'] ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      assert.equal(event['correlationid'], 'request-8');
    });
  });

  describe('when a rule refuses', () => {
    it("answers the context's own status, code and detail, and commits nothing", async () => {
      const before = await app.eventCount();
      const response = await raise('full', 1_001);
      assert.equal(response.status, 409);
      assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
      const { requestId, detail, ...problem } = (await response.json()) as Record<string, unknown>;
      assert.equal(requestId, response.headers.get('x-request-id'));
      assert.ok(detail);
      assert.deepEqual(problem, {
        type: 'https://cadastre.dev/problems/counter-full',
        title: 'Counter full',
        status: 409,
        code: 'counter-full',
        limit: 1_000,
        instance: '/v1/counters/full/raise',
      });
      assert.equal(await app.eventCount(), before);
    });
  });

  describe('when the document belongs to another tenant', () => {
    it('answers the same bytes as for a missing one', async () => {
      await app.send('/v1/counters/theirs', {
        method: 'PUT',
        body: '{"by":1}',
        tenant: 'other',
      });
      const headers = { 'x-request-id': 'same' };
      const foreign = await (await app.send('/v1/counters/theirs', { headers })).text();
      const missing = await (await app.send('/v1/counters/nobody', { headers })).text();
      assert.equal(foreign.replaceAll('theirs', 'nobody'), missing);
      assert.match(foreign, /counter-not-found/);
    });
  });

  describe('when nothing is routed', () => {
    it('answers 404 for an unknown path', async () => {
      const response = await app.send('/v1/nothing');
      assert.equal(response.status, 404);
      assert.equal((await problemIn(response)).code, 'route-not-found');
    });

    it('answers 405 with the methods that the path knows', async () => {
      const response = await app.send('/v1/counters/one', { method: 'DELETE' });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'GET, HEAD, PUT');
    });
  });

  describe('when a caller names the request', () => {
    it('keeps a sane name and replaces any other', async () => {
      const sane = await app.send('/openapi.json', { headers: { 'x-request-id': 'abc-1' } });
      assert.equal(sane.headers.get('x-request-id'), 'abc-1');
      const odd = await app.send('/openapi.json', { headers: { 'x-request-id': 'a b{}' } });
      assert.match(odd.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
    });
  });

  describe('when a list is longer than a page', () => {
    it('gives every item once, page after page', async () => {
      const tenant = 'paging';
      for (const id of ['a', 'b', 'c', 'd', 'e']) {
        await app.send(`/v1/counters/${id}`, { method: 'PUT', body: '{"by":1}', tenant });
      }
      const ids: string[] = [];
      let after = '';
      for (;;) {
        const response = await app.send(`/v1/counters?limit=2${after}`, { tenant });
        const page = (await response.json()) as { items: { id: string }[]; next?: string };
        ids.push(...page.items.map(({ id }) => id));
        if (page.next === undefined) break;
        after = `&after=${page.next}`;
      }
      assert.deepEqual(ids, ['a', 'b', 'c', 'd', 'e']);
    });

    it('refuses a cursor that it did not give', async () => {
      const response = await app.send('/v1/counters?after=e30');
      assert.equal(response.status, 400);
      assert.equal((await problemIn(response)).code, 'invalid-cursor');
    });
  });

  describe('when something fails that nobody foresaw', () => {
    it('answers 500 without a word of the inside', async () => {
      const broken = await startApp({
        commands: { handle: () => Promise.reject(new Error('secret host 10.0.0.7')) },
      });
      const response = await broken.send('/v1/counters/one', { method: 'PUT', body: '{"by":1}' });
      await broken.stop();
      const text = await response.text();
      assert.equal(response.status, 500);
      assert.match(text, /internal-error/);
      assert.doesNotMatch(text, /secret/);
    });
  });

  it('counts requests by route template', async () => {
    await raise('measured', 1);
    const text = await app.deps.metrics?.metrics();
    assert.match(text ?? '', /route="\/v1\/counters\/\{id\}\/raise",status="200"/);
  });

  it('refuses to start with a refusal that has no status', () => {
    const context = { name: 'counting', version: '1', api };
    assert.throws(() => createApp({ ...app.deps, context, errors: {} }), /no status for counter-full/);
  });
});
