import { deepEqual, equal } from 'node:assert/strict';
import { contextMapSchema } from '../../kit/context-map/context-map.ts';
import { routesOf } from '../../kit/context-map/routes.ts';
import { platformInMap } from '../../operator/events/context.ts';
import { SHOP } from '../contexts.ts';
import { mapOf } from './map-of.ts';
import { hearing } from './testing/hearing-context.ts';

const cloud = { ...hearing, name: 'cloud' };
const urls = new Map([
  ['ordering', 'http://127.0.0.1:7002'],
  ['cloud', 'http://127.0.0.1:7004'],
]);
const alone = mapOf({ contexts: SHOP, cell: 'local', urls: new Map([['ordering', 'http://a']]) });
const whole = mapOf({ contexts: [...SHOP, hearing, cloud], cell: 'local', urls });

describe('the map of a landscape', () => {
  it('of the shop alone has neither a front door nor the platform', () => {
    deepEqual(
      alone.contexts.map(({ name }) => name),
      SHOP.map(({ name }) => name),
    );
    equal(alone.identity, undefined);
  });
  it('says where a context is', () => {
    deepEqual(
      alone.contexts.map(({ url }) => url),
      [undefined, 'http://a', undefined],
    );
  });
  it('says whose word contexts take for who asks, where there is a front door', () =>
    deepEqual(whole.identity, {
      issuer: 'cadastre-cloud',
      jwks: 'http://127.0.0.1:7004/.well-known/jwks.json',
    }));
  it('says whose word that is, where another signs in place of a front door', () => {
    const identity = { issuer: 'somebody', jwks: 'http://127.0.0.1:9/keys' };
    deepEqual(mapOf({ contexts: SHOP, cell: 'local', urls: new Map(), identity }).identity, identity);
    deepEqual(mapOf({ contexts: [cloud], cell: 'local', urls, identity }).identity, whole.identity);
  });
  it('has what belongs to the platform in its cell, and tenants in theirs', () => {
    const places = whole.contexts.map(({ cell, name, database, scope }) => [cell, name, database, scope]);
    deepEqual(places.slice(2), [
      ['local', 'shipping', 'local-shipping', 'Tenant'],
      ['platform', 'subscriptions', 'platform-subscriptions', 'Platform'],
      ['platform', 'cloud', 'platform-cloud', 'Platform'],
      ['platform', 'platform', platformInMap.database, 'Platform'],
    ]);
    deepEqual(whole.tenants, [{ id: '*', cell: 'local', contexts: ['catalog', 'ordering', 'shipping'] }]);
  });
  it('brings facts of the platform to who asks, whatever the tenant', () => {
    const event = {
      database: platformInMap.database,
      tenant: 'acme',
      subject: 'tenant/acme',
      type: 'platform.tenant-provisioned.v1',
    };
    deepEqual(
      routesOf(whole)(event).map(({ consumer }) => consumer),
      ['platform-subscriptions', 'platform-cloud'],
    );
  });
  it('is one that processes can read', () => {
    for (const map of [alone, whole]) deepEqual(contextMapSchema.parse(map), map);
  });
});
