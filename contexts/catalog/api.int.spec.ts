import { deepEqual, equal, match } from 'node:assert/strict';
import { type Answered, type ServedContext, serveContext } from '../../kit/context/testing/serve-context.ts';
import { catalog } from './context.ts';

const cup = { name: 'Cup', price: { amount: 900, currency: 'EUR' }, availableQuantity: 5 };

describe('the catalog over HTTP', () => {
  let served: ServedContext;
  before(async () => {
    served = await serveContext(catalog);
  });
  after(() => served.stop());

  const put = (sku: string, overrides: object = {}) =>
    served.ask(`PUT /v1/products/${sku}`, { body: { ...cup, ...overrides } });

  it('lists a product, then says only what differs', async () => {
    const listed = await put('cup');
    deepEqual([listed.status, listed.events], [200, ['catalog.product-listed.v1']]);
    deepEqual(listed.body, { sku: 'cup', ...cup });
    deepEqual((await put('cup')).events, []);
    const changed = await put('cup', { price: { amount: 950, currency: 'EUR' }, availableQuantity: 4 });
    deepEqual(changed.events, ['catalog.price-changed.v1', 'catalog.stock-changed.v1']);
    deepEqual((await served.ask('GET /v1/products/cup')).body, changed.body);
  });

  it('pages through the products of one tenant by sku', async () => {
    const tenant = 'pages-1a2b3c4d';
    for (const sku of ['c', 'a', 'b']) await served.ask(`PUT /v1/products/${sku}`, { tenant, body: cup });
    await served.ask('PUT /v1/products/d', { tenant: `${tenant}-2`, body: cup });
    const skusOf = ({ body }: Answered) => body.items.map(({ sku }) => sku);
    const first = await served.ask('GET /v1/products?limit=2', { tenant });
    deepEqual(skusOf(first), ['a', 'b']);
    const second = await served.ask(`GET /v1/products?limit=2&after=${first.body.next}`, { tenant });
    deepEqual([skusOf(second), second.body.next], [['c'], undefined]);
  });

  describe('when asked for what it refuses', () => {
    const price = (amount: unknown, currency: unknown) => ({ price: { amount, currency } });
    const refused: [string, string, object | string, number, string][] = [
      ['another currency', 'cup', price(900, 'USD'), 409, 'currency-mismatch'],
      ['a currency that does not exist', 'new', price(900, 'XQQ'), 400, 'invalid-request'],
      ['a negative price', 'new', price(-1, 'EUR'), 400, 'invalid-request'],
      ['a fraction of a cent', 'new', price(1.5, 'EUR'), 400, 'invalid-request'],
      ['an operator for an amount', 'new', price({ $gt: 0 }, 'EUR'), 400, 'forbidden-key'],
      ['an object for a name', 'new', { name: { first: 'x' } }, 400, 'invalid-request'],
      ['a negative quantity', 'new', { availableQuantity: -1 }, 400, 'invalid-request'],
      ['a field that it does not know', 'new', { colour: 'red' }, 400, 'invalid-request'],
      ['a sku with a slash', 'a%2Fb', {}, 400, 'invalid-request'],
      ['a sku of 65 letters', 'x'.repeat(65), {}, 400, 'invalid-request'],
      ['a name with a control character', 'new', { name: 'a\u0000b' }, 400, 'invalid-request'],
    ];
    for (const [what, sku, overrides, status, code] of refused) {
      it(`answers ${status} ${code} to ${what} and writes nothing`, async () => {
        await put('cup');
        const before = await served.documentCount();
        const answered = await put(sku, overrides as object);
        deepEqual([answered.status, answered.body.code], [status, code]);
        match(answered.headers.get('content-type') ?? '', /^application\/problem\+json/);
        equal(await served.documentCount(), before);
      });
    }

    it('answers 404 to a product of another tenant', async () => {
      await put('cup');
      const answered = await served.ask('GET /v1/products/cup', { tenant: 'other-1a2b3c4d' });
      deepEqual([answered.status, answered.body.code], [404, 'product-not-found']);
    });
  });
});
