import assert from 'node:assert/strict';
import { z } from 'zod';
import type { BoundedContext } from '../api/bounded-context.ts';
import { aContext, type ContextFields } from '../context-map/testing/a-context.ts';
import { desiredWith } from './desired.ts';
import { noPlatformContexts } from './platform-contexts.ts';

const PLACED = 'ordering.order-placed.v1';
const order = z.object({ orderId: z.string(), note: z.string().optional() });
const ORDERING: ContextFields = { publishes: { [PLACED]: order } };
const SHIPPING: ContextFields = { upstreams: { ordering: { reads: { [PLACED]: order } } } };
const shipping = aContext('shipping', SHIPPING, SHIPPING);

const desiredOf = (context: BoundedContext, ...others: BoundedContext[]) =>
  desiredWith(noPlatformContexts)(context, {
    landscape: [context, ...others],
    platform: undefined,
    running: [],
  });

const outcome = (context: BoundedContext, ...others: BoundedContext[]) => {
  const { status, conditions, children } = desiredOf(context, ...others);
  assert.deepEqual(children, []);
  return {
    released: (status as { released?: { version: string } }).released?.version,
    ...Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`])),
  };
};

describe('a BoundedContext', () => {
  it('is released when it fits', () => {
    assert.deepEqual(outcome(aContext('ordering', ORDERING), shipping), {
      released: '1.0.0',
      Compatible: 'True FitsTheMap',
      Ready: 'True Released',
    });
  });
  it('releases the whole spec: cells need its image and resources too', () => {
    const context = aContext('ordering', ORDERING);
    assert.deepEqual(desiredOf(context).status, { released: context.spec });
  });
  it('keeps what was released before, for as long as some cell runs it', () => {
    const next = aContext('ordering', { ...ORDERING, version: '2.0.0' }, ORDERING);
    const superseded = (context: BoundedContext, ...images: string[]) => {
      const running = images.map((image) => ({ image, version: '1.0.0' }));
      const observed = { landscape: [context], platform: undefined, running };
      const { status } = desiredWith(noPlatformContexts)(context, observed);
      return (status as BoundedContext['status'])?.superseded;
    };
    assert.equal(superseded(next), undefined);
    const kept = superseded(next, 'shop/ordering:1.0.0') ?? assert.fail();
    assert.deepEqual(
      kept.map(({ image, publishes }) => [image, publishes.length]),
      [['shop/ordering:1.0.0', 1]],
    );
    const rolling = { ...next, status: { conditions: [], released: next.spec, superseded: kept } };
    assert.deepEqual(superseded(rolling, 'shop/ordering:1.0.0'), kept);
    assert.equal(superseded(rolling, 'shop/ordering:2.0.0'), undefined);
  });
  it('is not released before it first fits', () => {
    assert.deepEqual(outcome(aContext('shipping', SHIPPING)), {
      released: undefined,
      Compatible: 'False UpstreamMissing',
      Ready: 'False UpstreamMissing',
    });
  });
  it('goes on with the old version when the new one does not fit', () => {
    const broken = aContext('ordering', { version: '2.0.0' }, ORDERING);
    assert.deepEqual(outcome(broken, shipping), {
      released: '1.0.0',
      Compatible: 'False BreaksConsumer',
      Ready: 'False BreaksConsumer',
    });
    const { conditions } = desiredOf(broken, shipping);
    assert.match(
      conditions[1]?.message ?? '',
      /^2\.0\.0 is not released and 1\.0\.0 goes on: shipping 1\.0\.0 reads/,
    );
  });
  it('goes on when the landscape around it breaks, and says so', () => {
    assert.deepEqual(outcome(shipping), {
      released: '1.0.0',
      Compatible: 'False UpstreamMissing',
      Ready: 'False UpstreamMissing',
    });
    assert.match(desiredOf(shipping).conditions[1]?.message ?? '', /^1\.0\.0 goes on as it was released: /);
  });
  it('is not ready while nobody runs contexts of its scope', () => {
    assert.deepEqual(outcome(aContext('cloud', { scope: 'Platform' })), {
      released: '1.0.0',
      Compatible: 'True FitsTheMap',
      Ready: 'False NotDeployed',
    });
  });
  it('has whoever runs platform contexts run the released version', () => {
    const child = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cloud', namespace: 'cadastre' } };
    const desired = desiredWith<string, never>({
      desired: (_, { version }, observed) => ({
        children: [{ ...child, metadata: { ...child.metadata, labels: { version, observed } } }],
      }),
    });
    const broken = aContext(
      'cloud',
      { version: '2.0.0', scope: 'Platform', upstreams: { nowhere: {} } },
      { scope: 'Platform' },
    );
    const { children } = desired(broken, { landscape: [broken], platform: 'seen', running: [] });
    assert.deepEqual(children[0]?.metadata.labels, { version: '1.0.0', observed: 'seen' });
  });
});
