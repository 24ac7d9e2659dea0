import { deepEqual, equal, match } from 'node:assert/strict';
import type { BoundedContext } from '../api/bounded-context.ts';
import { passwordsIn } from '../cell/access.ts';
import { fingerprintOf } from '../cell/accounts/accounts.ts';
import type { Candidate } from '../cell/rollout.ts';
import {
  aNewContext,
  anAccess,
  anUpstream,
  aRelease,
  aRunningContext,
  OPTIONS,
  STARTING,
} from '../cell/testing/given.ts';
import { aContext } from '../cell/testing/objects.ts';
import { desiredWith } from './desired.ts';
import type { PlatformObserved } from './observe.ts';

const options = { ...OPTIONS, landscapeMap: 'cadastre-landscape' };
const NAME = 'subscriptions';
const CONSUMER = `platform-${NAME}`;
const access = anAccess(CONSUMER);

const aPlatformContext = (spec: object = {}, name = NAME): BoundedContext =>
  aContext({ spec: { scope: 'Platform', image: `shop/${name}:1`, ...spec } }, name);

const accountAt = (server: 'mongodb' | 'redis'): ReadonlyMap<string, string> => {
  const password = passwordsIn(access)?.[server] ?? '';
  return new Map([[CONSUMER, fingerprintOf({ name: CONSUMER, password })]]);
};

const seeing = (candidate: Candidate, overrides: Partial<PlatformObserved> = {}): PlatformObserved => ({
  tenants: [],
  landscape: { releases: new Map(), platform: new Set([NAME]) },
  kinds: new Map(),
  candidates: [candidate],
  mongodb: { accounts: accountAt('mongodb') },
  redis: { accounts: accountAt('redis') },
  pullSecrets: [],
  ...overrides,
});

const fresh = aNewContext(NAME, { wanted: undefined, fresh: access });
const running = (overrides: Parameters<typeof aRunningContext>[1] = {}) =>
  aRunningContext(NAME, { stored: access, wanted: aRelease(`shop/${NAME}:1`), ...overrides });

const shown = (seen: PlatformObserved | undefined, context = aPlatformContext()) => {
  const {
    children,
    effects = [],
    fault,
    requeueAfterSeconds,
  } = desiredWith(options)(context, context.spec, seen);
  return {
    names: children.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
    // biome-ignore lint/suspicious/noExplicitAny: specs look into objects of many kinds
    child: (kind: string): any => children.find((one) => one.kind === kind),
    effects: effects.map((effect) => ('server' in effect ? `${effect.type} ${effect.server}` : effect.type)),
    reason: fault?.reason,
    message: fault?.message ?? '',
    requeueAfterSeconds,
  };
};

const podOf = (seen: PlatformObserved, context = aPlatformContext()) =>
  shown(seen, context).child('Deployment').spec.template.spec;

describe('a platform context', () => {
  describe('that is new', () => {
    it("has in the operator's namespace what a context has in a cell, under its own name", () =>
      deepEqual(shown(seeing(fresh)).names.toSorted(), [
        'Deployment cadastre/subscriptions',
        'HorizontalPodAutoscaler cadastre/subscriptions',
        'NetworkPolicy cadastre/context-subscriptions',
        'PodDisruptionBudget cadastre/subscriptions',
        'Secret cadastre/subscriptions',
        'Service cadastre/subscriptions',
        'ServiceAccount cadastre/subscriptions',
      ]));
    it('is given its accounts first', () => {
      const nobody = { accounts: new Map<string, string>() };
      deepEqual(shown(seeing(fresh, { mongodb: nobody, redis: nobody })).effects, [
        'ProvideAccount MongoDB',
        'ProvideAccount Redis',
      ]);
    });
    it('runs what was released this very moment, before the caches show it', () =>
      equal(podOf(seeing(fresh)).containers[0].image, 'shop/subscriptions:1'));
    it('is of the cell named platform', () => {
      const { env } = podOf(seeing(fresh)).containers[0];
      const variable = (name: string) => env.find((one: { name: string }) => one.name === name)?.value;
      deepEqual(['CADASTRE_CELL', 'MONGODB_DATABASE', 'REDIS_PREFIX'].map(variable), [
        'platform',
        'platform-subscriptions',
        '{platform-subscriptions}',
      ]);
    });
    it('reads the map of the whole landscape, and runs as an account of its own', () => {
      const { volumes, serviceAccountName } = podOf(seeing(fresh));
      equal(serviceAccountName, 'subscriptions');
      deepEqual(volumes.at(-1), { name: 'map', configMap: { name: 'cadastre-landscape' } });
    });
    it('is woken when that map changes', () => {
      const { template } = shown(seeing(fresh)).child('Deployment').spec;
      equal(template.metadata.labels['cadastre.dev/reads'], 'cadastre-landscape');
    });
    it('is waited for', () => equal(shown(seeing(fresh)).reason, 'ContextNotReady'));
    it('waits for MongoDB, and nothing is made until it is there', () => {
      const fault = { reason: 'MongoDBAway', message: 'MongoDB does not answer' };
      const { names, effects, reason, requeueAfterSeconds } = shown(seeing(fresh, { mongodb: { fault } }));
      deepEqual([names, effects, reason, requeueAfterSeconds], [[], [], 'MongoDBAway', 5]);
    });
  });

  describe('that runs', () => {
    it('has no fault and nothing is due, but for another look', () => {
      const { effects, reason, requeueAfterSeconds } = shown(seeing(running()));
      deepEqual([effects, reason, requeueAfterSeconds], [[], undefined, 20]);
    });
    it('goes on while MongoDB is away', () => {
      const fault = { reason: 'MongoDBAway', message: 'MongoDB does not answer' };
      const { names, reason } = shown(seeing(running(), { mongodb: { fault } }));
      equal(names.includes('Deployment cadastre/subscriptions'), true);
      equal(reason, 'MongoDBAway');
    });
    it('is not called ready for a version that has not begun to run', () => {
      const released = aPlatformContext({ version: '2.0.0', image: 'shop/subscriptions:2' });
      const { reason, child } = shown(seeing(running()), released);
      equal(reason, 'ContextNotReady');
      equal(child('Deployment').spec.template.spec.containers[0].image, 'shop/subscriptions:2');
    });
    it('goes back to the version before when a new one does not become ready', () => {
      const good = aRelease('shop/subscriptions:1');
      const release = aRelease('shop/subscriptions:2');
      const failed = running({ running: { ...STARTING, release, good, hasFailed: true } });
      const { reason, child } = shown(seeing(failed), aPlatformContext({ image: 'shop/subscriptions:2' }));
      equal(child('Deployment').spec.template.spec.containers[0].image, 'shop/subscriptions:1');
      equal(reason, 'RolledBack');
    });
  });

  it('is never made under a name that is the operator’s own', () => {
    for (const name of ['platform', 'relay']) {
      const { names, effects, reason, message } = shown(seeing(fresh), aPlatformContext({}, name));
      deepEqual([names, effects, reason], [[], [], 'NameReserved']);
      match(message, /another name/);
    }
  });
});

describe("a platform context's network", () => {
  const calls = (context: string) => [anUpstream(context, { via: 'rest' })];
  const landscape = {
    releases: new Map([
      ['ordering', aRelease('ordering:1', { upstreams: calls(NAME) })],
      ['cloud', aRelease('cloud:1', { upstreams: calls(NAME) })],
      ['catalog', aRelease('catalog:1', { upstreams: [anUpstream(NAME)] })],
    ]),
    platform: new Set([NAME, 'cloud']),
  };
  const home = { matchLabels: { 'kubernetes.io/metadata.name': 'cadastre' } };
  const cells = { matchLabels: { 'app.kubernetes.io/managed-by': 'cadastre' } };
  const platformPods = (context: string) => ({
    matchLabels: { 'cadastre.dev/cell': 'platform', 'cadastre.dev/context': context },
  });
  const cloudPods = { namespaceSelector: home, podSelector: platformPods('cloud') };
  const cellPods = (context: string) => ({
    namespaceSelector: cells,
    podSelector: { matchLabels: { 'cadastre.dev/context': context } },
  });
  const calling = (...contexts: string[]) =>
    aPlatformContext({
      upstreams: contexts.map((context) => ({ context, relation: 'CustomerSupplier', via: 'rest' })),
    });
  const policy = (context = aPlatformContext()) =>
    shown(seeing(fresh, { landscape }), context).child('NetworkPolicy').spec;

  it('is about its own pods alone: nothing else in the namespace is cut off', () =>
    deepEqual(policy().podSelector, platformPods(NAME)));
  it('lets in the front door and who declares to call it, from cells and from the platform', () => {
    const [{ ports, from }] = policy().ingress;
    deepEqual(ports, [{ protocol: 'TCP', port: 8080 }]);
    deepEqual(from.slice(2), [cellPods('ordering'), cloudPods]);
  });
  it('lets out to DNS, MongoDB and Redis', () =>
    deepEqual(
      // biome-ignore lint/suspicious/noExplicitAny: a policy of the API server
      policy().egress.map(({ ports }: any) => ports[0].port),
      [53, 27_017, 6_379],
    ));
  describe('of the front door', () => {
    const door = aPlatformContext({ image: 'shop/cloud:1', frontDoor: true }, 'cloud');
    const doorSees = (candidate: Candidate) =>
      seeing({ ...candidate, name: 'cloud' }, { landscape: { ...landscape, frontDoor: 'cloud' } });
    const doorShown = () => shown(doorSees(fresh), door);
    const spec = () => doorShown().child('NetworkPolicy').spec;
    const apiPort = [{ protocol: 'TCP', port: 8080 }];

    it('lets everybody in, on the API port alone', () => deepEqual(spec().ingress, [{ ports: apiPort }]));
    it('lets out to every API of each cell and of the platform', () =>
      deepEqual(spec().egress.at(-1), {
        ports: apiPort,
        to: [
          {
            namespaceSelector: cells,
            podSelector: { matchLabels: { 'app.kubernetes.io/component': 'context' } },
          },
          {
            namespaceSelector: home,
            podSelector: {
              matchLabels: { 'app.kubernetes.io/component': 'context', 'cadastre.dev/cell': 'platform' },
            },
          },
        ],
      }));
    it('reaches pods that carry these labels, and is known to cells by its own', () => {
      const { metadata, spec: deployed } = doorShown().child('Deployment');
      equal(deployed.template.metadata.labels['cadastre.dev/front-door'], 'true');
      equal(deployed.selector.matchLabels['cadastre.dev/front-door'], undefined);
      const { labels } = shown(seeing(fresh)).child('Deployment').spec.template.metadata;
      deepEqual(
        [
          labels['app.kubernetes.io/component'],
          labels['cadastre.dev/cell'],
          labels['cadastre.dev/front-door'],
        ],
        ['context', 'platform', undefined],
      );
      equal(metadata.namespace, 'cadastre');
    });
    it('stays as it is while the version before still lets people in', () => {
      const good = aRelease('shop/cloud:1', { frontDoor: true });
      const release = aRelease('shop/cloud:2');
      const updating = running({ running: { ...STARTING, release, good } });
      const closing = aPlatformContext({ image: 'shop/cloud:2' }, 'cloud');
      deepEqual(shown(doorSees(updating), closing).child('NetworkPolicy').spec.ingress, [{ ports: apiPort }]);
    });
    it("lets the platform's other contexts read its public keys", () => {
      const seen = seeing(fresh, { landscape: { ...landscape, frontDoor: 'cloud' } });
      const { to, ports } = shown(seen).child('NetworkPolicy').spec.egress.at(-1);
      deepEqual([ports, to], [apiPort, [cloudPods]]);
    });
  });
  it('lets out to the contexts that it declares to call, in every cell', () => {
    const { to, ports } = policy(calling('cloud', 'ordering')).egress.at(-1);
    deepEqual(ports, [{ protocol: 'TCP', port: 8080 }]);
    deepEqual(to, [cloudPods, cellPods('ordering')]);
  });
});
