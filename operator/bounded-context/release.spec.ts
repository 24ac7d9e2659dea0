import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { z } from 'zod';
import { CONTEXTS } from '../../local/contexts.ts';
import { boundedContextYaml } from '../../local/generate/bounded-context.ts';
import type { BoundedContext } from '../api/bounded-context.ts';
import { aContext, type ContextFields } from '../context-map/testing/a-context.ts';
import { platformContext } from '../events/as-resource.ts';
import { settle } from './settle.ts';
import { laggingCluster } from './testing/lagging-cluster.ts';

const ordersOf = <T>(things: readonly T[]): T[][] =>
  things.length === 0
    ? [[]]
    : things.flatMap((one, index) => ordersOf(things.toSpliced(index, 1)).map((rest) => [one, ...rest]));

const releasedNames = (contexts: readonly BoundedContext[]) =>
  settle(contexts)
    .filter(({ released, faults }) => released !== undefined && faults.length === 0)
    .map(({ context }) => context.metadata.name);

const order = z.object({ id: z.string() });

/** What the operator reads of the subscriptions context, as that would publish it. */
const aSubscriptions = () => ({
  publishes: Object.fromEntries(
    platformContext.spec.upstreams.flatMap(({ consumes }) =>
      consumes.map(({ type, reads }) => [type, reads]),
    ),
  ),
});

/** The state after the operator came to rest, as the cluster keeps it. */
const rested = (contexts: readonly BoundedContext[]): BoundedContext[] =>
  settle(contexts).map(({ context }) => context);

describe('releasing', () => {
  const real: BoundedContext[] = CONTEXTS.map((context) => parse(boundedContextYaml(context)));

  it('ends with every context of this repository released, whatever the order of applying them', () => {
    for (const order of ordersOf(real)) {
      let cluster: BoundedContext[] = [];
      for (const context of order) cluster = rested([...cluster, context]);
      assert.deepEqual(releasedNames(cluster).sort(), real.map(({ metadata }) => metadata.name).sort());
    }
  });

  it('ends so too when the operator looks while they are being applied, with caches behind', async () => {
    for (const order of ordersOf(real)) {
      const cluster = laggingCluster();
      for (const context of order) {
        cluster.apply(context);
        cluster.catchUp(1);
        await cluster.reconcile(context.metadata.name);
      }
      await cluster.rest();
      const versions = cluster.contexts().map(({ status }) => status?.released?.version);
      assert.deepEqual(
        versions,
        order.map(({ spec }) => spec.version),
      );
    }
  });

  it('waits for an upstream that is not there yet, and heals when it comes', () => {
    const [downstream, upstream] = [aContext('b', { upstreams: { a: {} } }), aContext('a')];
    assert.deepEqual(releasedNames([downstream]), []);
    assert.deepEqual(releasedNames([...rested([downstream]), upstream]), ['b', 'a']);
  });

  describe('with the operator as a context', () => {
    const PROVISIONED = 'platform.tenant-provisioned.v1';
    const LOCKED = 'subscriptions.account-locked.v1';
    const reasons = (landscape: readonly BoundedContext[]) =>
      settle(landscape).map(({ faults: [fault] }) => fault?.reason);
    const hearing = (reads: z.ZodType) =>
      aContext('profiles', { upstreams: { platform: { reads: { [PROVISIONED]: reads } } } });
    const { publishes } = aSubscriptions();

    it('lets contexts read what the operator tells, and finds what it does not', () => {
      assert.deepEqual(reasons([hearing(z.object({ owner: z.string() }))]), [undefined]);
      assert.deepEqual(reasons([hearing(z.object({ owner: z.int() }))]), ['SchemaIncompatible']);
      assert.deepEqual(
        reasons([
          aContext('profiles', { upstreams: { platform: { reads: { 'platform.moved.v1': order } } } }),
        ]),
        ['EventNotPublished'],
      );
    });
    it('lets no one drop what the operator reads', () => {
      assert.deepEqual(reasons([aContext('subscriptions', { publishes })]), [undefined]);
      const { [LOCKED]: _, ...rest } = publishes;
      const changed = aContext('subscriptions', { version: '2', publishes: rest }, { publishes });
      assert.deepEqual(reasons([changed]), ['BreaksConsumer']);
      assert.match(settle([changed])[0]?.faults[0]?.message ?? '', /^platform 0\.1\.0 reads subscriptions\./);
    });
    it('keeps its name to the operator, whoever else takes it', () => {
      const impostor = aContext('platform');
      assert.deepEqual(reasons([impostor, hearing(z.object({ owner: z.string() }))]), [
        'NameReserved',
        undefined,
      ]);
      assert.deepEqual(settle([impostor])[0]?.released, undefined);
    });
  });

  describe('a change of both sides', () => {
    const producing = (version: string, ...types: string[]): ContextFields => ({
      version,
      publishes: Object.fromEntries(types.map((type) => [type, z.object({ id: z.string() })])),
    });
    const consuming = (version: string, type: string): ContextFields => ({
      version,
      upstreams: { a: { reads: { [type]: z.object({ id: z.string() }) } } },
    });
    const [OLD, NEW] = ['a.done.v1', 'a.done.v2'] as const;
    const versions = (landscape: readonly BoundedContext[]) =>
      settle(landscape).map(({ released }) => released?.version);

    it('is made in three steps, each released as it is applied', () => {
      const both = aContext('a', producing('2', OLD, NEW), producing('1', OLD));
      assert.deepEqual(versions([both, aContext('b', consuming('1', OLD), consuming('1', OLD))]), ['2', '1']);
      const moved = aContext('b', consuming('2', NEW), consuming('1', OLD));
      assert.deepEqual(versions([aContext('a', producing('2', OLD, NEW), producing('2', OLD, NEW)), moved]), [
        '2',
        '2',
      ]);
      const without = aContext('a', producing('3', NEW), producing('2', OLD, NEW));
      assert.deepEqual(versions([without, aContext('b', consuming('2', NEW), consuming('2', NEW))]), [
        '3',
        '2',
      ]);
    });
    it('may have the first two applied at once, in any order', () => {
      const producer = aContext('a', producing('2', OLD, NEW), producing('1', OLD));
      const consumer = aContext('b', consuming('2', NEW), consuming('1', OLD));
      assert.deepEqual(versions([producer, consumer]), ['2', '2']);
      assert.deepEqual(versions([consumer, producer]), ['2', '2']);
    });
    it('is not made in one, since events of the old type are on their way', () => {
      const producer = aContext('a', producing('2', NEW), producing('1', OLD));
      const consumer = aContext('b', consuming('2', NEW), consuming('1', OLD));
      assert.deepEqual(versions([producer, consumer]), ['1', '1']);
    });
  });
});
