import assert from 'node:assert/strict';
import { type Checkout, checkOut, type Followed } from './testing/checkout.ts';
import { type RunningCheckout, runCheckout } from './testing/run-checkout.ts';

describe('docs/add-a-command.md', function () {
  this.timeout(120_000);
  let checkout: Checkout;
  let followed: readonly Followed[];
  let running: RunningCheckout | undefined;

  before(async () => {
    checkout = await checkOut();
    followed = await checkout.follow('docs/add-a-command.md');
  });
  after(async () => {
    await running?.stop();
    checkout?.remove();
  });

  it('costs no new source file, at most three edited ones and at most 80 lines, beside the spec', () => {
    const sources = followed.filter(({ path }) => !path.endsWith('.spec.ts'));
    assert.deepEqual(
      sources.filter(({ does }) => does === 'create'),
      [],
    );
    assert.ok(new Set(sources.map(({ path }) => path)).size <= 3);
    assert.ok(sources.reduce((sum, { lines }) => sum + lines, 0) <= 80);
    assert.ok(followed.some(({ path }) => path.endsWith('.spec.ts')));
  });

  it('leads to code that passes the checks', () => checkout.check(followed));

  it('leads to a spec that passes', async () => {
    const output = await checkout.run('mocha', 'contexts/catalog/decide.spec.ts');
    assert.match(output, /receiving a delivery/);
  });

  it('leads to a command that works over HTTP', async () => {
    running = await runCheckout(checkout);
    const { call } = running;
    const cup = { name: 'Cup', price: { amount: 900, currency: 'EUR' }, availableQuantity: 5 };
    await call('catalog', 'PUT /v1/products/cup', { body: cup });
    const delivery = { body: { quantity: 7 }, headers: { 'idempotency-key': '"delivery-1"' } };
    for (const _ of ['sent', 'repeated']) {
      const { status, body } = await call('catalog', 'POST /v1/products/cup/deliveries', delivery);
      assert.deepEqual([status, body['availableQuantity']], [200, 12]);
    }
    assert.equal((await call('catalog', 'GET /v1/products/cup')).body['availableQuantity'], 12);
    const unknown = await call('catalog', 'POST /v1/products/pan/deliveries', { body: { quantity: 1 } });
    assert.deepEqual([unknown.status, unknown.body['code']], [404, 'product-not-found']);
    const nothing = await call('catalog', 'POST /v1/products/cup/deliveries', { body: { quantity: 0 } });
    assert.equal(nothing.status, 400);
    const paths = (await call('catalog', 'GET /openapi.json')).body['paths'];
    assert.ok(Object.hasOwn(paths as object, '/v1/products/{sku}/deliveries'));
  });
});
