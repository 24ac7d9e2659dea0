import { deepEqual, equal } from 'node:assert/strict';
import { contextMapSchema } from '../../kit/context-map/context-map.ts';
import { routesOf } from '../../kit/context-map/routes.ts';
import type { Observed } from './observe.ts';
import { aCellTenant, anUpstream, aRelease, aRunningContext, desired, observing } from './testing/given.ts';
import { aCell } from './testing/objects.ts';

const mapOf = (candidates: Observed['candidates'], overrides: Partial<Observed> = {}) => {
  const { data } = desired(aCell(), observing(candidates, overrides)).child('ConfigMap', 'context-map');
  return contextMapSchema.parse(JSON.parse(data['map.json']));
};

const reading = (...consumes: string[]) => [anUpstream('ordering', { consumes })];
const ordering = aRunningContext('ordering');
const shipping = aRunningContext('shipping', {
  wanted: aRelease('shipping:1', { upstreams: reading('order-placed') }),
});

describe("a cell's map", () => {
  it('has its contexts with what they consume, and its tenants', () =>
    deepEqual(mapOf([ordering, shipping]), {
      contexts: [
        {
          cell: 'acme',
          name: 'ordering',
          database: 'acme-ordering',
          scope: 'Tenant',
          url: 'http://ordering.cadastre-acme.svc',
          upstreams: [],
        },
        {
          cell: 'acme',
          name: 'shipping',
          database: 'acme-shipping',
          scope: 'Tenant',
          url: 'http://shipping.cadastre-acme.svc',
          upstreams: [
            {
              context: 'ordering',
              start: 'retained',
              consumes: [{ type: 'ordering.order-placed.v1', kind: 'order' }],
            },
          ],
        },
      ],
      tenants: [{ id: 'acme-12345678', cell: 'acme', contexts: ['ordering', 'shipping'] }],
    }));

  it('routes events of its tenant to its contexts', () => {
    const event = { database: 'acme-ordering', subject: 'order/1', type: 'ordering.order-placed.v1' };
    const routes = routesOf(mapOf([ordering, shipping]));
    deepEqual(routes({ ...event, tenant: 'acme-12345678' }), [{ consumer: 'acme-shipping', bare: false }]);
    deepEqual(routes({ ...event, tenant: 'globex-12345678' }), []);
  });

  it('has the contexts of the platform that are read here, and no others', () => {
    const reader = aRunningContext('shipping', {
      wanted: aRelease('shipping:1', {
        upstreams: [anUpstream('subscriptions', { consumes: ['plan-changed'] })],
      }),
    });
    const landscape = { releases: new Map(), platform: new Set(['cloud', 'subscriptions']) };
    const { contexts } = mapOf([reader], { landscape });
    deepEqual(
      contexts.map(({ cell, name, scope, url }) => `${cell}-${name} ${scope} ${url}`),
      [
        'acme-shipping Tenant http://shipping.cadastre-acme.svc',
        'platform-subscriptions Platform http://subscriptions.cadastre.svc',
      ],
    );
  });

  it('has no URL of the operator, which tells and hears events alone', () => {
    const reader = aRunningContext('shipping', {
      wanted: aRelease('shipping:1', {
        upstreams: [anUpstream('platform', { consumes: ['tenant-removed'] })],
      }),
    });
    const landscape = { releases: new Map(), platform: new Set(['platform']) };
    const told = mapOf([reader], { landscape }).contexts.find(({ name }) => name === 'platform');
    deepEqual([told?.database, told?.url], ['platform-platform', undefined]);
  });

  it('says whose word counts for who asks once a front door is released', () => {
    const landscape = { releases: new Map(), platform: new Set(['cloud']) };
    equal('identity' in mapOf([ordering], { landscape }), false);
    deepEqual(mapOf([ordering], { landscape: { ...landscape, frontDoor: 'cloud' } }).identity, {
      issuer: 'cadastre-cloud',
      jwks: 'http://cloud.cadastre.svc/.well-known/jwks.json',
    });
  });

  it('leaves out tenants that leave', () =>
    deepEqual(mapOf([ordering], { tenants: [aCellTenant({ isLeaving: true })] }).tenants, []));

  describe('during an update', () => {
    const [before, after] = ['shipping:1', 'shipping:2'].map((image, index) =>
      aRelease(image, {
        upstreams: reading(
          ...(index === 0 ? ['order-placed', 'order-paid'] : ['order-placed', 'order-cancelled']),
        ),
      }),
    );
    const consumed = (running: object) => {
      const updating = aRunningContext('shipping', { wanted: after, running });
      return mapOf([ordering, updating]).contexts[1]?.upstreams[0]?.consumes.map(
        ({ type }) => type.split('.')[1],
      );
    };
    it('says what the old one understands until the new one is ready', () =>
      deepEqual(consumed({ release: after, good: before, isUpToDate: false }), [
        'order-placed',
        'order-paid',
      ]));
    it('says what the new one understands once it is ready', () =>
      deepEqual(consumed({ release: after, good: before }), ['order-placed', 'order-cancelled']));
    it('says what the old one understands after the new one was taken back', () =>
      deepEqual(consumed({ release: before, refused: after }), ['order-placed', 'order-paid']));
  });
});
