import { deepEqual, equal, match } from 'node:assert/strict';
import { type Answered, type ServedContext, serveContext } from '../../kit/context/testing/serve-context.ts';
import { ordering } from './context.ts';
import { decide, offer } from './decide.ts';
import { item } from './item.ts';
import { order } from './order.ts';

const ACME = 'acme-1a2b3c4d';
const OTHER = 'other-1a2b3c4d';
const now = '2026-01-01T00:00:00.000Z';

describe('ordering over HTTP', () => {
  let served: ServedContext;
  before(async () => {
    served = await serveContext(ordering);
    await offered('cup', { amount: 900, currency: 'EUR' });
    await offered('pan', { amount: 2_000, currency: 'EUR' });
    await offered('hat', { amount: 100, currency: 'USD' });
    await offered('yacht', { amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' });
  });
  after(() => served.stop());

  const offered = (itemId: string, unitPrice: { amount: number; currency: string }) =>
    served.commands.handle(
      {
        keys: { item: item.key(itemId) },
        decide: (states) => ({
          item: offer({ itemId, name: itemId, unitPrice, reference: itemId }, states.item),
        }),
      },
      { tenant: ACME, cause: {} },
    );
  const shipped = (orderId: string) =>
    served.commands.handle(
      {
        keys: { order: order.key(orderId) },
        decide: (states) => ({ order: decide({ type: 'ShipOrder', orderId, now }, states.order) }),
      },
      { tenant: ACME, cause: {} },
    );

  const cups = (quantity: unknown) => ({ itemId: 'cup', quantity });
  const place = (lines: unknown, headers: Record<string, string> = {}, customer: unknown = 'ada') =>
    served.ask('POST /v1/orders', { body: { customer, lines }, headers });
  const placed = async (customer = 'ada'): Promise<string> =>
    (await place([cups(1)], {}, customer)).body.orderId;

  it('places an order with priced lines and a total, one line per item', async () => {
    const answered = await place([cups(1), { itemId: 'pan', quantity: 1 }, cups(2)]);
    const { orderId, lines, total, status } = answered.body;
    equal(answered.status, 201);
    equal(answered.headers.get('location'), `/v1/orders/${orderId}`);
    deepEqual(lines, [
      { itemId: 'cup', name: 'cup', unitPrice: { amount: 900, currency: 'EUR' }, quantity: 3 },
      { itemId: 'pan', name: 'pan', unitPrice: { amount: 2_000, currency: 'EUR' }, quantity: 1 },
    ]);
    deepEqual([status, total], ['placed', { amount: 4_700, currency: 'EUR' }]);
    deepEqual(answered.events, ['ordering.order-placed.v1']);
    deepEqual((await served.ask(`GET /v1/orders/${orderId}`)).body, answered.body);
  });

  it('takes an order of 1,000 lines with the longest names', async () => {
    const ids = Array.from({ length: 1_000 }, (_, at) => `${'i'.repeat(60)}${String(at).padStart(4, '0')}`);
    const unitPrice = { amount: 1_000_000, currency: 'EUR' };
    await Promise.all(
      ids.map((itemId) =>
        served.commands.handle(
          {
            keys: { item: item.key(itemId) },
            decide: (states) => ({
              item: offer({ itemId, name: '漢'.repeat(200), unitPrice, reference: itemId }, states.item),
            }),
          },
          { tenant: ACME, cause: {} },
        ),
      ),
    );
    const answered = await place(ids.map((itemId) => ({ itemId, quantity: 1_000_000 })));
    equal(answered.status, 201);
  });

  it('cancels an order once, and answers the same the second time', async () => {
    const id = await placed();
    const first = await served.ask(`POST /v1/orders/${id}/cancel`);
    deepEqual(
      [first.status, first.body.status, first.events],
      [200, 'cancelled', ['ordering.order-cancelled.v1']],
    );
    const second = await served.ask(`POST /v1/orders/${id}/cancel`);
    deepEqual([second.status, second.text, second.events], [200, first.text, []]);
  });

  it('does not cancel what is shipped', async () => {
    const id = await placed();
    await shipped(id);
    const answered = await served.ask(`POST /v1/orders/${id}/cancel`);
    deepEqual([answered.status, answered.body.code, answered.events], [409, 'order-shipped', []]);
    equal((await served.ask(`GET /v1/orders/${id}`)).body.status, 'shipped');
  });

  it('pages through the orders of a customer, newest first', async () => {
    const ids = [await placed('bob'), await placed('bob'), await placed('bob')].reverse();
    const idsOf = ({ body }: Answered) => body.items.map(({ orderId }) => orderId);
    const first = await served.ask('GET /v1/orders?customer=bob&limit=2');
    const second = await served.ask(`GET /v1/orders?customer=bob&limit=2&after=${first.body.next}`);
    deepEqual([...idsOf(first), ...idsOf(second)], ids);
    equal(second.body.next, undefined);
  });

  it('shows what can be ordered', async () => {
    const { body } = await served.ask('GET /v1/items/cup');
    deepEqual(body, { itemId: 'cup', name: 'cup', unitPrice: { amount: 900, currency: 'EUR' } });
    deepEqual((await served.ask('GET /v1/items?limit=1')).body.items, [body]);
    equal((await served.ask('GET /v1/items/ghost')).body.code, 'item-not-found');
  });

  it('answers a repeated key once more, and refuses it with another body', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await place([cups(1)], headers);
    const again = await place([cups(1)], headers);
    deepEqual([again.status, again.text, again.events], [201, first.text, []]);
    const before = await served.documentCount();
    const other = await place([cups(2)], headers);
    deepEqual([other.body.code, other.events], ['idempotency-key-reused', []]);
    equal(await served.documentCount(), before);
  });

  describe('when asked for what it refuses', () => {
    const many = Array.from({ length: 10_001 }, () => cups(1));
    const refused: [string, unknown, number, string][] = [
      ['an unknown item', [{ itemId: 'ghost', quantity: 1 }], 422, 'unknown-item'],
      ['items of two currencies', [cups(1), { itemId: 'hat', quantity: 1 }], 422, 'mixed-currencies'],
      ['a total beyond all exact numbers', [{ itemId: 'yacht', quantity: 2 }], 422, 'total-too-large'],
      ['a quantity of zero', [cups(0)], 400, 'invalid-request'],
      ['a negative quantity', [cups(-1)], 400, 'invalid-request'],
      ['a fraction', [cups(1.5)], 400, 'invalid-request'],
      ['a quantity over a million', [cups(1_000_001)], 400, 'invalid-request'],
      ['text for a quantity', [cups('1')], 400, 'invalid-request'],
      ['no lines', [], 400, 'invalid-request'],
      ['10,001 lines', many, 400, 'invalid-request'],
      ['an operator for an item', [{ itemId: { $ne: '' }, quantity: 1 }], 400, 'forbidden-key'],
      ['an object for an item', [{ itemId: { ne: '' }, quantity: 1 }], 400, 'invalid-request'],
      [
        'an item id that would name another document',
        [{ itemId: '../x', quantity: 1 }],
        400,
        'invalid-request',
      ],
    ];
    for (const [what, lines, status, code] of refused) {
      it(`answers ${status} ${code} to ${what} and writes nothing`, () =>
        refuses(() => place(lines), status, code));
    }

    const bodies: [string, string, string][] = [
      ['malformed JSON', '{"customer":', 'malformed-json'],
      ['a __proto__ key', '{"customer":"ada","lines":[],"__proto__":{}}', 'forbidden-key'],
      ['an operator for a customer', '{"customer":{"$gt":""},"lines":[]}', 'forbidden-key'],
      ['nothing', '', 'invalid-request'],
    ];
    for (const [what, body, code] of bodies) {
      it(`answers 400 ${code} to ${what} and writes nothing`, () =>
        refuses(() => served.ask('POST /v1/orders', { body }), 400, code));
    }

    it('answers 400 to a filter with an operator', () =>
      refuses(() => served.ask('GET /v1/orders?customer[$ne]=x'), 400, 'invalid-request'));

    it('names the unknown item', async () => {
      const { body } = await place([{ itemId: 'ghost', quantity: 1 }]);
      equal(body.itemId, 'ghost');
    });

    it('tells nobody of another tenant’s order, by not one byte', async () => {
      const id = await placed();
      const missing = '00000000-0000-7000-8000-000000000000';
      for (const [method, suffix] of [
        ['GET', ''],
        ['POST', '/cancel'],
      ]) {
        const askFor = async (orderId: string) => {
          const { status, text, body } = await served.ask(`${method} /v1/orders/${orderId}${suffix}`, {
            tenant: OTHER,
          });
          equal(status, 404);
          return text.replaceAll(orderId, 'ID').replace(body.requestId, 'REQUEST');
        };
        equal(await askFor(id), await askFor(missing));
      }
      deepEqual((await served.ask('GET /v1/orders', { tenant: OTHER })).body, { items: [] });
      deepEqual((await served.ask('GET /v1/items', { tenant: OTHER })).body, { items: [] });
    });

    const refuses = async (ask: () => Promise<Answered>, status: number, code: string) => {
      const before = await served.documentCount();
      const answered = await ask();
      deepEqual([answered.status, answered.body.status, answered.body.code], [status, status, code]);
      match(answered.headers.get('content-type') ?? '', /^application\/problem\+json/);
      equal(await served.documentCount(), before);
    };
  });
});
