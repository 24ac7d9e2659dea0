import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Called } from './testing/call.ts';
import { type Checkout, checkOut, type Followed } from './testing/checkout.ts';
import { type RunningCheckout, runCheckout } from './testing/run-checkout.ts';

describe('docs/add-a-context.md', function () {
  this.timeout(120_000);
  let checkout: Checkout;
  let followed: readonly Followed[];
  let running: RunningCheckout | undefined;

  before(async () => {
    checkout = await checkOut();
    followed = await checkout.follow('docs/add-a-context.md');
    await checkout.run('node', 'local/generate.ts');
  });
  after(async () => {
    await running?.stop();
    checkout?.remove();
  });

  it('changes no file but the list of contexts', () => {
    const changed = followed.filter(({ does }) => does === 'change');
    assert.deepEqual(
      changed.map(({ path }) => path),
      ['local/contexts.ts'],
    );
  });

  it('generates the resource of the context', () => {
    assert.ok(existsSync(join(checkout.folder, 'contexts/loyalty/bounded-context.yaml')));
  });

  it('leads to code that passes the checks', () => checkout.check(followed));

  it('leads to a spec that passes', async () => {
    assert.match(await checkout.run('mocha', 'contexts/loyalty/decide.spec.ts'), /earning points/);
  });

  it('leads to a context that counts each order once', async () => {
    running = await runCheckout(checkout);
    const { call } = running;
    const pan = { name: 'Pan', price: { amount: 1_250, currency: 'EUR' }, availableQuantity: 50 };
    await call('catalog', 'PUT /v1/products/pan', { body: pan });
    await until(
      () => call('ordering', 'GET /v1/items/pan'),
      ({ status }) => status === 200,
    );
    const order = { customer: 'ada', lines: [{ itemId: 'pan', quantity: 1 }] };
    for (let index = 0; index < 5; index += 1) {
      assert.equal((await call('ordering', 'POST /v1/orders', { body: order })).status, 201);
    }
    const all = await until(
      () => call('loyalty', 'GET /v1/accounts/ada'),
      ({ body }) => Number(body['points']) >= 60,
    );
    assert.deepEqual(all.body, { customer: 'ada', points: 60 });
    const nobody = await call('loyalty', 'GET /v1/accounts/bob');
    assert.deepEqual([nobody.status, nobody.body['code']], [404, 'account-not-found']);
  });
});

const until = async (ask: () => Promise<Called>, isDone: (answer: Called) => boolean): Promise<Called> => {
  for (;;) {
    const answer = await ask();
    if (isDone(answer)) return answer;
    await delay(25);
  }
};
