import assert from 'node:assert/strict';
import { z } from 'zod';
import { aContext } from '../../operator/context-map/testing/a-context.ts';
import { mapCml } from './cml.ts';
import { mapMermaid } from './mermaid.ts';
import { mapTable } from './table.ts';
import { withPlatform } from './with-platform.ts';

const id = z.object({ id: z.string() });
const reads = (...types: string[]) => ({ reads: Object.fromEntries(types.map((type) => [type, id])) });
const publishes = (...types: string[]) => ({
  publishes: Object.fromEntries(types.map((type) => [type, id])),
});

const catalog = aContext('catalog', {
  ...publishes('catalog.listed.v1', 'catalog.counted.v1'),
  upstreams: { ordering: { relation: 'Partnership', ...reads('ordering.placed.v1') } },
});
const ordering = aContext('ordering', {
  ...publishes('ordering.placed.v1', 'ordering.paid.v1'),
  upstreams: { catalog: { relation: 'Partnership', ...reads('catalog.listed.v1') } },
});
const shipping = aContext('shipping', {
  version: '2.1.0',
  upstreams: { ordering: { relation: 'Conformist', ...reads('ordering.placed.v1', 'ordering.paid.v1') } },
});
const landscape = [catalog, ordering, shipping];

describe('the map as a table', () => {
  it('has a row per relation and one for each further event', () => {
    assert.deepEqual(mapTable([shipping]).split('\n'), [
      'CONTEXT   VERSION  UPSTREAM  RELATION    VIA     START     WITHIN  READS',
      'shipping  2.1.0    ordering  Conformist  events  retained  PT5S    placed.v1',
      '                                                                   paid.v1',
    ]);
  });
  it('names contexts that depend on none, and events that none reads', () => {
    const alone = aContext('alone', publishes('alone.sung.v1'));
    assert.deepEqual(mapTable([alone]).split('\n').slice(1), [
      'alone    1.0.0',
      '',
      'Published, and read by no context: alone.sung.v1',
    ]);
  });
});

describe('the map in Mermaid', () => {
  it('draws arrows the way of the events, and a partnership once', () => {
    assert.equal(
      mapMermaid(landscape),
      `flowchart LR
  catalog["catalog 1.0.0"]
  ordering["ordering 1.0.0"]
  shipping["shipping 2.1.0"]
  ordering <-->|"Partnership<br/>ordering.placed.v1<br/>catalog.listed.v1"| catalog
  ordering -->|"Conformist<br/>placed.v1<br/>paid.v1"| shipping`,
    );
  });
  it('shows what is missing, and keeps names apart from its own words', () => {
    const text = mapMermaid([aContext('end', { upstreams: { graph: { relation: 'Partnership' } } })]);
    assert.match(text, /^ {2}end_\["end 1\.0\.0"\]$/m);
    assert.match(text, /^ {2}graph_\["graph does not exist"\]:::missing$/m);
    assert.match(text, /^ {2}graph_ -->\|"Partnership, one-sided"\| end_$/m);
  });
});

describe("the map in Context Mapper's language", () => {
  it('has every context on the map, and every relation with its roles', () => {
    const relations = mapCml([
      ...landscape,
      aContext('billing', {
        upstreams: {
          ordering: { relation: 'CustomerSupplier', ...reads('ordering.placed.v1') },
          catalog: { relation: 'AnticorruptionLayer', ...reads('catalog.listed.v1') },
          shipping: { relation: 'OpenHostService' },
        },
      }),
    ])
      .split('\n')
      .filter((line) => /\]|contains/.test(line));
    assert.deepEqual(relations, [
      '  contains CatalogContext, OrderingContext, ShippingContext, BillingContext',
      '  OrderingContext [P]<->[P] CatalogContext {',
      '  OrderingContext [U,PL]->[D,CF] ShippingContext {',
      '  OrderingContext [U,S,PL]->[D,C] BillingContext {',
      '  CatalogContext [U,PL]->[D,ACL] BillingContext {',
      '  ShippingContext [U,OHS]->[D] BillingContext',
    ]);
  });
  it('declares each context once, missing ones too', () => {
    const text = mapCml([aContext('a', { upstreams: { b: {} } })]);
    assert.equal(text.match(/^BoundedContext AContext \{/gm)?.length, 1);
    assert.equal(text.match(/^BoundedContext BContext$/gm)?.length, 1);
  });
});

describe('the operator on the map', () => {
  const names = (...contexts: Parameters<typeof mapTable>[0]) =>
    withPlatform(contexts).map(({ metadata, spec }) => [metadata.name, spec.upstreams.length]);
  it('is there when someone reads its events or it reads theirs', () => {
    const reader = aContext('profiles', { upstreams: { platform: {} } });
    assert.deepEqual(names(reader), [
      ['profiles', 1],
      ['platform', 0],
    ]);
    assert.deepEqual(names(aContext('subscriptions')), [
      ['subscriptions', 0],
      ['platform', 1],
    ]);
    assert.match(mapTable(withPlatform([reader])), /^platform +0\.1\.0$/m);
    assert.doesNotMatch(mapMermaid(withPlatform([reader])), /missing/);
  });
  it('is not when it has nothing to do with them', () => assert.deepEqual(names(catalog), [['catalog', 1]]));
});
