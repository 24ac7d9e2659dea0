import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { type BoundedContext, boundedContextKind } from '../api/bounded-context.ts';
import { cellKind } from '../api/cell.ts';
import { aContext, type ContextFields } from '../context-map/testing/a-context.ts';
import { type AnyController, type Operator, runOperator } from '../engine/run-operator.ts';
import { mergePatch, serverSideApply } from '../engine/verbs.ts';
import { type Cluster, openCluster } from '../tenant/testing/cluster.ts';
import { aCell } from '../tenant/testing/objects.ts';
import { boundedContextController } from './controller.ts';
import { noPlatformContexts } from './platform-contexts.ts';

const data = z.object({ id: z.string(), note: z.string().optional() });
const READING = { id: true } as const;

/** Three that read of each other in a circle. */
const NAMES = ['mapone', 'maptwo', 'mapthree'] as const;
const CELL = 'mapcell';
type Name = (typeof NAMES)[number];
const UPSTREAM: Record<Name, Name> = { mapone: 'mapthree', maptwo: 'mapone', mapthree: 'maptwo' };

const fieldsOf = (name: Name, more: ContextFields = {}): ContextFields => ({
  publishes: { [`${name}.done.v1`]: data },
  upstreams: { [UPSTREAM[name]]: { reads: { [`${UPSTREAM[name]}.done.v1`]: data.pick(READING) } } },
  ...more,
});

describe('bounded contexts on an API server', () => {
  let cluster: Cluster;
  let operator: Operator;
  const stop = new AbortController();

  before(async function () {
    this.timeout(120_000);
    cluster = await openCluster();
    operator = runOperator({
      client: cluster.kube,
      controllers: [boundedContextController(noPlatformContexts) as AnyController],
      logger: pino({ level: 'silent' }),
      signal: stop.signal,
    });
  });
  after(async () => {
    stop.abort();
    await operator.ended;
    for (const name of NAMES) await cluster.remove(boundedContextKind, name);
    await cluster.stop();
  });

  const find = (name: Name) => cluster.find<BoundedContext>(boundedContextKind, name);
  const apply = (name: Name, fields: ContextFields) => {
    const { apiVersion, kind, metadata, spec } = aContext(name, fields);
    const object = { apiVersion, kind, metadata: { name: metadata.name }, spec };
    return serverSideApply(cluster.kube, {
      resource: boundedContextKind,
      object,
      fieldManager: 'team',
      force: true,
    });
  };
  /** What its conditions say of what its spec says now. */
  const reason = async (name: Name): Promise<string | undefined> => {
    const context = await find(name);
    const isCurrent = context?.status?.observedGeneration === context?.metadata.generation;
    return isCurrent ? context?.status?.conditions.find(({ type }) => type === 'Ready')?.reason : undefined;
  };
  const until = async (name: Name, expected: string): Promise<void> => {
    while ((await reason(name)) !== expected) await delay(20);
  };
  const released = async (name: Name) => (await find(name))?.status?.released?.version;

  it('wait for each other and are all released when the last is there', async () => {
    const [first, second, third] = NAMES;
    await apply(first, fieldsOf(first));
    await until(first, 'UpstreamMissing');
    await apply(second, fieldsOf(second));
    await until(second, 'Released');
    await apply(third, fieldsOf(third));
    for (const name of NAMES) await until(name, 'Released');
    assert.equal(await released(first), '1.0.0');
  });
  it('keep what is released whole, as cells need it', async () => {
    const context = await find('mapone');
    assert.deepEqual(context?.status?.released, context?.spec);
  });
  it('go on with the old version when a new one would break a consumer', async () => {
    const without = { [`mapone.done.v1`]: data.omit({ id: true }) };
    await apply('mapone', fieldsOf('mapone', { version: '2.0.0', publishes: without }));
    await until('mapone', 'BreaksConsumer');
    assert.equal(await released('mapone'), '1.0.0');
    assert.equal(await reason('maptwo'), 'Released');
  });
  it('are released as soon as the consumer has moved on', async () => {
    await apply('maptwo', fieldsOf('maptwo', { version: '2.0.0', upstreams: {} }));
    await until('mapone', 'Released');
    assert.equal(await released('mapone'), '2.0.0');
  });
  it('say so when an upstream is deleted, and heal when it is back', async () => {
    await cluster.remove(boundedContextKind, 'maptwo');
    await until('mapthree', 'UpstreamMissing');
    assert.equal(await released('mapthree'), '1.0.0');
    await apply('maptwo', fieldsOf('maptwo', { upstreams: {} }));
    await until('mapthree', 'Released');
  });
  it('are held to what a cell still runs, until it runs it no more', async () => {
    const entry = (version: string) => ({
      name: 'mapthree',
      version,
      image: `shop/mapthree:${version}`,
      ready: true,
    });
    const runs = (version: string) =>
      mergePatch(cluster.kube, {
        resource: cellKind,
        key: CELL,
        subresource: 'status',
        patch: { status: { contexts: [entry(version)] } },
      });
    const upstreamOf = (type: string) => ({ maptwo: { reads: { [type]: data.pick(READING) } } });
    const types = (...names: string[]) =>
      Object.fromEntries(names.map((name) => [`maptwo.${name}.v1`, data]));
    await cluster.make(cellKind, aCell(CELL));
    await runs('1.0.0');
    await apply('maptwo', { version: '3.0.0', publishes: types('done', 'ended'), upstreams: {} });
    await until('maptwo', 'Released');
    await apply(
      'mapthree',
      fieldsOf('mapthree', { version: '2.0.0', upstreams: upstreamOf('maptwo.ended.v1') }),
    );
    await until('mapthree', 'Released');
    await apply('maptwo', { version: '4.0.0', publishes: types('ended'), upstreams: {} });
    await until('maptwo', 'BreaksConsumer');
    await runs('2.0.0');
    await until('maptwo', 'Released');
    assert.equal(await released('maptwo'), '4.0.0');
    assert.equal((await find('mapthree'))?.status?.superseded, undefined);
    await cluster.remove(cellKind, CELL);
  });
});
