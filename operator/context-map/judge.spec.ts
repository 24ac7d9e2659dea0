import assert from 'node:assert/strict';
import { z } from 'zod';
import type { BoundedContext } from '../api/bounded-context.ts';
import { judge } from './judge.ts';
import { aContext, aSpec, type ContextFields } from './testing/a-context.ts';

const PLACED = 'ordering.order-placed.v1';
const order = z.object({
  orderId: z.string(),
  total: z.int().min(0),
  lines: z.array(z.object({ sku: z.string(), quantity: z.int().min(1).max(100) })).max(1000),
  note: z.string().optional(),
});
const ORDERING: ContextFields = { publishes: { [PLACED]: order } };
const reading = (schema: z.ZodType, relation: 'CustomerSupplier' | 'Partnership' = 'CustomerSupplier') => ({
  upstreams: { ordering: { relation, reads: { [PLACED]: schema } } },
});
const SHIPPING: ContextFields = reading(order.pick({ orderId: true, lines: true }));

const fault = (name: string, ...contexts: BoundedContext[]) =>
  judge(
    name,
    contexts.map(({ metadata, spec, status }) => ({
      name: metadata.name,
      spec,
      released: status?.released,
      superseded: status?.superseded,
    })),
  ).faults[0];
const reasonOf = (name: string, ...contexts: BoundedContext[]) => fault(name, ...contexts)?.reason;
const messageOf = (name: string, ...contexts: BoundedContext[]) => fault(name, ...contexts)?.message ?? '';

/** Released contexts that go on as they are. */
const ordering = aContext('ordering', ORDERING, ORDERING);
const shipping = aContext('shipping', SHIPPING, SHIPPING);
/** A new version of ordering, which so far published the whole order. */
const orderingWith = (schema: z.ZodType) =>
  aContext('ordering', { version: '2.0.0', publishes: { [PLACED]: schema } }, ORDERING);

describe('judge', () => {
  it('has nothing against versions that fit', () => {
    assert.equal(reasonOf('shipping', shipping, ordering), undefined);
    assert.equal(reasonOf('ordering', shipping, ordering), undefined);
    assert.equal(reasonOf('alone', aContext('alone')), undefined);
  });

  describe('when a version is the front door', () => {
    const DOOR: ContextFields = { scope: 'Platform', frontDoor: true };
    const cloud = aContext('cloud', DOOR, DOOR);
    it('finds that another one is, which is released', () => {
      assert.equal(reasonOf('portal', aContext('portal', DOOR), cloud), 'FrontDoorTaken');
      assert.match(messageOf('portal', aContext('portal', DOOR), cloud), /cloud is the front door already/);
    });
    it('has nothing against the next version of the same, nor against the only one', () => {
      assert.equal(reasonOf('cloud', aContext('cloud', { ...DOOR, version: '2.0.0' }, DOOR)), undefined);
      assert.equal(reasonOf('cloud', cloud, aContext('portal', DOOR)), undefined);
    });
  });

  describe('when a version reads', () => {
    it('finds an upstream that does not exist, and names the one that was meant', () => {
      const wrong = aContext('shipping', { upstreams: { odering: {} } });
      assert.equal(reasonOf('shipping', wrong, ordering), 'UpstreamMissing');
      assert.match(messageOf('shipping', wrong, ordering), /odering \(did you mean ordering\?\)/);
    });
    it('finds an event that its upstream does not publish, and names what is near', () => {
      for (const type of ['ordering.order-place.v1', 'ordering.order-placed.v2']) {
        const wrong = aContext('shipping', { upstreams: { ordering: { reads: { [type]: order } } } });
        assert.equal(reasonOf('shipping', wrong, ordering), 'EventNotPublished');
        assert.match(messageOf('shipping', wrong, ordering), /it publishes ordering\.order-placed\.v1/);
      }
    });
    it('finds what it could not read, by field', () => {
      const cases: [z.ZodType, RegExp][] = [
        [z.object({ customer: z.string() }), /customer is read but not published/],
        [z.object({ total: z.string() }), /total is published as integer and read as string/],
        [order.required(), /note is published as optional and read as required/],
        [z.object({ total: z.int().min(1) }), /total is published with minimum 0 and read with minimum 1/],
        [
          z.object({ lines: z.array(z.object({ quantity: z.int().max(10) })) }),
          /lines\[\]\.quantity is published with maximum 100 and read with maximum 10/,
        ],
      ];
      for (const [schema, says] of cases) {
        const wrong = aContext('shipping', reading(schema));
        assert.equal(reasonOf('shipping', wrong, ordering), 'SchemaIncompatible');
        assert.match(messageOf('shipping', wrong, ordering), says);
      }
    });
    it('says so where it cannot tell', () => {
      const wrong = aContext('shipping', reading(z.object({ orderId: z.string().regex(/^\d+$/) })));
      const producer = { publishes: { [PLACED]: z.object({ orderId: z.string().regex(/^[0-9]+$/) }) } };
      const found = fault('shipping', wrong, aContext('ordering', producer, producer));
      assert.equal(found?.reason, 'SchemaUndecided');
    });
    it('goes by what is released of the upstream, not by what it says', () => {
      const broken = { version: '2.0.0', upstreams: { nowhere: {} }, publishes: {} };
      assert.equal(reasonOf('shipping', shipping, aContext('ordering', broken, ORDERING)), undefined);
    });
    it('goes by what the upstream says while nothing of it is released', () => {
      assert.equal(reasonOf('shipping', shipping, aContext('ordering', ORDERING)), undefined);
    });
  });

  describe('when contexts relate', () => {
    const partner = aContext('shipping', reading(order, 'Partnership'));
    const partnerOf = (relation: 'Partnership' | 'Conformist') =>
      aContext('ordering', { ...ORDERING, upstreams: { shipping: { relation } } });
    it('finds a partnership that one side declares', () => {
      assert.equal(reasonOf('shipping', partner, ordering), 'PartnershipOneSided');
      assert.match(messageOf('shipping', partner, ordering), /does not list shipping/);
      assert.equal(reasonOf('shipping', partner, partnerOf('Conformist')), 'PartnershipOneSided');
      assert.match(messageOf('shipping', partner, partnerOf('Conformist')), /declares it Conformist/);
      assert.equal(reasonOf('shipping', partner, partnerOf('Partnership')), undefined);
    });
    it('takes the word of a partner that is not released', () => {
      const willing = aContext(
        'ordering',
        { ...ORDERING, upstreams: { shipping: { relation: 'Partnership' } } },
        ORDERING,
      );
      assert.equal(reasonOf('shipping', partner, willing), undefined);
      assert.equal(reasonOf('ordering', partner, willing), undefined);
    });
    it('finds two that each say that the other leads', () => {
      const follower = aContext('ordering', { ...ORDERING, upstreams: { shipping: {} } });
      assert.equal(reasonOf('shipping', shipping, follower), 'NobodyLeads');
      assert.equal(reasonOf('ordering', shipping, follower), 'NobodyLeads');
    });
  });

  describe('when a version publishes', () => {
    it('lets it add fields, and do as it likes with what nobody reads', () => {
      const free = order.omit({ note: true, total: true }).extend({ gift: z.boolean() });
      assert.equal(reasonOf('ordering', orderingWith(free), shipping), undefined);
    });
    it('finds the consumer that it would break, the event and the field', () => {
      const cases: [z.ZodType, RegExp][] = [
        [order.omit({ orderId: true }), /orderId is read but not published/],
        [order.extend({ orderId: z.int() }), /orderId is published as integer and read as string/],
        [order.partial(), /orderId is published as optional and read as required/],
        [
          order.extend({ lines: z.array(z.object({ sku: z.string() })) }),
          /lines\[\]\.quantity is read but not/,
        ],
      ];
      for (const [schema, says] of cases) {
        const message = messageOf('ordering', orderingWith(schema), shipping);
        assert.equal(reasonOf('ordering', orderingWith(schema), shipping), 'BreaksConsumer');
        assert.match(message, says);
        assert.match(message, /shipping 1\.0\.0 reads ordering\.order-placed\.v1/);
        assert.match(message, /as ordering\.order-placed\.v2 beside it/);
      }
    });
    it('finds an event that somebody reads and that is gone', () => {
      const without = aContext('ordering', { version: '2.0.0' }, ORDERING);
      assert.equal(reasonOf('ordering', without, shipping), 'BreaksConsumer');
      assert.equal(reasonOf('ordering', without, aContext('shipping', {}, {})), undefined);
    });
    it('finds a field that is read and became narrower, since events of before are kept', () => {
      const lines = z.array(z.object({ sku: z.string(), quantity: z.int().min(1).max(10) })).max(1000);
      assert.equal(reasonOf('ordering', orderingWith(order.extend({ lines })), shipping), 'BreaksConsumer');
      assert.match(
        messageOf('ordering', orderingWith(order.extend({ lines })), shipping),
        /lines\[\]\.quantity was published with maximum 100 and is now published with maximum 10/,
      );
      assert.equal(
        reasonOf('ordering', orderingWith(order.extend({ total: z.int().min(5) })), shipping),
        undefined,
        'nobody reads the total',
      );
    });
    it('says so where it cannot tell whether a consumer breaks', () => {
      const digits = order.extend({ orderId: z.string().regex(/^\d+$/) });
      const fields = { publishes: { [PLACED]: digits } };
      const reader = reading(z.object({ orderId: z.string().regex(/^\d+$/) }));
      const changed = {
        version: '2.0.0',
        publishes: { [PLACED]: order.extend({ orderId: z.string().regex(/^[0-9]+$/) }) },
      };
      assert.equal(
        reasonOf('ordering', aContext('ordering', changed, fields), aContext('shipping', reader, reader)),
        'SchemaUndecided',
      );
    });
    it('is not held up by what was wrong before', () => {
      const wrong = reading(z.object({ nothing: z.string() }));
      assert.equal(reasonOf('ordering', orderingWith(order), aContext('shipping', wrong, wrong)), undefined);
    });
    it('is not held up by a consumer that was never released and cannot be', () => {
      const wrong = reading(z.object({ nothing: z.string() }));
      assert.equal(
        reasonOf('ordering', aContext('ordering', ORDERING), aContext('shipping', wrong)),
        undefined,
      );
    });
  });

  describe('when cells still run what was released before', () => {
    const stillRunning = (context: BoundedContext, before: ContextFields): BoundedContext => ({
      ...context,
      status: { conditions: [], ...context.status, superseded: [aSpec(context.metadata.name, before)] },
    });
    const MOVED: ContextFields = { version: '2.0.0' };
    const moved = aContext('shipping', MOVED, MOVED);
    const without = aContext('ordering', { version: '2.0.0' }, ORDERING);

    it('lets no one drop what only those versions read', () => {
      assert.equal(reasonOf('ordering', without, moved), undefined);
      const moving = stillRunning(moved, SHIPPING);
      assert.equal(reasonOf('ordering', without, moving), 'BreaksConsumer');
      assert.match(
        messageOf('ordering', without, moving),
        /^shipping 1\.0\.0 \(which some cell still runs\) reads/,
      );
    });
    it('lets no one read what only the version after them publishes', () => {
      const V2 = 'ordering.order-placed.v2';
      const both: ContextFields = { version: '2.0.0', publishes: { [PLACED]: order, [V2]: order } };
      const reader = aContext('shipping', { upstreams: { ordering: { reads: { [V2]: order } } } });
      const released = aContext('ordering', both, both);
      assert.equal(reasonOf('shipping', reader, released), undefined);
      assert.equal(reasonOf('shipping', reader, stillRunning(released, ORDERING)), 'EventNotPublished');
    });
    it('does not hold partners to what runs of each other', () => {
      const ofOrdering = (version: string, schema: z.ZodType): ContextFields => ({
        version,
        publishes: { [PLACED]: schema },
        upstreams: { shipping: { relation: 'Partnership' } },
      });
      const changed = z.object({ id: z.string() });
      const [one, two] = [ofOrdering('1.0.0', order), ofOrdering('2.0.0', changed)];
      const [old, now] = [reading(order, 'Partnership'), reading(changed, 'Partnership')];
      const partners = [
        stillRunning(aContext('ordering', two, two), one),
        stillRunning(aContext('shipping', { version: '2.0.0', ...now }, now), old),
      ];
      assert.deepEqual(
        ['ordering', 'shipping'].map((name) => reasonOf(name, ...partners)),
        [undefined, undefined],
      );
    });
  });

  describe('when partners change together', () => {
    const orderingAs = (version: string, schema: z.ZodType): ContextFields => ({
      version,
      publishes: { [PLACED]: schema },
      upstreams: { shipping: { relation: 'Partnership' } },
    });
    const shippingAs = (version: string, schema: z.ZodType): ContextFields => ({
      version,
      ...reading(schema, 'Partnership'),
    });
    const renamed = order.omit({ orderId: true }).extend({ id: z.string() });
    const newOrdering = aContext('ordering', orderingAs('2.0.0', renamed), orderingAs('1.0.0', order));
    const newShipping = aContext('shipping', shippingAs('2.0.0', renamed), shippingAs('1.0.0', order));
    it('releases both, though neither could be alone', () => {
      assert.equal(reasonOf('ordering', newOrdering, newShipping), undefined);
      assert.equal(reasonOf('shipping', newOrdering, newShipping), undefined);
      const oldShipping = aContext('shipping', shippingAs('1.0.0', order), shippingAs('1.0.0', order));
      assert.equal(reasonOf('ordering', newOrdering, oldShipping), 'BreaksConsumer');
    });
    it('releases neither when one of them does not fit a third', () => {
      const billing = aContext('billing', SHIPPING, SHIPPING);
      assert.equal(reasonOf('ordering', newOrdering, newShipping, billing), 'BreaksConsumer');
      assert.equal(reasonOf('shipping', newOrdering, newShipping, billing), 'SchemaIncompatible');
    });
  });
});
