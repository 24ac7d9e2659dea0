import assert from 'node:assert/strict';
import { collectionPath, objectPath } from '../engine/resource.ts';
import {
  aCell,
  aContext,
  anEvent,
  anUpstream,
  aPlan,
  aSubscription,
  aTenant,
  type Written,
} from './testing/objects.ts';
import { type ServedKinds, serveKinds } from './testing/serve-kinds.ts';

/** What is wrong, the object, and what the API server says about it. */
type Wrong = readonly [fault: string, written: Written, ...says: string[]];

const orders = 'ordering.order-placed.v1';

const wrongTenants: Wrong[] = [
  [
    'a name of 31 characters',
    aTenant({}, 'a'.repeat(31)),
    'metadata.name: Invalid value: write a name of at most 30 lower-case letters, digits and hyphens, a letter or digit first and last, such as acme-trading',
  ],
  [
    'a name with a dot',
    aTenant({}, 'acme.trading'),
    'metadata.name: Invalid value: write a name of at most 30 lower-case letters, digits and hyphens, a letter or digit first and last, such as acme-trading',
  ],
  [
    'a name with capitals',
    aTenant({}, 'Acme'),
    `metadata.name: Invalid value: "Acme": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters`,
    'metadata.name: Invalid value: write a name of at most 30 lower-case letters',
  ],
  ...['cadastre', 'platform', 'system', 'pool-7'].map(
    (name): Wrong => [
      `the platform’s own name ${name}`,
      aTenant({}, name),
      'metadata.name: Forbidden: cadastre, platform, system and pool-1, pool-2 … are names of the platform itself: write another, such as acme-trading',
    ],
  ),
  [
    'an owner that is no mail address',
    aTenant({ owner: 'the ops team' }),
    'spec.owner: Invalid value: "the ops team": write the mail address of whoever answers for the tenant, such as ops@acme.example',
  ],
  ['no owner', aTenant({ owner: undefined }), 'spec.owner: Required value'],
  [
    'an unknown deletion policy',
    aTenant({ deletionPolicy: 'Keep' }),
    'spec.deletionPolicy: Unsupported value: "Keep": supported values: "Delete", "Retain"',
  ],
  [
    'a flag in quotes',
    aTenant({ suspended: 'true' }),
    'spec.suspended in body must be of type boolean: "string"',
  ],
];

const wrongSubscriptions: Wrong[] = [
  [
    'a tenant that is no DNS label',
    aSubscription({ tenant: 'Acme Trading' }),
    'spec.tenant: Invalid value: "Acme Trading": write at most 30 lower-case letters, digits and hyphens, a letter or digit first and last',
  ],
  [
    'a plan that is no DNS label',
    aSubscription({ plan: 'starter.v2' }),
    'spec.plan: Invalid value: "starter.v2": write at most 63 lower-case letters, digits and hyphens, a letter or digit first and last',
  ],
  [
    'a name that is no DNS label',
    aSubscription({}, 'acme.starter'),
    'metadata.name: Invalid value: write a name of at most 63 lower-case letters, digits and hyphens, a letter or digit first and last, such as acme-starter',
  ],
];

const wrongPlans: Wrong[] = [
  ['no contexts', aPlan({ contexts: [] }), 'spec.contexts in body should have at least 1 items'],
  [
    'a context twice',
    aPlan({ contexts: ['catalog', 'ordering', 'catalog'] }),
    'spec.contexts[2]: Duplicate value: "catalog"',
    'spec.contexts: Invalid value: list each context once: remove the ones that are there already',
  ],
  [
    'a context that cannot be one',
    aPlan({ contexts: ['order-management'] }),
    'spec.contexts[0]: Invalid value: "order-management": write one word of at most 32 lower-case letters and digits, such as ordering',
  ],
  [
    'an isolation in lower case',
    aPlan({ isolation: 'dedicated' }),
    'spec.isolation: Unsupported value: "dedicated": supported values: "Pooled", "Dedicated"',
  ],
  [
    'CPU without quotes',
    aPlan({ quotas: { cpu: 4 } }),
    'spec.quotas.cpu in body must be of type string: "integer"',
  ],
  [
    'CPU in bytes',
    aPlan({ quotas: { cpu: '4Gi' } }),
    `spec.quotas.cpu: Invalid value: "4Gi": write how many cores, or thousandths of one: '2', '0.5' or 250m`,
  ],
  [
    'no CPU at all',
    aPlan({ quotas: { cpu: '0' } }),
    `spec.quotas.cpu: Invalid value: "0": write how many cores, or thousandths of one: '2', '0.5' or 250m`,
  ],
  [
    'memory without a unit',
    aPlan({ quotas: { memory: '8' } }),
    'spec.quotas.memory: Invalid value: "8": write a size with its unit: 512Mi or 8Gi',
  ],
  [
    'thousandths of a byte',
    aPlan({ quotas: { storage: '500m' } }),
    'spec.quotas.storage: Invalid value: "500m": write a size with its unit: 512Mi or 8Gi',
  ],
  [
    'no replicas',
    aPlan({ quotas: { replicas: 0 } }),
    'spec.quotas.replicas in body should be greater than or equal to 1',
  ],
  [
    'an overdraft without prices',
    aPlan({ overdraft: { amount: 5000 } }),
    'spec.prices: Required value: an overdraft needs prices to run up: write prices with currency and basePerMonth (which may be 0), or leave overdraft out',
  ],
  [
    'grace without prices',
    aPlan({ overdraft: { grace: 'P3D' } }),
    'spec.prices: Required value: an overdraft needs prices to run up',
  ],
  [
    'a grace that is no duration',
    aPlan({ overdraft: { grace: '3 days' } }),
    'spec.overdraft.grace: Invalid value: "3 days": write an ISO 8601 duration in days and hours, such as P3D, PT12H or P1DT12H',
  ],
  [
    'a currency by its sign',
    aPlan({ prices: { currency: '€', basePerMonth: 0 } }),
    'spec.prices.currency: Invalid value: "€": write the three capital letters of a currency as in ISO 4217, such as EUR',
  ],
  [
    'a price in major units',
    aPlan({ prices: { currency: 'EUR', basePerMonth: 9.99 } }),
    'spec.prices.basePerMonth in body must be of type integer',
  ],
  [
    'a meter with spaces',
    aPlan({ prices: { currency: 'EUR', basePerMonth: 0, perUnit: { 'API calls': 1 } } }),
    'spec.prices.perUnit: Invalid value: name each meter in lower-case letters, digits and hyphens, such as requests',
  ],
  [
    'a meter with spaces that is included',
    aPlan({ prices: { currency: 'EUR', basePerMonth: 0, included: { 'API calls': 1 } } }),
    'spec.prices.included: Invalid value: name each meter in lower-case letters, digits and hyphens, such as requests',
  ],
  [
    'a trial that never ends',
    aPlan({ prices: { currency: 'EUR', basePerMonth: 0, trialDays: 36_500 } }),
    'spec.prices.trialDays in body should be less than or equal to 3650',
  ],
];

const wrongContexts: Wrong[] = [
  [
    'a front door in each cell',
    aContext({ frontDoor: true }),
    'spec.frontDoor: Forbidden: a front door stands before all cells: write scope: Platform in a BoundedContext made anew, or leave frontDoor out',
  ],
  [
    'a name of two words',
    aContext({}, 'order-management'),
    'metadata.name: Invalid value: write one word of at most 32 lower-case letters and digits, such as ordering',
  ],
  [
    'a version that is no label',
    aContext({ version: '1.0.0+build.7' }),
    'spec.version: Invalid value: "1.0.0+build.7": write a version that can be a label, such as 1.4.0: at most 63 letters, digits, dots, hyphens and underscores',
  ],
  [
    'a version without quotes',
    aContext({ version: 1.5 }),
    'spec.version in body must be of type string: "number"',
  ],
  ['no image', aContext({ image: undefined }), 'spec.image: Required value'],
  [
    'an image with a space',
    aContext({ image: 'shop/ordering 1.0.0' }),
    'spec.image: Invalid value: "shop/ordering 1.0.0": write an image reference, such as registry.example.com/shop/ordering:1.4.0',
  ],
  [
    'an event of another context',
    aContext({ publishes: [anEvent(orders), anEvent('catalog.price-changed.v1')] }),
    'spec.publishes: Invalid value: publish only event types of your own: they start with ordering. and name what happened there',
  ],
  [
    'an event without a version',
    aContext({ publishes: [anEvent('ordering.order-placed')] }),
    'spec.publishes[0].type: Invalid value: "ordering.order-placed": write context, event in the past tense and version, such as ordering.order-placed.v1',
  ],
  [
    'an event twice',
    aContext({ publishes: [anEvent(orders), anEvent(orders)] }),
    'spec.publishes[1]: Duplicate value: {"type":"ordering.order-placed.v1"}',
    'spec.publishes: Invalid value: publish each event type once: leave one of those that are the same, or give the other the next version',
  ],
  [
    'a schema that is no object',
    aContext({ publishes: [{ ...anEvent(orders), schema: 'object' }] }),
    'spec.publishes[0].schema in body must be of type object: "string"',
  ],
  [
    'itself as an upstream',
    aContext({ upstreams: [anUpstream({ context: 'ordering' })] }),
    'spec.upstreams: Forbidden: a context is no upstream of itself: remove it from the list, its own events are its own state',
  ],
  [
    'an upstream twice',
    aContext({ upstreams: [anUpstream(), anUpstream({ relation: 'Conformist' })] }),
    'spec.upstreams[1]: Duplicate value: {"context":"catalog"}',
    'spec.upstreams: Invalid value: list each upstream once: put all that is consumed of a context under one entry',
  ],
  [
    'an unknown relation',
    aContext({ upstreams: [anUpstream({ relation: 'SharedKernel' })] }),
    'spec.upstreams[0].relation: Unsupported value: "SharedKernel": supported values: "CustomerSupplier", "Conformist", "AnticorruptionLayer", "Partnership", "OpenHostService"',
  ],
  [
    'an event that is not the upstream’s',
    aContext({ upstreams: [anUpstream({ consumes: [{ type: 'shipping.shipped.v1', reads: {} }] })] }),
    'spec.upstreams[0].consumes: Invalid value: consume only event types of this upstream: they start with catalog. and others belong to the upstream that publishes them',
  ],
  [
    'an event consumed twice',
    aContext({
      upstreams: [
        anUpstream({
          consumes: [
            { type: 'catalog.listed.v1', reads: {} },
            { type: 'catalog.listed.v1', reads: {} },
          ],
        }),
      ],
    }),
    'spec.upstreams[0].consumes[1]: Duplicate value: {"type":"catalog.listed.v1"}',
  ],
  [
    'a staleness in seconds',
    aContext({ upstreams: [anUpstream({ staleness: '5s' })] }),
    'spec.upstreams[0].staleness: Invalid value: "5s": write an ISO 8601 duration of one unit, such as PT5S, PT10M or P1D',
  ],
  [
    'memory without a unit',
    aContext({ resources: { memory: '512' } }),
    'spec.resources.memory: Invalid value: "512": write a size with its unit: 512Mi or 8Gi',
  ],
];

const wrongCells: Wrong[] = [
  [
    'a name of 31 characters',
    aCell({}, 'a'.repeat(31)),
    'metadata.name: Invalid value: write a name of at most 30 lower-case letters, digits and hyphens, a letter or digit first and last, such as pool-1',
  ],
  [
    'a namespace of Kubernetes',
    aCell({ namespace: 'kube-system' }),
    'spec.namespace: Forbidden: namespaces of Kubernetes itself hold no cell: write another, such as cadastre-pool-1',
  ],
  ['room for nobody', aCell({ capacity: 0 }), 'spec.capacity in body should be greater than or equal to 1'],
];

/** What changes, the object before, what it becomes, and the sentence. */
const wrongChanges: readonly (readonly [string, Written, Written['object']['spec'], string])[] = [
  [
    'the tenant of a subscription',
    aSubscription(),
    { tenant: 'globex' },
    'spec.tenant: Forbidden: the tenant of a subscription cannot change: delete this one and make another',
  ],
  [
    'the scope of a context',
    aContext({ image: 'shop/kinds:1' }, 'kindsscope'),
    { scope: 'Platform' },
    'spec.scope: Forbidden: the scope of a context cannot change, since its databases would stay behind: delete this BoundedContext and make it anew, or make one of another name',
  ],
  [
    'the isolation of a plan',
    aPlan(),
    { isolation: 'Dedicated' },
    'spec.isolation: Forbidden: the isolation of a plan cannot change, since its tenants would have to move: write a Plan of another name with the other isolation, for new tenants',
  ],
  [
    'the isolation of a cell',
    aCell(),
    { isolation: 'Dedicated' },
    'spec.isolation: Forbidden: the isolation of a cell cannot change: its tenants would have to move, which is not supported',
  ],
  [
    'the namespace of a cell',
    aCell(),
    { namespace: 'elsewhere' },
    'spec.namespace: Forbidden: the namespace of a cell cannot change: its pods would stay behind; delete the cell and make another',
  ],
];

describe('the API server', () => {
  let call: ServedKinds['call'];
  before(async function () {
    this.timeout(60_000);
    ({ call } = await serveKinds());
  });

  const refuses = ([fault, { kind, object }, ...says]: Wrong): void => {
    it(`refuses ${fault}`, async () => {
      const path = `${collectionPath(kind)}?dryRun=All`;
      const { status, body } = await call({ method: 'POST', path, body: object });
      assert.equal(status, 422, `${status}: ${body.message}`);
      for (const sentence of says)
        assert.ok(body.message?.includes(sentence), `${body.message}\ndoes not say\n${sentence}`);
    });
  };

  describe('given a tenant', () => wrongTenants.forEach(refuses));
  describe('given a subscription', () => wrongSubscriptions.forEach(refuses));
  describe('given a plan', () => wrongPlans.forEach(refuses));
  describe('given a bounded context', () => wrongContexts.forEach(refuses));
  describe('given a cell', () => wrongCells.forEach(refuses));

  describe('given a change', () => {
    for (const [what, { kind, object }, changed, sentence] of wrongChanges) {
      it(`refuses another value of ${what}`, async () => {
        const path = objectPath(kind, object.metadata.name);
        const { body: made } = await call({ method: 'POST', path: collectionPath(kind), body: object });
        const body = { ...made, spec: { ...(made.spec as object), ...changed } };
        const refused = await call({ method: 'PUT', path, body });
        const same = await call({ method: 'PUT', path, body: made });
        await call({ method: 'DELETE', path });
        assert.equal(refused.status, 422, refused.body.message);
        assert.ok(refused.body.message?.includes(sentence), refused.body.message);
        assert.equal(same.status, 200, same.body.message);
      });
    }
  });

  it('refuses a field that no schema has, when asked as kubectl asks', async () => {
    const { kind, object } = aTenant({ displayname: 'Acme' });
    const path = `${collectionPath(kind)}?dryRun=All&fieldValidation=Strict`;
    const { status, body } = await call({ method: 'POST', path, body: object });
    assert.equal(status, 400);
    assert.match(body.message ?? '', /unknown field "spec.displayname"/);
  });
});
