import { deepEqual, equal } from 'node:assert/strict';
import type { KubeObject } from '../engine/kube-object.ts';
import { landscapeOf, tenantsOf } from './facts.ts';
import { aCell, aContext, aPlan, aSubscription, aTenant, LEAVING } from './testing/objects.ts';
import { aWorld } from './testing/world.ts';

const pool = aCell({ spec: { isolation: 'Pooled' } });
const inCell = (objects: readonly KubeObject[], cell = aCell()) => tenantsOf(cell, aWorld(objects));
const contextsIn = (...args: Parameters<typeof inCell>) => inCell(...args).map(({ contexts }) => contexts);

describe('the tenants of a cell', () => {
  it('are those whose status names it', () => {
    const elsewhere = aTenant({ status: { cell: 'pool-1' } }, 'globex');
    deepEqual(
      inCell([aTenant(), elsewhere, aTenant({ status: { cell: undefined } }, 'new')]).map(({ name }) => name),
      ['acme'],
    );
  });
  it('have the contexts of all their plans together', () => {
    const plus = [
      aPlan({ spec: { contexts: ['ordering', 'billing'] } }, 'plus'),
      aSubscription({ spec: { plan: 'plus' } }, 'acme-plus'),
    ];
    deepEqual(contextsIn([aTenant(), aPlan(), aSubscription(), ...plus]), [
      ['billing', 'catalog', 'ordering'],
    ]);
  });
  it('have nothing from subscriptions that leave, or to plans that are missing', () => {
    deepEqual(contextsIn([aTenant(), aPlan(), aSubscription(LEAVING)]), [[]]);
    deepEqual(contextsIn([aTenant(), aSubscription()]), [[]]);
  });
  it('have nothing from a plan that would move them to another kind of cell', () => {
    deepEqual(contextsIn([aTenant(), aPlan({ spec: { isolation: 'Pooled' } }), aSubscription()]), [[]]);
    deepEqual(contextsIn([aTenant(), aPlan(), aSubscription()], pool), [[]]);
  });
  it('have the quotas of their plans, suspended or not', () => {
    const suspended = aSubscription({ spec: { suspended: true } });
    const [tenant] = inCell([aTenant(), aPlan({ spec: { quotas: { cpu: '3' } } }), suspended]);
    deepEqual(
      tenant?.quotas.map(({ cpu }) => cpu),
      ['3'],
    );
  });
  it('sleep when they are suspended, and keep what they have', () => {
    const [tenant] = inCell([aTenant({ spec: { suspended: true } }), aPlan(), aSubscription()]);
    deepEqual([tenant?.contexts, tenant?.awake], [['catalog', 'ordering'], []]);
  });
  it('sleep in what only a suspended subscription gives them', () => {
    const plus = [
      aPlan({ spec: { contexts: ['ordering', 'billing'] } }, 'plus'),
      aSubscription({ spec: { plan: 'plus', suspended: true } }, 'acme-plus'),
    ];
    const [tenant] = inCell([aTenant(), aPlan(), aSubscription(), ...plus]);
    deepEqual(tenant?.awake, ['catalog', 'ordering']);
  });
  it('have their permanent id, also before their status says it', () => {
    equal(inCell([aTenant({ status: { cell: 'acme', id: 'acme-87654321' } })])[0]?.id, 'acme-87654321');
    equal(inCell([aTenant({ metadata: { uid: '12345678-9abc' } })])[0]?.id, 'acme-12345678');
  });
});

describe('the landscape', () => {
  const events = (name: string, ...types: string[]) =>
    types.map((type) => ({ type: `${name}.${type}.v1`, subjectKind: 'order', schema: {} }));
  const reader = aContext(
    {
      spec: {
        upstreams: [
          {
            context: 'ordering',
            relation: 'Conformist',
            consumes: ['order-placed', 'order-lost'].map((type) => ({
              type: `ordering.${type}.v1`,
              reads: {},
            })),
          },
        ],
      },
    },
    'shipping',
  );

  it('is what is released, not what is asked for', () => {
    const refused = aContext({ spec: { image: 'shop/ordering:2' } });
    const { released } = aContext().status ?? {};
    const { releases } = landscapeOf(
      aWorld([{ ...refused, status: { conditions: [], released } } as KubeObject]),
    );
    equal(releases.get('ordering')?.image, 'shop/ordering:1');
  });
  it('knows no release of a context that never fitted', () =>
    equal(
      landscapeOf(aWorld([aContext({ status: { released: undefined } })])).releases.has('ordering'),
      false,
    ));
  it('tells what each consumed event is about, and leaves out what nobody publishes', () => {
    const ordering = aContext({ spec: { publishes: events('ordering', 'order-placed') } });
    const { releases } = landscapeOf(aWorld([ordering, reader]));
    deepEqual(releases.get('shipping')?.upstreams, [
      {
        context: 'ordering',
        via: 'events',
        start: 'retained',
        consumes: [{ type: 'ordering.order-placed.v1', kind: 'order' }],
      },
    ]);
  });
  it('tells contexts that run once from those that run in cells', () => {
    const { platform } = landscapeOf(
      aWorld([aContext(), aContext({ spec: { scope: 'Platform' } }, 'cloud')]),
    );
    deepEqual([...platform].sort(), ['cloud', 'platform']);
  });
  it('knows the front door by what is released', () => {
    const platform = (name: string, spec: object, status = {}) =>
      aContext({ spec: { scope: 'Platform', ...spec }, status }, name);
    const doorIn = (...contexts: KubeObject[]) => landscapeOf(aWorld(contexts)).frontDoor;
    equal(doorIn(platform('subscriptions', {}), platform('cloud', { frontDoor: true })), 'cloud');
    equal(doorIn(platform('cloud', { frontDoor: true }, { released: undefined })), undefined);
    equal(doorIn(platform('cloud', { frontDoor: false })), undefined);
  });
  it('has the operator, whose events are about what it says itself', () => {
    const type = 'platform.tenant-provisioned.v1';
    const upstreams = [{ context: 'platform', relation: 'Conformist', consumes: [{ type, reads: {} }] }];
    const { releases } = landscapeOf(aWorld([aContext({ spec: { upstreams } }, 'profiles')]));
    deepEqual(releases.get('profiles')?.upstreams[0]?.consumes, [{ type, kind: 'tenant' }]);
  });
});
