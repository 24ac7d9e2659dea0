import assert from 'node:assert/strict';
import { type ContextMap, contextMapSchema } from './context-map.ts';
import { type Routable, routesOf } from './routes.ts';

const PLACED = ['ordering.order-placed.v1', 'order'] as const;

/** A context that asks ordering for placed orders, unless it is ordering itself. */
const aContext = (cell: string, name: string, scope = 'Tenant') => ({
  cell,
  name,
  scope,
  database: `${cell}-${name}`,
  upstreams:
    name === 'ordering'
      ? []
      : [{ context: 'ordering', start: 'now', consumes: [{ type: PLACED[0], kind: PLACED[1] }] }],
});

const aMap = (overrides: Record<string, unknown> = {}): ContextMap =>
  contextMapSchema.parse({
    contexts: [
      aContext('pool', 'ordering'),
      aContext('pool', 'shipping'),
      aContext('own', 'shipping'),
      aContext('platform', 'billing', 'Platform'),
    ],
    tenants: [
      { id: 'acme', cell: 'pool', contexts: ['ordering', 'shipping'] },
      { id: 'globex', cell: 'own', contexts: ['ordering', 'shipping'] },
      { id: 'initech', cell: 'pool', contexts: ['ordering'] },
    ],
    ...overrides,
  });

const anEvent = (overrides: Partial<Routable> = {}): Routable => ({
  database: 'pool-ordering',
  tenant: 'acme',
  subject: 'order/1',
  type: PLACED[0],
  ...overrides,
});

const recipients = (event: Routable, map = aMap()) =>
  routesOf(map)(event).map(({ consumer, bare }) => (bare ? `${consumer} bare` : consumer));

describe('routesOf', () => {
  it("brings an event to the consumers of its tenant's cell and to platform contexts", () => {
    assert.deepEqual(recipients(anEvent()), ['pool-shipping', 'platform-billing']);
    assert.deepEqual(recipients(anEvent({ tenant: 'globex' })), ['own-shipping', 'platform-billing']);
  });
  it("leaves out a context that is not in the tenant's plan", () => {
    assert.deepEqual(recipients(anEvent({ tenant: 'initech' })), ['platform-billing']);
  });
  it('brings a type that nobody asked for bare to those that follow the subject kind', () => {
    assert.deepEqual(recipients(anEvent({ type: 'ordering.order-cancelled.v1' })), [
      'pool-shipping bare',
      'platform-billing bare',
    ]);
  });
  it('leaves out subject kinds that nobody follows', () => {
    assert.deepEqual(recipients(anEvent({ type: 'ordering.item-listed.v1', subject: 'item/1' })), []);
  });
  it('brings a mark to its addressee alone', () => {
    assert.deepEqual(recipients(anEvent({ to: 'own-shipping' })), ['own-shipping']);
  });
  it("brings the platform's own facts to everyone who asked", () => {
    assert.deepEqual(recipients(anEvent({ tenant: 'platform' })), [
      'pool-shipping',
      'own-shipping',
      'platform-billing',
    ]);
  });
  it('knows nothing of outboxes that are not in the map', () => {
    assert.deepEqual(recipients(anEvent({ database: 'elsewhere' })), []);
  });
  it('serves tenants that are not listed where the map has a wildcard', () => {
    const map = aMap({ tenants: [{ id: '*', cell: 'pool', contexts: ['shipping'] }] });
    assert.deepEqual(recipients(anEvent({ tenant: 'anyone' }), map), ['pool-shipping', 'platform-billing']);
  });
});
