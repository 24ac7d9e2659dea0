import { deepEqual, equal } from 'node:assert/strict';
import { routesOf } from '../../kit/context-map/routes.ts';
import type { BoundedContext } from '../api/bounded-context.ts';
import { deployment } from '../cell/children/deployment.ts';
import { heardBy, mapped } from '../cell/map.ts';
import type { Release } from '../cell/release.ts';
import { anUpstream, aRelease } from '../cell/testing/given.ts';
import { aContext, LEAVING } from '../cell/testing/objects.ts';
import { aWorld } from '../cell/testing/world.ts';
import type { KubeObject } from '../engine/kube-object.ts';
import { platformInMap } from '../events/context.ts';
import { landscapeMap } from './landscape-map.ts';
import { platformInLandscape } from './platform-in-landscape.ts';

const LOCKED = 'subscriptions.account-locked.v1';
const PLACED = 'ordering.order-placed.v1';

const publishing = (type: string, subjectKind: string) => ({
  publishes: [{ type, subjectKind, schema: {} }],
});
const reading = (context: string, type: string) => ({
  upstreams: [{ context, relation: 'CustomerSupplier', consumes: [{ type, reads: {} }] }],
});

const platform = (name: string, spec: object = {}, overrides: object = {}): BoundedContext =>
  aContext({ ...overrides, spec: { scope: 'Platform', ...spec } }, name);

const subscriptions = platform('subscriptions', publishing(LOCKED, 'account'));
const cloud = platform('cloud', reading('subscriptions', LOCKED));
const ordering = aContext({ spec: publishing(PLACED, 'order') });

const entriesOf = (...objects: KubeObject[]) => platformInLandscape(aWorld(objects), 'cadastre');
const shownOf = (...objects: KubeObject[]) =>
  entriesOf(...objects).map(({ database, scope, upstreams }) => [
    database,
    scope,
    upstreams.flatMap(({ consumes }) => consumes.map(({ type, kind }) => `${type} ${kind}`)),
  ]);

const aDeployment = (release: Release, good: Release): KubeObject =>
  deployment({
    ...{ name: 'cloud', cell: 'platform', namespace: 'cadastre', serviceAccount: 'cloud' },
    ...{
      mapConfig: 'map',
      access: undefined,
      secretHash: '',
      isAwake: true,
      before: good,
      refused: undefined,
    },
    ...{ replicas: { min: 2, max: 6 }, progressDeadlineSeconds: 180, logLevel: 'info', release, good },
  }) as unknown as KubeObject;

describe('the platform in the landscape', () => {
  it('has released platform contexts, whether or not anybody reads them, with what they consume', () =>
    deepEqual(shownOf(cloud, ordering, subscriptions), [
      ['platform-cloud', 'Platform', [`${LOCKED} account`]],
      ['platform-subscriptions', 'Platform', []],
    ]));
  it('does without those of which nothing is released', () =>
    deepEqual(shownOf(platform('cloud', {}, { status: { released: undefined } })), []));
  it('goes on with what the version before reads until the new one has become ready', () => {
    const good = aRelease('cloud:1', { upstreams: [anUpstream('ordering', { consumes: ['order-placed'] })] });
    const updating = aDeployment(aRelease('cloud:2'), good);
    deepEqual(shownOf(cloud, subscriptions, updating)[0]?.[2], [`${PLACED} order`]);
  });
  it('keeps one that is being deleted as a source, and not as a consumer', () =>
    deepEqual(shownOf(platform('cloud', reading('subscriptions', LOCKED), LEAVING), subscriptions)[0], [
      'platform-cloud',
      'Platform',
      [],
    ]));
});

describe("the landscape's map", () => {
  const inCell = (release: Release) =>
    mapped({
      cell: 'acme',
      namespace: 'cadastre-acme',
      name: 'ordering',
      scope: 'Tenant',
      upstreams: heardBy({ release, good: undefined }),
    });
  const asTheCellHasIt = mapped({
    cell: 'platform',
    namespace: 'elsewhere',
    name: 'cloud',
    scope: 'Platform',
    upstreams: [],
  });
  const cell = { contexts: [inCell(aRelease('ordering:1')), asTheCellHasIt], tenants: [] };
  const map = landscapeMap([cell], [...entriesOf(cloud, subscriptions), platformInMap]);

  it('has cells, platform contexts and the operator, each once', () =>
    deepEqual(
      map.contexts.map(({ database }) => database),
      ['acme-ordering', 'platform-cloud', 'platform-platform', 'platform-subscriptions'],
    ));
  it('says where the API of each is, but of the operator, which has none', () =>
    deepEqual(
      map.contexts.map(({ url }) => url),
      [
        'http://ordering.cadastre-acme.svc',
        'http://cloud.cadastre.svc',
        undefined,
        'http://subscriptions.cadastre.svc',
      ],
    ));
  it('says whose word counts for who asks, where there is a front door', () => {
    const identity = { issuer: 'cadastre-cloud', jwks: 'http://cloud.cadastre.svc/.well-known/jwks.json' };
    deepEqual(landscapeMap([cell], [], identity).identity, identity);
    equal('identity' in map, false);
  });
  it('routes what one platform context says to the others that asked, the operator among them', () => {
    const event = { database: 'platform-subscriptions', tenant: 'acme-12345678', subject: 'account/1' };
    deepEqual(routesOf(map)({ ...event, type: LOCKED }), [
      { consumer: 'platform-cloud', bare: false },
      { consumer: 'platform-platform', bare: false },
    ]);
  });
});
