import assert from 'node:assert/strict';
import type { ContextMap, MappedContext } from '../kit/context-map/context-map.ts';
import { joinsOf } from './joins.ts';

const following = (context: string, kind: string) => [
  { context, start: 'snapshot' as const, consumes: [{ type: `${context}.changed.v1`, kind }] },
];
const billing: MappedContext = {
  cell: 'platform',
  name: 'billing',
  database: 'platform-billing',
  scope: 'Platform',
  upstreams: following('plans', 'plan'),
};
const plans: MappedContext = { ...billing, name: 'plans', database: 'platform-plans', upstreams: [] };
const catalog: MappedContext = {
  cell: 'one',
  name: 'catalog',
  database: 'c',
  scope: 'Tenant',
  upstreams: [],
};
const ordering: MappedContext = { ...catalog, name: 'ordering', upstreams: following('catalog', 'product') };

const aMap = (...tenants: string[]): ContextMap => ({
  contexts: [plans, billing, catalog, ordering],
  tenants: tenants.map((id) => ({ id, cell: 'one', contexts: ['catalog', 'ordering'] })),
});
const namesOf = (map: ContextMap, context: MappedContext) => joinsOf(map, context).map(({ name }) => name);

describe('joinsOf', () => {
  it('follows the subjects of each tenant that the consumer serves', () =>
    assert.deepEqual(namesOf(aMap('acme', 'globex'), ordering), [
      'catalog/product/acme',
      'catalog/product/globex',
    ]));
  it("follows the platform's own subjects, of the tenant that no map lists", () =>
    assert.deepEqual(namesOf(aMap('acme'), billing), ['plans/plan/acme', 'plans/plan/platform']));
  it("follows the platform's own before there is a tenant", () =>
    assert.deepEqual(namesOf(aMap(), billing), ['plans/plan/platform']));
  it('follows all at once where one entry stands for every tenant', () =>
    assert.deepEqual(namesOf(aMap('*'), billing), ['plans/plan/*']));
});
