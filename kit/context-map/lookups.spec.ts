import { deepEqual, equal } from 'node:assert/strict';
import { type ContextMap, contextMapSchema } from './context-map.ts';
import { lookupsIn } from './lookups.ts';

const aContext = (cell: string, name: string, scope = 'Tenant') => ({
  ...{ cell, name, scope },
  database: `${cell}-${name}`,
});
const tenantIn = (cell: string, id: string) => ({ id, cell, contexts: ['ordering'] });

const map: ContextMap = contextMapSchema.parse({
  contexts: [
    aContext('pool', 'ordering'),
    aContext('own', 'ordering'),
    aContext('platform', 'billing', 'Platform'),
  ],
  tenants: [tenantIn('pool', 'acme'), tenantIn('own', 'globex'), tenantIn('pool', 'initech')],
});
const withEveryone: ContextMap = { ...map, tenants: [...map.tenants, tenantIn('own', '*')] };

const idsIn = (one: ContextMap, cell: string) =>
  lookupsIn(one)
    .tenantsIn(cell)
    .map(({ id }) => id);
const databasesFor = (cell: string | undefined) =>
  lookupsIn(map)
    .contextsFor(cell)
    .map(({ database }) => database);

describe('what is looked up in a context map', () => {
  it('is where a tenant lives', () => equal(lookupsIn(map).tenant('globex')?.cell, 'own'));
  it('is nothing of a tenant that is not listed, unless one stands for all', () => {
    equal(lookupsIn(map).tenant('hooli'), undefined);
    equal(lookupsIn(withEveryone).tenant('hooli')?.id, '*');
  });
  it('are the tenants of a cell, with the one that stands for all', () => {
    deepEqual(idsIn(map, 'pool'), ['acme', 'initech']);
    deepEqual(idsIn(withEveryone, 'pool'), ['acme', 'initech', '*']);
  });
  it("are the contexts for who lives in a cell: the cell's own and the platform's", () => {
    deepEqual(databasesFor('own'), ['own-ordering', 'platform-billing']);
    deepEqual(databasesFor(undefined), ['platform-billing']);
  });
  it('is answered by another map as that one says', () => {
    equal(lookupsIn(map).tenant('globex')?.cell, 'own');
    const moved = { ...map, tenants: [tenantIn('pool', 'globex')] };
    equal(lookupsIn(moved).tenant('globex')?.cell, 'pool');
  });
});
